// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/sequentialcolours.h"

#include "widgets/plot/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace brink {

namespace {

/// Ten equal steps; the curve is smooth enough for straight lines between them.
constexpr std::array<QRgb, 10> cividis{
    0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x707173, 0x8A8678, 0xA59C74, 0xC3B369, 0xE1CC55, 0xFEE838};

} // namespace

QColor sequentialColour(double share)
{
    const double position = std::clamp(share, 0.0, 1.0) * (cividis.size() - 1);
    const auto below = std::min(std::size_t(position), cividis.size() - 2);
    const double between = position - double(below);
    const auto channel = [&](int (*of)(QRgb)) { return int(std::lround(std::lerp(of(cividis[below]), of(cividis[below + 1]), between))); };
    return {channel(qRed), channel(qGreen), channel(qBlue)};
}

QColor textColourOn(const QColor& background)
{
    const QColor dark(0x101010);
    const QColor light(Qt::white);
    return contrast(dark, background) > contrast(light, background) ? dark : light;
}

} // namespace brink
