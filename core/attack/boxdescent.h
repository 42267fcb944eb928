// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"

#include <span>
#include <vector>

namespace brink {

/// The shortest way from one point of the box to a hyperplane inside the box, in linear time: what projectOntoHyperplane computes by
/// sorting, without an order of the break points. Keeps its buffers between rows; one for each thread.
class BoxDescent {
public:
    /// Writes the step for value + normal.step = 0 and point + step in [0,1]^d; false where the box does not meet the hyperplane,
    /// and then the step leads to the corner that comes nearest to it. @param norm L1, L2 or Linf. All spans are of length d.
    bool project(std::span<const float> point, std::span<const float> normal, float value, Norm norm, std::span<float> step);

private:
    void measure(std::span<const float> point, std::span<const float> normal, float value);
    [[nodiscard]] double lambdaOf(double need, bool isEuclidean) const;
    void useUpSteepest(double need, std::span<float> step);

    // Coordinate i moves by m_i in [0, room_i] against sign_i and lowers the function by slope_i m_i.
    std::vector<float> m_slope, m_room, m_sign;
    std::vector<int> m_order;
    double m_capacity = 0; ///< what the function falls by on the way to the corner
};

} // namespace brink
