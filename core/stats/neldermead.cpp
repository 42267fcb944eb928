// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/neldermead.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace brink {

NelderMead::NelderMead(std::function<double(const Vertex&)> objective, const Vertex& start) : m_objective(std::move(objective))
{
    m_simplex[0] = {start, m_objective(start)};
    for (std::size_t i = 0; i < 3; ++i) {
        Vertex x = start;
        x[i] = x[i] != 0 ? 1.05 * x[i] : 0.00025;
        m_simplex[i + 1] = {x, m_objective(x)};
    }
    sort();
}

Vertex NelderMead::minimise()
{
    for (int step = 0; step < 600 && !isConverged(); ++step) {
        improve();
        sort();
    }
    return m_simplex[0].x;
}

void NelderMead::sort()
{
    std::ranges::stable_sort(m_simplex, [](const Corner& a, const Corner& b) { return a.f < b.f; });
}

bool NelderMead::isConverged() const
{
    return std::ranges::all_of(m_simplex, [best = m_simplex[0]](const Corner& corner) {
        bool isNear = std::abs(corner.f - best.f) <= 1e-4;
        for (std::size_t i = 0; i < 3; ++i)
            isNear = isNear && std::abs(corner.x[i] - best.x[i]) <= 1e-4;
        return isNear;
    });
}

/// The point at `factor` times the way from the centre of the three best corners to the worst.
NelderMead::Corner NelderMead::along(double factor) const
{
    Corner corner;
    for (std::size_t i = 0; i < 3; ++i) {
        const double centre = (m_simplex[0].x[i] + m_simplex[1].x[i] + m_simplex[2].x[i]) / 3;
        corner.x[i] = centre + factor * (m_simplex[3].x[i] - centre);
    }
    corner.f = m_objective(corner.x);
    return corner;
}

void NelderMead::improve()
{
    Corner& worst = m_simplex[3];
    const Corner reflected = along(-1);
    if (reflected.f < m_simplex[0].f) {
        const Corner expanded = along(-2);
        worst = expanded.f < reflected.f ? expanded : reflected;
        return;
    }
    if (reflected.f < m_simplex[2].f) {
        worst = reflected;
        return;
    }
    const bool isOutside = reflected.f < worst.f;
    const Corner contracted = along(isOutside ? -0.5 : 0.5);
    if (isOutside ? contracted.f <= reflected.f : contracted.f < worst.f)
        worst = contracted;
    else
        shrink();
}

void NelderMead::shrink()
{
    for (std::size_t corner = 1; corner < 4; ++corner) {
        for (std::size_t i = 0; i < 3; ++i)
            m_simplex[corner].x[i] = (m_simplex[0].x[i] + m_simplex[corner].x[i]) / 2;
        m_simplex[corner].f = m_objective(m_simplex[corner].x);
    }
}

} // namespace brink
