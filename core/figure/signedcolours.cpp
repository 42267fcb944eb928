// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/figure/signedcolours.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

struct Lab {
    double lightness, a, b;
};

// Ends of the scale: the same lightness, and inside the sRGB gamut on the whole way from white.
constexpr Lab white{98, 0, 0};
constexpr Lab blue{40, 8, -44};
constexpr Lab red{40, 56, 32};

/// CIE 1976 to sRGB, D65.
std::array<std::uint8_t, 3> srgb(const Lab& lab)
{
    const double fy = (lab.lightness + 16) / 116;
    const auto inverse = [](double f) { return f > 6.0 / 29 ? f * f * f : 3 * 36.0 / 841 * (f - 4.0 / 29); };
    const double x = 0.95047 * inverse(fy + lab.a / 500);
    const double y = inverse(fy);
    const double z = 1.08883 * inverse(fy - lab.b / 200);
    const auto encode = [](double linear) {
        const double c = linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
        return std::uint8_t(std::lround(255 * std::clamp(c, 0.0, 1.0)));
    };
    return {encode(3.2404542 * x - 1.5371385 * y - 0.4985314 * z), encode(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
        encode(0.0556434 * x - 0.2040259 * y + 1.0572252 * z)};
}

} // namespace

std::array<std::uint8_t, 3> signedChangeColour(double value)
{
    const double strength = std::min(1.0, std::abs(value));
    const Lab& end = value < 0 ? blue : red;
    return srgb({std::lerp(white.lightness, end.lightness, strength), std::lerp(white.a, end.a, strength), std::lerp(white.b, end.b, strength)});
}

} // namespace brink
