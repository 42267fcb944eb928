// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace brink {

/// A file that appears under its name only when it is complete: written beside it, renamed by commit().
/// Devices and pipes are written directly. An uncommitted file leaves nothing behind.
class AtomicFile {
public:
    /// @throws Error(Io) when the folder does not exist or cannot be written.
    explicit AtomicFile(std::string path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// @throws Error(Io) when the disk is full.
    void write(const void* data, std::size_t count);
    void write(std::string_view text) { write(text.data(), text.size()); }
    /// @throws Error(Io) when the disk is full or the name cannot be taken.
    void commit();

private:
    void discard() noexcept;

    std::string m_path;
    std::string m_partPath; ///< the name while incomplete; m_path itself for devices
    std::FILE* m_file = nullptr;
};

} // namespace brink
