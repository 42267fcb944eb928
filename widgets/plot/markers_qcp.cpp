// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/markers_qcp.h"

namespace brink {

namespace {

constexpr double markerPenPt = 0.9;

QCPScatterStyle::ScatterShape shapeOf(Marker marker)
{
    switch (marker) {
    case Marker::Circle: return QCPScatterStyle::ssDisc;
    case Marker::Square: return QCPScatterStyle::ssSquare;
    case Marker::TriangleUp: return QCPScatterStyle::ssTriangle;
    case Marker::Diamond: return QCPScatterStyle::ssDiamond;
    case Marker::TriangleDown: return QCPScatterStyle::ssTriangleInverted;
    case Marker::Cross: return QCPScatterStyle::ssCross;
    case Marker::Plus: return QCPScatterStyle::ssPlus;
    case Marker::Star: return QCPScatterStyle::ssStar;
    }
    return QCPScatterStyle::ssCircle;
}

} // namespace

QCPScatterStyle markerStyle(Marker marker, bool isOpen, ColourRole role, double sizePt, const RenderStyle& style)
{
    const QColor colour = style.theme.colour(role);
    auto shape = shapeOf(marker);
    if (shape == QCPScatterStyle::ssDisc && isOpen)
        shape = QCPScatterStyle::ssCircle;
    return {shape, style.pen(colour, markerPenPt), QBrush(isOpen ? style.theme.background : colour), style.units(sizePt)};
}

} // namespace brink
