// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

#include <QImage>
#include <QString>

#include <vector>

namespace brink {

struct Thumbnail {
    int row = 0;
    QImage image;    ///< at most 64 pixels a side; a small grey square for an unreadable file
    QString caption; ///< class name or number, else the index
    QString toolTip; ///< file and label, or why it cannot be read
};

/// At most 64 pixels a side.
[[nodiscard]] QImage thumbnailImage(const Image& image);

/// For a worker thread. An unreadable image gives a thumbnail that says so.
[[nodiscard]] Thumbnail makeThumbnail(const Dataset& dataset, int row);

} // namespace brink
