// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/tanhstep.h"

#include <cmath>

// This file is compiled without floating-point exceptions, errno and contraction: the loop becomes vector code, and its last
// values, which do not fill a vector, get the same bits as the others.

namespace brink {

void tanhStep(const TanhStepRow& row, const TanhStepScale& scale)
{
    const auto [count, w, mean, square, t, delta, gradient] = row;
    const TanhStepScale s = scale;
#pragma GCC ivdep // the arrays do not overlap
    for (std::int64_t i = 0; i < count; ++i) {
        const float slope = s.half - s.half * t[i] * t[i];
        const float g = (gradient[i] + 2 * delta[i]) * slope;
        mean[i] += (g - mean[i]) * s.meanRate;
        square[i] = square[i] * s.squareDecay + g * g * (1 - s.squareDecay);
        const float moved = w[i] - s.scale * mean[i] / (std::sqrt(square[i]) + s.tiny);
        const float above = moved < -s.limit ? -s.limit : moved;
        w[i] = above > s.limit ? s.limit : above;
    }
}

} // namespace brink
