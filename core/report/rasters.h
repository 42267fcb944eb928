// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"
#include "core/figure/figure.h"

#include <span>
#include <string>
#include <vector>

namespace brink::report {

/// [C,H,W] as [H,W,C], the order of rasters and of the tables behind them.
[[nodiscard]] std::vector<double> interleaved(int channels, int height, int width, std::span<const float> values);

/// An image as it looks.
[[nodiscard]] RasterLayer imageRaster(std::string id, const Image& image);
/// Signed values [H,W,C] in the colours of change, times `amplified`; of several channels the one of largest magnitude.
[[nodiscard]] RasterLayer signedRaster(std::string id, int channels, int height, int width, std::vector<double> values, double amplified);

/// A panel that is a picture and nothing else, with its title above.
[[nodiscard]] Panel imagePanel(std::string title, RasterLayer layer, int row, int column);

/// The signed colours as a bar below pictures, from the largest negative to the largest positive value of each picture.
[[nodiscard]] Panel signedScalePanel(const std::string& label, int row);

} // namespace brink::report
