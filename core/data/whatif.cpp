// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/whatif.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/imageio.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr double largestBlur = 50;

void check(const WhatIf& whatIf)
{
    // Written so that NaN fails.
    if (!(whatIf.scale > 0 && whatIf.scale <= 1))
        throw Error(ErrorCode::Domain, "The scale must be above 0 and at most 1, not " + formatReal(whatIf.scale) + ".");
    if (!(whatIf.blur >= 0 && whatIf.blur <= largestBlur))
        throw Error(ErrorCode::Domain, "The blur must lie between 0 and 50 pixels, not " + formatReal(whatIf.blur) + ".");
    if (whatIf.bits && (*whatIf.bits < 1 || *whatIf.bits > 8))
        throw Error(ErrorCode::Domain, "The bit depth must lie between 1 and 8, not " + std::to_string(*whatIf.bits) + ".");
    if (whatIf.jpegQuality && (*whatIf.jpegQuality < 1 || *whatIf.jpegQuality > 100))
        throw Error(ErrorCode::Domain, "The JPEG quality must lie between 1 and 100, not " + std::to_string(*whatIf.jpegQuality) + ".");
}

/// Applies an OpenCV operation to each channel plane [H,W]; the result is clipped to [0,1].
template <typename Operation>
void transformPlanes(Image& image, Operation operation)
{
    const std::size_t plane = std::size_t(image.height) * std::size_t(image.width);
    for (int c = 0; c < image.channels; ++c) {
        float* pixels = image.pixels.data() + std::size_t(c) * plane;
        const cv::Mat before = cv::Mat(image.height, image.width, CV_32F, pixels).clone();
        cv::Mat after(image.height, image.width, CV_32F, pixels);
        operation(before, after);
        std::transform(pixels, pixels + plane, pixels, [](float value) { return std::clamp(value, 0.0F, 1.0F); });
    }
}

void rescale(Image& image, double factor)
{
    const cv::Size small(std::max(1, int(std::lround(image.width * factor))), std::max(1, int(std::lround(image.height * factor))));
    transformPlanes(image, [&](const cv::Mat& before, cv::Mat& after) {
        cv::Mat shrunk;
        cv::resize(before, shrunk, small, 0, 0, cv::INTER_AREA);
        cv::resize(shrunk, after, after.size(), 0, 0, cv::INTER_LINEAR);
    });
}

} // namespace

Image applyWhatIf(const Image& image, const WhatIf& whatIf)
{
    check(whatIf);
    Image changed = image;
    if (whatIf.scale < 1)
        rescale(changed, whatIf.scale);
    if (whatIf.blur > 0)
        transformPlanes(changed, [&](const cv::Mat& before, cv::Mat& after) {
            cv::GaussianBlur(before, after, cv::Size(), whatIf.blur, whatIf.blur, cv::BORDER_REFLECT_101);
        });
    if (whatIf.bits) {
        const auto levels = float((1 << *whatIf.bits) - 1);
        for (float& value : changed.pixels)
            value = std::round(value * levels) / levels;
    }
    if (whatIf.jpegQuality)
        changed = throughJpeg(changed, *whatIf.jpegQuality);
    return changed;
}

std::vector<std::string> whatIfRecord(const WhatIf& whatIf)
{
    std::vector<std::string> record;
    if (whatIf.scale < 1)
        record.push_back("what if: scaled by " + formatReal(whatIf.scale) + " and back");
    if (whatIf.blur > 0)
        record.push_back("what if: blurred, Gaussian of " + formatReal(whatIf.blur) + " pixels");
    if (whatIf.bits)
        record.push_back("what if: " + std::to_string(*whatIf.bits) + (*whatIf.bits == 1 ? " bit" : " bits") + " a channel");
    if (whatIf.jpegQuality)
        record.push_back("what if: JPEG quality " + std::to_string(*whatIf.jpegQuality));
    return record;
}

Image throughJpeg(const Image& image, int quality)
{
    WhatIf onlyJpeg;
    onlyJpeg.jpegQuality = quality;
    check(onlyJpeg);
    Image decoded = decodeImage(encodeJpeg(image, quality), image.source);
    decoded.source = image.source;
    decoded.notes = image.notes;
    return decoded;
}

} // namespace brink
