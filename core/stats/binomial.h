// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace brink {

/// Quantile of the standard normal distribution. @throws Error(Domain) outside (0, 1).
[[nodiscard]] double normalQuantile(double probability);

/// Exact two-sided test of a fair coin: how likely a split of `trials` at least as uneven is. 1 for no trials.
/// @throws Error(Domain) unless 0 <= successes <= trials.
[[nodiscard]] double fairCoinTest(std::int64_t successes, std::int64_t trials);

} // namespace brink
