// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/atomicfile.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

struct gzFile_s;

namespace brink {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The whole file. @throws Error(Io) when it cannot be read, Error(Resource) when it is longer than `limit` bytes.
[[nodiscard]] Bytes readFile(const std::string& path, std::uint64_t limit);
/// The whole file as text. @throws as readFile().
[[nodiscard]] std::string readTextFile(const std::string& path);

/// Reads a plain or gzip-compressed file from front to back without unpacking more than is asked for.
class InflatingReader {
public:
    /// @throws Error(Io) when the file cannot be opened.
    explicit InflatingReader(const std::string& path);
    ~InflatingReader();
    InflatingReader(const InflatingReader&) = delete;
    InflatingReader& operator=(const InflatingReader&) = delete;

    /// Up to `count` bytes, fewer only at the end of the data. Memory grows with what is there, not with `count`.
    /// @throws Error(Format) when the compressed data are truncated or corrupted.
    [[nodiscard]] Bytes read(std::uint64_t count);

private:
    std::string m_path;
    gzFile_s* m_file;
};

} // namespace brink
