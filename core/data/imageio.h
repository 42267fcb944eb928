// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/filebytes.h"
#include "core/data/image.h"

#include <string>

namespace brink {

/// Reads PNG, JPEG, BMP, TIFF or WebP with 8 or 16 bits, grey or colour. 8-bit values become v/255, 16-bit ones v/65535;
/// alpha is dropped without blending. What was done is in Image::notes.
/// @throws Error(Io) unreadable, Error(Format) no picture, truncated, damaged or without pixels, Error(Resource) larger than
/// maximumPixels, Error(Unsupported) other sample types. Every message names the file.
[[nodiscard]] Image readImage(const std::string& path);
/// The same from memory; `source` is the name for messages and Image::source.
[[nodiscard]] Image decodeImage(ByteView bytes, const std::string& source);

/// As 8-bit PNG, each value rounded to the nearest k/255. @throws Error(Shape) unless C is 1 or 3 and the size fits.
[[nodiscard]] Bytes encodePng(const Image& image);
/// As JPEG of a quality from 1 to 100, values rounded to k/255 first. @throws as encodePng.
[[nodiscard]] Bytes encodeJpeg(const Image& image, int quality);
/// encodePng() into a file that appears only when complete. @throws Error(Io).
void saveImage(const Image& image, const std::string& path);

} // namespace brink
