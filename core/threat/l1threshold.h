// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace brink {

/// theta >= 0 with sum_i max(u_i - theta, 0) = radius; 0 where the u_i sum to no more. Exact up to the rounding of one sum:
/// the values above theta are narrowed down until they stay the same, which needs no order of them.
/// @param u at least 0. @param radius at least 0, finite. Source: Michelot 1986, J. Optim. Theory Appl. 50, 195-200.
[[nodiscard]] float l1Threshold(std::span<const float> u, double radius);

/// theta >= 0 with sum_i min(max(u_i - theta, 0), room_i) = radius; 0 where no more than that is left at theta 0. Newton steps on a
/// piecewise linear function, inside a bracket that they and its halves narrow. @param room as long as u, at least 0.
[[nodiscard]] float l1ThresholdInBox(std::span<const float> u, std::span<const float> room, double radius);

} // namespace brink
