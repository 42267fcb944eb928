// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/figurerenderer.h"

#include "widgets/plot/autorange.h"
#include "widgets/plot/layerrenderers_qcp.h"
#include "widgets/plot/legend_qcp.h"
#include "widgets/plot/panellabels_qcp.h"

#include <QScopedValueRollback>

#include <algorithm>
#include <map>

namespace brink {

namespace {

constexpr double outerMarginPt = 3;
constexpr double columnGapPt = 9;
constexpr double rowGapPt = 7;

/// Margin groups line up the frames: left and right edges over all rows, top and bottom within a row.
void shareMargins(QCPMarginGroup* group, QCP::MarginSide side, FigureAxisRect* rect) { rect->setMarginGroup(side, group); }

} // namespace

FigureRenderer::FigureRenderer(QCustomPlot& plot) : m_plot(plot)
{
    m_style.theme = theme(ThemeKind::Light);
    m_plot.setAntialiasedElements(QCP::aeAll);
    m_plot.setAutoAddPlottableToLegend(false);
    m_plot.setNoAntialiasingOnDrag(false);
    m_plot.plotLayout()->clear();
    applyPlotStyle();
}

FigureRenderer::~FigureRenderer() { clear(); }

void FigureRenderer::setStyle(const RenderStyle& style)
{
    m_style = style;
    applyPlotStyle();
    for (const auto& panel : m_panels)
        fill(*panel, Panel(*panel->panel));
}

void FigureRenderer::applyPlotStyle()
{
    m_plot.setBackground(QBrush(m_style.theme.background));
    m_plot.setLocale(m_style.locale);
    const int margin = m_style.pixels(outerMarginPt);
    m_plot.plotLayout()->setMinimumMargins(QMargins(margin, margin, margin, margin));
    m_plot.plotLayout()->setRowSpacing(m_style.pixels(rowGapPt));
}

void FigureRenderer::setFigure(std::shared_ptr<const Figure> figure)
{
    if (!figure) {
        clear();
        m_figure = nullptr;
        return;
    }
    if (!hasSamePanels(*figure))
        buildLayout(*figure);
    m_figure = std::move(figure);
    for (std::size_t i = 0; i < m_panels.size(); ++i)
        fill(*m_panels[i], m_figure->panels[i]);
}

bool FigureRenderer::hasSamePanels(const Figure& figure) const
{
    const auto isSame = [](const std::unique_ptr<PanelPlot>& shown, const Panel& panel) {
        return shown->id == panel.id && shown->panel->row == panel.row && shown->panel->column == panel.column
            && shown->panel->columnStretch == panel.columnStretch && shown->panel->rowStretch == panel.rowStretch;
    };
    return m_figure && m_figure->name == figure.name && std::ranges::equal(m_panels, figure.panels, isSame);
}

void FigureRenderer::clear()
{
    for (const auto& panel : m_panels)
        clearLayers(*panel);
    m_panels.clear();
    m_plot.plotLayout()->clear();
}

void FigureRenderer::buildLayout(const Figure& figure)
{
    clear();
    std::map<int, std::vector<std::size_t>> rows;
    for (std::size_t i = 0; i < figure.panels.size(); ++i)
        rows[figure.panels[i].row].push_back(i);
    m_panels.resize(figure.panels.size());
    auto* const left = new QCPMarginGroup(&m_plot);
    auto* const right = new QCPMarginGroup(&m_plot);
    int rowIndex = 0;
    for (auto& [row, indices] : rows) {
        std::ranges::stable_sort(indices, {}, [&](std::size_t i) { return figure.panels[i].column; });
        auto* const grid = new QCPLayoutGrid;
        grid->setColumnSpacing(m_style.pixels(columnGapPt));
        m_plot.plotLayout()->addElement(rowIndex, 0, grid);
        auto* const top = new QCPMarginGroup(&m_plot);
        auto* const bottom = new QCPMarginGroup(&m_plot);
        double rowStretch = 0;
        for (std::size_t k = 0; k < indices.size(); ++k) {
            const Panel& panel = figure.panels[indices[k]];
            auto* const rect = new FigureAxisRect(&m_plot, m_style);
            grid->addElement(0, int(k), rect);
            grid->setColumnStretchFactor(int(k), panel.columnStretch);
            rowStretch = std::max(rowStretch, panel.heightEm > 0 ? 0 : panel.rowStretch);
            // Keys and scales have nothing to line up with and take the whole width.
            if (k == 0 && (panel.heightEm == 0 || !panel.x.ticks.empty()))
                shareMargins(left, QCP::msLeft, rect);
            if (k + 1 == indices.size() && (panel.heightEm == 0 || !panel.x.ticks.empty()))
                shareMargins(right, QCP::msRight, rect);
            shareMargins(top, QCP::msTop, rect);
            shareMargins(bottom, QCP::msBottom, rect);
            auto plot = std::make_unique<PanelPlot>();
            plot->id = panel.id;
            plot->rect = rect;
            PanelPlot* const target = plot.get();
            for (QCPAxis* axis : {rect->xAxis(), rect->yAxis()}) {
                const auto changed = QOverload<const QCPRange&>::of(&QCPAxis::rangeChanged);
                QObject::connect(axis, changed, rect, [this, target] {
                    if (m_isApplying)
                        return;
                    target->hasUserRange = true;
                    if (m_onUserRange)
                        m_onUserRange();
                });
            }
            m_panels[indices[k]] = std::move(plot);
        }
        m_plot.plotLayout()->setRowStretchFactor(rowIndex++, std::max(rowStretch, 1e-3));
    }
}

void FigureRenderer::fill(PanelPlot& target, const Panel& panel)
{
    clearLayers(target);
    target.panel = std::make_shared<const Panel>(panel);
    const QScopedValueRollback applying(m_isApplying, true);
    target.rect->setPanel(panel, m_style);
    if (!target.hasUserRange)
        applyRanges(target);
    for (const Layer& layer : target.panel->layers)
        addLayer(target, layer, m_style);
    addLegend(target, m_style);
    addPanelLabels(target, m_style);
}

void FigureRenderer::applyRanges(PanelPlot& target)
{
    const QScopedValueRollback applying(m_isApplying, true);
    const auto [xLow, xHigh] = xRange(*target.panel);
    const auto [yLow, yHigh] = yRange(*target.panel);
    target.rect->xAxis()->setRange(xLow, xHigh);
    target.rect->yAxis()->setRange(yLow, yHigh);
}

void FigureRenderer::resetRanges()
{
    for (const auto& panel : m_panels) {
        panel->hasUserRange = false;
        applyRanges(*panel);
    }
}

bool FigureRenderer::hasUserRange() const
{
    return std::ranges::any_of(m_panels, [](const auto& panel) { return panel->hasUserRange; });
}

PanelPlot* FigureRenderer::panelAt(QPointF position) const
{
    const auto found = std::ranges::find_if(m_panels, [&](const auto& panel) { return QRectF(panel->rect->rect()).contains(position); });
    return found == m_panels.end() ? nullptr : found->get();
}

} // namespace brink
