// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/warning.h"

#include <string>
#include <vector>

namespace brink {

/// Pixels with a known range: float32 in [0,1], channel-first [C,H,W], C = 1 (grey) or 3 (RGB).
struct Image {
    int channels = 0;
    int height = 0;
    int width = 0;
    std::vector<float> pixels;
    std::string source;  ///< file, and record or index where there is one: "t10k-images-idx3-ubyte.gz#17"
    Warnings notes;      ///< what was done while reading: 16 bit, alpha dropped, ...

    [[nodiscard]] std::size_t size() const { return pixels.size(); }
    [[nodiscard]] bool empty() const { return pixels.empty(); }
};

/// SHA-256 of shape and pixels ("C,H,W\n", then the values as little-endian float32), for provenance: the same picture
/// from another file or format has the same hash.
[[nodiscard]] std::string imageSha256(const Image& image);

} // namespace brink
