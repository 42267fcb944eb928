// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/datasetreader.h"
#include "core/data/imageheader.h"
#include "core/data/imagelist.h"

namespace brink {

DatasetReader imageFileReader()
{
    return {{"image", imageEndings(), "One PNG, JPEG, BMP, TIFF or WebP image of 8 or 16 bits; alpha is dropped"},
        [](const DatasetSource& source) { return imageFormatOf(source.head).has_value(); },
        [](const std::string& path) {
            ImageList list;
            list.name = fileNameOf(path);
            list.paths = {path};
            list.labels = {std::nullopt};
            // A file that is no picture is refused now, not when it is first shown.
            return makeImageListDataset(std::move(list), true);
        }};
}

} // namespace brink
