// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace brink {

/// Blue for negative, white for zero, red for positive; both sides have the same CIE lightness at the same magnitude, so a
/// grey print shows the magnitude. @param value in [-1,1], clamped.
[[nodiscard]] std::array<std::uint8_t, 3> signedChangeColour(double value);

} // namespace brink
