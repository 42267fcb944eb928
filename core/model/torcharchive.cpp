// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/torcharchive.h"

#include "core/base/error.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

// Zip layout: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14 to 4.3.16 (ends of the directory).

namespace brink {
namespace {

constexpr const char* howToExport =
    "export TorchScript from Python: torch.jit.trace(model.eval(), example).save(\"model.pt\")";

/// Code and tensors never unpack to more than this; a larger claim is a corrupted or hostile directory.
constexpr std::uint64_t largestInflated = std::uint64_t(1) << 28;

struct Entry {
    std::string name;
    std::uint64_t offset = 0; ///< of the local header
    std::uint64_t end = 0;    ///< first byte behind the data
    std::uint64_t packedSize = 0;
    std::uint64_t size = 0;
    std::uint32_t crc = 0;
    int method = 0;           ///< 0 stored, 8 deflated
};

/// Little-endian reads that cannot leave the file.
class Reader {
public:
    Reader(const std::string& path, std::string_view bytes) : m_path(path), m_bytes(bytes) {}

    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(ErrorCode::Format,
            m_path + ": the file is truncated or corrupted (" + what + "); copy or export it again.");
    }
    [[nodiscard]] std::string_view view(std::uint64_t at, std::uint64_t length) const
    {
        if (at > m_bytes.size() || length > m_bytes.size() - at)
            fail("an archive entry lies outside the file");
        return m_bytes.substr(std::size_t(at), std::size_t(length));
    }
    [[nodiscard]] std::uint64_t number(std::uint64_t at, int width) const
    {
        const auto text = view(at, std::uint64_t(width));
        std::uint64_t value = 0;
        for (int i = width - 1; i >= 0; --i)
            value = value << 8 | std::uint8_t(text[std::size_t(i)]);
        return value;
    }
    [[nodiscard]] bool has(std::uint64_t at, std::string_view signature) const
    {
        return at <= m_bytes.size() && m_bytes.substr(std::size_t(at)).starts_with(signature);
    }
    [[nodiscard]] std::uint64_t size() const { return m_bytes.size(); }

private:
    const std::string& m_path;
    std::string_view m_bytes;
};

struct Directory {
    std::uint64_t count = 0;
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
    std::uint64_t end = 0; ///< where the end records begin
};

using namespace std::string_view_literals;
constexpr auto localSignature = "PK\x03\x04"sv;
constexpr auto entrySignature = "PK\x01\x02"sv;
constexpr auto endSignature = "PK\x05\x06"sv;
constexpr auto end64Signature = "PK\x06\x06"sv;
constexpr auto locator64Signature = "PK\x06\x07"sv;

/// The end record must be the very last bytes of the file: TorchScript has no archive comment, and anything behind it
/// was appended or the record itself was hit.
Directory readDirectory(const Reader& file)
{
    constexpr std::uint64_t endLength = 22;
    constexpr std::uint64_t locatorLength = 20;
    constexpr std::uint64_t end64Length = 56;
    if (file.size() < endLength || !file.has(file.size() - endLength, endSignature) || file.number(file.size() - 2, 2) != 0)
        file.fail("the directory at its end is missing");
    const std::uint64_t end = file.size() - endLength;
    Directory directory{file.number(end + 10, 2), file.number(end + 16, 4), file.number(end + 12, 4), end};
    if (end >= locatorLength && file.has(end - locatorLength, locator64Signature)) {
        const std::uint64_t end64 = file.number(end - locatorLength + 8, 8);
        if (!file.has(end64, end64Signature) || end64 + end64Length != end - locatorLength)
            file.fail("its directory is damaged");
        directory = {file.number(end64 + 32, 8), file.number(end64 + 48, 8), file.number(end64 + 40, 8), end64};
    }
    if (directory.begin > directory.end || directory.size != directory.end - directory.begin)
        file.fail("its directory is damaged");
    return directory;
}

/// Replaces 0xffffffff sizes by those of the zip64 extra field (id 1).
void readWideSizes(const Reader& file, Entry& entry, std::uint64_t extra, std::uint64_t extraLength)
{
    constexpr std::uint64_t absent = 0xffffffff;
    for (std::uint64_t at = extra; at + 4 <= extra + extraLength; at += 4 + file.number(at + 2, 2)) {
        if (file.number(at, 2) != 1)
            continue;
        std::uint64_t field = at + 4;
        for (std::uint64_t* value : {&entry.size, &entry.packedSize, &entry.offset}) {
            if (*value == absent) {
                *value = file.number(field, 8);
                field += 8;
            }
        }
    }
}

/// Checks the local header against the directory and finds the end of the data.
void checkLocalHeader(const Reader& file, Entry& entry)
{
    constexpr std::uint64_t headerLength = 30;
    if (!file.has(entry.offset, localSignature) || int(file.number(entry.offset + 8, 2)) != entry.method)
        file.fail("the header of \"" + entry.name + "\" is damaged");
    const std::uint64_t nameLength = file.number(entry.offset + 26, 2);
    const std::uint64_t extraLength = file.number(entry.offset + 28, 2);
    if (file.view(entry.offset + headerLength, nameLength) != entry.name)
        file.fail("the header of \"" + entry.name + "\" is damaged");
    const std::uint64_t data = entry.offset + headerLength + nameLength + extraLength;
    static_cast<void>(file.view(data, entry.packedSize));
    entry.end = data + entry.packedSize;
}

std::vector<Entry> readEntries(const Reader& file, const Directory& directory)
{
    constexpr std::uint64_t headerLength = 46;
    std::vector<Entry> entries;
    std::uint64_t at = directory.begin;
    while (at < directory.end) {
        if (!file.has(at, entrySignature))
            file.fail("its directory is damaged");
        Entry entry;
        entry.method = int(file.number(at + 10, 2));
        entry.crc = std::uint32_t(file.number(at + 16, 4));
        entry.packedSize = file.number(at + 20, 4);
        entry.size = file.number(at + 24, 4);
        entry.offset = file.number(at + 42, 4);
        const std::uint64_t nameLength = file.number(at + 28, 2);
        const std::uint64_t extraLength = file.number(at + 30, 2);
        entry.name = file.view(at + headerLength, nameLength);
        readWideSizes(file, entry, at + headerLength + nameLength, extraLength);
        if ((entry.method != 0 && entry.method != 8) || (file.number(at + 8, 2) & 1) != 0)
            file.fail("\"" + entry.name + "\" is packed in an unknown way");
        checkLocalHeader(file, entry);
        entries.push_back(std::move(entry));
        at += headerLength + nameLength + extraLength + file.number(at + 32, 2);
    }
    if (at != directory.end || entries.size() != directory.count)
        file.fail("its directory is damaged");
    return entries;
}

void checkNoOverlap(const Reader& file, const std::vector<Entry>& entries, std::uint64_t directoryBegin)
{
    std::vector<const Entry*> sorted;
    for (const Entry& entry : entries)
        sorted.push_back(&entry);
    std::ranges::sort(sorted, {}, &Entry::offset);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const std::uint64_t limit = i + 1 < sorted.size() ? sorted[i + 1]->offset : directoryBegin;
        if (sorted[i]->end > limit)
            file.fail("two archive entries overlap");
    }
}

std::uint32_t crcOf(std::string_view bytes)
{
    return std::uint32_t(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Raw deflate of exactly `size` bytes, or empty.
std::optional<std::string> inflated(std::string_view packed, std::uint64_t size)
{
    if (size > largestInflated || packed.size() > largestInflated)
        return std::nullopt;
    std::string text(std::size_t(size), '\0');
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = uInt(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = uInt(text.size());
    const int status = inflate(&stream, Z_FINISH);
    const bool isWhole = status == Z_STREAM_END && stream.avail_out == 0 && stream.avail_in == 0;
    inflateEnd(&stream);
    return isWhole ? std::optional(std::move(text)) : std::nullopt;
}

/// Verifies length and CRC of one entry; returns its text when it is code.
std::string checkedCode(const Reader& file, const Entry& entry)
{
    const std::string_view packed = file.view(entry.end - entry.packedSize, entry.packedSize);
    std::string unpacked;
    std::string_view content = packed;
    if (entry.method == 8) {
        auto text = inflated(packed, entry.size);
        if (!text)
            file.fail("\"" + entry.name + "\" cannot be unpacked");
        unpacked = std::move(*text);
        content = unpacked;
    }
    if (content.size() != entry.size || crcOf(content) != entry.crc)
        file.fail("the check sum of \"" + entry.name + "\" is wrong");
    return entry.name.ends_with(".py") ? std::string(content) : std::string();
}

bool looksLikeText(std::string_view bytes)
{
    const auto head = bytes.substr(0, 512);
    return std::ranges::all_of(head, [](char c) { return std::uint8_t(c) >= 32 || c == '\n' || c == '\r' || c == '\t'; });
}

/// What a file without a zip signature probably is, as the end of a sentence.
std::string guessFormat(const std::string& path, std::string_view bytes)
{
    if (bytes.starts_with("\x89HDF"sv))
        return "is an HDF5 (Keras) file";
    if (bytes.size() > 8 && bytes.substr(4).starts_with("TFL3"sv))
        return "is a TensorFlow Lite file";
    if (bytes.size() > 10 && bytes.substr(8).starts_with("{\""sv) && bytes.substr(1, 7).find('\0') != std::string_view::npos)
        return "is a safetensors file with weights only";
    if (path.ends_with(".onnx") || (bytes.starts_with("\x08"sv) && bytes.size() > 2 && bytes[2] == '\x12'))
        return "is an ONNX file";
    if (bytes.size() > 2 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5)
        return "is a pickle (a state_dict or a pickled nn.Module)";
    return looksLikeText(bytes) ? "is a text file" : "is not a TorchScript file";
}

[[noreturn]] void refuseFormat(const std::string& path, const std::string& what)
{
    throw Error(ErrorCode::Format, path + ": this " + what + ", which Brink cannot load; " + howToExport + ".");
}

/// An archive of torch.save has data.pkl like TorchScript, but neither code nor constants.
void checkIsTorchScript(const std::string& path, const std::vector<Entry>& entries)
{
    const auto has = [&](std::string_view ending) {
        return std::ranges::any_of(entries, [&](const Entry& entry) {
            const auto slash = entry.name.find('/');
            return slash != std::string::npos && std::string_view(entry.name).substr(slash + 1) == ending;
        });
    };
    if (has("data.pkl") && has("constants.pkl"))
        return;
    if (has("data.pkl"))
        refuseFormat(path, "holds a state_dict or a pickled nn.Module (torch.save) without its code");
    refuseFormat(path, "is a zip archive without TorchScript");
}

} // namespace

std::string checkTorchArchive(const std::string& path, std::string_view bytes)
{
    if (bytes.empty())
        throw Error(ErrorCode::Format, path + ": the file is empty; copy or export it again.");
    if (!bytes.starts_with(localSignature))
        refuseFormat(path, guessFormat(path, bytes));
    const Reader file(path, bytes);
    const Directory directory = readDirectory(file);
    const std::vector<Entry> entries = readEntries(file, directory);
    checkNoOverlap(file, entries, directory.begin);
    checkIsTorchScript(path, entries);
    std::string code;
    for (const Entry& entry : entries)
        code += checkedCode(file, entry);
    return code;
}

} // namespace brink
