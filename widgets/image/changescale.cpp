// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image/changescale.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr double decades = 2;
constexpr double shownShare = 0.99;

QString text(const char* sentence) { return QCoreApplication::translate("ChangeColours", sentence); }

QString number(double value) { return QLocale().toString(value, 'g', 2); }

/// Of the pixels that changed at all: an L0 perturbation leaves almost all of them alone.
double percentileMagnitude(const std::vector<float>& changes)
{
    std::vector<float> sizes;
    for (const float change : changes)
        if (change != 0)
            sizes.push_back(std::abs(change));
    if (sizes.empty())
        return 0;
    const auto place = sizes.begin() + std::ptrdiff_t(shownShare * double(sizes.size() - 1));
    std::ranges::nth_element(sizes, place);
    return double(*place);
}

} // namespace

std::vector<float> meanChanges(const PixelImage& delta)
{
    const std::size_t plane = std::size_t(delta.height) * std::size_t(delta.width);
    std::vector<float> changes(plane, 0.0F);
    for (std::size_t i = 0; i < delta.pixels.size(); ++i)
        changes[i % plane] += delta.pixels[i] / float(delta.channels);
    return changes;
}

ChangeColours::ChangeColours(ChangeScale scale, const PixelImage& delta) : m_scale(scale)
{
    const double largest = double(largestMagnitude(delta));
    m_limit = scale == ChangeScale::Percentile ? percentileMagnitude(meanChanges(delta)) : largest;
    if (scale == ChangeScale::Linear)
        m_factor = amplificationFor(float(largest));
    else if (m_limit > 0)
        m_factor = 1 / m_limit;
}

double ChangeColours::strength(double change) const
{
    if (m_scale != ChangeScale::Logarithmic)
        return std::clamp(change * m_factor, -1.0, 1.0);
    if (change == 0 || m_limit <= 0)
        return 0;
    const double size = 1 + std::log10(std::abs(change) / m_limit) / decades;
    return std::copysign(std::clamp(size, 0.0, 1.0), change);
}

QString ChangeColours::text() const
{
    switch (m_scale) {
    case ChangeScale::Linear:
        return QStringLiteral("×%1").arg(QLocale().toString(m_factor, 'g', 3));
    case ChangeScale::Logarithmic:
        return brink::text("log ±%1").arg(number(m_limit));
    case ChangeScale::Percentile:
        break;
    }
    return brink::text("99 % in ±%1").arg(number(m_limit));
}

QString ChangeColours::explanation() const
{
    const QString colours = brink::text("Blue is darker, white unchanged, red brighter; colour images show the mean over channels.");
    switch (m_scale) {
    case ChangeScale::Linear:
        return brink::text("Adversarial minus original, times %1.").arg(QLocale().toString(m_factor, 'g', 3)) + QLatin1Char(' ') + colours;
    case ChangeScale::Logarithmic:
        return brink::text("Adversarial minus original; strength of colour is the logarithm of the change, from a hundredth of %1 up to %1.")
                   .arg(number(m_limit)) + QLatin1Char(' ') + colours;
    case ChangeScale::Percentile:
        break;
    }
    return brink::text("Adversarial minus original; full colour from %1 on, which 99 % of the changed pixels do not exceed.").arg(number(m_limit))
        + QLatin1Char(' ') + colours;
}

QImage changeImage(const PixelImage& delta, const ChangeColours& colours)
{
    const std::vector<float> changes = meanChanges(delta);
    QImage out(delta.width, delta.height, QImage::Format_RGB32);
    for (int y = 0; y < delta.height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(out.scanLine(y));
        for (int x = 0; x < delta.width; ++x)
            line[x] = signedColour(colours.strength(double(changes[std::size_t(y) * std::size_t(delta.width) + std::size_t(x)])));
    }
    return out;
}

} // namespace brink
