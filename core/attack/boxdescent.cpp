// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/boxdescent.h"

#include "core/base/vectorclones.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <numeric>
#include <utility>

namespace brink {

namespace {

/// Sums run in lanes so that they vectorise without leave to reorder.
constexpr std::size_t lanes = 8;

struct Sums {
    double rate = 0; ///< at which the function falls with lambda
    double used = 0; ///< what it has fallen by along coordinates that have hit the box
};

// Half the lanes as one value: a choice between two numbers is then a mask, where of lanes in an array the compiler makes branches.
constexpr std::size_t width = lanes / 2;
using Wide = double __attribute__((vector_size(width * sizeof(double))));
using Narrow = float __attribute__((vector_size(width * sizeof(float))));

/// Both sums, of half the lanes.
struct WideSums {
    Wide rate{}, used{};
};

/// What half a group adds.
template <bool isEuclidean> inline void add(double lambda, const float* slope, const float* room, WideSums& sums)
{
    const Wide none{}, one = none + 1.0;
    Narrow s4, r4;
    std::memcpy(&s4, slope, sizeof s4);
    std::memcpy(&r4, room, sizeof r4);
    const Wide s = __builtin_convertvector(s4, Wide), r = __builtin_convertvector(r4, Wide), speed = isEuclidean ? s : one;
    const auto isFree = lambda * speed < r;
    sums.rate += isFree ? s * speed : none;
    sums.used += isFree ? none : s * r;
}

inline void addUp(const Wide& wide, double& sum)
{
    for (std::size_t i = 0; i < width; ++i)
        sum += wide[i];
}

/// At one lambda, of every stride-th group of coordinates. A pass costs as much as reading the values, so that both sums share it.
template <bool isEuclidean> inline Sums sumsOver(double lambda, const float* slope, const float* room, std::size_t size, std::size_t stride)
{
    WideSums low, high;
    std::size_t i = 0;
    for (; i + lanes <= size; i += stride * lanes) {
        add<isEuclidean>(lambda, slope + i, room + i, low);
        add<isEuclidean>(lambda, slope + i + width, room + i + width, high);
    }
    for (; i < size; ++i) {
        const double s = slope[i], r = room[i], speed = isEuclidean ? s : 1.0;
        const bool isFree = lambda * speed < r;
        low.rate[0] += isFree ? s * speed : 0.0;
        low.used[0] += isFree ? 0.0 : s * r;
    }
    Sums sums;
    addUp(low.rate, sums.rate);
    addUp(high.rate, sums.rate);
    addUp(low.used, sums.used);
    addUp(high.used, sums.used);
    return sums;
}

BRINK_VECTOR_CLONES Sums sumsAt(double lambda, bool isEuclidean, const float* slope, const float* room, std::size_t size, std::size_t stride)
{
    return isEuclidean ? sumsOver<true>(lambda, slope, room, size, stride) : sumsOver<false>(lambda, slope, room, size, stride);
}

/// Fills the three rows and returns what the function falls by on the way to the corner.
BRINK_VECTOR_CLONES double measured(const float* point, const float* normal, float away, float* slope, float* room, float* sign, std::size_t size)
{
    std::array<double, lanes> falls{};
    const auto measure = [&](std::size_t i, std::size_t lane) {
        const float down = normal[i] < 0 ? -away : 0.0F;
        const float direction = normal[i] > 0 ? away : down;
        const float below = direction < 0 ? point[i] : 0.0F;
        sign[i] = direction;
        slope[i] = std::abs(normal[i]);
        room[i] = direction > 0 ? 1.0F - point[i] : below;
        falls[lane] += double(slope[i]) * double(room[i]);
    };
    std::size_t i = 0;
#pragma GCC ivdep // the arrays do not overlap
    for (; i + lanes <= size; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            measure(i + lane, lane);
    for (; i < size; ++i)
        measure(i, 0);
    return std::accumulate(falls.begin(), falls.end(), 0.0);
}

} // namespace

void BoxDescent::measure(std::span<const float> point, std::span<const float> normal, float value)
{
    const std::size_t size = point.size();
    m_slope.resize(size);
    m_room.resize(size);
    m_sign.resize(size);
    const float away = value > 0 ? -1.0F : value < 0 ? 1.0F : 0.0F;
    m_capacity = measured(point.data(), normal.data(), away, m_slope.data(), m_room.data(), m_sign.data(), size);
}

/// m_i = min(lambda speed_i, room_i), speed |normal_i| (L2) or 1 (Linf). The fall as a function of lambda is concave and piecewise
/// linear: Newton steps from below never pass the root, use up one piece after the other and end in the last one; one from above leads
/// below. A sample of the coordinates says where to begin, and most passes are over it; the end does not depend on it.
double BoxDescent::lambdaOf(double need, bool isEuclidean) const
{
    constexpr std::size_t sampleStride = 8, leastSampled = 512;
    const std::size_t size = m_slope.size();
    const auto root = [&](double begin, double fall, std::size_t stride) {
        double lambda = begin;
        bool mayBeAbove = begin > 0;
        while (true) {
            const Sums sums = sumsAt(lambda, isEuclidean, m_slope.data(), m_room.data(), size, stride);
            const double next = sums.rate > 0 ? (fall - sums.used) / sums.rate : lambda;
            if (std::exchange(mayBeAbove, false) && (sums.rate <= 0 || next < lambda)) {
                lambda = sums.rate > 0 ? std::max(next, 0.0) : 0.0;
                continue;
            }
            if (!(next > lambda))
                return lambda;
            lambda = next;
        }
    };
    if (size < leastSampled)
        return root(0, need, 1);
    const double capacity = sumsAt(HUGE_VAL, isEuclidean, m_slope.data(), m_room.data(), size, sampleStride).used;
    return root(root(0, need * capacity / m_capacity, sampleStride), need, 1);
}

/// L1: the steepest coordinates are used up, the first of equals first; the last one moves as far as still needed.
void BoxDescent::useUpSteepest(double need, std::span<float> step)
{
    const auto isSteeper = [this](int a, int b) { return m_slope[std::size_t(a)] != m_slope[std::size_t(b)] ? m_slope[std::size_t(a)] > m_slope[std::size_t(b)] : a < b; };
    const auto fall = [this](int i) { return double(m_slope[std::size_t(i)]) * double(m_room[std::size_t(i)]); };
    m_order.resize(m_slope.size());
    std::iota(m_order.begin(), m_order.end(), 0);
    auto first = m_order.begin(), last = m_order.end();
    // Halves: the steeper one is used up whole, or holds the last coordinate.
    while (last - first > 1) {
        const auto middle = first + (last - first) / 2;
        std::nth_element(first, middle, last, isSteeper);
        const double fallOfHalf = std::accumulate(first, middle, 0.0, [&](double sum, int i) { return sum + fall(i); });
        if (fallOfHalf >= need) {
            last = middle;
            continue;
        }
        for (auto i = first; i != middle; ++i)
            step[std::size_t(*i)] = m_room[std::size_t(*i)] * m_sign[std::size_t(*i)];
        need -= fallOfHalf;
        first = middle;
    }
    if (first == last)
        return;
    const auto i = std::size_t(*first);
    const double moved = m_slope[i] > 0 ? std::min(need / double(m_slope[i]), double(m_room[i])) : 0.0;
    step[i] = float(moved) * m_sign[i];
}

bool BoxDescent::project(std::span<const float> point, std::span<const float> normal, float value, Norm norm, std::span<float> step)
{
    measure(point, normal, value);
    const double need = std::abs(double(value));
    const bool reaches = m_capacity >= need;
    if (!reaches) {
        for (std::size_t i = 0; i < step.size(); ++i)
            step[i] = m_room[i] * m_sign[i];
        return false;
    }
    if (norm == Norm::L1) {
        std::ranges::fill(step, 0.0F);
        useUpSteepest(need, step);
        return true;
    }
    const bool isEuclidean = norm == Norm::L2;
    const double lambda = lambdaOf(need, isEuclidean);
    for (std::size_t i = 0; i < step.size(); ++i)
        step[i] = float(std::min(isEuclidean ? lambda * double(m_slope[i]) : lambda, double(m_room[i]))) * m_sign[i];
    return true;
}

} // namespace brink
