// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace brink {

/// One image of a test set: a score of its own for every image, an input margin for some.
struct ScoredImage {
    double score = 0;             ///< larger: farther from the boundary, says the model (logit or pseudo-margin)
    bool isCorrect = false;
    std::optional<double> margin; ///< input margin, pixel units; infinite where no attack found another class; absent: not measured
    bool operator==(const ScoredImage&) const = default;
};

/// Robust accuracy of a whole test set from input margins of a few of its images.
struct RobustAccuracyEstimate {
    double eps = 0;
    double threshold = 0;             ///< images with a larger score are taken as robust at eps; may be infinite
    double robustAccuracy = 0;        ///< share of all images that are correct and have a larger score
    std::array<double, 2> interval{}; ///< 95 % bootstrap over the measured images: what another choice of them would have given
    std::int64_t images = 0;
    std::int64_t measured = 0;
    std::int64_t disagreements = 0;   ///< of the measured images: the threshold says robust and the margin does not, or the reverse
    bool operator==(const RobustAccuracyEstimate&) const = default;
};

/// The threshold with the fewest disagreements on the measured images; of several the one that calls as many robust as are, or nearly as many,
/// then the lowest. It stands half way between two scores. Then it is applied to all images. It is as good as the score orders images
/// as their margins do, and no lower bound of anything. Source: Ngnawé et al. 2024 (arXiv 2406.18451), sample-efficient robust accuracy.
/// @throws Error(Domain) for no measured image, scores that are not finite, margins below 0 or NaN, or a budget that is not.
[[nodiscard]] RobustAccuracyEstimate estimateRobustAccuracy(std::span<const ScoredImage> images, double eps, std::uint64_t seed, int resamples = 200);

/// How far such estimates are off when only `measured` images, drawn at random, have margins.
struct SampleEfficiency {
    std::int64_t measured = 0;
    std::vector<double> estimates; ///< one a repetition
    double truth = 0;              ///< share correct and with a margin above eps, over all images
};
/// For each size, `repetitions` draws. @throws Error(Domain) unless all images have margins and each size lies in [1, images], and as above.
[[nodiscard]] std::vector<SampleEfficiency> sampleEfficiency(
    std::span<const ScoredImage> images, double eps, std::span<const std::int64_t> sizes, int repetitions, std::uint64_t seed);

[[nodiscard]] Json toJson(const RobustAccuracyEstimate& estimate);

} // namespace brink
