// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/ballsampler.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace brink {

namespace {

/// Sums run in sixteen lanes so that they vectorise without leave to reorder.
constexpr std::size_t lanes = 16;
using Lanes = std::array<float, lanes>;

/// Accumulates `step(i, lane)` over 0 .. n-1 in lanes, in a fixed order.
template <typename Step>
Lanes inLanes(std::size_t n, Step step)
{
    Lanes sums{};
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            step(i + lane, sums[lane]);
    for (; i < n; ++i)
        step(i, sums[i % lanes]);
    return sums;
}

double total(const Lanes& sums)
{
    double result = 0;
    for (const float sum : sums)
        result += double(sum);
    return result;
}

/// point = clip(centre + scale * point) to [0,1]; returns the lp length of what was really added.
double shiftAndClip(const float* centre, float scale, std::span<float> point, Norm norm)
{
    float* x = point.data();
    const auto moved = [=](std::size_t i) {
        const float wanted = centre[i] + scale * x[i];
        x[i] = std::min(std::max(wanted, 0.0F), 1.0F);
        return x[i] - centre[i];
    };
    switch (norm) {
    case Norm::L1:
        return total(inLanes(point.size(), [=](std::size_t i, float& sum) { sum += std::fabs(moved(i)); }));
    case Norm::Linf: {
        const Lanes tops = inLanes(point.size(), [=](std::size_t i, float& top) { top = std::max(top, std::fabs(moved(i))); });
        return double(*std::ranges::max_element(tops));
    }
    default:
        return std::sqrt(total(inLanes(point.size(), [=](std::size_t i, float& sum) {
            const float delta = moved(i);
            sum += delta * delta;
        })));
    }
}

} // namespace

BallSampler::BallSampler(const Image& centre, Norm norm, double radius, RadialLaw law)
    : m_centre(centre), m_norm(norm), m_radius(radius), m_law(law)
{
    assert(norm != Norm::L0 && radius > 0);
}

BallSampler::Offset BallSampler::drawL2(Rng& rng, std::span<float> point) const
{
    rng.fillNormal(point);
    const float* x = point.data();
    const double length = std::sqrt(total(inLanes(point.size(), [x](std::size_t i, float& sum) { sum += x[i] * x[i]; })));
    // In double: in float U^(1/d) would round to 1 for most U in high dimension.
    double fraction = std::pow(rng.uniform(), 1 / double(point.size()));
    if (m_law == RadialLaw::ReleasedCode)
        fraction *= rng.uniform();
    return {length > 0 ? m_radius * fraction / length : 0, fraction};
}

BallSampler::Offset BallSampler::drawL1(Rng& rng, std::span<float> point) const
{
    rng.fillLaplace(point);
    const float* x = point.data();
    const double length = total(inLanes(point.size(), [x](std::size_t i, float& sum) { sum += std::fabs(x[i]); }));
    const double last = -std::log(1 - rng.uniform());
    const double fraction = m_law == RadialLaw::ReleasedCode ? rng.uniform() : length / (length + last);
    return {length > 0 ? m_radius * fraction / length : 0, fraction};
}

double BallSampler::draw(Rng& rng, std::span<float> point)
{
    Offset offset{1, 1};
    if (m_norm == Norm::L2)
        offset = drawL2(rng, point);
    else if (m_norm == Norm::L1)
        offset = drawL1(rng, point);
    else
        rng.fillUniform(point, float(-m_radius), float(m_radius));
    m_distanceSum += shiftAndClip(m_centre.pixels.data(), float(offset.scale), point, m_norm);
    ++m_points;
    return offset.fraction;
}

} // namespace brink
