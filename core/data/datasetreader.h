// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/data/filebytes.h"

#include <memory>
#include <string>

namespace brink {

/// What readers look at to recognise a source.
struct DatasetSource {
    std::string path;
    bool isFolder = false;
    Bytes head; ///< first bytes of a file, unpacked if it is gzip
};

/// One format: how to recognise it and how to open it. A new format is one .cpp with a function that returns this, one
/// line in datasets.def and one in CMakeLists.txt.
struct DatasetReader {
    DatasetFormat format;
    bool (*recognises)(const DatasetSource& source); ///< by content; endings are tried when no content fits
    std::shared_ptr<const Dataset> (*open)(const std::string& path);
};

#define DATASET_READER(name) [[nodiscard]] DatasetReader name##Reader();
#include "core/data/datasets.def"
#undef DATASET_READER

/// File name without folders, for Dataset::name() and Image::source.
[[nodiscard]] std::string fileNameOf(const std::string& path);
/// "name#17".
[[nodiscard]] std::string recordSource(const std::string& name, std::int64_t index);
/// @throws Error(Domain) naming the set when the index is outside [0, size).
void checkIndex(const std::string& name, std::int64_t index, std::int64_t size);

} // namespace brink
