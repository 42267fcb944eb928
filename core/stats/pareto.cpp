// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/pareto.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

void requirePairs(std::span<const double> x, std::span<const double> y)
{
    const auto isNumber = [](double value) { return std::isfinite(value); };
    if (x.size() != y.size() || !std::ranges::all_of(x, isNumber) || !std::ranges::all_of(y, isNumber))
        throw Error(ErrorCode::Domain, "Points need two equally long lists of finite values.");
}

} // namespace

std::vector<bool> paretoFrontier(std::span<const double> x, std::span<const double> y)
{
    requirePairs(x, y);
    std::vector<bool> isOn(x.size(), true);
    for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t k = 0; k < x.size() && isOn[i]; ++k)
            isOn[i] = !(x[k] >= x[i] && y[k] >= y[i] && (x[k] > x[i] || y[k] > y[i]));
    return isOn;
}

std::optional<LineFit> fitLine(std::span<const double> x, std::span<const double> y)
{
    requirePairs(x, y);
    if (x.size() < 2)
        return std::nullopt;
    const auto n = double(x.size());
    double meanX = 0;
    double meanY = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        meanX += x[i] / n;
        meanY += y[i] / n;
    }
    double xx = 0;
    double xy = 0;
    double scale = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - meanX) * (x[i] - meanX);
        xy += (x[i] - meanX) * (y[i] - meanY);
        scale = std::max(scale, std::abs(x[i]));
    }
    // Equal x leave only rounding in xx.
    if (!(xx > n * scale * scale * 1e-28))
        return std::nullopt;
    const double slope = xy / xx;
    return LineFit{meanY - slope * meanX, slope};
}

} // namespace brink
