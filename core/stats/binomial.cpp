// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/binomial.h"

#include "core/base/error.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>

namespace brink {

double normalQuantile(double probability)
{
    if (!(probability > 0 && probability < 1))
        throw Error(ErrorCode::Domain, "A quantile of the normal distribution takes a probability between 0 and 1.");
    return boost::math::quantile(boost::math::normal(), probability);
}

double fairCoinTest(std::int64_t successes, std::int64_t trials)
{
    if (successes < 0 || successes > trials)
        throw Error(ErrorCode::Domain, "The test of a fair coin takes between 0 and all trials as successes.");
    const std::int64_t larger = std::max(successes, trials - successes);
    if (2 * larger == trials)
        return 1;
    // P(X >= larger) of a fair coin, twice.
    return std::min(1.0, 2 * boost::math::ibeta(double(larger), double(trials - larger) + 1, 0.5));
}

std::array<double, 2> exceedanceInterval(std::int64_t n, std::int64_t others, double rate, double confidence)
{
    if (n < 1 || others < 1 || !(rate > 0 && rate < 1) || !(confidence > 0 && confidence < 1))
        throw Error(ErrorCode::Domain, "The share above a threshold needs values on either side, and a rate and confidence between 0 and 1.");
    const auto rank = std::clamp<std::int64_t>(std::int64_t(std::ceil(double(n) * (1 - rate) - 1e-9)), 1, n);
    // P(above = k) = C(m, k) B(k + a, m - k + b) / B(a, b), with a = n - rank + 1 values that may lie above and b = rank below.
    const double a = double(n - rank) + 1, b = double(rank), m = double(others);
    const auto logBeta = [](double p, double q) { return std::lgamma(p) + std::lgamma(q) - std::lgamma(p + q); };
    const double tail = (1 - confidence) / 2;
    double sum = 0, low = -1, high = m;
    for (std::int64_t k = 0; k <= others; ++k) {
        const auto above = double(k);
        sum += std::exp(std::lgamma(m + 1) - std::lgamma(above + 1) - std::lgamma(m - above + 1) + logBeta(above + a, m - above + b) - logBeta(a, b));
        if (low < 0 && sum > tail)
            low = above;
        if (sum >= 1 - tail) {
            high = above;
            break;
        }
    }
    return {low / m, high / m};
}

} // namespace brink
