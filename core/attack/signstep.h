// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace brink {

/// The values of one image that a step of APGD in L-infinity reads and writes, `count` each.
struct SignStepRow {
    std::int64_t count = 0;
    const float* x = nullptr;
    const float* previous = nullptr; ///< the iterate before; null in the first step, which has no momentum
    const float* gradient = nullptr; ///< of the loss that is driven down
    const float* low = nullptr;      ///< of the budget and the pixel box together
    const float* high = nullptr;
    float* next = nullptr;           ///< written
};

/// z = x - length sign(gradient), cut to [low, high]; next = x + momentum (z - x) + (1 - momentum) (x - previous), cut again
/// (Croce and Hein 2020, equation 1). One pass where tensor operations take eight.
/// A value's bits depend on its own inputs only.
void signStep(const SignStepRow& row, float length, float momentum);

} // namespace brink
