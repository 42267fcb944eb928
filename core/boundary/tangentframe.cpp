// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/tangentframe.h"

#include <cmath>
#include <numeric>

namespace brink {

namespace {

void normalise(std::vector<double>& vector)
{
    const double length = std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0));
    for (double& value : vector)
        value /= length;
}

} // namespace

TangentFrame::TangentFrame(std::span<const float> normal) : m_mirror(normal.begin(), normal.end())
{
    normalise(m_mirror);
    // The sign that adds, never cancels: then the last axis goes to -n (or to n).
    m_mirror.back() += m_mirror.back() < 0 ? -1 : 1;
    normalise(m_mirror);
}

void TangentFrame::toSpace(std::span<const double> coordinates, std::span<double> vector) const
{
    const double along = 2 * std::inner_product(coordinates.begin(), coordinates.end(), m_mirror.begin(), 0.0);
    for (std::size_t i = 0; i < coordinates.size(); ++i)
        vector[i] = coordinates[i] - along * m_mirror[i];
    vector.back() = -along * m_mirror.back();
}

void TangentFrame::toTangent(std::span<const double> vector, std::span<double> coordinates) const
{
    const double along = 2 * std::inner_product(vector.begin(), vector.end(), m_mirror.begin(), 0.0);
    for (std::size_t i = 0; i < coordinates.size(); ++i)
        coordinates[i] = vector[i] - along * m_mirror[i];
}

} // namespace brink
