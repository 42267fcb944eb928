// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/data/filebytes.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// Images of equal shape as 8-bit values in memory: record r begins at r * stride, its picture at r * stride + offset.
struct ByteRecords {
    std::string name;
    Bytes bytes;
    std::int64_t count = 0;
    std::size_t stride = 0;
    std::size_t offset = 0;
    int channels = 0;
    int height = 0;
    int width = 0;
    bool isChannelLast = false;
    std::vector<std::int64_t> labels;    ///< one per record, or empty
    std::vector<std::string> classNames; ///< may be empty
};

/// @throws Error(Domain) when a label is outside the class names (where there are any).
[[nodiscard]] std::shared_ptr<const Dataset> makeRecordDataset(ByteRecords records);

} // namespace brink
