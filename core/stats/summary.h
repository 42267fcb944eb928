// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>

namespace brink {

/// @throws Error(Domain) for an empty sample.
[[nodiscard]] double mean(std::span<const double> values);

/// Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, NumPy's default).
/// @param probability in [0,1]. @throws Error(Domain) for an empty sample or a probability outside.
[[nodiscard]] double quantile(std::span<const double> values, double probability);
[[nodiscard]] double median(std::span<const double> values);

using Statistic = std::function<double(std::span<const double>)>;

/// Percentile bootstrap: the statistic of `resamples` samples drawn with replacement, and its central `confidence` part.
/// The same seed gives the same interval. @throws Error(Domain) for an empty sample, no resamples or a confidence outside (0,1).
[[nodiscard]] std::array<double, 2> bootstrapInterval(std::span<const double> values, const Statistic& statistic, int resamples,
    std::uint64_t seed, double confidence = 0.95);

/// Wilson score interval of a proportion: `successes` of `trials`. @throws Error(Domain) unless 0 <= successes <= trials, trials > 0.
[[nodiscard]] std::array<double, 2> wilsonInterval(std::int64_t successes, std::int64_t trials, double confidence = 0.95);

/// Exact one-sided lower limit of a proportion at level 1 - alpha (Clopper and Pearson 1934); 0 for no successes.
/// @throws Error(Domain) as above, or for alpha outside (0,1).
[[nodiscard]] double clopperPearsonLower(std::int64_t successes, std::int64_t trials, double alpha);
/// The upper limit likewise; 1 when all succeed.
[[nodiscard]] double clopperPearsonUpper(std::int64_t successes, std::int64_t trials, double alpha);

} // namespace brink
