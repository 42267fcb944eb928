// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/stepcurve.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>

namespace brink {

double StepCurve::at(double where) const
{
    const auto after = std::ranges::upper_bound(x, where);
    return y[std::size_t(std::max<std::ptrdiff_t>(1, after - x.begin()) - 1)];
}

StepCurve survivalCurve(std::span<const double> distances, std::int64_t failures, double start)
{
    const auto isDistance = [](double value) { return std::isfinite(value) && value >= 0; };
    const std::int64_t images = std::ssize(distances) + failures;
    if (images < 1 || failures < 0 || !std::ranges::all_of(distances, isDistance))
        throw Error(ErrorCode::Domain, "A survival curve needs at least one image and distances that are not negative.");
    std::vector<double> sorted(distances.begin(), distances.end());
    std::ranges::sort(sorted);
    StepCurve curve{{0.0}, {start}};
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const double left = start * double(images - std::int64_t(i) - 1) / double(images);
        if (sorted[i] == curve.x.back()) {
            curve.y.back() = left;
            continue;
        }
        curve.x.push_back(sorted[i]);
        curve.y.push_back(left);
    }
    return curve;
}

} // namespace brink
