// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <span>

namespace brink {

/// Kolmogorov-Smirnov distance D = max_i max(|F(y_i) - i/N|, |F(y_i) - (i-1)/N|) of a sample from a law.
/// @param sorted N >= 1 values in ascending order. @param cdf the law's distribution function.
[[nodiscard]] double ksDistance(std::span<const double> sorted, const std::function<double(double)>& cdf);

/// Asymptotic p-value of the one-sample test with Stephens' correction for small N:
/// p = 2 sum_k (-1)^(k-1) exp(-2 k^2 L^2), L = (sqrt N + 0.12 + 0.11 / sqrt N) D. Stephens 1970.
/// Holds for a law that is fixed beforehand; with parameters fitted to the same data it is too large.
[[nodiscard]] double ksAsymptoticP(double distance, std::size_t count);

} // namespace brink
