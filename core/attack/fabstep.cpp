// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/fabstep.h"

#include "core/base/vectorclones.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

// Compiled without floating-point exceptions and contraction, as boxdescent.cpp: vector code with the same bits everywhere.

namespace brink {

namespace {

constexpr std::size_t lanes = 8; ///< sums run in lanes so that they vectorise without leave to reorder
constexpr double leastLength = 1e-8;

template<typename Term>
inline double summed(std::size_t size, Term term)
{
    std::array<double, lanes> sums{};
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] += term(i + lane);
    for (; i < size; ++i)
        sums[0] += term(i);
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

BRINK_VECTOR_CLONES double slopeTowards(const float* normal, const float* from, const float* to, std::size_t size)
{
    return summed(size, [&](std::size_t i) { return double(normal[i]) * double(to[i] - from[i]); });
}

BRINK_VECTOR_CLONES double l1Length(const float* step, std::size_t size)
{
    return summed(size, [&](std::size_t i) { return double(std::abs(step[i])); });
}

BRINK_VECTOR_CLONES double squaredLength(const float* step, std::size_t size)
{
    return summed(size, [&](std::size_t i) { return double(step[i]) * double(step[i]); });
}

BRINK_VECTOR_CLONES float largest(const float* step, std::size_t size)
{
    std::array<float, lanes> most{};
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            most[lane] = std::max(most[lane], std::abs(step[i + lane]));
    for (; i < size; ++i)
        most[0] = std::max(most[0], std::abs(step[i]));
    return *std::ranges::max_element(most);
}

double lengthOf(const std::vector<float>& step, Norm norm)
{
    const double length = norm == Norm::L1 ? l1Length(step.data(), step.size())
        : norm == Norm::L2                 ? std::sqrt(squaredLength(step.data(), step.size()))
                                           : double(largest(step.data(), step.size()));
    return std::max(length, leastLength);
}

BRINK_VECTOR_CLONES void mix(const FabStepRow& row, const float* ofIterate, const float* ofClean, float alpha)
{
    const float *x = row.x.data(), *clean = row.clean.data();
    const float eta = row.eta, rest = 1 - alpha;
    float* next = row.next.data();
    const std::size_t size = row.next.size();
#pragma GCC ivdep // the arrays do not overlap
    for (std::size_t i = 0; i < size; ++i) {
        const float mean = rest * (x[i] + eta * ofIterate[i]) + alpha * (clean[i] + eta * ofClean[i]);
        const float above = mean < 0 ? 0.0F : mean;
        next[i] = above > 1 ? 1.0F : above;
    }
}

} // namespace

void FabStep::take(const FabStepRow& row)
{
    m_ofIterate.resize(row.x.size());
    m_ofClean.resize(row.x.size());
    // The boundary's value at the clean image, from small differences; normal.clean - b in float32 would cost three digits.
    const double atClean = double(row.value) + slopeTowards(row.normal.data(), row.x.data(), row.clean.data(), row.x.size());
    m_descent.project(row.x, row.normal, row.value, m_norm, m_ofIterate);
    m_descent.project(row.clean, row.normal, float(atClean), m_norm, m_ofClean);
    const double length = lengthOf(m_ofIterate, m_norm);
    const double share = length / (length + lengthOf(m_ofClean, m_norm));
    mix(row, m_ofIterate.data(), m_ofClean.data(), std::min(float(share), row.alphaMax));
}

} // namespace brink
