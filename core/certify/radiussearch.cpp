// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/radiussearch.h"

#include <algorithm>
#include <cmath>

namespace brink::certify {

namespace {

constexpr int mostSteps = 80;
constexpr double nothing = 1e-7; ///< of the first guess: below this a radius counts as 0

} // namespace

RadiusSearch::RadiusSearch(double margin, double guess, double largest, double tolerance)
    : m_lowMargin(margin), m_guess(std::min(guess, largest)), m_largest(largest), m_tolerance(tolerance)
{
}

RadiusSearch::RadiusSearch(const Bracket& bracket, double tolerance)
    : m_low(bracket.proved), m_lowMargin(bracket.provedMargin), m_high(bracket.failed), m_highMargin(bracket.failedMargin), m_guess(bracket.failed),
      m_largest(bracket.failed), m_tolerance(tolerance)
{
}

bool RadiusSearch::isDone() const
{
    if (isCapped() || m_steps >= mostSteps)
        return true;
    return m_high && (*m_high - m_low <= m_tolerance * *m_high || *m_high < nothing * m_guess);
}

double RadiusSearch::next() const
{
    if (!m_high)
        return m_low == 0 ? m_guess : std::min(2 * m_low, m_largest);
    const double low = m_low, high = *m_high;
    if (low == 0)
        return high / 4; // bounds fall steeply with the radius: the margin there says little
    if (high > 4 * low)
        return std::sqrt(low * high);
    if (m_ignoresSizes || m_steps % 3 == 0)
        return (low + high) / 2;
    // A little below the zero of the line through both ends, so that it is more often proved than not; never too near to an end.
    const double zero = low + (high - low) * m_lowMargin / (m_lowMargin - m_highMargin);
    const double rim = std::min(0.05 * (high - low), 0.5 * m_tolerance * high);
    return std::clamp(zero - rim, low + std::max(rim, 0.4 * m_tolerance * high), high - std::max(rim, 0.4 * m_tolerance * high));
}

void RadiusSearch::tried(double margin)
{
    const double radius = next();
    ++m_steps;
    if (margin > 0) {
        m_low = radius;
        m_lowMargin = margin;
    } else {
        m_high = radius;
        m_highMargin = margin;
    }
}

void RadiusSearch::refuted(double radius)
{
    if (radius > m_low && (!m_high || radius < *m_high))
        m_high = radius;
}

} // namespace brink::certify
