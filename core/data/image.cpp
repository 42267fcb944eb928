// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image.h"

#include "core/base/hash.h"

#include <bit>
#include <cstring>

namespace brink {

static_assert(std::endian::native == std::endian::little, "pixel hashes and .npy files are little-endian");

std::string imageSha256(const Image& image)
{
    std::string text = std::to_string(image.channels) + "," + std::to_string(image.height) + "," + std::to_string(image.width) + "\n";
    const std::size_t header = text.size();
    text.resize(header + image.pixels.size() * sizeof(float));
    if (!image.pixels.empty())
        std::memcpy(text.data() + header, image.pixels.data(), image.pixels.size() * sizeof(float));
    return sha256(text);
}

} // namespace brink
