// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/filebytes.h"

#include "core/base/error.h"

#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace brink {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t textLimit = 256u << 20;
constexpr std::uint64_t pieceBytes = 16u << 20;

std::string systemReason(int code)
{
    return std::generic_category().message(code);
}

Error unreadable(const std::string& path, int code)
{
    return Error(ErrorCode::Io, path + ": cannot be read (" + systemReason(code) + "). Check the name and the permissions.");
}

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

Bytes readFile(const std::string& path, std::uint64_t limit)
{
    refuseFolders(path);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!file)
        throw unreadable(path, errno);
    Bytes bytes;
    for (;;) {
        const std::size_t before = bytes.size();
        bytes.resize(before + std::min(limit + 1 - before, std::max<std::uint64_t>(before, 64u << 10)));
        const std::size_t got = std::fread(bytes.data() + before, 1, bytes.size() - before, file.get());
        bytes.resize(before + got);
        if (std::ferror(file.get()))
            throw unreadable(path, errno);
        if (bytes.size() > limit)
            throw Error(ErrorCode::Resource,
                path + ": is longer than " + std::to_string(limit >> 20) + " MiB, the most that is read of such a file.");
        if (got == 0)
            return bytes;
    }
}

std::string readTextFile(const std::string& path)
{
    const Bytes bytes = readFile(path, textLimit);
    return std::string(bytes.begin(), bytes.end());
}

InflatingReader::InflatingReader(const std::string& path) : m_path(path)
{
    refuseFolders(path);
    m_file = gzopen(path.c_str(), "rb");
    if (!m_file)
        throw unreadable(path, errno);
}

InflatingReader::~InflatingReader()
{
    gzclose(m_file);
}

Bytes InflatingReader::read(std::uint64_t count)
{
    Bytes bytes;
    while (bytes.size() < count) {
        const std::size_t before = bytes.size();
        const auto wanted = unsigned(std::min(count - before, pieceBytes));
        bytes.resize(before + wanted);
        const int got = gzread(m_file, bytes.data() + before, wanted);
        bytes.resize(before + std::size_t(std::max(got, 0)));
        if (got >= int(wanted))
            continue;
        int status = Z_OK;
        gzerror(m_file, &status);
        if (got < 0 || status != Z_OK)
            throw Error(ErrorCode::Format,
                m_path + ": the gzip data are truncated or corrupted. Fetch or compress the file again.");
        break;
    }
    return bytes;
}

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
