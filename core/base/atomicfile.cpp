// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomicfile.h"

#include "core/base/error.h"

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace brink {

namespace fs = std::filesystem;

namespace {

std::string systemReason(int code) { return std::generic_category().message(code); }

Error unwritable(const std::string& path, int code)
{
    return Error(ErrorCode::Io,
        path + ": cannot be written (" + systemReason(code) + "). Choose another folder or free some space.");
}

void refuseFolders(const std::string& path)
{
    std::error_code ignored;
    if (fs::is_directory(path, ignored))
        throw Error(ErrorCode::Io, path + ": is a folder, a file is needed.");
}

} // namespace

AtomicFile::AtomicFile(std::string path) : m_path(std::move(path))
{
    static std::atomic<unsigned> counter{0};
    refuseFolders(m_path);
    std::error_code ignored;
    const fs::file_status status = fs::status(m_path, ignored);
    const bool isDevice = fs::exists(status) && !fs::is_regular_file(status);
    m_partPath = isDevice ? m_path : m_path + ".part" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
    m_file = std::fopen(m_partPath.c_str(), "wb");
    if (!m_file)
        throw unwritable(m_path, errno);
}

AtomicFile::~AtomicFile()
{
    discard();
}

void AtomicFile::discard() noexcept
{
    if (!m_file)
        return;
    std::fclose(m_file);
    m_file = nullptr;
    std::error_code ignored;
    if (m_partPath != m_path)
        fs::remove(m_partPath, ignored);
}

void AtomicFile::write(const void* data, std::size_t count)
{
    // An empty span may have no address, which fwrite must not be given.
    if (count > 0 && std::fwrite(data, 1, count, m_file) != count)
        throw unwritable(m_path, errno);
}

void AtomicFile::commit()
{
    if (std::fflush(m_file) != 0)
        throw unwritable(m_path, errno);
    const int closed = std::fclose(m_file);
    const int closeReason = errno;
    m_file = nullptr;
    std::error_code failure;
    if (closed == 0 && m_partPath != m_path)
        fs::rename(m_partPath, m_path, failure);
    if (closed == 0 && !failure)
        return;
    std::error_code ignored;
    if (m_partPath != m_path)
        fs::remove(m_partPath, ignored);
    throw unwritable(m_path, failure ? failure.value() : closeReason);
}

} // namespace brink
