// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image/pixelimage.h"

#include "core/figure/signedcolours.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace brink {

namespace {

int toneByte(float value) { return int(std::lround(std::clamp(value, 0.0f, 1.0f) * 255.0f)); }

} // namespace

QImage toneImage(const PixelImage& image)
{
    QImage out(image.width, image.height, QImage::Format_RGB32);
    for (int y = 0; y < image.height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(out.scanLine(y));
        for (int x = 0; x < image.width; ++x) {
            const int red = toneByte(image.at(0, y, x));
            line[x] = image.channels == 3 ? qRgb(red, toneByte(image.at(1, y, x)), toneByte(image.at(2, y, x)))
                                          : qRgb(red, red, red);
        }
    }
    return out;
}

PixelImage difference(const PixelImage& a, const PixelImage& b)
{
    assert(a.pixels.size() == b.pixels.size());
    PixelImage out = a;
    std::ranges::transform(a.pixels, b.pixels, out.pixels.begin(), std::minus<>{});
    return out;
}

float largestMagnitude(const PixelImage& image)
{
    float largest = 0;
    for (const float value : image.pixels)
        largest = std::max(largest, std::abs(value));
    return largest;
}

double amplificationFor(float magnitude)
{
    if (!(magnitude > 0))
        return 1;
    // A hair of tolerance: 1/0.2f is just under 5.
    const double wanted = (1 + 1e-6) / double(magnitude);
    const double decade = std::pow(10.0, std::floor(std::log10(wanted)));
    const double lead = wanted / decade;
    return decade * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}

QRgb signedColour(double value)
{
    const auto [red, green, blue] = signedChangeColour(value);
    return qRgb(red, green, blue);
}

} // namespace brink
