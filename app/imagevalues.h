// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"
#include "widgets/image/pixelimage.h"

namespace brink {

/// The pixels of a core image as the views take them.
[[nodiscard]] inline PixelImage pixelImage(const Image& image)
{
    return {image.channels, image.height, image.width, image.pixels};
}

} // namespace brink
