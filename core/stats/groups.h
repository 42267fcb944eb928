// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace brink {

/// Square matrix [n][n] row after row; NaN where a cell is missing.
struct SquareMatrix {
    std::size_t size = 0;
    std::vector<double> values;
    [[nodiscard]] double at(std::size_t i, std::size_t k) const { return values[i * size + k]; }
};

/// ||T - T^t|| / ||T||, Frobenius norms, over the cells known in both directions, diagonal included: 0 for a symmetric matrix.
/// Absent when these are all zero.
[[nodiscard]] std::optional<double> asymmetry(const SquareMatrix& matrix);

/// Mean of the cells between members of one group and of those between groups, without the diagonal.
struct GroupMeans {
    double within = 0, between = 0;
    std::int64_t withinCells = 0, betweenCells = 0;
};
/// Absent without a cell of both kinds. @param group of each row; negative: a group of its own.
[[nodiscard]] std::optional<GroupMeans> groupMeans(const SquareMatrix& matrix, std::span<const int> group);

/// One-sided p-value of "within is larger than between" when group labels are shuffled over the members: (1 + at least as
/// large) / (1 + draws). Absent where groupMeans() is. The same seed gives the same value.
[[nodiscard]] std::optional<double> groupPermutationP(const SquareMatrix& matrix, std::span<const int> group, int draws, std::uint64_t seed);

} // namespace brink
