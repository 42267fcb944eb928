// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/legend_qcp.h"

#include "widgets/plot/emptiestcorner.h"

namespace brink {

namespace {

Qt::Alignment alignmentOf(LegendPlace place)
{
    switch (place) {
    case LegendPlace::TopLeft: return Qt::AlignTop | Qt::AlignLeft;
    case LegendPlace::BottomLeft: return Qt::AlignBottom | Qt::AlignLeft;
    case LegendPlace::BottomRight: return Qt::AlignBottom | Qt::AlignRight;
    default: return Qt::AlignTop | Qt::AlignRight;
    }
}

} // namespace

void addLegend(PanelPlot& target, const RenderStyle& style)
{
    const Panel& panel = *target.panel;
    if (panel.legend == LegendPlace::None)
        return;
    std::vector<QCPAbstractPlottable*> named;
    for (const auto& plottable : target.plottables)
        if (plottable && !plottable->name().isEmpty())
            named.push_back(plottable);
    if (named.empty())
        return;
    const LegendPlace place = panel.legend == LegendPlace::Inside ? emptiestCorner(panel) : panel.legend;
    auto* legend = new QCPLegend;
    target.rect->insetLayout()->addElement(legend, alignmentOf(place));
    legend->setLayer(QStringLiteral("legend"));
    legend->setFont(style.font());
    legend->setTextColor(style.theme.text);
    legend->setBrush(Qt::NoBrush);
    legend->setBorderPen(QPen(Qt::NoPen));
    legend->setIconSize(style.pixels(14), style.pixels(style.fontPt * 0.8));
    legend->setIconTextPadding(style.pixels(4));
    legend->setRowSpacing(style.pixels(2));
    const int padding = style.pixels(3);
    legend->setMargins(QMargins(padding, padding, padding, padding));
    target.rect->insetLayout()->setMinimumMargins({});
    for (QCPAbstractPlottable* plottable : named)
        plottable->addToLegend(legend);
    target.legend = legend;
}

} // namespace brink
