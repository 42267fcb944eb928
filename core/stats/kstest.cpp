// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/kstest.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace brink {

double ksDistance(std::span<const double> sorted, const std::function<double(double)>& cdf)
{
    const auto n = double(sorted.size());
    double distance = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const double f = cdf(sorted[i]);
        distance = std::max({distance, std::abs(f - double(i + 1) / n), std::abs(f - double(i) / n)});
    }
    return distance;
}

double ksAsymptoticP(double distance, std::size_t count)
{
    const double root = std::sqrt(double(count));
    const double lambda = (root + 0.12 + 0.11 / root) * distance;
    if (lambda <= 0)
        return 1;
    double sum = 0;
    if (lambda < 1) {
        // The same law in Jacobi's other form: the alternating series needs hundreds of terms here.
        for (int k = 1; k <= 9; k += 2)
            sum += std::exp(-double(k * k) * std::numbers::pi * std::numbers::pi / (8 * lambda * lambda));
        return std::clamp(1 - std::sqrt(2 * std::numbers::pi) / lambda * sum, 0.0, 1.0);
    }
    for (int k = 1; k <= 20; ++k)
        sum += (k % 2 ? 1 : -1) * std::exp(-2.0 * k * k * lambda * lambda);
    return std::clamp(2 * sum, 0.0, 1.0);
}

} // namespace brink
