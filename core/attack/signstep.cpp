// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/signstep.h"

// This file is compiled without floating-point exceptions and contraction, as tanhstep.cpp: vector code, and the same bits for
// the last values, which do not fill a vector.

namespace brink {

namespace {

inline float cut(float value, float low, float high)
{
    const float above = value < low ? low : value;
    return above > high ? high : above;
}

/// A gradient of 0, or one that is no number, moves nothing.
inline float steppedDown(float x, float gradient, float length)
{
    const float up = gradient < 0 ? length : 0.0F;
    return x + (gradient > 0 ? -length : up);
}

} // namespace

void signStep(const SignStepRow& row, float length, float momentum)
{
    const auto [count, x, previous, gradient, low, high, next] = row;
    const float kept = 1 - momentum;
    if (!previous) {
#pragma GCC ivdep // the arrays do not overlap
        for (std::int64_t i = 0; i < count; ++i)
            next[i] = cut(steppedDown(x[i], gradient[i], length), low[i], high[i]);
        return;
    }
#pragma GCC ivdep
    for (std::int64_t i = 0; i < count; ++i) {
        const float stepped = cut(steppedDown(x[i], gradient[i], length), low[i], high[i]);
        next[i] = cut(x[i] + momentum * (stepped - x[i]) + kept * (x[i] - previous[i]), low[i], high[i]);
    }
}

} // namespace brink
