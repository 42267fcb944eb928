// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/squaremove.h"

#include "core/base/vectorclones.h"

#include <algorithm>
#include <cmath>
#include <numeric>

// Compiled without floating-point exceptions and contraction, as boxdescent.cpp: vector code with the same bits everywhere.

namespace brink {

namespace {

constexpr std::size_t lanes = 8;
constexpr double leastLength = 1e-12;

/// next = x - clean; returns its squared length.
BRINK_VECTOR_CLONES double subtract(const float* x, const float* clean, float* next, std::size_t size)
{
    std::array<double, lanes> sums{};
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const float change = x[i + lane] - clean[i + lane];
            next[i + lane] = change;
            sums[lane] += double(change) * double(change);
        }
    for (; i < size; ++i) {
        next[i] = x[i] - clean[i];
        sums[0] += double(next[i]) * double(next[i]);
    }
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

BRINK_VECTOR_CLONES void addScaled(const float* clean, float scale, float* next, std::size_t size)
{
#pragma GCC ivdep // the arrays do not overlap
    for (std::size_t i = 0; i < size; ++i) {
        const float value = clean[i] + scale * next[i];
        const float above = value < 0 ? 0.0F : value;
        next[i] = above > 1 ? 1.0F : above;
    }
}

/// A row of a square in the change.
std::span<float> rowOf(const SquareMove& move, const SquareCorner& corner, std::int64_t channel, std::int64_t y)
{
    const std::int64_t first = (channel * move.shape[1] + corner[0] + y) * move.shape[2] + corner[1];
    return move.next.subspan(std::size_t(first), std::size_t(move.side));
}

/// Clears the second square but for what the first one holds of it; returns the squared length of what went.
double clearSecond(const SquareMove& move, std::int64_t channel)
{
    const std::int64_t down = move.into[0] - move.from[0], across = move.into[1] - move.from[1];
    double sum = 0;
    for (std::int64_t y = 0; y < move.side; ++y) {
        const bool isShared = y >= down && y < down + move.side;
        const std::span<float> row = rowOf(move, move.from, channel, y);
        for (std::int64_t x = 0; x < move.side; ++x) {
            if (isShared && x >= across && x < across + move.side)
                continue;
            sum += double(row[std::size_t(x)]) * double(row[std::size_t(x)]);
            row[std::size_t(x)] = 0;
        }
    }
    return sum;
}

double squaredLengthOfFirst(const SquareMove& move, std::int64_t channel)
{
    double sum = 0;
    for (std::int64_t y = 0; y < move.side; ++y)
        for (const float value : rowOf(move, move.into, channel, y))
            sum += double(value) * double(value);
    return sum;
}

/// The first square becomes the signed pattern and what is there, each of length 1, added; returns the squared length of the sum.
double addPattern(const SquareMove& move, std::int64_t channel, double squaredLength)
{
    const auto share = float(1 / (std::sqrt(squaredLength) + leastLength));
    const float sign = move.signs[std::size_t(channel)];
    const float* pattern = move.pattern.data();
    double sum = 0;
    for (std::int64_t y = 0; y < move.side; ++y)
        for (float& value : rowOf(move, move.into, channel, y)) {
            value = *pattern++ * sign + value * share;
            sum += double(value) * double(value);
        }
    return sum;
}

void scaleFirst(const SquareMove& move, std::int64_t channel, float factor)
{
    for (std::int64_t y = 0; y < move.side; ++y)
        for (float& value : rowOf(move, move.into, channel, y))
            value *= factor;
}

} // namespace

void moveSquare(const SquareMove& move)
{
    const std::int64_t channels = move.shape[0];
    const double whole = subtract(move.x.data(), move.clean.data(), move.next.data(), move.next.size());
    double taken = 0;
    std::vector<double> sums(static_cast<std::size_t>(channels));
    for (std::int64_t channel = 0; channel < channels; ++channel) {
        const double first = squaredLengthOfFirst(move, channel);
        taken += first + clearSecond(move, channel);
        sums[std::size_t(channel)] = addPattern(move, channel, first);
    }
    const double wanted = std::max(move.eps * move.eps - whole, 0.0) / double(channels) + taken;
    double length = std::max(whole - taken, 0.0);
    for (std::int64_t channel = 0; channel < channels; ++channel) {
        const double factor = std::sqrt(wanted) / (std::sqrt(sums[std::size_t(channel)]) + leastLength);
        scaleFirst(move, channel, float(factor));
        length += factor * factor * sums[std::size_t(channel)];
    }
    addScaled(move.clean.data(), float(move.eps / (std::sqrt(length) + leastLength)), move.next.data(), move.next.size());
}

} // namespace brink
