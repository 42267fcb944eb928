// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"

#include <array>

namespace brink {

/// Range of a panel's axes: the axis' own where it has one, else all finite data (intervals and rules included)
/// with 4 % to spare, starting exactly at zero where the axis says so; only positive data on a logarithmic axis.
/// Without data 0 to 1 (1 to 10 logarithmic).
[[nodiscard]] std::array<double, 2> xRange(const Panel& panel);
[[nodiscard]] std::array<double, 2> yRange(const Panel& panel);

} // namespace brink
