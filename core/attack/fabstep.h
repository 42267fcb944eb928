// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/boxdescent.h"

#include <span>
#include <vector>

namespace brink {

/// The values of one image that a step of FAB reads and writes; all spans of one length.
struct FabStepRow {
    std::span<const float> x;      ///< iterate
    std::span<const float> clean;
    std::span<const float> normal; ///< of the linearised boundary value + normal.(z - x) = 0
    float value = 0;
    float eta = 1;                 ///< overshoot beyond the boundary
    float alphaMax = 0;            ///< largest pull to the clean image
    std::span<float> next;         ///< written
};

/// Both the iterate and the clean image are projected onto the linearised boundary; the next iterate is a mean of the two (overshot)
/// projections that leans to the clean image as far as alpha-max allows (Croce and Hein 2020, equations 8 to 10). In one go where
/// tensor operations take about twenty passes. Keeps its buffers between rows; one for each thread.
class FabStep {
public:
    /// @param norm L1, L2 or Linf.
    explicit FabStep(Norm norm) : m_norm(norm) {}
    void take(const FabStepRow& row);

private:
    Norm m_norm;
    BoxDescent m_descent;
    std::vector<float> m_ofIterate, m_ofClean; ///< the two projections' steps
};

} // namespace brink
