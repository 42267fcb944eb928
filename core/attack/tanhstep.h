// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace brink {

/// The values of one image that a step in the tanh variable reads and changes, `count` each.
struct TanhStepRow {
    std::int64_t count = 0;
    float* w = nullptr;              ///< changed
    float* mean = nullptr;           ///< Adam's first moment, changed
    float* square = nullptr;         ///< Adam's second moment, changed
    const float* t = nullptr;        ///< tanh(w)
    const float* delta = nullptr;    ///< x - x0
    const float* gradient = nullptr; ///< of the classification loss by x
};

/// Numbers of one step that are the same for all values of an image.
struct TanhStepScale {
    float half;        ///< x = 1/2 + half t
    float limit;       ///< w is held in [-limit, limit]
    float meanRate;    ///< 1 - beta_1
    float squareDecay; ///< beta_2
    float scale;       ///< step size with the corrections of both moments' start
    float tiny;        ///< with the correction of the second moment
};

/// One step of Adam on loss + |x - x0|_2^2 in the tanh variable: chain rule, both moments, the step and the bound on w in one
/// pass, where tensor operations take eleven and cost as much as a small model's gradient.
/// A value's bits depend on its own inputs only.
void tanhStep(const TanhStepRow& row, const TanhStepScale& scale);

} // namespace brink
