// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

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

/// Nearer to 0 or 1 than this, a value stands at the face of the pixel box.
constexpr float atFace = 1e-6F;

/// APGD in L1, before the projection: next = x - (length / n) sign(gradient) where |gradient| is at least the `kept`-th largest of those
/// that can move, which are n; a value at a face that the step would leave the box through cannot. One image; 1 <= kept <= values.
/// @param next written; does not overlap the others
void sparseSignStep(std::span<const float> x, std::span<const float> gradient, float length, std::int64_t kept, std::span<float> next);

} // namespace brink
