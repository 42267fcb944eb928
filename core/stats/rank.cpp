// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/rank.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace brink {

namespace {

void requirePairs(std::span<const double> x, std::span<const double> y)
{
    const auto isNumber = [](double value) { return std::isfinite(value); };
    if (x.size() != y.size() || x.size() < 2 || !std::ranges::all_of(x, isNumber) || !std::ranges::all_of(y, isNumber))
        throw Error(ErrorCode::Domain, "A rank correlation needs two equally long lists of at least two finite values.");
}

[[noreturn]] void throwAllTied() { throw Error(ErrorCode::Domain, "A rank correlation is not defined where all values are equal."); }

/// Pairs within runs of equal keys of a sorted sequence.
template <typename IsEqual>
std::int64_t tiedPairs(std::size_t n, IsEqual isEqual)
{
    std::int64_t pairs = 0;
    std::int64_t run = 1;
    for (std::size_t i = 1; i < n; ++i) {
        run = isEqual(i - 1, i) ? run + 1 : 1;
        pairs += run - 1;
    }
    return pairs;
}

/// Sorts and returns how many pairs stood in the wrong order.
std::int64_t sortCountingInversions(std::span<double> values)
{
    if (values.size() < 2)
        return 0;
    const std::size_t half = values.size() / 2;
    std::int64_t inversions = sortCountingInversions(values.first(half)) + sortCountingInversions(values.subspan(half));
    std::vector<double> merged;
    std::size_t left = 0;
    std::size_t right = half;
    while (left < half || right < values.size()) {
        const bool takesLeft = right == values.size() || (left < half && values[left] <= values[right]);
        if (!takesLeft)
            inversions += std::int64_t(half - left);
        merged.push_back(values[takesLeft ? left++ : right++]);
    }
    std::ranges::copy(merged, values.begin());
    return inversions;
}

double correlation(std::span<const double> x, std::span<const double> y)
{
    const auto n = double(x.size());
    const double meanX = std::accumulate(x.begin(), x.end(), 0.0) / n;
    const double meanY = std::accumulate(y.begin(), y.end(), 0.0) / n;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - meanX) * (x[i] - meanX);
        yy += (y[i] - meanY) * (y[i] - meanY);
        xy += (x[i] - meanX) * (y[i] - meanY);
    }
    if (xx == 0 || yy == 0)
        throwAllTied();
    return xy / std::sqrt(xx * yy);
}

} // namespace

std::vector<double> midRanks(std::span<const double> values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::sort(order, {}, [values](std::size_t i) { return values[i]; });
    std::vector<double> ranks(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && values[order[end]] == values[order[begin]])
            ++end;
        for (std::size_t i = begin; i < end; ++i)
            ranks[order[i]] = double(begin + end + 1) / 2;
        begin = end;
    }
    return ranks;
}

double kendallTauB(std::span<const double> x, std::span<const double> y)
{
    requirePairs(x, y);
    const std::size_t n = x.size();
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return x[a] != x[b] ? x[a] < x[b] : y[a] < y[b]; });
    const auto equalX = [&](std::size_t i, std::size_t k) { return x[order[i]] == x[order[k]]; };
    const std::int64_t tiesX = tiedPairs(n, equalX);
    const std::int64_t tiesBoth
        = tiedPairs(n, [&](std::size_t i, std::size_t k) { return equalX(i, k) && y[order[i]] == y[order[k]]; });
    std::vector<double> byX;
    for (const std::size_t i : order)
        byX.push_back(y[i]);
    const std::int64_t discordant = sortCountingInversions(byX);
    const std::int64_t tiesY = tiedPairs(n, [&](std::size_t i, std::size_t k) { return byX[i] == byX[k]; });
    const std::int64_t pairs = std::int64_t(n) * std::int64_t(n - 1) / 2;
    if (tiesX == pairs || tiesY == pairs)
        throwAllTied();
    const std::int64_t difference = pairs - tiesX - tiesY + tiesBoth - 2 * discordant;
    return double(difference) / std::sqrt(double(pairs - tiesX)) / std::sqrt(double(pairs - tiesY));
}

double spearmanRho(std::span<const double> x, std::span<const double> y)
{
    requirePairs(x, y);
    return correlation(midRanks(x), midRanks(y));
}

} // namespace brink
