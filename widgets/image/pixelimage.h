// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>

#include <memory>
#include <vector>

namespace brink {

/// Pixels as values, channel-first [C,H,W], C = 1 or 3: an image in [0,1], or a signed difference of two.
struct PixelImage {
    int channels = 0;
    int height = 0;
    int width = 0;
    std::vector<float> pixels;

    [[nodiscard]] float at(int channel, int y, int x) const
    {
        return pixels[(std::size_t(channel) * height + y) * width + x];
    }
};

using PixelImagePtr = std::shared_ptr<const PixelImage>;

/// [0,1] as grey or RGB; values outside are clipped.
[[nodiscard]] QImage toneImage(const PixelImage& image);

/// a - b. @pre same shape.
[[nodiscard]] PixelImage difference(const PixelImage& a, const PixelImage& b);

/// Largest absolute value; 0 for an empty image.
[[nodiscard]] float largestMagnitude(const PixelImage& image);

/// Factor that brings the largest magnitude to full colour, rounded down to 1, 2 or 5 times a power of ten, so that it
/// can be printed beside the picture; 1 for an all-zero image.
[[nodiscard]] double amplificationFor(float magnitude);

/// The colour of exported figures for a signed value in [-1,1] (core/figure/signedcolours.h).
[[nodiscard]] QRgb signedColour(double value);

} // namespace brink
