// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/tangents.h"

#include <boost/math/tools/toms748_solve.hpp>

#include <cmath>
#include <cstdint>

namespace brink::certify {

TangentPlaces sigmoidTangentsAbove(double lower, double upper)
{
    if (lower >= 0)
        return {true, lower, upper};
    const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
    // By how much the tangent at a place lies above the lower end. It grows with the place, from where the function is concave.
    const double low = sigmoid(lower);
    const auto excess = [&](double place) {
        const double value = sigmoid(place);
        return value - value * (1 - value) * (place - lower) - low;
    };
    const double atUpper = upper > 0 ? excess(upper) : -1;
    if (!(atUpper >= 0))
        return {false, lower, lower};
    const double atMiddle = excess(0);
    if (atUpper == 0 || atMiddle >= 0) // the latter by rounding only
        return {true, atUpper == 0 ? upper : 0, upper};
    constexpr int bits = 45;
    std::uintmax_t steps = 100;
    const auto [unsafe, safe] = boost::math::tools::toms748_solve(excess, 0.0, upper, atMiddle, atUpper, boost::math::tools::eps_tolerance<double>(bits), steps);
    return {true, safe, upper};
}

} // namespace brink::certify
