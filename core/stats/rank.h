// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace brink {

/// Ranks from 1; ties share their mean rank.
[[nodiscard]] std::vector<double> midRanks(std::span<const double> values);

/// Kendall's tau-b, which corrects for ties: merge-sort counting, O(n log n) (Knight 1966).
/// @throws Error(Domain) for unequal or fewer than two values, or when all of one side are tied.
[[nodiscard]] double kendallTauB(std::span<const double> x, std::span<const double> y);

/// Spearman's rho: Pearson's correlation of the mid-ranks. @throws Error(Domain) as above.
[[nodiscard]] double spearmanRho(std::span<const double> x, std::span<const double> y);

} // namespace brink
