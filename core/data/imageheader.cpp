// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/imageheader.h"

#include "core/base/error.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>

namespace brink {

namespace {

Error truncated()
{
    return Error(ErrorCode::Format, "the image is truncated: its end is missing. Fetch or save the file again.");
}

Error damaged(const std::string& reason)
{
    return Error(ErrorCode::Format, "the image is damaged (" + reason + "). Fetch or save the file again.");
}

/// Numbers at byte offsets; reading past the end means that the file is truncated.
class ByteReader {
public:
    ByteReader(ByteView bytes, bool isBigEndian) : m_bytes(bytes), m_isBigEndian(isBigEndian) {}

    [[nodiscard]] std::uint32_t u8(std::uint64_t at) const { return number(at, 1); }
    [[nodiscard]] std::uint32_t u16(std::uint64_t at) const { return number(at, 2); }
    [[nodiscard]] std::uint32_t u24(std::uint64_t at) const { return number(at, 3); }
    [[nodiscard]] std::uint32_t u32(std::uint64_t at) const { return number(at, 4); }
    [[nodiscard]] std::uint64_t size() const { return m_bytes.size(); }
    [[nodiscard]] bool hasTag(std::uint64_t at, std::string_view tag) const
    {
        return at + tag.size() <= size() && std::memcmp(m_bytes.data() + at, tag.data(), tag.size()) == 0;
    }
    [[nodiscard]] ByteView view(std::uint64_t at, std::uint64_t count) const
    {
        if (at > size() || count > size() - at)
            throw truncated();
        return m_bytes.subspan(at, count);
    }

private:
    [[nodiscard]] std::uint32_t number(std::uint64_t at, int count) const
    {
        std::uint32_t value = 0;
        const ByteView digits = view(at, std::uint64_t(count));
        for (int i = 0; i < count; ++i)
            value = value << 8 | digits[std::size_t(m_isBigEndian ? i : count - 1 - i)];
        return value;
    }

    ByteView m_bytes;
    bool m_isBigEndian;
};

void setSize(ImageHeader& header, std::int64_t width, std::int64_t height)
{
    header.width = width;
    header.height = height;
    const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
    if (width <= 0 || height <= 0)
        throw Error(ErrorCode::Format, "the image is " + size + ", so there is nothing to show. Save it again.");
    if (width > maximumPixels / height)
        throw Error(ErrorCode::Resource,
            "the image is " + size + ", more than the " + std::to_string(maximumPixels / 1'000'000)
                + " million that are read. Crop or shrink it first.");
}

ImageHeader inspectPng(ByteView bytes)
{
    const ByteReader reader(bytes, true);
    ImageHeader header;
    for (std::uint64_t at = 8;;) {
        const std::uint64_t length = reader.u32(at);
        const ByteView checked = reader.view(at + 4, length + 4);
        const std::string name(checked.begin(), checked.begin() + 4);
        if (at == 8 && (name != "IHDR" || length != 13))
            throw damaged("it does not begin with a PNG header");
        if (crc32(0, checked.data(), unsigned(checked.size())) != reader.u32(at + 8 + length))
            throw damaged("wrong checksum of one of its PNG parts");
        if (name == "IHDR") {
            setSize(header, reader.u32(at + 8), reader.u32(at + 12));
            const auto colourType = reader.u8(at + 17);
            header.isGrey = colourType == 0 || colourType == 4;
            header.hasAlpha = colourType == 4 || colourType == 6;
        } else if (name == "tRNS") {
            header.hasAlpha = true;
        } else if (name == "IEND") {
            return header;
        }
        at += 12 + length;
    }
}

/// First byte after compressed JPEG data: the next marker that is neither a stuffed zero nor a restart.
std::uint64_t endOfJpegScan(ByteView bytes, std::uint64_t at)
{
    for (; at + 1 < bytes.size(); ++at) {
        const void* found = std::memchr(bytes.data() + at, 0xFF, bytes.size() - at - 1);
        if (!found)
            break;
        at = std::uint64_t(static_cast<const std::uint8_t*>(found) - bytes.data());
        const std::uint8_t next = bytes[at + 1];
        if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7))
            return at;
    }
    throw truncated();
}

/// Exif orientation 2 to 8 in an APP1 segment. Like Pillow's and torchvision's loaders we leave the pixels as stored, but say so.
void noteOrientation(ImageHeader& header, ByteView segment)
{
    const ByteReader endianness(segment, true);
    if (!endianness.hasTag(0, std::string_view("Exif\0\0", 6)) || segment.size() < 14)
        return;
    const ByteReader tiff(segment.subspan(6), endianness.hasTag(6, "MM"));
    const std::uint64_t directory = tiff.u32(4);
    if (directory + 2 > tiff.size())
        return;
    const std::uint32_t count = tiff.u16(directory);
    for (std::uint32_t i = 0; i < count && directory + 2 + 12 * (i + 1) <= tiff.size(); ++i) {
        const std::uint64_t entry = directory + 2 + 12 * i;
        if (tiff.u16(entry) == 0x0112 && tiff.u16(entry + 8) > 1)
            header.notes.push_back({"orientation-ignored",
                "The camera's orientation tag was not applied; the pixels are used as stored."});
    }
}

bool isJpegFrame(std::uint32_t marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

ImageHeader inspectJpeg(ByteView bytes)
{
    const ByteReader reader(bytes, true);
    ImageHeader header;
    header.format = ImageFormat::Jpeg;
    bool hasScan = false;
    for (std::uint64_t at = 2;;) {
        at = endOfJpegScan(bytes, at);
        const std::uint32_t marker = reader.u8(at + 1);
        at += 2;
        if (marker == 0xD9) {
            if (header.width == 0 || !hasScan)
                throw damaged("a JPEG without picture data");
            return header;
        }
        const std::uint32_t length = reader.u16(at);
        const ByteView segment = reader.view(at, length);
        if (isJpegFrame(marker)) {
            if (reader.u8(at + 2) != 8)
                throw Error(ErrorCode::Unsupported, "only JPEG images of 8 bits are read. Save it as PNG or 8-bit JPEG.");
            setSize(header, reader.u16(at + 5), reader.u16(at + 3));
            header.isGrey = reader.u8(at + 7) == 1;
        } else if (marker == 0xE1 && length > 2) {
            noteOrientation(header, segment.subspan(2));
        }
        hasScan = hasScan || marker == 0xDA;
        at += length;
    }
}

ImageHeader inspectBmp(ByteView bytes)
{
    const ByteReader reader(bytes, false);
    ImageHeader header;
    header.format = ImageFormat::Bmp;
    const bool isOs2 = reader.u32(14) == 12;
    const std::int64_t width = isOs2 ? reader.u16(18) : std::int32_t(reader.u32(18));
    const std::int64_t height = isOs2 ? reader.u16(20) : std::int32_t(reader.u32(22));
    setSize(header, width, std::abs(height));
    const std::uint64_t bits = isOs2 ? reader.u16(24) : reader.u16(28);
    const std::uint32_t compression = isOs2 ? 0 : reader.u32(30);
    header.hasAlpha = bits == 32;
    const std::uint64_t rowBytes = (bits * std::uint64_t(width) + 31) / 32 * 4;
    const bool isPlain = compression == 0 || compression == 3;
    (void)reader.view(reader.u32(10), isPlain ? rowBytes * std::uint64_t(header.height) : 2);
    if (!isPlain && reader.u32(2) > reader.size())
        throw truncated();
    return header;
}

/// One directory of a TIFF file: values of its tags, as far as they are whole numbers.
class TiffDirectory {
public:
    TiffDirectory(const ByteReader& reader, std::uint64_t at) : m_reader(reader)
    {
        const std::uint32_t count = reader.u16(at);
        for (std::uint32_t i = 0; i < count; ++i) {
            const std::uint64_t entry = at + 2 + 12 * std::uint64_t(i);
            const std::uint64_t valueBytes = typeSize(reader.u16(entry + 2)) * reader.u32(entry + 4);
            (void)reader.view(valueBytes <= 4 ? entry + 8 : reader.u32(entry + 8), valueBytes);
            m_entries[reader.u16(entry)] = entry;
        }
        next = reader.u32(at + 2 + 12 * std::uint64_t(count));
    }

    [[nodiscard]] std::vector<std::uint64_t> values(std::uint32_t tag) const
    {
        const auto found = m_entries.find(tag);
        if (found == m_entries.end())
            return {};
        const std::uint64_t entry = found->second;
        const bool isShort = m_reader.u16(entry + 2) == 3;
        const std::uint64_t count = m_reader.u32(entry + 4);
        const std::uint64_t width = isShort ? 2 : 4;
        const std::uint64_t at = count * width <= 4 ? entry + 8 : m_reader.u32(entry + 8);
        (void)m_reader.view(at, count * width); // a wrong type may announce more than was checked above
        std::vector<std::uint64_t> numbers;
        for (std::uint64_t i = 0; i < count; ++i)
            numbers.push_back(isShort ? m_reader.u16(at + 2 * i) : m_reader.u32(at + 4 * i));
        return numbers;
    }

    [[nodiscard]] std::uint64_t value(std::uint32_t tag, std::uint64_t missing) const
    {
        const auto numbers = values(tag);
        return numbers.empty() ? missing : numbers.front();
    }

    std::uint64_t next = 0; ///< offset of the next page, 0 for none

private:
    /// Bytes of a value of the TIFF field types 1 to 12.
    static std::uint64_t typeSize(std::uint32_t type)
    {
        constexpr std::uint64_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
        return type < std::size(sizes) ? sizes[type] : 0;
    }

    const ByteReader& m_reader;
    std::map<std::uint32_t, std::uint64_t> m_entries;
};

void checkTiffData(const ByteReader& reader, const TiffDirectory& directory)
{
    constexpr std::uint32_t stripOffsets = 273, stripLengths = 279, tileOffsets = 324, tileLengths = 325;
    const bool isTiled = !directory.values(tileOffsets).empty();
    const auto offsets = directory.values(isTiled ? tileOffsets : stripOffsets);
    const auto lengths = directory.values(isTiled ? tileLengths : stripLengths);
    if (offsets.empty() || offsets.size() != lengths.size())
        throw damaged("a TIFF without picture data");
    for (std::size_t i = 0; i < offsets.size(); ++i)
        (void)reader.view(offsets[i], lengths[i]);
}

ImageHeader inspectTiff(ByteView bytes)
{
    constexpr std::uint32_t widthTag = 256, heightTag = 257, photometricTag = 262, extraSamplesTag = 338;
    const ByteReader reader(bytes, bytes[0] == 'M');
    if (reader.u16(2) == 43)
        throw Error(ErrorCode::Unsupported, "BigTIFF is not read. Save it as ordinary TIFF or PNG.");
    ImageHeader header;
    header.format = ImageFormat::Tiff;
    const TiffDirectory directory(reader, reader.u32(4));
    setSize(header, std::int64_t(directory.value(widthTag, 0)), std::int64_t(directory.value(heightTag, 0)));
    checkTiffData(reader, directory);
    if (directory.values(photometricTag).empty())
        throw damaged("a TIFF that does not say what its values mean");
    header.isGrey = directory.value(photometricTag, 2) <= 1;
    header.hasAlpha = !directory.values(extraSamplesTag).empty();
    if (directory.next != 0)
        header.notes.push_back({"first-page", "The file has several pages; the first one is used."});
    return header;
}

ImageHeader inspectWebp(ByteView bytes)
{
    const ByteReader reader(bytes, false);
    ImageHeader header;
    header.format = ImageFormat::WebP;
    (void)reader.view(8, reader.u32(4));
    if (reader.hasTag(12, "VP8X")) {
        if (reader.u8(20) & 0x02)
            throw Error(ErrorCode::Unsupported, "animated WebP is not read. Save one picture of it as PNG.");
        header.hasAlpha = reader.u8(20) & 0x10;
        setSize(header, std::int64_t(reader.u24(24)) + 1, std::int64_t(reader.u24(27)) + 1);
    } else if (reader.hasTag(12, "VP8L")) {
        const std::uint32_t packed = reader.u32(21);
        header.hasAlpha = packed >> 28 & 1;
        setSize(header, (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1);
    } else if (reader.hasTag(12, "VP8 ")) {
        setSize(header, reader.u16(26) & 0x3FFF, reader.u16(28) & 0x3FFF);
    } else {
        throw damaged("a WebP without picture data");
    }
    return header;
}

} // namespace

std::string imageFormatName(ImageFormat format)
{
    switch (format) {
    case ImageFormat::Png: return "PNG";
    case ImageFormat::Jpeg: return "JPEG";
    case ImageFormat::Bmp: return "BMP";
    case ImageFormat::Tiff: return "TIFF";
    case ImageFormat::WebP: return "WebP";
    }
    return {};
}

std::optional<ImageFormat> imageFormatOf(ByteView bytes)
{
    const ByteReader reader(bytes, true);
    if (reader.hasTag(0, "\x89PNG\r\n\x1a\n"))
        return ImageFormat::Png;
    if (reader.hasTag(0, "\xFF\xD8\xFF"))
        return ImageFormat::Jpeg;
    if (reader.hasTag(0, "RIFF") && reader.hasTag(8, "WEBP"))
        return ImageFormat::WebP;
    for (const std::string_view tag : {std::string_view("II*\0", 4), std::string_view("MM\0*", 4), std::string_view("II+\0", 4),
             std::string_view("MM\0+", 4)})
        if (reader.hasTag(0, tag))
            return ImageFormat::Tiff;
    // "BM" alone would take any text; the fifth header field is the length of the second header, 12 to 124.
    if (reader.hasTag(0, "BM") && bytes.size() >= 18 && bytes[15] == 0 && bytes[16] == 0 && bytes[17] == 0)
        return ImageFormat::Bmp;
    return std::nullopt;
}

ImageHeader inspectImage(ByteView bytes)
{
    if (bytes.empty())
        throw Error(ErrorCode::Format, "the file is empty.");
    const auto format = imageFormatOf(bytes);
    if (!format)
        throw Error(ErrorCode::Format, "this is not an image. PNG, JPEG, BMP, TIFF and WebP are read.");
    switch (*format) {
    case ImageFormat::Png: return inspectPng(bytes);
    case ImageFormat::Jpeg: return inspectJpeg(bytes);
    case ImageFormat::Bmp: return inspectBmp(bytes);
    case ImageFormat::Tiff: return inspectTiff(bytes);
    case ImageFormat::WebP: return inspectWebp(bytes);
    }
    return {};
}

} // namespace brink
