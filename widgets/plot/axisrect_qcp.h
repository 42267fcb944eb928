// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "widgets/plot/qcp.h"
#include "widgets/plot/renderstyle.h"

#include <functional>

namespace brink {

/// The axes of one panel: title and axis labels with subscripts, a tick count that fits the size, and for pictures a
/// frame shrunk until one unit of x is as long as one of y.
class FigureAxisRect : public QCPAxisRect {
public:
    FigureAxisRect(QCustomPlot* plot, const RenderStyle& style);

    void setPanel(const Panel& panel, const RenderStyle& style);
    [[nodiscard]] QCPAxis* xAxis() const { return axis(QCPAxis::atBottom); }
    [[nodiscard]] QCPAxis* yAxis() const { return axis(QCPAxis::atLeft); }
    [[nodiscard]] QPointF pixelOf(double x, double y) const { return {xAxis()->coordToPixel(x), yAxis()->coordToPixel(y)}; }

    void update(UpdatePhase phase) override;

protected:
    int calculateAutoMargin(QCP::MarginSide side) override;
    void draw(QCPPainter* painter) override;

private:
    void setAxis(QCPAxis* axis, const Axis& description);
    void setTickCounts();
    void fitNamedTicks(QCPAxis& axis, double length);
    void wrapTexts();
    void fitAspect();

    RenderStyle m_style;
    QString m_title, m_xLabel, m_yLabel;
    QString m_shownTitle, m_shownXLabel, m_shownYLabel; ///< with line breaks to fit
    bool m_keepsAspect = false;
    bool m_hasNamedTicks[2] = {false, false};
    QMargins m_spare; ///< what fitAspect() added to the margins
};

/// A plot that can be laid out before it is drawn: tick counts and line breaks follow the size, margins follow them.
class FigurePlot : public QCustomPlot {
public:
    using QCustomPlot::QCustomPlot;
    void layOut()
    {
        updateLayout();
        updateLayout();
    }

protected:
    void resizeEvent(QResizeEvent* event) override
    {
        // There is nothing to paint on without a size.
        if (rect().isEmpty())
            return;
        setViewport(rect());
        layOut();
        QCustomPlot::resizeEvent(event);
    }
};

/// A layer drawn by a function, clipped to its panel or not; everything QCustomPlot has no plottable for.
class PaintedLayer : public QCPLayerable {
public:
    using Paint = std::function<void(QCPPainter&)>;
    PaintedLayer(FigureAxisRect* rect, const QString& layer, bool isClipped, Paint paint);

protected:
    QRect clipRect() const override;
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(true); }
    void draw(QCPPainter* painter) override;

private:
    FigureAxisRect* m_rect;
    bool m_isClipped;
    Paint m_paint;
};

} // namespace brink
