// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/image/pixelimage.h"

#include <QImage>
#include <QString>

#include <vector>

namespace brink {

/// How the size of a signed change becomes strength of colour.
enum class ChangeScale {
    Linear,     ///< times a round factor that brings the largest change to full colour
    Logarithmic,///< two decades below the largest change
    Percentile, ///< linear, full colour from the 99th percentile of the changed pixels on
};

/// The signed change of each pixel, mean over channels, [H*W] row by row.
[[nodiscard]] std::vector<float> meanChanges(const PixelImage& delta);

/// A scale fitted to one perturbation.
class ChangeColours {
public:
    ChangeColours(ChangeScale scale, const PixelImage& delta);

    /// Signed strength in [-1,1] of a change.
    [[nodiscard]] double strength(double change) const;
    /// "×20", "log, ±0.05", "99 % within ±0.021": what is printed beside the picture.
    [[nodiscard]] QString text() const;
    /// The whole sentence for a tool tip.
    [[nodiscard]] QString explanation() const;
    /// Linear scale only; else 0.
    [[nodiscard]] double amplification() const { return m_scale == ChangeScale::Linear ? m_factor : 0; }

private:
    ChangeScale m_scale;
    double m_factor = 1; ///< linear and percentile: strength per change
    double m_limit = 0;  ///< change of full colour
};

/// The perturbation in the colours of exported figures.
[[nodiscard]] QImage changeImage(const PixelImage& delta, const ChangeColours& colours);

} // namespace brink
