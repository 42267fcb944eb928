// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace brink {

/// The first row and column of a square.
using SquareCorner = std::array<std::int64_t, 2>;

/// One image's move of the Square attack in L2.
struct SquareMove {
    std::array<std::int64_t, 3> shape{}; ///< C, H, W of the spans
    std::span<const float> x, clean;
    std::int64_t side = 0;
    SquareCorner into{}, from{};    ///< where the pattern goes, and where its length is taken
    std::span<const float> pattern; ///< [side,side], of L2 length 1
    std::span<const float> signs;   ///< [C], 1 or -1
    double eps = 0;
    std::span<float> next;          ///< written
};

/// The change x - clean loses what it has in both squares, and gains in the first one the pattern together with what was there,
/// as long, in every channel, as the lost part and the unused rest of eps make it; the whole is then as long as eps and cut to
/// [0,1] (Andriushchenko et al. 2020, algorithm 3). Touches the image three times where tensor operations do some forty.
void moveSquare(const SquareMove& move);

} // namespace brink
