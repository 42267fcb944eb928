// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>

#include <algorithm>
#include <cmath>

namespace brink::test {

/// How a figure looks without red or green cones. Source: Machado, Oliveira and Fernandes 2009, severity 1, linear RGB.
struct ColourBlindness {
    const char* name;
    double matrix[3][3];
};
inline constexpr ColourBlindness colourBlindness[] = {
    {"protanopia", {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {"deuteranopia", {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
};

inline QImage simulated(const QImage& picture, const ColourBlindness& blindness)
{
    const auto linear = [](int value) {
        const double c = value / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    const auto byte = [](double value) {
        const double c = std::clamp(value, 0.0, 1.0);
        return int(std::lround(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055)));
    };
    QImage out = picture.convertToFormat(QImage::Format_RGB32);
    for (int y = 0; y < out.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(out.scanLine(y));
        for (int x = 0; x < out.width(); ++x) {
            const double rgb[3] = {linear(qRed(line[x])), linear(qGreen(line[x])), linear(qBlue(line[x]))};
            double seen[3] = {};
            for (int row = 0; row < 3; ++row)
                for (int column = 0; column < 3; ++column)
                    seen[row] += blindness.matrix[row][column] * rgb[column];
            line[x] = qRgb(byte(seen[0]), byte(seen[1]), byte(seen[2]));
        }
    }
    return out;
}

} // namespace brink::test
