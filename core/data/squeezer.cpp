// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/squeezer.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <opencv2/core.hpp>
#include <opencv2/photo.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace brink {

namespace {

constexpr int largestWindow = 31;

void check(const Squeezer& squeezer)
{
    switch (squeezer.kind) {
    case Squeezer::Kind::BitDepth:
        if (squeezer.bits < 1 || squeezer.bits > 8)
            throw Error(ErrorCode::Domain, "The bit depth of a squeezer must lie between 1 and 8, not " + std::to_string(squeezer.bits) + ".");
        return;
    case Squeezer::Kind::Median:
        if (std::min(squeezer.height, squeezer.width) < 1 || std::max(squeezer.height, squeezer.width) > largestWindow)
            throw Error(ErrorCode::Domain, "The window of a median must lie between 1 and 31 pixels, e.g. median-2-2.");
        return;
    case Squeezer::Kind::NonLocalMeans:
        if (squeezer.search < 3 || squeezer.search > 2 * largestWindow || squeezer.patch < 1 || squeezer.patch > largestWindow || squeezer.search % 2 == 0
            || squeezer.patch % 2 == 0 || squeezer.strength < 1 || squeezer.strength > 255)
            throw Error(ErrorCode::Domain, "Non-local means takes odd windows and a strength between 1 and 255, e.g. nlm-13-3-2.");
        return;
    }
}

void reduceBits(Image& image, int bits)
{
    const auto levels = float((1 << bits) - 1);
    for (float& value : image.pixels)
        value = std::nearbyint(value * levels) / levels;
}

/// Index of a pixel outside, the image mirrored with its edge repeated.
int mirrored(int at, int size)
{
    while (at < 0 || at >= size)
        at = at < 0 ? -at - 1 : 2 * size - 1 - at;
    return at;
}

void medianFilter(Image& image, int height, int width)
{
    const std::vector<float> before = image.pixels;
    const auto rows = std::size_t(image.height), columns = std::size_t(image.width);
    std::vector<int> rowAt(rows + std::size_t(height)), columnAt(columns + std::size_t(width));
    for (std::size_t i = 0; i < rowAt.size(); ++i)
        rowAt[i] = mirrored(int(i) - height / 2, image.height);
    for (std::size_t i = 0; i < columnAt.size(); ++i)
        columnAt[i] = mirrored(int(i) - width / 2, image.width);
    std::vector<float> window(std::size_t(height) * std::size_t(width));
    const auto middle = window.begin() + std::ptrdiff_t(window.size() / 2);
    for (std::size_t c = 0; c < std::size_t(image.channels); ++c) {
        const float* plane = before.data() + c * rows * columns;
        for (std::size_t y = 0; y < rows; ++y)
            for (std::size_t x = 0; x < columns; ++x) {
                auto next = window.begin();
                for (std::size_t i = 0; i < std::size_t(height); ++i)
                    for (std::size_t j = 0; j < std::size_t(width); ++j)
                        *next++ = plane[std::size_t(rowAt[y + i]) * columns + std::size_t(columnAt[x + j])];
                std::nth_element(window.begin(), middle, window.end());
                image.pixels[(c * rows + y) * columns + x] = *middle;
            }
    }
}

void denoise(Image& image, const Squeezer& squeezer)
{
    const std::size_t plane = std::size_t(image.height) * std::size_t(image.width);
    const auto channels = std::size_t(image.channels);
    cv::Mat bytes(image.height, image.width, image.channels == 1 ? CV_8UC1 : CV_8UC3);
    for (std::size_t i = 0; i < plane; ++i)
        for (std::size_t c = 0; c < channels; ++c)
            bytes.data[i * channels + c] = std::uint8_t(std::clamp(std::nearbyint(image.pixels[c * plane + i] * 255), 0.0F, 255.0F));
    cv::Mat result;
    const auto h = float(squeezer.strength);
    if (channels == 1)
        cv::fastNlMeansDenoising(bytes, result, h, squeezer.patch, squeezer.search);
    else
        cv::fastNlMeansDenoisingColored(bytes, result, h, h, squeezer.patch, squeezer.search);
    for (std::size_t i = 0; i < plane; ++i)
        for (std::size_t c = 0; c < channels; ++c)
            image.pixels[c * plane + i] = float(result.data[i * channels + c]) / 255.0F;
}

/// The numbers behind a prefix, "-5" or "-13-3-2"; absent when it is another text.
std::optional<std::vector<int>> settingsBehind(std::string_view name, std::string_view prefix, std::size_t count)
{
    if (!name.starts_with(prefix))
        return std::nullopt;
    std::vector<int> numbers;
    for (const std::string& part : split(name.substr(prefix.size()), '-')) {
        const auto number = parseInteger(part);
        if (!number || *number < 0 || *number > 1000)
            return std::nullopt;
        numbers.push_back(int(*number));
    }
    return numbers.size() == count ? std::optional(numbers) : std::nullopt;
}

std::optional<Squeezer> parsed(std::string_view name)
{
    Squeezer squeezer;
    for (const std::string_view prefix : {"bit-depth-", "bits-"})
        if (const auto found = settingsBehind(name, prefix, 1)) {
            squeezer.bits = found->front();
            return squeezer;
        }
    squeezer.kind = Squeezer::Kind::Median;
    for (const std::string_view prefix : {"median-filter-", "median-"})
        if (const auto found = settingsBehind(name, prefix, 2)) {
            squeezer.height = found->front();
            squeezer.width = found->back();
            return squeezer;
        }
    squeezer.kind = Squeezer::Kind::NonLocalMeans;
    for (const std::string_view prefix : {"non-local-means-color-", "non-local-means-bw-", "non-local-means-", "nlm-"})
        if (const auto found = settingsBehind(name, prefix, 3)) {
            squeezer.search = (*found)[0];
            squeezer.patch = (*found)[1];
            squeezer.strength = (*found)[2];
            return squeezer;
        }
    return std::nullopt;
}

} // namespace

Image squeezed(const Image& image, const Squeezer& squeezer)
{
    check(squeezer);
    if (image.channels != 1 && image.channels != 3)
        throw Error(ErrorCode::Shape, "Squeezers take grey or RGB images.");
    Image result = image;
    switch (squeezer.kind) {
    case Squeezer::Kind::BitDepth: reduceBits(result, squeezer.bits); break;
    case Squeezer::Kind::Median: medianFilter(result, squeezer.height, squeezer.width); break;
    case Squeezer::Kind::NonLocalMeans: denoise(result, squeezer); break;
    }
    return result;
}

std::string squeezerName(const Squeezer& squeezer)
{
    switch (squeezer.kind) {
    case Squeezer::Kind::BitDepth: return "bit-depth-" + std::to_string(squeezer.bits);
    case Squeezer::Kind::Median: return "median-" + std::to_string(squeezer.height) + "-" + std::to_string(squeezer.width);
    case Squeezer::Kind::NonLocalMeans: break;
    }
    return "nlm-" + std::to_string(squeezer.search) + "-" + std::to_string(squeezer.patch) + "-" + std::to_string(squeezer.strength);
}

std::string squeezerLabel(const Squeezer& squeezer)
{
    switch (squeezer.kind) {
    case Squeezer::Kind::BitDepth: return std::to_string(squeezer.bits) + " bit";
    case Squeezer::Kind::Median: return "median " + std::to_string(squeezer.height) + " × " + std::to_string(squeezer.width);
    case Squeezer::Kind::NonLocalMeans: break;
    }
    return "NLM " + std::to_string(squeezer.search) + "-" + std::to_string(squeezer.patch) + "-" + std::to_string(squeezer.strength);
}

Squeezer squeezerFromName(std::string_view name)
{
    std::string spelt = lowerCase(trimmed(name));
    std::ranges::replace(spelt, '_', '-');
    const auto squeezer = parsed(spelt);
    if (!squeezer)
        throw Error(ErrorCode::Usage,
            "Unknown squeezer \"" + std::string(trimmed(name)) + "\"; write bit-depth-5, median-2-2 or nlm-13-3-2 (search window, patch, strength), or mnist, cifar10, imagenet.");
    check(*squeezer);
    return *squeezer;
}

const std::vector<SqueezeConfiguration>& squeezeConfigurations()
{
    static const std::vector<SqueezeConfiguration> configurations{
        {"mnist", "MNIST", {squeezerFromName("bit-depth-1"), squeezerFromName("median-2-2")}},
        {"cifar10", "CIFAR-10", {squeezerFromName("bit-depth-5"), squeezerFromName("median-2-2"), squeezerFromName("nlm-13-3-2")}},
        {"imagenet", "ImageNet", {squeezerFromName("bit-depth-5"), squeezerFromName("median-2-2"), squeezerFromName("nlm-11-3-4")}},
    };
    return configurations;
}

std::vector<Squeezer> squeezersFromText(std::string_view text)
{
    const auto& known = squeezeConfigurations();
    const auto found = std::ranges::find(known, lowerCase(trimmed(text)), &SqueezeConfiguration::name);
    if (found != known.end())
        return found->squeezers;
    std::vector<Squeezer> squeezers;
    for (const std::string& word : split(text, ','))
        if (const Squeezer squeezer = squeezerFromName(word); std::ranges::find(squeezers, squeezer) == squeezers.end())
            squeezers.push_back(squeezer);
    return squeezers;
}

const SqueezeConfiguration& configurationFor(int channels, int height)
{
    constexpr int largestOfCifar = 64;
    return squeezeConfigurations()[channels == 1 ? 0 : height <= largestOfCifar ? 1 : 2];
}

} // namespace brink
