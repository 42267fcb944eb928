// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/threat/l1threshold.h"

#include "core/base/vectorclones.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace brink {

namespace {

/// Sums run in lanes so that they vectorise without leave to reorder; in so many that their loop is not unrolled before that.
constexpr std::size_t lanes = 32;

struct Sum {
    double value = 0;
    double count = 0;
};

/// @param term i -> {value, 1 or 0}.
template<typename Term>
[[gnu::always_inline]] inline Sum summed(std::size_t size, Term term)
{
    std::array<double, lanes> values{};
    std::array<float, lanes> counts{}; // exact: whole numbers far below 2^24
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const auto [value, count] = term(i + lane);
            values[lane] += double(value);
            counts[lane] += count;
        }
    for (; i < size; ++i) {
        const auto [value, count] = term(i);
        values[0] += double(value);
        counts[0] += count;
    }
    return {std::accumulate(values.begin(), values.end(), 0.0), std::accumulate(counts.begin(), counts.end(), 0.0)};
}

struct Term {
    float value;
    float count;
};

/// The values above a limit.
BRINK_VECTOR_CLONES Sum sumAbove(std::span<const float> u, float limit)
{
    return summed(u.size(), [u, limit](std::size_t i) {
        const float isAbove = u[i] > limit ? 1.0F : 0.0F;
        return Term{isAbove * u[i], isAbove};
    });
}

/// What is left in the box at a threshold, and how many values it takes from.
BRINK_VECTOR_CLONES Sum leftInBox(std::span<const float> u, std::span<const float> room, float theta)
{
    return summed(u.size(), [u, room, theta](std::size_t i) {
        const float rest = u[i] - theta;
        const float isTaken = rest > 0 && rest <= room[i] ? 1.0F : 0.0F;
        return Term{std::min(std::max(rest, 0.0F), room[i]), isTaken};
    });
}

} // namespace

float l1Threshold(std::span<const float> u, double radius)
{
    const Sum all = summed(u.size(), [u](std::size_t i) { return Term{u[i], 1.0F}; });
    if (all.value <= radius)
        return 0;
    double theta = (all.value - radius) / all.count;
    double count = all.count;
    while (true) {
        // theta never falls, so that the values above it become fewer until they are the right ones.
        const float limit = float(theta);
        const Sum above = sumAbove(u, limit);
        if (above.count == 0 || above.count >= count)
            return limit;
        count = above.count;
        theta = (above.value - radius) / count;
    }
}

float l1ThresholdInBox(std::span<const float> u, std::span<const float> room, double radius)
{
    Sum left = leftInBox(u, room, 0);
    if (left.value <= radius || u.empty())
        return 0;
    constexpr int mostSteps = 100; // a bracket of floats is halved 60 times at most
    float low = 0, high = *std::ranges::max_element(u), theta = 0;
    for (int step = 0; step < mostSteps; ++step) {
        (left.value > radius ? low : high) = theta;
        const double newton = left.count > 0 ? double(theta) + (left.value - radius) / left.count : -1.0;
        if (float(newton) == theta)
            break;
        const float next = newton > double(low) && newton < double(high) ? float(newton) : low + (high - low) / 2;
        if (next <= low || next >= high)
            break;
        theta = next;
        left = leftInBox(u, room, theta);
    }
    // Between two floats the one that leaves no more than the ball holds.
    return left.value > radius ? std::nextafter(theta, high) : theta;
}

} // namespace brink
