// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/heatmap_qcp.h"

#include "widgets/plot/markers_qcp.h"
#include "widgets/plot/regions_qcp.h"
#include "widgets/plot/richtext.h"
#include "widgets/plot/sequentialcolours.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr double hatchStepPt = 2.6;
constexpr double hatchPenPt = 0.5;
constexpr double framePenPt = 0.5;
/// Cells reach a little under their neighbours, so that no viewer shows seams between them.
constexpr double overlapPt = 0.2;
/// Numbers are set down to this share of the font's size, then left out.
constexpr double smallestNumber = 0.55;
constexpr double largestNumber = 0.9;
constexpr double numberWidth = 0.84; // shares of a cell that a number may fill
constexpr double numberHeight = 0.9;
constexpr double barShareOfCell = 0.72; // bars beside a heatmap are that much of a cell wide
constexpr double barTextGapPt = 1;
constexpr double keyIconPt = 19; // two dashes

/// Where the cells lie, in device units.
class Cells {
public:
    Cells(const FigureAxisRect& rect, const HeatmapLayer& layer)
        : m_layer(layer), m_whole(QRectF(rect.pixelOf(0, layer.rows), rect.pixelOf(layer.columns, 0)).normalized())
    {
    }

    [[nodiscard]] const QRectF& whole() const { return m_whole; }
    [[nodiscard]] QSizeF size() const { return {m_whole.width() / m_layer.columns, m_whole.height() / m_layer.rows}; }
    [[nodiscard]] QRectF at(int row, int column) const
    {
        return {QPointF(m_whole.left() + column * size().width(), m_whole.top() + row * size().height()), size()};
    }

private:
    const HeatmapLayer& m_layer;
    QRectF m_whole;
};

/// Parallel diagonals that run on from cell to cell.
void hatch(QCPPainter& painter, const QRectF& box, double step)
{
    for (double sum = std::ceil((box.left() + box.top()) / step) * step; sum < box.right() + box.bottom(); sum += step) {
        const QPointF from(std::max(box.left(), sum - box.bottom()), std::min(box.bottom(), sum - box.left()));
        const QPointF to(std::min(box.right(), sum - box.top()), std::max(box.top(), sum - box.right()));
        painter.drawLine(QLineF(from, to));
    }
}

/// One size for all numbers: the largest at which every one fits its cell; 0 where that is too small to read.
double numberScale(const std::vector<std::string>& texts, QSizeF cell, const RenderStyle& style)
{
    QSizeF largest;
    for (const std::string& text : texts)
        largest = largest.expandedTo(richTextSize(QString::fromStdString(text), style.font()));
    if (largest.isEmpty())
        return 0;
    const double scale = std::min({largestNumber, numberWidth * cell.width() / largest.width(), numberHeight * cell.height() / largest.height()});
    return scale < smallestNumber ? 0 : scale;
}

void paintNumbers(QCPPainter& painter, const Cells& cells, const HeatmapLayer& layer, const RenderStyle& style)
{
    const double scale = numberScale(layer.texts, cells.size(), style);
    if (scale == 0)
        return;
    const QFont font = style.font(scale);
    for (int row = 0; row < layer.rows; ++row) {
        for (int column = 0; column < layer.columns; ++column) {
            const auto index = std::size_t(row * layer.columns + column);
            const double value = (*layer.values)[index];
            if (index >= layer.texts.size() || layer.texts[index].empty() || !std::isfinite(value))
                continue;
            const QString text = QString::fromStdString(layer.texts[index]);
            const QSizeF size = richTextSize(text, font);
            const QPointF centre = cells.at(row, column).center();
            painter.setPen(textColourOn(sequentialColour((value - layer.range[0]) / (layer.range[1] - layer.range[0]))));
            drawRichText(painter, centre - QPointF(size.width() / 2, size.height() / 2), text, font, Qt::AlignHCenter);
        }
    }
}

/// How a key is set: the same cell for every entry.
struct KeyLayout {
    QFont font;
    QSizeF cell;
    double icon = 0, gap = 0;
    int columns = 1, rows = 0;
};

KeyLayout keyLayout(const KeyLayer& layer, QSizeF room, const RenderStyle& style)
{
    KeyLayout layout;
    for (double scale = 1; scale > 0.55; scale -= 0.05) {
        layout.font = style.font(scale);
        layout.icon = scale * style.units(keyIconPt);
        layout.gap = scale * style.units(4);
        QSizeF text;
        for (const KeyLayer::Entry& entry : layer.entries)
            text = text.expandedTo(richTextSize(QString::fromStdString(entry.name), layout.font));
        layout.cell = {layout.icon + layout.gap + text.width() + scale * style.units(10), text.height() + scale * style.units(1)};
        layout.columns = std::clamp(int(room.width() / layout.cell.width()), 1, int(layer.entries.size()));
        layout.rows = (int(layer.entries.size()) + layout.columns - 1) / layout.columns;
        // As few columns as these rows need: 7 entries in 4 + 3, not in 5 + 2.
        layout.columns = (int(layer.entries.size()) + layout.rows - 1) / layout.rows;
        if (layout.rows * layout.cell.height() <= room.height() && layout.columns * layout.cell.width() <= room.width())
            break;
    }
    return layout;
}

void paintSign(QCPPainter& painter, const KeyLayer::Entry& entry, const QRectF& box, const RenderStyle& style)
{
    if (entry.hatch) {
        const double side = 0.7 * box.height();
        paintPatch(painter, {box.right() - 1.3 * side, box.center().y() - side / 2, 1.3 * side, side}, entry.role, *entry.hatch, style);
        return;
    }
    if (entry.marker) {
        const QCPScatterStyle marker = markerStyle(*entry.marker, entry.isOpen, entry.role, 5, style);
        marker.applyTo(&painter, style.pen(style.theme.colour(entry.role), 0.9));
        marker.drawShape(&painter, box.center());
        return;
    }
    painter.setPen(style.pen(style.theme.colour(entry.role), entry.widthPt, entry.dash));
    painter.drawLine(QLineF(box.left(), box.center().y(), box.right(), box.center().y()));
}

} // namespace

void paintHeatmap(QCPPainter& painter, const FigureAxisRect& rect, const HeatmapLayer& layer, const RenderStyle& style)
{
    if (!layer.values || layer.values->size() != std::size_t(layer.rows) * std::size_t(layer.columns) || layer.values->empty())
        return;
    const Cells cells(rect, layer);
    const double overlap = style.units(overlapPt);
    for (int row = 0; row < layer.rows; ++row) {
        for (int column = 0; column < layer.columns; ++column) {
            const double value = (*layer.values)[std::size_t(row * layer.columns + column)];
            const QRectF cell = cells.at(row, column);
            if (std::isfinite(value))
                painter.fillRect(cell.adjusted(0, 0, overlap, overlap).intersected(cells.whole()),
                    sequentialColour((value - layer.range[0]) / (layer.range[1] - layer.range[0])));
        }
    }
    for (int row = 0; row < layer.rows; ++row) {
        for (int column = 0; column < layer.columns; ++column) {
            if (std::isfinite((*layer.values)[std::size_t(row * layer.columns + column)]))
                continue;
            painter.fillRect(cells.at(row, column), style.theme.background);
            painter.setPen(style.pen(style.theme.muted, hatchPenPt));
            hatch(painter, cells.at(row, column), style.units(hatchStepPt));
        }
    }
    paintNumbers(painter, cells, layer, style);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(style.pen(style.theme.kind == ThemeKind::Print ? style.theme.text : style.theme.muted, framePenPt));
    painter.drawRect(cells.whole());
}

void paintBarTexts(QCPPainter& painter, const FigureAxisRect& rect, const BarLayer& layer, const RenderStyle& style)
{
    const bool isVertical = layer.orientation == Orientation::Vertical;
    const auto pixelOf = [&](double along, double across) { return isVertical ? rect.pixelOf(along, across) : rect.pixelOf(across, along); };
    const QPointF extent = pixelOf(layer.width / barShareOfCell, layer.width / barShareOfCell) - pixelOf(0, 0);
    // The bars of several layers stand in one row: all are written in one size, or none.
    std::vector<std::string> texts = layer.texts;
    texts.emplace_back("00");
    const double scale = numberScale(texts, {std::abs(extent.x()), std::abs(extent.y())}, style);
    if (scale == 0)
        return;
    const QFont font = style.font(scale);
    painter.setPen(style.theme.text);
    for (std::size_t i = 0; i < std::min(layer.texts.size(), layer.position->size()); ++i) {
        const QString text = QString::fromStdString(layer.texts[i]);
        const QSizeF size = richTextSize(text, font);
        const QPointF end = pixelOf((*layer.position)[i] + layer.offset, layer.base + (*layer.height)[i]);
        const double gap = style.units(barTextGapPt);
        const QPointF corner = isVertical ? QPointF(end.x() - size.width() / 2, end.y() - size.height()) : QPointF(end.x() + gap, end.y() - size.height() / 2);
        drawRichText(painter, corner, text, font);
    }
}

void paintKey(QCPPainter& painter, const FigureAxisRect& rect, const KeyLayer& layer, const RenderStyle& style)
{
    if (layer.entries.empty())
        return;
    const QRectF room(rect.rect());
    const KeyLayout layout = keyLayout(layer, room.size(), style);
    const double left = room.left() + std::max(0.0, (room.width() - layout.columns * layout.cell.width()) / 2);
    const double top = room.top() + std::max(0.0, (room.height() - layout.rows * layout.cell.height()) / 2);
    for (std::size_t i = 0; i < layer.entries.size(); ++i) {
        // Down the columns, as lists are read.
        const int column = int(i) / layout.rows;
        const int row = int(i) % layout.rows;
        const QPointF corner(left + column * layout.cell.width(), top + row * layout.cell.height());
        paintSign(painter, layer.entries[i], {corner, QSizeF(layout.icon, layout.cell.height())}, style);
        painter.setPen(style.theme.text);
        drawRichText(painter, corner + QPointF(layout.icon + layout.gap, 0), QString::fromStdString(layer.entries[i].name), layout.font);
    }
}

} // namespace brink
