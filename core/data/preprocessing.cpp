// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/preprocessing.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

/// Weights of the source samples behind one output sample.
struct Tap {
    int first = 0;
    std::vector<float> weights;
};

/// Triangle filter, widened by the scale when shrinking (antialiased), as Pillow's and torchvision's "bilinear".
/// When enlarging it is plain bilinear interpolation with pixel centres aligned.
std::vector<Tap> bilinearTaps(int from, int to)
{
    const double scale = double(from) / to;
    const double support = std::max(scale, 1.0);
    std::vector<Tap> taps;
    for (int i = 0; i < to; ++i) {
        const double centre = (i + 0.5) * scale;
        Tap tap;
        tap.first = std::max(0, int(centre - support + 0.5));
        const int end = std::min(from, int(centre + support + 0.5));
        double sum = 0;
        for (int k = tap.first; k < end; ++k) {
            const double weight = std::max(0.0, 1.0 - std::abs((k + 0.5 - centre) / support));
            tap.weights.push_back(float(weight));
            sum += weight;
        }
        for (float& weight : tap.weights)
            weight = float(weight / sum);
        taps.push_back(std::move(tap));
    }
    return taps;
}

/// One pass along an axis: `lines` rows of `from` samples with the given strides, every output the sum over its taps.
void resampleLine(const float* in, int inStride, float* out, int outStride, const std::vector<Tap>& taps)
{
    for (const Tap& tap : taps) {
        float sum = 0;
        const float* sample = in + std::ptrdiff_t(tap.first) * inStride;
        for (const float weight : tap.weights) {
            sum += weight * *sample;
            sample += inStride;
        }
        *out = std::clamp(sum, 0.0f, 1.0f);
        out += outStride;
    }
}

Image resized(const Image& image, int height, int width)
{
    const auto acrossTaps = bilinearTaps(image.width, width);
    const auto downTaps = bilinearTaps(image.height, height);
    Image result = image;
    result.height = height;
    result.width = width;
    result.pixels.assign(std::size_t(image.channels) * std::size_t(height) * std::size_t(width), 0.0f);
    std::vector<float> narrowed(std::size_t(image.height) * std::size_t(width));
    for (int c = 0; c < image.channels; ++c) {
        const float* in = image.pixels.data() + std::size_t(c) * std::size_t(image.height) * std::size_t(image.width);
        float* out = result.pixels.data() + std::size_t(c) * std::size_t(height) * std::size_t(width);
        for (int y = 0; y < image.height; ++y)
            resampleLine(in + std::size_t(y) * std::size_t(image.width), 1, narrowed.data() + std::size_t(y) * std::size_t(width), 1, acrossTaps);
        for (int x = 0; x < width; ++x)
            resampleLine(narrowed.data() + x, width, out + x, width, downTaps);
    }
    return result;
}

Image cropped(const Image& image, int height, int width)
{
    const int top = int(std::lround((image.height - height) / 2.0));
    const int left = int(std::lround((image.width - width) / 2.0));
    Image result = image;
    result.height = height;
    result.width = width;
    result.pixels.clear();
    for (int c = 0; c < image.channels; ++c)
        for (int y = 0; y < height; ++y) {
            const auto row = image.pixels.begin() + (std::ptrdiff_t(c) * image.height + top + y) * image.width + left;
            result.pixels.insert(result.pixels.end(), row, row + width);
        }
    return result;
}

Image repeatedGrey(const Image& image)
{
    Image result = image;
    result.channels = 3;
    for (int copy = 0; copy < 2; ++copy)
        result.pixels.insert(result.pixels.end(), image.pixels.begin(), image.pixels.end());
    return result;
}

/// ITU-R BT.601 luma.
Image greyFromRgb(const Image& image)
{
    Image result = image;
    result.channels = 1;
    const std::size_t plane = image.pixels.size() / 3;
    result.pixels.resize(plane);
    for (std::size_t i = 0; i < plane; ++i)
        result.pixels[i] = std::min(1.0f,
            0.299f * image.pixels[i] + 0.587f * image.pixels[plane + i] + 0.114f * image.pixels[2 * plane + i]);
    return result;
}

std::string sizeText(int width, int height)
{
    return std::to_string(width) + "x" + std::to_string(height);
}

void convertChannels(PreparedImage& prepared, int channels)
{
    if (prepared.image.channels == channels)
        return;
    if (prepared.image.channels == 1 && channels == 3) {
        prepared.image = repeatedGrey(prepared.image);
        prepared.conversions.push_back("grey -> RGB by repetition");
    } else if (prepared.image.channels == 3 && channels == 1) {
        prepared.image = greyFromRgb(prepared.image);
        prepared.conversions.push_back("RGB -> grey by ITU-R 601 weights");
    } else {
        throw Error(ErrorCode::Shape, prepared.image.source + ": the image has " + std::to_string(prepared.image.channels)
                + " channels, the model takes " + std::to_string(channels) + ". Only 1 and 3 channels are converted.");
    }
}

void resizeTo(PreparedImage& prepared, int height, int width)
{
    const Image& image = prepared.image;
    if (image.height == height && image.width == width)
        return;
    prepared.conversions.push_back("resize " + sizeText(image.width, image.height) + " -> " + sizeText(width, height) + " bilinear");
    prepared.image = resized(image, height, width);
}

/// Scales until the picture covers margin times the wanted size, then cuts the middle out.
void coverAndCrop(PreparedImage& prepared, int height, int width, double margin)
{
    const Image& image = prepared.image;
    const double scale = std::max(margin * height / image.height, margin * width / image.width);
    const int coveringHeight = std::max(height, int(std::lround(scale * image.height)));
    const int coveringWidth = std::max(width, int(std::lround(scale * image.width)));
    resizeTo(prepared, coveringHeight, coveringWidth);
    if (coveringHeight == height && coveringWidth == width)
        return;
    prepared.image = cropped(prepared.image, height, width);
    prepared.conversions.push_back("centre crop " + sizeText(width, height));
}

void convertSize(PreparedImage& prepared, int height, int width, ResizeRule rule)
{
    if (prepared.image.height == height && prepared.image.width == width)
        return;
    switch (rule) {
    case ResizeRule::Refuse:
        throw Error(ErrorCode::Shape, prepared.image.source + ": the image is " + sizeText(prepared.image.width, prepared.image.height)
                + " pixels, the model takes " + sizeText(width, height) + ". Choose a resize rule: stretch, crop-centre or fit.");
    case ResizeRule::Stretch: return resizeTo(prepared, height, width);
    case ResizeRule::CropCentre: return coverAndCrop(prepared, height, width, 1 / 0.875);
    case ResizeRule::Fit: return coverAndCrop(prepared, height, width, 1.0);
    }
}

constexpr ResizeRule allRules[] = {ResizeRule::Refuse, ResizeRule::Stretch, ResizeRule::CropCentre, ResizeRule::Fit};

} // namespace

std::string resizeRuleName(ResizeRule rule)
{
    switch (rule) {
    case ResizeRule::Refuse: return "refuse";
    case ResizeRule::Stretch: return "stretch";
    case ResizeRule::CropCentre: return "crop-centre";
    case ResizeRule::Fit: return "fit";
    }
    return {};
}

ResizeRule resizeRuleFromName(std::string_view name)
{
    std::vector<std::string> known;
    for (const ResizeRule rule : allRules) {
        if (resizeRuleName(rule) == name)
            return rule;
        known.push_back(resizeRuleName(rule));
    }
    throw Error(ErrorCode::Usage, unknownName("resize rule", name, known));
}

PreparedImage prepareImage(const Image& image, int channels, int height, int width, ResizeRule rule)
{
    if (image.empty() || height < 1 || width < 1)
        throw Error(ErrorCode::Shape, image.source + ": an image without pixels cannot be given to a model.");
    PreparedImage prepared{image, {}};
    if (channels < image.channels)
        convertChannels(prepared, channels);
    convertSize(prepared, height, width, rule);
    convertChannels(prepared, channels);
    return prepared;
}

} // namespace brink
