// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace brink {

/// Labels of a one-dimensional IDX file of unsigned bytes, also gzip. @throws Error(Io|Format) naming the file.
[[nodiscard]] std::vector<std::int64_t> readIdxLabels(const std::string& path);

/// Grey images of equal shape as gzip-compressed IDX of unsigned bytes [N,H,W], each value rounded to the nearest k/255.
/// @throws Error(Shape) when shapes differ or there is colour, Error(Io) when the file cannot be written.
void writeIdxImages(const std::string& path, std::span<const Image> images);
/// Labels 0 to 255 in the same way. @throws Error(Domain) for others.
void writeIdxLabels(const std::string& path, std::span<const std::int64_t> labels);

} // namespace brink
