// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace brink::certify {

/// Where tangents of a function may touch so that they lie above it on an interval.
struct TangentPlaces {
    bool exist = false;
    double begin = 0, end = 0; ///< both the lower end of the interval if there are none
};

/// Of the logistic function, convex below 0 and concave above, on [lower, upper]: any tangent at a place in [begin, end] lies above it
/// (CROWN, Zhang et al. 2018, section 3.3). Those of tanh(x) = 2 sigmoid(2 x) - 1 on [l, u] touch at half the places for [2 l, 2 u].
[[nodiscard]] TangentPlaces sigmoidTangentsAbove(double lower, double upper);

} // namespace brink::certify
