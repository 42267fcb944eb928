// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plot/axisrect_qcp.h"

namespace brink {

/// Draws the cells of a heatmap with their numbers, missing ones hatched.
void paintHeatmap(QCPPainter& painter, const FigureAxisRect& rect, const HeatmapLayer& layer, const RenderStyle& style);

/// Draws the numbers at the ends of bars, as large as those of a heatmap with cells as wide as the bars.
void paintBarTexts(QCPPainter& painter, const FigureAxisRect& rect, const BarLayer& layer, const RenderStyle& style);

/// Draws a key in the middle of the panel, in as many columns as fit; smaller where even that is too much.
void paintKey(QCPPainter& painter, const FigureAxisRect& rect, const KeyLayer& layer, const RenderStyle& style);

} // namespace brink
