// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plot/theme.h"

#include <QFont>
#include <QLocale>
#include <QPen>

#include <algorithm>
#include <cmath>

namespace brink {

/// How a figure is drawn, screen or file: colours, and how many device units a typographic point has. Every
/// length in the renderer is given in points and goes through units(), so a print is the screen at another scale.
struct RenderStyle {
    Theme theme;
    double unitsPerPt = 96.0 / 72.0;
    double fontPt = 8;
    QString fontFamily;      ///< empty: the application's
    bool showsTitles = true; ///< print figures carry titles in the caption; image panels always have one
    QLocale locale = QLocale::c();

    [[nodiscard]] double units(double pt) const { return pt * unitsPerPt; }
    [[nodiscard]] int pixels(double pt) const { return int(std::lround(units(pt))); }
    [[nodiscard]] QFont font(double scale = 1) const
    {
        QFont font;
        if (!fontFamily.isEmpty())
            font.setFamily(fontFamily);
        font.setPixelSize(std::max(1, int(std::lround(units(fontPt * scale)))));
        font.setHintingPreference(QFont::PreferNoHinting);
        return font;
    }
    [[nodiscard]] QPen pen(const QColor& colour, double widthPt, Dash dash = Dash::Solid) const
    {
        QPen pen(colour, units(widthPt));
        pen.setCapStyle(Qt::FlatCap);
        pen.setJoinStyle(Qt::RoundJoin);
        // In multiples of the pen's width; longer than Qt's own so that thin lines show them in print.
        if (dash == Dash::Dashed)
            pen.setDashPattern({5, 3});
        else if (dash == Dash::Dotted)
            pen.setDashPattern({1.2, 2.2});
        else if (dash == Dash::DashDot)
            pen.setDashPattern({5, 2, 1.2, 2});
        return pen;
    }
};

} // namespace brink
