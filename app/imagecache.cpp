// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/imagecache.h"

#include <algorithm>

namespace brink {

namespace {

std::size_t bytesOf(const CurrentImage& image) { return image.image.size() * sizeof(float); }

} // namespace

CurrentImage readCurrentImage(const Dataset& dataset, std::int64_t index)
{
    CurrentImage image{index, dataset.image(index), dataset.label(index), {}};
    image.sha256 = imageSha256(image.image);
    return image;
}

void ImageCache::put(const CurrentImage& image)
{
    std::erase_if(m_images, [&](const CurrentImage& other) {
        if (other.index != image.index)
            return false;
        m_bytes -= bytesOf(other);
        return true;
    });
    m_images.push_back(image);
    m_bytes += bytesOf(image);
    while (m_bytes > m_maximumBytes && m_images.size() > 1) {
        m_bytes -= bytesOf(m_images.front());
        m_images.pop_front();
    }
}

const CurrentImage* ImageCache::find(std::int64_t index)
{
    const auto found = std::ranges::find(m_images, index, &CurrentImage::index);
    if (found == m_images.end())
        return nullptr;
    m_images.splice(m_images.end(), m_images, found);
    return &m_images.back();
}

void ImageCache::clear()
{
    m_images.clear();
    m_bytes = 0;
}

} // namespace brink
