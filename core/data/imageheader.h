// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/warning.h"
#include "core/data/filebytes.h"

#include <cstdint>
#include <optional>
#include <string>

namespace brink {

enum class ImageFormat { Png, Jpeg, Bmp, Tiff, WebP };

[[nodiscard]] std::string imageFormatName(ImageFormat format); ///< "PNG", "JPEG", "BMP", "TIFF", "WebP"

/// The largest picture that is decoded; a picture of 100 million pixels takes 1.2 GB as float RGB.
constexpr std::int64_t maximumPixels = 100'000'000;

/// What a picture file says about itself before anything is decoded.
struct ImageHeader {
    ImageFormat format = ImageFormat::Png;
    std::int64_t width = 0;
    std::int64_t height = 0;
    bool isGrey = false;
    bool hasAlpha = false;
    Warnings notes; ///< what will not be shown: further pages, an orientation tag
};

/// The format by the first bytes of a file; empty when it is none of ours.
[[nodiscard]] std::optional<ImageFormat> imageFormatOf(ByteView bytes);

/// Walks through the structure of a whole picture file, so that what the decoders would pass over with a warning is found:
/// PNG parts and their checksums up to IEND, JPEG markers up to EOI, the lengths that BMP, TIFF and WebP announce.
/// Messages carry no file name. @throws Error(Format) for no picture, a truncated or damaged one, 0 pixels;
/// Error(Resource) above maximumPixels; Error(Unsupported) for variants that are not read.
[[nodiscard]] ImageHeader inspectImage(ByteView bytes);

} // namespace brink
