// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/theme.h"

#include <QPalette>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr double readableContrast = 4.5;

std::array<QColor, 8> okabeIto(QRgb last)
{
    return {QColor(0x0072B2), QColor(0xE69F00), QColor(0x009E73), QColor(0xD55E00), QColor(0xCC79A7), QColor(0x56B4E9), QColor(0xF0E442),
        QColor(last)};
}

QColor mixed(const QColor& a, const QColor& b, double shareOfB)
{
    const auto channel = [&](int x, int y) { return int(std::lround(x + (y - x) * shareOfB)); };
    return QColor(channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue()));
}

double luminance(const QColor& colour)
{
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

QColor Theme::colour(ColourRole role) const
{
    switch (role) {
    case ColourRole::Text: return text;
    case ColourRole::Muted: return muted;
    case ColourRole::Accent: return accent;
    case ColourRole::Good: return good;
    case ColourRole::Caution: return caution;
    case ColourRole::Alarm: return alarm;
    default: return series[std::size_t(role)];
    }
}

QColor Theme::textColour(ColourRole role) const
{
    const QColor wanted = colour(role);
    for (double share = 0; share < 1; share += 0.05) {
        const QColor candidate = mixed(wanted, text, share);
        if (contrast(candidate, background) >= readableContrast)
            return candidate;
    }
    return text;
}

QColor Theme::tint(ColourRole role, double share) const { return mixed(background, colour(role), share); }

Theme theme(ThemeKind kind)
{
    Theme light;
    light.kind = kind;
    light.background = QColor(0xFFFFFF);
    light.panel = QColor(0xF6F7F9);
    light.line = QColor(0xD9DDE3);
    light.text = QColor(0x1B1F24);
    light.muted = QColor(0x5B6470);
    light.accent = QColor(0x0B63CE);
    light.good = QColor(0x1A7F4B);
    light.caution = QColor(0xB26A00);
    light.alarm = QColor(0xC62828);
    light.series = okabeIto(0x000000);
    if (kind == ThemeKind::Print) {
        light.text = QColor(Qt::black);
        light.muted = QColor(0x4A525C);
    }
    if (kind != ThemeKind::Dark)
        return light;
    Theme dark = light;
    dark.background = QColor(0x16191D);
    dark.panel = QColor(0x1E2227);
    dark.line = QColor(0x343A42);
    dark.text = QColor(0xE6E9ED);
    dark.muted = QColor(0x9AA4B1);
    dark.accent = QColor(0x5AA2FF);
    dark.good = QColor(0x49C587);
    dark.caution = QColor(0xFFB454);
    dark.alarm = QColor(0xFF7B72);
    dark.series = okabeIto(0xFFFFFF);
    return dark;
}

ThemeKind themeKindOf(const QPalette& palette)
{
    // A style sheet may make the ground transparent, which is black by its lightness; its text tells.
    const QColor ground = palette.color(QPalette::Window);
    const bool isDark = ground.alpha() > 0 ? ground.lightness() < 128 : palette.color(QPalette::WindowText).lightness() >= 128;
    return isDark ? ThemeKind::Dark : ThemeKind::Light;
}

double contrast(const QColor& a, const QColor& b)
{
    const double first = luminance(a) + 0.05;
    const double second = luminance(b) + 0.05;
    return std::max(first, second) / std::min(first, second);
}

} // namespace brink
