// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/boundary/detection.h"
#include "core/data/image.h"
#include "core/data/squeezer.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace brink {

/// What a detector says of one image.
struct DetectorScore {
    double score = 0;                      ///< larger: more likely perturbed
    std::int64_t predicted = 0;            ///< class of the image itself
    std::vector<double> parts;             ///< Squeezing: the L1 distance for each squeezer; else empty
    std::vector<std::int64_t> partClasses; ///< Squeezing: the class of the squeezed image

    bool operator==(const DetectorScore&) const = default;
};

/// Tells perturbed images from clean ones by one number an image. What is perturbed is for a threshold to say.
class Detector {
public:
    virtual ~Detector() = default;
    /// One an image, in order; fewer when stopped. An image alone and in any company gives the same.
    /// @param images model-input size. @param seeds one an image. @param counts is added to.
    [[nodiscard]] virtual std::vector<DetectorScore> scores(
        std::span<const Image> images, std::span<const std::uint64_t> seeds, Monitor& monitor, EvaluationCounts& counts) const = 0;
};

/// Feature squeezing (Xu, Evans and Qi 2018, arXiv 1704.01155): the largest L1 distance between the softmax of the image and that of the
/// image through each squeezer, in [0, 2]. Deterministic. @throws Error(Usage) without squeezers.
[[nodiscard]] std::unique_ptr<const Detector> squeezingDetector(std::shared_ptr<const Classifier> model, std::vector<Squeezer> squeezers);

/// The mean curvature of the pairwise level sets at the image (core/boundary/detection.h), 1/pixel unit, times `sign`.
[[nodiscard]] std::unique_ptr<const Detector> curvatureDetector(std::shared_ptr<const Classifier> model, const DetectionRequest& request, int sign);

/// The threshold that lets a share of `rate` of the clean scores pass above it at most: the ceil(n (1 - rate))-th smallest, as the authors of
/// feature squeezing choose it. Scores above the threshold are called perturbed.
/// @throws Error(Domain) without scores or for a rate outside (0, 1).
[[nodiscard]] double thresholdAt(double rate, std::span<const double> cleanScores);

} // namespace brink
