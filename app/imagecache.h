// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"

#include <cstddef>
#include <list>

namespace brink {

/// Reads one image of a set with all that the session knows about it. @throws Error as Dataset::image.
[[nodiscard]] CurrentImage readCurrentImage(const Dataset& dataset, std::int64_t index);

/// The images looked at last, so that going back to one takes no reading.
class ImageCache {
public:
    explicit ImageCache(std::size_t maximumBytes = std::size_t(64) << 20) : m_maximumBytes(maximumBytes) {}

    void put(const CurrentImage& image);
    [[nodiscard]] const CurrentImage* find(std::int64_t index);
    void clear();

private:
    std::size_t m_maximumBytes;
    std::size_t m_bytes = 0;
    std::list<CurrentImage> m_images; ///< least recently used first
};

} // namespace brink
