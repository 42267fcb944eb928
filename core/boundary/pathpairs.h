// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/regionpath.h"
#include "core/boundary/surveyimages.h"

#include <functional>

namespace brink {

/// The ends of paths: images as the model takes them, and what it says about each.
struct PathEnds {
    std::vector<std::int64_t> indices;
    std::vector<Image> images;
    std::vector<std::int64_t> predicted;
};
[[nodiscard]] PathEnds pathEnds(const SurveyImages& images, const std::shared_ptr<const Classifier>& model);

/// Natural: both images are of one class. Moved: one of another class, moved into it by a targeted DeepFool.
enum class PairKind { Natural, Moved };

/// The ends of a path, as places in PathEnds.
struct EndPair {
    std::size_t from = 0, to = 0;
};

/// So many pairs, each drawn by its own seed; the same seed gives the same pairs.
/// @throws Error(Domain) where the images have no such pair.
[[nodiscard]] std::vector<EndPair> drawPairs(const PathEnds& ends, PairKind kind, std::int64_t count, std::uint64_t seed);

/// @param shared all but the ends of the path. @throws Error(Domain) for an image that could not be moved.
[[nodiscard]] RegionPath pathOfPair(const RegionPathRequest& shared, const PathEnds& ends, const EndPair& pair, PairKind kind, Monitor& monitor);

struct RegionSurveyRequest {
    int pairs = 50;
    int samples = 500; ///< convex combinations of each number of images; 0: none
    std::uint64_t seed = 1;
};

/// Whether the regions of a model are connected, and how convex they are: paths of many natural pairs, and convex combinations.
struct RegionSurvey {
    std::string modelName, modelSha256, imagesSource;
    std::int64_t images = 0;
    std::vector<std::string> classNames; ///< of all classes
    std::vector<RegionPath> paths;       ///< in the order they were drawn; those that ended before a stop
    std::optional<ConvexityResult> convexity;
    std::uint64_t seed = 1;
    bool partial = false;
};

/// With the help of threads that are free. @param publish gets the paths found so far, from the worker thread.
/// @throws Error(Domain) where no two images are classified alike.
[[nodiscard]] RegionSurvey surveyRegions(std::shared_ptr<const Classifier> model, const SurveyImages& images, const RegionSurveyRequest& request, Monitor& monitor,
    const std::function<void(std::shared_ptr<const RegionSurvey>)>& publish = {});

} // namespace brink
