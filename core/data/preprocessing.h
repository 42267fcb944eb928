// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"

#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// How an image of another size becomes the model's input.
enum class ResizeRule {
    Refuse,     ///< a different size is an error
    Stretch,    ///< bilinear to the input size, aspect not kept
    CropCentre, ///< short side to size/0.875, bilinear, centre crop (the ImageNet custom)
    Fit,        ///< short side to the input size, centre crop
};

[[nodiscard]] std::string resizeRuleName(ResizeRule rule); ///< "refuse", "stretch", "crop-centre", "fit"
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] ResizeRule resizeRuleFromName(std::string_view name);

/// What was done between the file and the model, one entry a step; empty when the pixels went in unchanged.
/// E.g. "resize 500x375 -> 341x256 bilinear", "centre crop 224x224", "grey -> RGB by repetition".
using ConversionRecord = std::vector<std::string>;

struct PreparedImage {
    Image image; ///< exactly [channels,height,width] as asked, in [0,1]
    ConversionRecord conversions;
};

/// Converts to the wanted channels and size; never silently: every step is in the record.
/// Colour to grey by ITU-R 601 weights, grey to RGB by repetition.
/// @throws Error(Shape) when the rule is Refuse and the size differs.
[[nodiscard]] PreparedImage prepareImage(const Image& image, int channels, int height, int width, ResizeRule rule);

} // namespace brink
