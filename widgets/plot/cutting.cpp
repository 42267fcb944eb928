// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/cutting.h"

#include <algorithm>

namespace brink {

namespace {

/// Distance of the point to one edge of the rectangle, positive inside.
double inside(const QPointF& point, const QRectF& rect, int edge)
{
    switch (edge) {
    case 0: return point.x() - rect.left();
    case 1: return rect.right() - point.x();
    case 2: return point.y() - rect.top();
    default: return rect.bottom() - point.y();
    }
}

QPolygonF cutByEdge(const QPolygonF& polygon, const QRectF& rect, int edge)
{
    QPolygonF kept;
    for (qsizetype i = 0; i < polygon.size(); ++i) {
        const QPointF& from = polygon[i];
        const QPointF& to = polygon[(i + 1) % polygon.size()];
        const double before = inside(from, rect, edge);
        const double after = inside(to, rect, edge);
        if (before >= 0)
            kept.append(from);
        if ((before < 0) != (after < 0))
            kept.append(from + (to - from) * (before / (before - after)));
    }
    return kept;
}

} // namespace

std::optional<QLineF> cutLine(const QLineF& line, const QRectF& rect)
{
    double first = 0;
    double last = 1;
    for (int edge = 0; edge < 4; ++edge) {
        const double before = inside(line.p1(), rect, edge);
        const double after = inside(line.p2(), rect, edge);
        if (before < 0 && after < 0)
            return std::nullopt;
        if (before < 0)
            first = std::max(first, before / (before - after));
        else if (after < 0)
            last = std::min(last, before / (before - after));
    }
    return first <= last ? std::optional(QLineF(line.pointAt(first), line.pointAt(last))) : std::nullopt;
}

std::vector<QPolygonF> cutPolyline(const QPolygonF& line, const QRectF& rect)
{
    std::vector<QPolygonF> pieces;
    for (qsizetype i = 1; i < line.size(); ++i) {
        const std::optional<QLineF> part = cutLine(QLineF(line[i - 1], line[i]), rect);
        if (!part)
            continue;
        if (pieces.empty() || pieces.back().last() != part->p1())
            pieces.push_back(QPolygonF({part->p1()}));
        pieces.back().append(part->p2());
    }
    return pieces;
}

QPolygonF cutPolygon(const QPolygonF& polygon, const QRectF& rect)
{
    QPolygonF kept = polygon;
    for (int edge = 0; edge < 4 && !kept.isEmpty(); ++edge)
        kept = cutByEdge(kept, rect, edge);
    return kept;
}

} // namespace brink
