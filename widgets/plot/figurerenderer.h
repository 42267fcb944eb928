// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "widgets/plot/renderstyle.h"

#include <QPointF>

#include <functional>
#include <memory>
#include <vector>

class QCustomPlot;

namespace brink {

struct PanelPlot;

/// Draws figure values on a QCustomPlot: the same code on screen and in every exported file. Panels are recognised by
/// their ids: while these stay, new data leave a range the user chose alone. Never replots by itself.
class FigureRenderer {
public:
    /// @param plot outlives the renderer.
    explicit FigureRenderer(QCustomPlot& plot);
    ~FigureRenderer();
    FigureRenderer(const FigureRenderer&) = delete;
    FigureRenderer& operator=(const FigureRenderer&) = delete;

    void setStyle(const RenderStyle& style);
    [[nodiscard]] const RenderStyle& style() const { return m_style; }
    /// Null clears the plot.
    void setFigure(std::shared_ptr<const Figure> figure);
    [[nodiscard]] const std::shared_ptr<const Figure>& figure() const { return m_figure; }

    /// Called when the user has changed a range.
    void onUserRange(std::function<void()> changed) { m_onUserRange = std::move(changed); }
    /// Back to the ranges of the data.
    void resetRanges();
    [[nodiscard]] bool hasUserRange() const;
    [[nodiscard]] const std::vector<std::unique_ptr<PanelPlot>>& panels() const { return m_panels; }
    /// The panel whose axes hold the point, or null.
    [[nodiscard]] PanelPlot* panelAt(QPointF position) const;

private:
    [[nodiscard]] bool hasSamePanels(const Figure& figure) const;
    void buildLayout(const Figure& figure);
    void clear();
    void fill(PanelPlot& target, const Panel& panel);
    void applyRanges(PanelPlot& target);
    void applyPlotStyle();

    QCustomPlot& m_plot;
    RenderStyle m_style;
    std::shared_ptr<const Figure> m_figure;
    std::vector<std::unique_ptr<PanelPlot>> m_panels;
    std::function<void()> m_onUserRange;
    bool m_isApplying = false; ///< ranges change by us, not by the user
};

} // namespace brink
