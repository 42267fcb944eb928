// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plot/axisrect_qcp.h"

#include <QImage>

#include <array>
#include <memory>
#include <vector>

namespace brink {

/// A region layer made ready to be drawn at any zoom: its colours as a picture of one pixel a cell, its lines in cells.
class RegionDrawing {
public:
    /// @pre the columns of the layer have rows * columns values.
    RegionDrawing(RegionLayer layer, const RenderStyle& style);

    void paint(QCPPainter& painter, const FigureAxisRect& rect) const;

private:
    using CellLines = std::vector<std::vector<std::array<double, 2>>>;
    void paintLines(QCPPainter& painter, const QRectF& box, const CellLines& lines) const;
    void paintHatches(QCPPainter& painter, const QRectF& box) const;

    RegionLayer m_layer;
    RenderStyle m_style;
    QImage m_colours;
    CellLines m_edges, m_isoLines;
};

/// Whether the layer's columns fit its size; others are not drawn.
[[nodiscard]] bool isDrawable(const RegionLayer& layer);
/// A light ground for words that lie over regions.
void paintChip(QCPPainter& painter, const QRectF& area, const RenderStyle& style);
/// A patch of a class as its region is filled, for keys.
void paintPatch(QCPPainter& painter, const QRectF& box, ColourRole role, int hatch, const RenderStyle& style);

} // namespace brink
