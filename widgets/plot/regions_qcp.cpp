// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/regions_qcp.h"

#include "core/figure/contours.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr double paleShare = 0.35;    ///< of the class colour where the margin is 0
constexpr double deepShare = 0.65;    ///< and where it is largest
constexpr double outsideShare = 0.4;  ///< of that beyond the bounds
constexpr int shades = 64;
constexpr double edgePenPx = 1.5;
constexpr double isoPenPx = 0.75;
constexpr double ptPerPx = 0.75;      ///< the widths are meant for a screen of 96 dots an inch
constexpr double hatchStepPt = 6;
constexpr double hatchPenPt = 0.45;
constexpr double chipPaddingPt = 1.5; ///< around names, so that lines do not run through them
constexpr double chipOpacity = 0.8;
constexpr int printedSide = 1024;     ///< many viewers smooth what they enlarge themselves

double shareOf(const RegionLayer& layer, std::size_t cell)
{
    if (!layer.margins || layer.deepest <= 0)
        return paleShare;
    return paleShare + (deepShare - paleShare) * std::clamp((*layer.margins)[cell] / layer.deepest, 0.0, 1.0);
}

/// Unlisted labels are muted.
ColourRole roleOf(const RegionLayer& layer, int label)
{
    const RegionLayer::Class* named = regionClass(layer, label);
    return named ? named->role : ColourRole::Muted;
}

QImage coloursOf(const RegionLayer& layer, const RenderStyle& style)
{
    std::array<std::vector<QRgb>, 14> table; // by colour role and shade
    for (std::size_t role = 0; role < table.size(); ++role)
        for (int shade = 0; shade <= shades; ++shade)
            table[role].push_back(style.theme.tint(ColourRole(role), double(shade) / shades).rgb());
    const std::vector<std::uint8_t> isInside = cellsInBounds(layer);
    std::vector<std::pair<int, std::size_t>> roles;
    QImage image(layer.columns, layer.rows, QImage::Format_RGB32);
    for (int row = 0; row < layer.rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(row));
        for (int column = 0; column < layer.columns; ++column) {
            const auto cell = std::size_t(row) * std::size_t(layer.columns) + std::size_t(column);
            const int label = (*layer.labels)[cell];
            auto role = std::ranges::find(roles, label, &std::pair<int, std::size_t>::first);
            if (role == roles.end())
                role = roles.insert(role, {label, std::size_t(roleOf(layer, label))});
            const double share = shareOf(layer, cell) * (isInside[cell] ? 1 : outsideShare);
            line[column] = table[role->second][std::size_t(std::lround(share * shades))];
        }
    }
    if (style.theme.kind != ThemeKind::Print)
        return image;
    const int factor = std::max(1, printedSide / std::max(layer.rows, layer.columns));
    return image.scaled(layer.columns * factor, layer.rows * factor, Qt::IgnoreAspectRatio, Qt::FastTransformation);
}

/// Lines across the box in one of three directions: rising, falling, level.
std::vector<QLineF> hatchLines(const QRectF& box, int hatch, double step)
{
    std::vector<QLineF> lines;
    const double reach = hatch == 3 ? box.height() : box.width() + box.height();
    for (double at = step / 2; at < reach; at += step) {
        if (hatch == 3)
            lines.emplace_back(box.left(), box.top() + at, box.right(), box.top() + at);
        else if (hatch == 1)
            lines.emplace_back(box.left() + at - box.height(), box.bottom(), box.left() + at, box.top());
        else
            lines.emplace_back(box.left() + at - box.height(), box.top(), box.left() + at, box.bottom());
    }
    return lines;
}

} // namespace

bool isDrawable(const RegionLayer& layer)
{
    const auto cells = std::size_t(std::max(0, layer.rows)) * std::size_t(std::max(0, layer.columns));
    return cells > 0 && layer.labels && layer.labels->size() == cells && (!layer.margins || layer.margins->size() == cells);
}

RegionDrawing::RegionDrawing(RegionLayer layer, const RenderStyle& style) : m_layer(std::move(layer)), m_style(style), m_colours(coloursOf(m_layer, style))
{
    if (m_layer.hasEdges)
        m_edges = labelEdges(*m_layer.labels, m_layer.rows, m_layer.columns);
    if (!m_layer.margins)
        return;
    for (const double level : m_layer.levels)
        std::ranges::move(isoLines(*m_layer.margins, *m_layer.labels, m_layer.rows, m_layer.columns, level), std::back_inserter(m_isoLines));
}

void RegionDrawing::paint(QCPPainter& painter, const FigureAxisRect& rect) const
{
    const QRectF box = QRectF(rect.pixelOf(m_layer.frame[0], m_layer.frame[3]), rect.pixelOf(m_layer.frame[1], m_layer.frame[2])).normalized();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.setRenderHint(QPainter::LosslessImageRendering, true);
    painter.drawImage(box, m_colours);
    paintHatches(painter, box);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(m_style.pen(m_style.theme.muted, isoPenPx * ptPerPx));
    paintLines(painter, box, m_isoLines);
    QPen edges = m_style.pen(m_style.theme.text, edgePenPx * ptPerPx);
    edges.setCapStyle(Qt::SquareCap);
    edges.setJoinStyle(Qt::MiterJoin);
    painter.setPen(edges);
    paintLines(painter, box, m_edges);
}

void RegionDrawing::paintLines(QCPPainter& painter, const QRectF& box, const CellLines& lines) const
{
    const double perColumn = box.width() / m_layer.columns;
    const double perRow = box.height() / m_layer.rows;
    QPolygonF points;
    for (const auto& line : lines) {
        points.clear();
        for (const auto& [x, y] : line)
            points << QPointF(box.left() + x * perColumn, box.top() + y * perRow);
        painter.drawPolyline(points);
    }
}

/// Straight lines, drawn where the cell below has the hatch: no device needs to know clipping by regions.
void RegionDrawing::paintHatches(QCPPainter& painter, const QRectF& box) const
{
    const double perColumn = box.width() / m_layer.columns;
    const double perRow = box.height() / m_layer.rows;
    for (int hatch = 1; hatch <= 3; ++hatch) {
        const bool isUsed = std::ranges::any_of(m_layer.classes, [hatch](const RegionLayer::Class& each) { return each.hatch == hatch; });
        if (!isUsed)
            continue;
        std::vector<std::uint8_t> has(m_layer.labels->size());
        for (std::size_t i = 0; i < has.size(); ++i) {
            const RegionLayer::Class* named = regionClass(m_layer, (*m_layer.labels)[i]);
            has[i] = named && named->hatch == hatch;
        }
        const auto isAt = [&](QPointF point) {
            const int column = int(std::floor((point.x() - box.left()) / perColumn));
            const int row = int(std::floor((point.y() - box.top()) / perRow));
            return column >= 0 && column < m_layer.columns && row >= 0 && row < m_layer.rows
                && has[std::size_t(row) * std::size_t(m_layer.columns) + std::size_t(column)];
        };
        painter.setPen(m_style.pen(m_style.theme.muted, hatchPenPt));
        for (const QLineF& line : hatchLines(box, hatch, m_style.units(hatchStepPt))) {
            const int steps = std::max(1, int(line.length() / std::min(perColumn, perRow)));
            std::optional<QPointF> from;
            for (int i = 0; i <= steps; ++i) {
                const QPointF at = line.pointAt((i + 0.5) / steps);
                const bool isInside = i < steps && isAt(at);
                if (isInside && !from)
                    from = line.pointAt(double(i) / steps);
                if (!isInside && from) {
                    painter.drawLine(QLineF(*from, line.pointAt(double(i) / steps)));
                    from.reset();
                }
            }
        }
    }
}

void paintChip(QCPPainter& painter, const QRectF& area, const RenderStyle& style)
{
    QColor colour = style.theme.background;
    colour.setAlphaF(chipOpacity);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    const double padding = style.units(chipPaddingPt);
    painter.drawRect(area.adjusted(-padding, 0, padding, 0));
    painter.setBrush(Qt::NoBrush);
}

void paintPatch(QCPPainter& painter, const QRectF& box, ColourRole role, int hatch, const RenderStyle& style)
{
    painter.fillRect(box, style.theme.tint(role, (paleShare + deepShare) / 2));
    painter.setBrush(Qt::NoBrush);
    if (hatch > 0) {
        painter.setPen(style.pen(style.theme.muted, hatchPenPt));
        for (const QLineF& line : hatchLines(box, hatch, style.units(hatchStepPt) / 2)) {
            // Cut at the patch by hand, as the hatches of regions are.
            double low = 0, high = 1;
            for (const auto& [from, step, least, most] : {std::tuple{line.x1(), line.dx(), box.left(), box.right()},
                     std::tuple{line.y1(), line.dy(), box.top(), box.bottom()}}) {
                if (step == 0)
                    continue;
                low = std::max(low, std::min((least - from) / step, (most - from) / step));
                high = std::min(high, std::max((least - from) / step, (most - from) / step));
            }
            if (low < high)
                painter.drawLine(QLineF(line.pointAt(low), line.pointAt(high)));
        }
    }
    painter.setPen(style.pen(style.theme.muted, 0.5));
    painter.drawRect(box);
}

} // namespace brink
