// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/filebytes.h"

#include "core/base/error.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

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

} // namespace brink
