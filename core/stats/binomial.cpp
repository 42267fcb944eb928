// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/binomial.h"

#include "core/base/error.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>

#include <algorithm>

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

} // namespace brink
