// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stats/pareto.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace brink {

enum class Centre { Median, Mean };

/// What one model did on each image; all models of a study have the same images in the same order.
struct ModelImages {
    std::vector<std::int8_t> correct; ///< 1 or 0; -1 where it is not known
    std::vector<double> robustness;   ///< distance or score; NaN where there is none
};

/// Where a model stands; absent without images.
struct ModelPoint {
    std::optional<double> accuracy, robustness;
    /// Natural logarithm of the error; absent without errors, where it has no finite value.
    [[nodiscard]] std::optional<double> logError() const;
    [[nodiscard]] bool isComplete() const { return accuracy && robustness; }
};
[[nodiscard]] std::vector<ModelPoint> modelPoints(std::span<const ModelImages> models, Centre centre);

/// Frontier (accuracy against robustness) and the two lines robustness = a + b ln(error): over all models and over the frontier
/// (Su et al. 2018, section 4). Models without errors have no place on the lines.
struct ParetoFits {
    std::vector<bool> isOnFrontier;   ///< one a model; false for incomplete ones
    std::optional<LineFit> all, frontier;
};
[[nodiscard]] ParetoFits fitPareto(std::span<const ModelPoint> points);

struct LineIntervals {
    std::array<double, 2> intercept{}, slope{};
    std::vector<double> low, high;    ///< of the line at each grid point
    int resamples = 0;                ///< those that gave a line
};
struct ParetoBootstrap {
    std::vector<std::optional<std::array<double, 2>>> accuracy, robustness; ///< one a model
    std::vector<double> frontierShare;                                      ///< how often the model was on the frontier
    std::optional<LineIntervals> all, frontier;
};

/// The whole pipeline on images drawn with replacement: accuracy, robustness, frontier, fits; percentile intervals. The image is
/// the unit, drawn for all models together, so differences between models keep their pairing. The frontier is chosen anew each
/// time, which carries the effect of its selection into the bands.
/// @param grid ln(error) at which the bands are wanted. The same seed gives the same intervals.
/// @throws Error(Domain) for models with unequal numbers of images, fewer than 2 resamples or a confidence outside (0,1).
[[nodiscard]] ParetoBootstrap bootstrapPareto(std::span<const ModelImages> models, Centre centre, std::span<const double> grid, int resamples,
    std::uint64_t seed, double confidence = 0.95);

} // namespace brink
