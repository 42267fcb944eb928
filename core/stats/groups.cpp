// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/groups.h"

#include "core/base/error.h"
#include "core/base/rng.h"

#include <cmath>
#include <utility>

namespace brink {

namespace {

void requireSquare(const SquareMatrix& matrix, std::size_t labels)
{
    if (matrix.values.size() != matrix.size * matrix.size || labels != matrix.size)
        throw Error(ErrorCode::Domain, "Groups need a square matrix and one label for each row.");
}

} // namespace

std::optional<double> asymmetry(const SquareMatrix& matrix)
{
    requireSquare(matrix, matrix.size);
    double difference = 0;
    double whole = 0;
    for (std::size_t i = 0; i < matrix.size; ++i) {
        for (std::size_t k = 0; k < matrix.size; ++k) {
            const double there = matrix.at(i, k);
            const double back = matrix.at(k, i);
            if (!std::isfinite(there) || !std::isfinite(back))
                continue;
            difference += (there - back) * (there - back);
            whole += there * there;
        }
    }
    return whole > 0 ? std::optional(std::sqrt(difference / whole)) : std::nullopt;
}

std::optional<GroupMeans> groupMeans(const SquareMatrix& matrix, std::span<const int> group)
{
    requireSquare(matrix, group.size());
    GroupMeans means;
    for (std::size_t i = 0; i < matrix.size; ++i) {
        for (std::size_t k = 0; k < matrix.size; ++k) {
            if (i == k || !std::isfinite(matrix.at(i, k)))
                continue;
            const bool isWithin = group[i] >= 0 && group[i] == group[k];
            (isWithin ? means.within : means.between) += matrix.at(i, k);
            ++(isWithin ? means.withinCells : means.betweenCells);
        }
    }
    if (means.withinCells == 0 || means.betweenCells == 0)
        return std::nullopt;
    means.within /= double(means.withinCells);
    means.between /= double(means.betweenCells);
    return means;
}

std::optional<double> groupPermutationP(const SquareMatrix& matrix, std::span<const int> group, int draws, std::uint64_t seed)
{
    const auto observed = groupMeans(matrix, group);
    if (!observed || draws < 1)
        return std::nullopt;
    // A shuffle that gives the same partition in another order of summation must count as equal.
    const double least = observed->within - observed->between - 1e-12;
    std::vector<int> shuffled(group.begin(), group.end());
    Rng rng(seed);
    std::int64_t asLarge = 0;
    for (int draw = 0; draw < draws; ++draw) {
        for (std::size_t i = shuffled.size() - 1; i > 0; --i)
            std::swap(shuffled[i], shuffled[rng.below(i + 1)]);
        // Missing cells can leave a shuffle without one kind of pair: it says nothing against the observed order.
        if (const auto means = groupMeans(matrix, shuffled))
            asLarge += means->within - means->between >= least;
    }
    return double(1 + asLarge) / double(1 + draws);
}

} // namespace brink
