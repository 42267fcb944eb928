// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/idxfile.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/datasetreader.h"
#include "core/data/imageheader.h"
#include "core/data/labels.h"
#include "core/data/recorddataset.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace brink {

namespace {

/// An IDX file: two zero bytes, type (8 = unsigned byte), number of sizes, the sizes as big-endian 32-bit numbers, the values.
struct IdxFile {
    std::vector<std::uint64_t> sizes;
    Bytes values;
};

constexpr std::uint64_t valueLimit = std::uint64_t(4) << 30;

std::string sizesText(const std::vector<std::uint64_t>& sizes)
{
    std::string text;
    for (const std::uint64_t size : sizes)
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text;
}

/// Product of the sizes, at most valueLimit + 1.
std::uint64_t valueCount(const std::vector<std::uint64_t>& sizes)
{
    std::uint64_t count = 1;
    for (const std::uint64_t size : sizes)
        count = size != 0 && count > valueLimit / size ? valueLimit + 1 : count * size;
    return count;
}

std::vector<std::uint64_t> readSizes(InflatingReader& reader, const std::string& path)
{
    const Bytes magic = reader.read(4);
    if (magic.size() < 4 || magic[0] != 0 || magic[1] != 0 || magic[3] < 1 || magic[3] > 4)
        throw Error(ErrorCode::Format, path + ": this is not an IDX file. IDX files begin with 0 0 8 and the number of dimensions.");
    if (magic[2] != 8)
        throw Error(ErrorCode::Unsupported, path + ": only IDX files of unsigned bytes are read. Convert it to 8 bits or to .npy.");
    const Bytes digits = reader.read(4u * magic[3]);
    if (digits.size() < 4u * magic[3])
        throw Error(ErrorCode::Format, path + ": the file is truncated inside its IDX header. Fetch it again.");
    std::vector<std::uint64_t> sizes;
    for (std::size_t i = 0; i < digits.size(); i += 4)
        sizes.push_back(std::uint64_t(digits[i]) << 24 | std::uint64_t(digits[i + 1]) << 16 | std::uint64_t(digits[i + 2]) << 8 | digits[i + 3]);
    return sizes;
}

IdxFile readIdx(const std::string& path)
{
    InflatingReader reader(path);
    IdxFile file;
    file.sizes = readSizes(reader, path);
    const std::uint64_t count = valueCount(file.sizes);
    const std::string promise = path + ": the IDX header promises " + sizesText(file.sizes) + " bytes";
    if (count > valueLimit)
        throw Error(ErrorCode::Resource, promise + ", more than the 4 GiB that are read. Check the file or split it.");
    file.values = reader.read(count);
    if (file.values.size() < count)
        throw Error(ErrorCode::Format, promise + ", but only " + std::to_string(file.values.size()) + " follow. The file is truncated or its header is wrong; fetch it again.");
    if (!reader.read(1).empty())
        throw Error(ErrorCode::Format, promise + ", but more follow. Its header is wrong; fetch it again.");
    return file;
}

bool exists(const std::string& path)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

/// "t10k-images-idx3-ubyte.gz" -> "t10k-labels-idx1-ubyte", with or without .gz; empty when there is none.
std::string labelSibling(const std::string& path)
{
    std::string name = fileNameOf(path);
    const std::string folder = path.substr(0, path.size() - name.size());
    const auto images = name.rfind("images");
    if (images == std::string::npos)
        return {};
    name.replace(images, 6, "labels");
    for (const char* dimension : {"idx3", "idx4"})
        if (const auto at = name.rfind(dimension); at != std::string::npos)
            name.replace(at, 4, "idx1");
    if (name.ends_with(".gz"))
        name.resize(name.size() - 3);
    for (const std::string& candidate : {folder + name, folder + name + ".gz"})
        if (exists(candidate))
            return candidate;
    return {};
}

/// [N,H,W], or [N,C,H,W] and [N,H,W,C] with one or three channels.
void setShape(ByteRecords& records, const std::vector<std::uint64_t>& sizes, const std::string& path)
{
    const auto isChannelCount = [](std::uint64_t size) { return size == 1 || size == 3; };
    std::vector<std::uint64_t> shape(sizes.begin() + 1, sizes.end());
    if (shape.size() == 2)
        shape.insert(shape.begin(), 1);
    const bool isChannelFirst = shape.size() == 3 && isChannelCount(shape[0]);
    records.isChannelLast = shape.size() == 3 && !isChannelFirst && isChannelCount(shape[2]);
    if (!isChannelFirst && !records.isChannelLast)
        throw Error(ErrorCode::Shape, path + ": an IDX file of " + sizesText(sizes) + " holds no images. Images are N x height x width.");
    if (records.isChannelLast)
        shape = {shape[2], shape[0], shape[1]};
    records.stride = std::size_t(shape[0] * shape[1] * shape[2]);
    if (records.stride == 0)
        throw Error(ErrorCode::Format, path + ": the images are " + sizesText(sizes) + ", so there is nothing to show.");
    if (shape[1] > std::uint64_t(maximumPixels) / shape[2])
        throw Error(ErrorCode::Resource, path + ": the images are " + sizesText(sizes) + ", larger than the 100 million pixels that are read.");
    records.channels = int(shape[0]);
    records.height = int(shape[1]);
    records.width = int(shape[2]);
}

std::shared_ptr<const Dataset> openIdx(const std::string& path)
{
    IdxFile file = readIdx(path);
    ByteRecords records;
    records.name = fileNameOf(path);
    setShape(records, file.sizes, path);
    records.count = std::int64_t(file.sizes[0]);
    records.bytes = std::move(file.values);
    constexpr std::string_view nameFiles[] = {"classes.txt"};
    records.classNames = classNamesBeside(path, nameFiles);
    if (const std::string labels = labelSibling(path); !labels.empty()) {
        records.labels = readIdxLabels(labels);
        if (std::int64_t(records.labels.size()) != records.count)
            throw Error(ErrorCode::Shape, labels + ": holds " + std::to_string(records.labels.size()) + " labels for the "
                    + std::to_string(records.count) + " images of " + records.name + ". Put the files of one set together.");
        checkLabelsHaveNames(labels, records.labels, records.classNames);
    }
    return makeRecordDataset(std::move(records));
}

bool recognisesIdx(const DatasetSource& source)
{
    return source.head.size() >= 4 && source.head[0] == 0 && source.head[1] == 0 && source.head[2] >= 8 && source.head[2] <= 14
        && source.head[3] >= 1 && source.head[3] <= 4;
}

Bytes idxBytes(std::initializer_list<std::size_t> sizes)
{
    Bytes bytes{0, 0, 8, std::uint8_t(sizes.size())};
    for (const std::size_t size : sizes)
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.push_back(std::uint8_t(size >> shift));
    return bytes;
}

/// gzip without a time stamp, so that equal data give equal files.
void writeGzip(const std::string& path, Bytes& bytes)
{
    constexpr int gzipWindow = 15 + 16;
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzipWindow, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        throw Error(ErrorCode::Resource, path + ": there is not enough memory to compress the file.");
    Bytes packed(deflateBound(&stream, uLong(bytes.size())));
    stream.next_in = bytes.data();
    stream.avail_in = uInt(bytes.size());
    stream.next_out = packed.data();
    stream.avail_out = uInt(packed.size());
    const int status = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END)
        throw Error(ErrorCode::Resource, path + ": the file could not be compressed.");
    AtomicFile file(path);
    file.write(packed.data(), packed.size());
    file.commit();
}

} // namespace

void writeIdxImages(const std::string& path, std::span<const Image> images)
{
    const int height = images.empty() ? 0 : images[0].height;
    const int width = images.empty() ? 0 : images[0].width;
    Bytes bytes = idxBytes({images.size(), std::size_t(height), std::size_t(width)});
    for (const Image& image : images) {
        if (image.channels != 1 || image.height != height || image.width != width)
            throw Error(ErrorCode::Shape, path + ": only grey images of one size can be written as IDX.");
        for (const float value : image.pixels)
            bytes.push_back(std::uint8_t(std::clamp(std::lround(255.0 * double(value)), 0L, 255L)));
    }
    writeGzip(path, bytes);
}

void writeIdxLabels(const std::string& path, std::span<const std::int64_t> labels)
{
    Bytes bytes = idxBytes({labels.size()});
    for (const std::int64_t label : labels) {
        if (label < 0 || label > 255)
            throw Error(ErrorCode::Domain, path + ": IDX label files hold the classes 0 to 255, not " + std::to_string(label) + ".");
        bytes.push_back(std::uint8_t(label));
    }
    writeGzip(path, bytes);
}

std::vector<std::int64_t> readIdxLabels(const std::string& path)
{
    const IdxFile file = readIdx(path);
    if (file.sizes.size() != 1)
        throw Error(ErrorCode::Shape, path + ": an IDX file of " + sizesText(file.sizes) + " holds no labels. Labels have one dimension.");
    return std::vector<std::int64_t>(file.values.begin(), file.values.end());
}

DatasetReader idxReader()
{
    return {{"IDX", {"-ubyte", "-ubyte.gz", ".idx", ".idx.gz"},
                "Images of unsigned bytes as MNIST comes, also gzip; labels from the sibling ...-labels-idx1-ubyte, names from classes.txt"},
        recognisesIdx, openIdx};
}

} // namespace brink
