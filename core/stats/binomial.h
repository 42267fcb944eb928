// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace brink {

/// Quantile of the standard normal distribution. @throws Error(Domain) outside (0, 1).
[[nodiscard]] double normalQuantile(double probability);

/// Exact two-sided test of a fair coin: how likely a split of `trials` at least as uneven is. 1 for no trials.
/// @throws Error(Domain) unless 0 <= successes <= trials.
[[nodiscard]] double fairCoinTest(std::int64_t successes, std::int64_t trials);

/// A threshold is the ceil(n (1 - rate))-th smallest of n values: the central `confidence` part of the share of `others` more values from the
/// same continuous distribution that lie above it. Exact: their number is beta-binomial, whatever the distribution.
/// @throws Error(Domain) without values on either side, or for a rate or confidence outside (0, 1).
[[nodiscard]] std::array<double, 2> exceedanceInterval(std::int64_t n, std::int64_t others, double rate, double confidence = 0.95);

} // namespace brink
