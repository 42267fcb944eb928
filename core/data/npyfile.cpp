// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/npyfile.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/datasetreader.h"
#include "core/data/imageheader.h"
#include "core/data/labels.h"
#include "core/data/recorddataset.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace brink {

namespace {

static_assert(std::endian::native == std::endian::little, ".npy values are read and written as they lie in memory");

constexpr std::uint64_t fileLimit = std::uint64_t(8) << 30;
constexpr std::string_view npyMagic("\x93NUMPY", 6);

struct NpyFile {
    std::string type; ///< NumPy's spelling without byte order: "f4", "u1", "i8" ...
    std::vector<std::int64_t> shape;
    Bytes bytes;
    std::size_t dataAt = 0;
    std::size_t itemSize = 0;

    [[nodiscard]] std::size_t count() const { return (bytes.size() - dataAt) / itemSize; }
    template <typename Value>
    [[nodiscard]] Value value(std::size_t index) const
    {
        Value number;
        std::memcpy(&number, bytes.data() + dataAt + index * sizeof(Value), sizeof(Value));
        return number;
    }
};

Error badHeader(const std::string& path)
{
    return Error(ErrorCode::Format, path + ": the .npy header cannot be read. Save the array again with numpy.save.");
}

/// Text of a value in the header, a Python dictionary such as {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }.
std::string headerValue(const std::string& header, const std::string& key, const std::string& path)
{
    const auto at = header.find("'" + key + "'");
    const auto colon = header.find(':', at);
    if (at == std::string::npos || colon == std::string::npos)
        throw badHeader(path);
    const auto begin = header.find_first_not_of(' ', colon + 1);
    if (begin == std::string::npos)
        throw badHeader(path);
    const char closing = header[begin] == '(' ? ')' : header[begin] == '\'' ? '\'' : ',';
    const auto end = header.find(closing, begin + 1);
    if (end == std::string::npos)
        throw badHeader(path);
    return header.substr(begin, end - begin);
}

std::vector<std::int64_t> shapeFromText(const std::string& text, const std::string& path)
{
    std::vector<std::int64_t> shape;
    if (!text.starts_with('('))
        throw badHeader(path);
    for (const std::string& part : split(std::string_view(text).substr(1), ',')) {
        if (trimmed(part).empty())
            continue;
        const auto size = parseInteger(part);
        if (!size || *size < 0)
            throw badHeader(path);
        shape.push_back(*size);
    }
    return shape;
}

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::string text;
    for (const std::int64_t size : shape)
        text += (text.empty() ? "" : ",") + std::to_string(size);
    return "[" + text + "]";
}

std::string headerText(NpyFile& file, const std::string& path)
{
    const auto& bytes = file.bytes;
    if (bytes.size() < 12 || std::memcmp(bytes.data(), npyMagic.data(), npyMagic.size()) != 0)
        throw Error(ErrorCode::Format, path + ": this is not a .npy file. Save the array with numpy.save.");
    const bool isLong = bytes[6] >= 2;
    if (bytes[6] < 1 || bytes[6] > 3)
        throw badHeader(path);
    std::size_t length = std::size_t(bytes[8]) | std::size_t(bytes[9]) << 8;
    if (isLong)
        length |= std::size_t(bytes[10]) << 16 | std::size_t(bytes[11]) << 24;
    const std::size_t at = isLong ? 12 : 10;
    if (length > bytes.size() - at)
        throw Error(ErrorCode::Format, path + ": the file is truncated inside its .npy header. Save the array again.");
    file.dataAt = at + length;
    return std::string(bytes.begin() + std::ptrdiff_t(at), bytes.begin() + std::ptrdiff_t(file.dataAt));
}

void checkLength(const NpyFile& file, const std::string& path)
{
    std::uint64_t promised = file.itemSize;
    for (const std::int64_t size : file.shape)
        promised = size != 0 && promised > fileLimit / std::uint64_t(size) ? fileLimit + 1 : promised * std::uint64_t(size);
    const std::uint64_t present = file.bytes.size() - file.dataAt;
    if (promised != present)
        throw Error(ErrorCode::Format, path + ": the .npy header promises the shape " + shapeText(file.shape) + " of " + file.type + ", but "
                + std::to_string(present) + " bytes follow. The file is truncated or its header is wrong; save the array again.");
}

NpyFile readNpy(const std::string& path)
{
    NpyFile file;
    file.bytes = readFile(path, fileLimit);
    const std::string header = headerText(file, path);
    const std::string type = headerValue(header, "descr", path);
    if (type.size() < 4 || type[0] != '\'' || type[1] == '>')
        throw Error(ErrorCode::Unsupported, path + ": only plain little-endian numbers are read. Save it with array.astype('<f4').");
    file.type = type.substr(2);
    const auto itemSize = parseInteger(std::string_view(file.type).substr(1));
    if (!itemSize || *itemSize < 1 || *itemSize > 8)
        throw Error(ErrorCode::Unsupported, path + ": values of type " + file.type + " are not read. Save it as float32 or uint8.");
    file.itemSize = std::size_t(*itemSize);
    if (headerValue(header, "fortran_order", path) != "False")
        throw Error(ErrorCode::Unsupported, path + ": the array is in Fortran order. Save it with numpy.ascontiguousarray(array).");
    file.shape = shapeFromText(headerValue(header, "shape", path), path);
    checkLength(file, path);
    return file;
}

/// Shape of the images in an array: [N,C,H,W] or [N,H,W,C], [C,H,W] or [H,W,C], [N,H,W], [H,W], with C = 1 or 3.
/// Where both readings are possible, floats are channel-first (the custom of PyTorch) and bytes are refused.
struct ImageLayout {
    std::int64_t count = 1;
    int channels = 1;
    int height = 0;
    int width = 0;
    bool isChannelLast = false;

    [[nodiscard]] std::size_t imageSize() const { return std::size_t(channels) * std::size_t(height) * std::size_t(width); }
};

ImageLayout layoutOf(const NpyFile& file, const std::string& path)
{
    const std::vector<std::int64_t>& shape = file.shape;
    const auto isChannelCount = [](std::int64_t size) { return size == 1 || size == 3; };
    const auto refusal = [&](ErrorCode code, const std::string& reason) { return Error(code, path + ": an array of shape " + shapeText(shape) + " " + reason); };
    const std::size_t rank = shape.size();
    if (rank >= 3 && file.type == "u1" && isChannelCount(shape[rank - 3]) && isChannelCount(shape[rank - 1]) && shape[rank - 3] != shape[rank - 1])
        throw refusal(ErrorCode::Shape, "may have its channels first or last. Save it as float32 [N,C,H,W] in [0,1].");
    if (rank < 2 || rank > 4)
        throw refusal(ErrorCode::Shape, "holds no images. Use [N,C,H,W].");
    ImageLayout layout;
    const bool isGreyBatch = rank == 3 && !isChannelCount(shape[0]) && !isChannelCount(shape[2]);
    layout.count = rank == 4 || isGreyBatch ? shape[0] : 1;
    std::vector<std::int64_t> picture(shape.begin() + (rank == 4 || isGreyBatch ? 1 : 0), shape.end());
    if (picture.size() == 2)
        picture.insert(picture.begin(), 1);
    layout.isChannelLast = !isChannelCount(picture[0]);
    if (layout.isChannelLast && !isChannelCount(picture[2]))
        throw refusal(ErrorCode::Shape, "has neither 1 nor 3 channels. Use [N,C,H,W] with grey or RGB, without alpha.");
    if (layout.isChannelLast)
        picture = {picture[2], picture[0], picture[1]};
    if (picture[1] == 0 || picture[2] == 0)
        throw refusal(ErrorCode::Format, "has images without pixels, so there is nothing to show.");
    if (picture[1] > maximumPixels / picture[2])
        throw refusal(ErrorCode::Resource, "has images of more than 100 million pixels. Crop or shrink them first.");
    layout.channels = int(picture[0]);
    layout.height = int(picture[1]);
    layout.width = int(picture[2]);
    return layout;
}

/// Images of float32 or float64 values in [0,1].
class FloatDataset : public Dataset {
public:
    FloatDataset(std::string name, NpyFile file, ImageLayout layout, bool hasOutside)
        : m_name(std::move(name)), m_file(std::move(file)), m_layout(layout), m_hasOutside(hasOutside)
    {
    }

    [[nodiscard]] std::string name() const override { return m_name; }
    [[nodiscard]] std::int64_t size() const override { return m_layout.count; }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_classNames; }
    [[nodiscard]] std::optional<std::int64_t> label(std::int64_t index) const override
    {
        checkIndex(m_name, index, size());
        return std::nullopt;
    }

    [[nodiscard]] Image image(std::int64_t index) const override
    {
        checkIndex(m_name, index, size());
        Image image{m_layout.channels, m_layout.height, m_layout.width, {}, recordSource(m_name, index), {}};
        const std::size_t plane = m_layout.imageSize() / std::size_t(m_layout.channels);
        const auto channels = std::size_t(m_layout.channels);
        const std::size_t first = std::size_t(index) * m_layout.imageSize();
        image.pixels.resize(m_layout.imageSize());
        for (std::size_t c = 0; c < channels; ++c)
            for (std::size_t i = 0; i < plane; ++i) {
                const std::size_t at = first + (m_layout.isChannelLast ? i * channels + c : c * plane + i);
                const double value = m_file.itemSize == 4 ? double(m_file.value<float>(at)) : m_file.value<double>(at);
                image.pixels[c * plane + i] = float(std::clamp(value, 0.0, 1.0));
            }
        if (m_hasOutside)
            image.notes.push_back({"clamped", "Values outside [0,1] by less than 1e-6 were set to the nearest end."});
        return image;
    }

private:
    std::string m_name;
    NpyFile m_file;
    ImageLayout m_layout;
    bool m_hasOutside;
    std::vector<std::string> m_classNames;
};

/// Whether rounding left values just outside [0,1]. @throws Error(Domain) for values further out, infinite or NaN.
template <typename Value>
bool checkValues(const NpyFile& file, const std::string& path)
{
    constexpr double tolerance = 1e-6;
    Value low = std::numeric_limits<Value>::infinity();
    Value high = -low;
    bool hasNan = false;
    for (std::size_t i = 0; i < file.count(); ++i) {
        const auto value = file.value<Value>(i);
        low = std::min(low, value);
        high = std::max(high, value);
        hasNan = hasNan || std::isnan(value);
    }
    if (hasNan)
        throw Error(ErrorCode::Domain, path + ": there are values that are no numbers (NaN). Images lie in [0,1].");
    if (double(low) < -tolerance || double(high) > 1 + tolerance)
        throw Error(ErrorCode::Domain, path + ": values run from " + formatReal(double(low), 4) + " to " + formatReal(double(high), 4)
                + ", but images lie in [0,1]. Divide by 255, undo the normalisation, or save as uint8.");
    return low < 0 || high > 1;
}

std::shared_ptr<const Dataset> openNpy(const std::string& path)
{
    NpyFile file = readNpy(path);
    const ImageLayout layout = layoutOf(file, path);
    if (file.type == "u1") {
        ByteRecords records;
        records.name = fileNameOf(path);
        records.bytes = std::move(file.bytes);
        records.count = layout.count;
        records.stride = layout.imageSize();
        records.offset = file.dataAt;
        records.channels = layout.channels;
        records.height = layout.height;
        records.width = layout.width;
        records.isChannelLast = layout.isChannelLast;
        return makeRecordDataset(std::move(records));
    }
    if (file.type != "f4" && file.type != "f8")
        throw Error(ErrorCode::Unsupported, path + ": images of type " + file.type + " are not read. Save them as float32 in [0,1] or as uint8.");
    const bool hasOutside = file.type == "f4" ? checkValues<float>(file, path) : checkValues<double>(file, path);
    return std::make_shared<FloatDataset>(fileNameOf(path), std::move(file), layout, hasOutside);
}

template <typename Value>
std::vector<std::int64_t> wholeNumbers(const NpyFile& file)
{
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < file.count(); ++i)
        numbers.push_back(std::int64_t(file.value<Value>(i)));
    return numbers;
}

/// Magic, version 1.0, header length, and the header padded so that the data begin at a multiple of 64.
std::string npyHeader(std::string_view type, const std::string& shape)
{
    std::string header = "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    constexpr std::size_t preamble = 10;
    header.append(63 - (preamble + header.size()) % 64, ' ');
    header += '\n';
    std::string text(npyMagic);
    text += {'\x01', '\x00', char(header.size() & 0xFF), char(header.size() >> 8)};
    return text + header;
}

} // namespace

std::vector<std::int64_t> readNpyLabels(const std::string& path)
{
    const NpyFile file = readNpy(path);
    if (file.shape.size() != 1)
        throw Error(ErrorCode::Shape, path + ": labels are an array [N], this one is " + shapeText(file.shape) + ".");
    if (file.type == "i8") return wholeNumbers<std::int64_t>(file);
    if (file.type == "i4") return wholeNumbers<std::int32_t>(file);
    if (file.type == "i2") return wholeNumbers<std::int16_t>(file);
    if (file.type == "i1") return wholeNumbers<std::int8_t>(file);
    if (file.type == "u8") return wholeNumbers<std::uint64_t>(file);
    if (file.type == "u4") return wholeNumbers<std::uint32_t>(file);
    if (file.type == "u2") return wholeNumbers<std::uint16_t>(file);
    if (file.type == "u1") return wholeNumbers<std::uint8_t>(file);
    throw Error(ErrorCode::Unsupported, path + ": labels are whole numbers, these are of type " + file.type + ". Save them with array.astype('int64').");
}

void writeNpy(const std::string& path, std::span<const Image> images)
{
    const Image shape = images.empty() ? Image{1, 0, 0, {}, {}, {}} : Image{images[0].channels, images[0].height, images[0].width, {}, {}, {}};
    const std::size_t imageSize = std::size_t(shape.channels) * std::size_t(shape.height) * std::size_t(shape.width);
    AtomicFile file(path);
    file.write(npyHeader("<f4", std::to_string(images.size()) + ", " + std::to_string(shape.channels) + ", " + std::to_string(shape.height) + ", " + std::to_string(shape.width)));
    for (const Image& image : images) {
        if (image.channels != shape.channels || image.height != shape.height || image.width != shape.width || image.pixels.size() != imageSize)
            throw Error(ErrorCode::Shape, path + ": images of different sizes cannot be written into one array.");
        file.write(image.pixels.data(), image.pixels.size() * sizeof(float));
    }
    file.commit();
}

void writeNpyLabels(const std::string& path, std::span<const std::int64_t> labels)
{
    AtomicFile file(path);
    file.write(npyHeader("<i8", std::to_string(labels.size()) + ","));
    file.write(labels.data(), labels.size_bytes());
    file.commit();
}

DatasetReader npyReader()
{
    return {{"NumPy", {".npy"}, "float32 or float64 in [0,1], or uint8: [N,C,H,W] or [N,H,W,C], one image [C,H,W] or [H,W,C], grey [N,H,W] or [H,W]"},
        [](const DatasetSource& source) {
            return source.head.size() >= npyMagic.size() && std::memcmp(source.head.data(), npyMagic.data(), npyMagic.size()) == 0;
        },
        openNpy};
}

} // namespace brink
