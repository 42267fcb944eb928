// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/boxdescent.h"

#include "core/base/vectorclones.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace brink {

namespace {

/// Sums run in lanes so that they vectorise without leave to reorder.
constexpr std::size_t lanes = 8;

struct Sums {
    double rate = 0; ///< at which the function falls with lambda
    double used = 0; ///< what it has fallen by along coordinates that have hit the box
};

/// At one lambda. A pass costs as much as reading the values, so that both sums share it. @param speedOf slope -> speed.
template<typename Speed>
inline Sums sumsOver(double lambda, const float* slope, const float* room, std::size_t size, Speed speedOf)
{
    std::array<double, lanes> rate{}, used{};
    const auto add = [&](std::size_t i, std::size_t lane) {
        const double s = slope[i], r = room[i], speed = speedOf(s);
        const bool isFree = lambda * speed < r;
        rate[lane] += isFree ? s * speed : 0.0;
        used[lane] += isFree ? 0.0 : s * r;
    };
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            add(i + lane, lane);
    for (; i < size; ++i)
        add(i, 0);
    return {std::accumulate(rate.begin(), rate.end(), 0.0), std::accumulate(used.begin(), used.end(), 0.0)};
}

BRINK_VECTOR_CLONES Sums sumsAt(double lambda, bool isEuclidean, const float* slope, const float* room, std::size_t size)
{
    return isEuclidean ? sumsOver(lambda, slope, room, size, [](double s) { return s; }) : sumsOver(lambda, slope, room, size, [](double) { return 1.0; });
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
/// linear: Newton steps from below never pass the root, use up one piece after the other and end in the last one.
double BoxDescent::lambdaOf(double need, bool isEuclidean) const
{
    double lambda = 0;
    while (true) {
        const Sums sums = sumsAt(lambda, isEuclidean, m_slope.data(), m_room.data(), m_slope.size());
        if (sums.rate <= 0)
            return lambda;
        const double next = (need - sums.used) / sums.rate;
        if (!(next > lambda))
            return lambda;
        lambda = next;
    }
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
