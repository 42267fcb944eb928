// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/weibullprofile.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace brink {

namespace {

constexpr int gapGrid = 40;
/// Half the 95 % quantile of chi-square with one degree of freedom.
constexpr double likelihoodDrop = 1.9207294103470516;

double gridGap(int index) { return WeibullProfile::minGap * std::pow(WeibullProfile::maxGap / WeibullProfile::minGap, double(index) / (gapGrid - 1)); }

/// Golden section in the logarithm of the gap, between the neighbours of a grid minimum.
ProfilePoint refine(WeibullProfile& profile, const ProfilePoint& left, const ProfilePoint& middle, const ProfilePoint& right)
{
    constexpr double ratio = 0.3819660112501051;
    double low = std::log(left.gap);
    double high = std::log(right.gap);
    ProfilePoint best = middle;
    while (high - low > 1e-5) {
        const double z = std::log(best.gap);
        const bool goesRight = high - z > z - low;
        const ProfilePoint trial = profile.at(std::exp(goesRight ? z + ratio * (high - z) : z - ratio * (z - low)), best.shape);
        const bool isBetter = trial.objective < best.objective;
        if (isBetter != goesRight)
            high = isBetter ? z : std::log(trial.gap);
        else
            low = isBetter ? z : std::log(trial.gap);
        if (isBetter)
            best = trial;
    }
    return best;
}

/// The gap between two neighbours at which the objective passes `level`, by bisection in the logarithm.
double crossing(WeibullProfile& profile, const ProfilePoint& inside, const ProfilePoint& outside, double level)
{
    double in = std::log(inside.gap);
    double out = std::log(outside.gap);
    double shape = inside.shape;
    while (std::abs(out - in) > 1e-3) {
        const ProfilePoint middle = profile.at(std::exp((in + out) / 2), shape);
        shape = middle.shape;
        (middle.objective <= level ? in : out) = std::log(middle.gap);
    }
    return std::exp((in + out) / 2);
}

} // namespace

ProfilePoint WeibullProfile::at(double gap, double startShape)
{
    double sum = 0;
    for (std::size_t i = 0; i < m_y.size(); ++i)
        sum += m_logT[i] = std::log(m_y[i] + gap);
    const auto n = double(m_y.size());
    const double meanLog = sum / n;
    const double top = m_logT.front(); // y descends
    ProfilePoint point{gap, bestShape(startShape, meanLog, top), 0, 0};
    const double logMeanPower = std::log(powers(point.shape, top).sum / n) + point.shape * top;
    point.scale = std::exp(logMeanPower / point.shape);
    point.objective = n * (1 + logMeanPower - std::log(point.shape) - (point.shape - 1) * meanLog)
        + m_penalty * point.shape * point.shape;
    return point;
}

WeibullProfile::Powers WeibullProfile::powers(double shape, double top) const
{
    Powers result;
    for (const double logT : m_logT) {
        const double w = std::exp(shape * (logT - top));
        result.sum += w;
        result.logSum += w * logT;
        result.logSquareSum += w * logT * logT;
    }
    return result;
}

/// Root of h(c) = c (E_w[ln t] - mean ln t) - 1 + 2 penalty c^2 / n, which grows with c.
double WeibullProfile::bestShape(double start, double meanLog, double top) const
{
    const auto n = double(m_y.size());
    double low = minShape;
    double high = maxShape;
    double c = std::clamp(start, low, high);
    for (int step = 0; step < 100; ++step) {
        const Powers p = powers(c, top);
        const double centre = p.logSum / p.sum;
        const double spread = std::max(p.logSquareSum / p.sum - centre * centre, 0.0);
        const double h = c * (centre - meanLog) - 1 + 2 * m_penalty * c * c / n;
        const double slope = centre - meanLog + c * spread + 4 * m_penalty * c / n;
        (h > 0 ? high : low) = c;
        if ((h > 0 && c == minShape) || (h < 0 && c == maxShape) || h == 0)
            return c;
        double next = c - h / slope;
        if (!(next > low && next < high))
            next = next >= maxShape && high == maxShape ? maxShape : next <= minShape && low == minShape ? minShape : std::sqrt(low * high);
        if (std::abs(next - c) <= 1e-9 * c)
            return next;
        c = next;
    }
    return c;
}

ProfileSearch searchProfile(WeibullProfile& profile)
{
    ProfileSearch search;
    for (int i = gapGrid - 1; i >= 0; --i)
        search.grid.push_back(profile.at(gridGap(i), search.grid.empty() ? 10.0 : search.grid.back().shape));
    std::ranges::reverse(search.grid);
    search.best = search.grid.back();
    for (std::size_t i = 1; i + 1 < search.grid.size(); ++i) {
        const auto& [left, middle, right] = std::tie(search.grid[i - 1], search.grid[i], search.grid[i + 1]);
        if (middle.objective > left.objective || middle.objective > right.objective)
            continue;
        const ProfilePoint refined = refine(profile, left, middle, right);
        if (refined.objective < search.best.objective) {
            search.best = refined;
            search.isInterior = true;
        }
    }
    if (!search.isInterior && search.grid.front().objective < search.best.objective)
        search.best = search.grid.front();
    return search;
}

std::array<double, 2> gapInterval(WeibullProfile& profile, const ProfileSearch& search)
{
    const double level = search.best.objective + likelihoodDrop;
    std::array<double, 2> interval{0, WeibullProfile::maxGap};
    const ProfilePoint* inside = &search.best;
    for (auto point = search.grid.rbegin(); point != search.grid.rend(); ++point) {
        if (point->gap >= search.best.gap)
            continue;
        if (point->objective > level) {
            interval[0] = crossing(profile, *inside, *point, level);
            break;
        }
        inside = &*point;
    }
    inside = &search.best;
    for (const ProfilePoint& point : search.grid) {
        if (point.gap <= search.best.gap)
            continue;
        if (point.objective > level) {
            interval[1] = crossing(profile, *inside, point, level);
            break;
        }
        inside = &point;
    }
    return interval;
}

} // namespace brink
