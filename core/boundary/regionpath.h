// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/monitor.h"
#include "core/base/warning.h"
#include "core/data/image.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// Whether the region of a class connects two of its points: the straight line where that stays inside, else a line with
/// corners, each the middle of a failing piece moved back into the class.
/// Source: Fawzi, Moosavi-Dezfooli, Frossard and Soatto 2017, arXiv 1705.09552, algorithm 1 (handbook 4.4).
struct RegionPathRequest {
    std::shared_ptr<const Classifier> model;
    Image from, to;              ///< model-input size, [0,1]; both must be of one class
    int coarsestGrid = 16;       ///< points of a piece that are looked at first
    int finestGrid = 256;        ///< and at most; doubled until the smallest margin is stable
    double stability = 0.05;     ///< relative change of the smallest margin that counts as stable
    int depth = 8;               ///< of the recursion; beyond it there is no path
    int repairSteps = 50;        ///< linearisations to bring a middle back into the class
    double overshoot = 0.02;     ///< of each step of a repair; the last goes on where the margin grows, up to twice the way
};

/// What lies at a share of the way.
struct PathPoint {
    double at = 0;          ///< share of the length, 0 to 1
    std::int64_t label = 0;
    double margin = 0;      ///< logit of the path's class minus the largest other; negative outside of the region
};

struct RegionPath {
    std::string modelName, modelSha256;
    std::int64_t fromIndex = 0, toIndex = 0;
    std::int64_t label = 0;              ///< class of both ends
    std::string className;
    bool isFound = false;
    bool isStraight = false;             ///< the straight line stays inside
    bool stopped = false;
    std::string failure;                 ///< why there is no path, one sentence
    std::vector<Image> anchors;          ///< corners from one end to the other, both included
    int depth = 0;                       ///< deepest recursion that was needed
    int repaired = 0;                    ///< corners that had to be moved back into the class
    double straightLength = 0;           ///< L2, pixel units
    double length = 0;                   ///< of the path
    double straightMargin = 0;           ///< smallest along the straight line
    double smallestMargin = 0;           ///< along the path
    std::int64_t gridPoints = 0;         ///< at which the path was verified
    std::vector<PathPoint> straight;     ///< along the straight line
    std::vector<PathPoint> path;         ///< along the path; empty where none was found
    EvaluationCounts counts;
    double seconds = 0;
    Warnings warnings;

    [[nodiscard]] double lengthRatio() const { return straightLength > 0 ? length / straightLength : 1; }
};

/// @throws Error(Domain) where the ends are of two classes, Error(Shape).
[[nodiscard]] RegionPath findRegionPath(const RegionPathRequest& request, Monitor& monitor);

/// The image moved into a class by the shortest linearised steps, inside the box (a targeted DeepFool), or by targeted DDN where
/// these do not arrive; absent where neither does. Counts are added.
[[nodiscard]] std::optional<Image> movedInto(const std::shared_ptr<const Classifier>& model, const Image& image, std::int64_t label, int steps,
    double overshoot, EvaluationCounts& counts);

/// The class of the largest logit of each image; counts are added.
[[nodiscard]] std::vector<std::int64_t> predictedClasses(
    const std::shared_ptr<const Classifier>& model, const std::vector<Image>& images, EvaluationCounts& counts);

/// Statistics over many pairs; absent values where no path was found.
struct PathSummary {
    int pairs = 0, found = 0, straight = 0;
    std::optional<double> medianAnchors, largestAnchors;     ///< corners between the ends
    std::optional<double> medianRatio, largestRatio;         ///< of lengths, path to straight line
    std::optional<double> medianMargin, smallestMargin;      ///< of the smallest margins along the paths
    int depth = 0;                                           ///< deepest
    EvaluationCounts counts;
};
[[nodiscard]] PathSummary summarise(const std::vector<RegionPath>& paths);

/// How often a random convex combination of k images of one class is of that class.
struct ConvexityRequest {
    std::shared_ptr<const Classifier> model;
    std::vector<Image> images;           ///< of any classes, as the model sees them
    std::vector<std::int64_t> labels;    ///< predicted
    std::vector<int> counts{2, 3, 4, 5, 7, 10};
    int samples = 500;                   ///< combinations of each k; the class is drawn among those with k images
    std::uint64_t seed = 1;
};
struct ConvexityPoint {
    int k = 0;
    std::int64_t inside = 0, samples = 0;
    double low = 0, high = 0;            ///< Wilson interval, 95 %
};
struct ConvexityResult {
    std::string modelName, modelSha256;
    int images = 0;
    std::vector<ConvexityPoint> points;  ///< of each k for which a class has enough images
    std::uint64_t seed = 0;
    bool partial = false;
    EvaluationCounts counts;
    double seconds = 0;
};
/// Weights are uniform on the simplex. @throws Error(Domain) where no class has two images.
[[nodiscard]] ConvexityResult computeConvexity(const ConvexityRequest& request, Monitor& monitor);

/// Without pixels.
[[nodiscard]] Json toJson(const RegionPath& path);
[[nodiscard]] Json toJson(const PathSummary& summary);
[[nodiscard]] Json toJson(const ConvexityResult& result);

} // namespace brink
