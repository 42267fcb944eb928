// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"

#include <cstdint>
#include <string>
#include <vector>

namespace brink {

/// How hard the glyphs are to read. Lengths in pixels of the 28 x 28 picture, grey values in [0,1].
struct GlyphStyle {
    double rotationDegrees = 14;  ///< standard deviation
    double shear = 0.14;          ///< standard deviation
    double shift = 2.2;           ///< largest shift along each axis
    double smallest = 0.62;       ///< smallest scale, the largest is 1
    double thinnest = 0.55;       ///< half the stroke width
    double thickest = 1.5;
    double largestBlur = 1.0;     ///< standard deviation of the Gaussian
    double largestNoise = 0.22;   ///< standard deviation of the noise of each value
    double faintest = 0.45;       ///< grey of the ink above the background
};

/// A labelled image set of our own.
struct SyntheticSet {
    std::vector<Image> images; ///< 1 x 28 x 28, values k/255
    std::vector<std::int64_t> labels;
    std::vector<std::string> classNames;
};

constexpr int glyphSize = 28;

/// "ring", "square", "triangle" ...: the ten glyphs in class order.
[[nodiscard]] const std::vector<std::string>& glyphNames();

/// `count` glyphs drawn with random affine change, stroke width, blur, contrast and noise; image i shows class i modulo 10
/// and depends on the seed and i only. Strokes are drawn as distance fields, so no font and no drawing library is involved.
[[nodiscard]] SyntheticSet makeGlyphs(int count, std::uint64_t seed, const GlyphStyle& style = {});

} // namespace brink
