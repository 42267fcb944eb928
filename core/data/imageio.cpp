// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/imageio.h"

#include "core/base/error.h"
#include "core/data/imageheader.h"

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>

#include <cmath>
#include <new>

namespace brink {

namespace {

constexpr std::uint64_t fileLimit = 1u << 30;

Error undecodable(ImageFormat format)
{
    return Error(ErrorCode::Format, "the image is damaged: its " + imageFormatName(format)
            + " data cannot be decoded. Fetch or save the file again.");
}

/// OpenCV writes warnings of its own to standard error; ours are exceptions and notes.
void silenceOpenCv()
{
    static const bool once = [] {
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        return true;
    }();
    (void)once;
}

cv::Mat decode(ByteView bytes, ImageFormat format)
{
    silenceOpenCv();
    try {
        const cv::Mat input(1, int(bytes.size()), CV_8U, const_cast<std::uint8_t*>(bytes.data()));
        return cv::imdecode(input, cv::IMREAD_UNCHANGED);
    } catch (const cv::Exception& e) {
        if (e.code == cv::Error::StsNoMem)
            throw Error(ErrorCode::Resource, "there is not enough memory to decode the image. Shrink it first.");
        throw undecodable(format);
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::Resource, "there is not enough memory to decode the image. Shrink it first.");
    }
}

/// Interleaved BGR(A) or grey samples -> planar RGB or grey in [0,1].
template <typename Sample>
void fillPixels(Image& image, const cv::Mat& samples)
{
    const int stored = samples.channels();
    const float white = std::numeric_limits<Sample>::max();
    const std::size_t plane = std::size_t(image.height) * std::size_t(image.width);
    image.pixels.resize(plane * std::size_t(image.channels));
    for (int c = 0; c < image.channels; ++c) {
        const int from = image.channels == 3 ? 2 - c : 0;
        float* out = image.pixels.data() + plane * std::size_t(c);
        for (int y = 0; y < image.height; ++y) {
            const Sample* in = samples.ptr<Sample>(y) + from;
            for (int x = 0; x < image.width; ++x, in += stored)
                *out++ = float(*in) / white;
        }
    }
}

Image imageFromSamples(const cv::Mat& samples, const ImageHeader& header)
{
    Image image;
    image.channels = samples.channels() >= 3 && !header.isGrey ? 3 : 1;
    image.height = samples.rows;
    image.width = samples.cols;
    image.notes = header.notes;
    if (samples.depth() == CV_8U) {
        fillPixels<std::uint8_t>(image, samples);
    } else if (samples.depth() == CV_16U) {
        fillPixels<std::uint16_t>(image, samples);
        image.notes.push_back({"image-16-bit", "The image has 16 bits a channel; they were read in full."});
    } else {
        throw Error(ErrorCode::Unsupported, "only images of 8 or 16 bits a channel are read. Save it as PNG.");
    }
    if (header.hasAlpha || samples.channels() == 2 || samples.channels() == 4)
        image.notes.push_back({"alpha-dropped", "The image has transparency (alpha); it was dropped, the colours below it are used."});
    return image;
}

Image decodeChecked(ByteView bytes)
{
    const ImageHeader header = inspectImage(bytes);
    const cv::Mat samples = decode(bytes, header.format);
    if (samples.empty() || samples.cols != header.width || samples.rows != header.height)
        throw undecodable(header.format);
    return imageFromSamples(samples, header);
}

cv::Mat samplesFromImage(const Image& image)
{
    const std::size_t plane = std::size_t(image.height) * std::size_t(image.width);
    if ((image.channels != 1 && image.channels != 3) || plane == 0 || image.pixels.size() != plane * std::size_t(image.channels))
        throw Error(ErrorCode::Shape, "Only grey or RGB images can be saved as PNG.");
    cv::Mat samples(image.height, image.width, CV_8UC(image.channels));
    for (int c = 0; c < image.channels; ++c) {
        const int to = image.channels == 3 ? 2 - c : 0;
        const float* in = image.pixels.data() + plane * std::size_t(c);
        for (int y = 0; y < image.height; ++y) {
            std::uint8_t* out = samples.ptr<std::uint8_t>(y) + to;
            for (int x = 0; x < image.width; ++x, out += image.channels)
                *out = cv::saturate_cast<std::uint8_t>(std::lround(255.0 * double(*in++)));
        }
    }
    return samples;
}

} // namespace

Image decodeImage(ByteView bytes, const std::string& source)
{
    try {
        Image image = decodeChecked(bytes);
        image.source = source;
        return image;
    } catch (const Error& e) {
        throw e.withContext(source);
    }
}

Image readImage(const std::string& path)
{
    return decodeImage(readFile(path, fileLimit), path);
}

Bytes encodePng(const Image& image)
{
    silenceOpenCv();
    Bytes bytes;
    if (!cv::imencode(".png", samplesFromImage(image), bytes))
        throw Error(ErrorCode::Resource, "The image could not be encoded as PNG.");
    return bytes;
}

Bytes encodeJpeg(const Image& image, int quality)
{
    silenceOpenCv();
    Bytes bytes;
    if (!cv::imencode(".jpg", samplesFromImage(image), bytes, {cv::IMWRITE_JPEG_QUALITY, quality}))
        throw Error(ErrorCode::Resource, "The image could not be encoded as JPEG.");
    return bytes;
}

void saveImage(const Image& image, const std::string& path)
{
    const Bytes bytes = encodePng(image);
    AtomicFile file(path);
    file.write(bytes.data(), bytes.size());
    file.commit();
}

} // namespace brink
