// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plot/axisrect_qcp.h"

#include <QPointer>

#include <memory>
#include <string>
#include <vector>

namespace brink {

/// One panel on a plot: its axes and everything drawn in them. `panel` is what is shown now.
struct PanelPlot {
    std::string id;
    FigureAxisRect* rect = nullptr;     ///< owned by the plot's layout
    std::shared_ptr<const Panel> panel;
    std::vector<QPointer<QCPAbstractPlottable>> plottables;
    std::vector<std::unique_ptr<PaintedLayer>> painted;
    QPointer<QCPLegend> legend;
    bool hasUserRange = false;          ///< the user zoomed or dragged: new data leave the range alone
};

/// Draws one layer of `target.panel` into the panel. Data are copied once, into the plot.
void addLayer(PanelPlot& target, const Layer& layer, const RenderStyle& style);
/// Removes everything addLayer() and the label and legend functions made.
void clearLayers(PanelPlot& target);

} // namespace brink
