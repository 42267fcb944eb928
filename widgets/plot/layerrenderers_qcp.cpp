// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/layerrenderers_qcp.h"

#include "widgets/plot/heatmap_qcp.h"
#include "widgets/plot/markers_qcp.h"
#include "widgets/plot/regions_qcp.h"

#include <QImage>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr double bandShare = 0.20;
constexpr double spanShare = 0.16;
constexpr double barShare = 0.75;
constexpr double openBarShare = 0.18;
constexpr double markerPenPt = 0.9;
constexpr double intervalPenPt = 0.9;
constexpr double quietIntervalPenPt = 0.5;
constexpr double rulePenPt = 0.9;
constexpr double intervalCapPt = 3;
constexpr double arrowLengthPt = 11;
constexpr double arrowHeadPt = 3;
/// Small pictures are enlarged before they go into a file: many viewers smooth what they enlarge themselves.
constexpr int printedRasterSide = 900;

const QString mainLayer = QStringLiteral("main");

QVector<double> toVector(const Column& column) { return column ? QVector<double>(column->begin(), column->end()) : QVector<double>(); }

struct LayerAdder {
    PanelPlot& target;
    const RenderStyle& style;

    QCustomPlot& plot() const { return *target.rect->parentPlot(); }

    void keep(QCPAbstractPlottable* plottable, const std::string& name) const
    {
        plottable->setName(QString::fromStdString(name));
        plottable->setSelectable(QCP::stNone);
        target.plottables.emplace_back(plottable);
    }

    void paint(PaintedLayer::Paint function) const
    {
        target.painted.push_back(std::make_unique<PaintedLayer>(target.rect, mainLayer, true, std::move(function)));
    }

    QCPGraph* graph() const { return plot().addGraph(target.rect->xAxis(), target.rect->yAxis()); }

    void operator()(const LineLayer& layer) const
    {
        if (!layer.x || !layer.y)
            return;
        const QPen pen = style.pen(style.theme.colour(layer.role), layer.widthPt, layer.dash);
        if (std::ranges::is_sorted(*layer.x)) {
            QCPGraph* line = graph();
            line->setData(toVector(layer.x), toVector(layer.y), true);
            line->setLineStyle(layer.isStep ? QCPGraph::lsStepLeft : QCPGraph::lsLine);
            line->setPen(pen);
            keep(line, layer.name);
            return;
        }
        auto* curve = new QCPCurve(target.rect->xAxis(), target.rect->yAxis());
        curve->setData(toVector(layer.x), toVector(layer.y));
        curve->setPen(pen);
        keep(curve, layer.name);
    }

    void operator()(const BandLayer& layer) const
    {
        QCPGraph* low = graph();
        QCPGraph* high = graph();
        low->setData(toVector(layer.x), toVector(layer.low), true);
        high->setData(toVector(layer.x), toVector(layer.high), true);
        low->setPen(QPen(Qt::NoPen));
        high->setPen(QPen(Qt::NoPen));
        high->setBrush(style.theme.tint(layer.role, bandShare));
        high->setChannelFillGraph(low);
        keep(low, {});
        keep(high, layer.name);
    }

    void operator()(const BarLayer& layer) const
    {
        const bool isVertical = layer.orientation == Orientation::Vertical;
        auto* bars = isVertical ? new QCPBars(target.rect->xAxis(), target.rect->yAxis()) : new QCPBars(target.rect->yAxis(), target.rect->xAxis());
        QVector<double> positions = toVector(layer.position);
        for (double& position : positions)
            position += layer.offset;
        bars->setData(positions, toVector(layer.height));
        bars->setBaseValue(layer.base);
        bars->setWidthType(QCPBars::wtPlotCoords);
        bars->setWidth(layer.width);
        bars->setBrush(style.theme.tint(layer.role, layer.strength * (layer.isOpen ? openBarShare : barShare)));
        bars->setPen(style.pen(layer.isOpen ? style.theme.colour(layer.role) : style.theme.background, 0.5));
        keep(bars, layer.name);
        if (!layer.texts.empty())
            paint([rect = target.rect, layer, render = style](QCPPainter& painter) { paintBarTexts(painter, *rect, layer, render); });
    }

    void operator()(const ScatterLayer& layer) const
    {
        paintIntervals(layer);
        if (layer.sizesPt)
            return paintSizes(layer);
        if (layer.sizePt == 0)
            return;
        QCPGraph* points = graph();
        points->setData(toVector(layer.x), toVector(layer.y));
        points->setLineStyle(QCPGraph::lsNone);
        points->setScatterStyle(markerStyle(layer.marker, layer.isOpen, layer.role, layer.sizePt, style));
        points->setPen(style.pen(style.theme.colour(layer.role), markerPenPt));
        keep(points, layer.name);
    }

    void paintSizes(const ScatterLayer& layer) const
    {
        paint([rect = target.rect, layer, render = style](QCPPainter& painter) {
            for (std::size_t i = 0; i < layer.sizesPt->size(); ++i) {
                const QCPScatterStyle marker = markerStyle(layer.marker, layer.isOpen, layer.role, (*layer.sizesPt)[i], render);
                marker.applyTo(&painter, marker.pen());
                marker.drawShape(&painter, rect->pixelOf((*layer.x)[i], (*layer.y)[i]));
            }
        });
    }

    void paintIntervals(const ScatterLayer& layer) const
    {
        if (!layer.xLow && !layer.yLow && layer.arrow == Arrow::None)
            return;
        paint([rect = target.rect, layer, render = style](QCPPainter& painter) {
            // Where marks have sizes of their own, the intervals stand back behind them.
            const bool isQuiet = layer.sizesPt != nullptr;
            painter.setPen(render.pen(render.theme.colour(layer.role), isQuiet ? quietIntervalPenPt : intervalPenPt));
            const double cap = layer.sizePt == 0 || isQuiet ? 0 : render.units(intervalCapPt);
            for (std::size_t i = 0; i < layer.x->size(); ++i) {
                const double x = (*layer.x)[i];
                const double y = (*layer.y)[i];
                if (layer.xLow && layer.xHigh)
                    drawInterval(painter, rect->pixelOf((*layer.xLow)[i], y), rect->pixelOf((*layer.xHigh)[i], y), QPointF(0, cap));
                if (layer.yLow && layer.yHigh)
                    drawInterval(painter, rect->pixelOf(x, (*layer.yLow)[i]), rect->pixelOf(x, (*layer.yHigh)[i]), QPointF(cap, 0));
                if (layer.arrow != Arrow::None)
                    drawArrow(painter, rect->pixelOf(x, y), layer.arrow == Arrow::Right ? QPointF(1, 0) : QPointF(0, -1), render);
            }
        });
    }

    static void drawInterval(QCPPainter& painter, QPointF from, QPointF to, QPointF cap)
    {
        painter.drawLine(QLineF(from, to));
        painter.drawLine(QLineF(from - cap, from + cap));
        painter.drawLine(QLineF(to - cap, to + cap));
    }

    static void drawArrow(QCPPainter& painter, QPointF from, QPointF direction, const RenderStyle& render)
    {
        const QPointF side(direction.y(), direction.x());
        const QPointF tip = from + direction * render.units(arrowLengthPt);
        const double head = render.units(arrowHeadPt);
        painter.drawLine(QLineF(from, tip));
        painter.drawLine(QLineF(tip, tip - direction * head + side * head * 0.6));
        painter.drawLine(QLineF(tip, tip - direction * head - side * head * 0.6));
    }

    void operator()(const RuleLayer& layer) const
    {
        paint([rect = target.rect, layer, render = style](QCPPainter& painter) {
            painter.setPen(render.pen(render.theme.colour(layer.role), rulePenPt, layer.dash));
            if (layer.orientation == Orientation::Vertical) {
                const double x = rect->xAxis()->coordToPixel(layer.at);
                painter.drawLine(QLineF(x, rect->bottom() + 1, x, rect->top()));
            } else {
                const double y = rect->yAxis()->coordToPixel(layer.at);
                painter.drawLine(QLineF(rect->left(), y, rect->right() + 1, y));
            }
        });
    }

    void operator()(const SpanLayer& layer) const
    {
        paint([rect = target.rect, layer, render = style](QCPPainter& painter) {
            const bool isVertical = layer.orientation == Orientation::Vertical;
            const QCPAxis* axis = isVertical ? rect->xAxis() : rect->yAxis();
            const double from = axis->coordToPixel(layer.from);
            const double to = axis->coordToPixel(layer.to);
            const auto [low, high] = layer.extent;
            const QRectF box = isVertical
                ? QRectF(QPointF(from, rect->top() + (1 - high) * rect->height()), QPointF(to, rect->top() + (1 - low) * rect->height()))
                : QRectF(QPointF(rect->left() + low * rect->width(), from), QPointF(rect->left() + high * rect->width(), to));
            painter.fillRect(box.normalized(), render.theme.tint(layer.role, spanShare));
        });
    }

    void operator()(const TextLayer&) const {} // placed with the labels

    void operator()(const RasterLayer& layer) const
    {
        const bool isForPrint = style.theme.kind == ThemeKind::Print;
        const QImage image = imageOf(layer, isForPrint);
        if (image.isNull())
            return;
        paint([rect = target.rect, image, layer, render = style](QCPPainter& painter) {
            const QRectF box(rect->pixelOf(0, layer.height), rect->pixelOf(layer.width, 0));
            painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
            painter.setRenderHint(QPainter::LosslessImageRendering, true);
            painter.drawImage(box, image);
            painter.setPen(render.pen(render.theme.kind == ThemeKind::Print ? render.theme.muted : render.theme.line, 0.5));
            painter.setBrush(Qt::NoBrush);
            const double inset = render.units(0.25);
            painter.drawRect(box.adjusted(inset, inset, -inset, -inset));
        });
    }

    void operator()(const HeatmapLayer& layer) const
    {
        paint([rect = target.rect, layer, render = style](QCPPainter& painter) { paintHeatmap(painter, *rect, layer, render); });
    }

    void operator()(const RegionLayer& layer) const
    {
        if (!isDrawable(layer))
            return;
        paint([rect = target.rect, drawing = std::make_shared<const RegionDrawing>(layer, style)](QCPPainter& painter) { drawing->paint(painter, *rect); });
    }

    void operator()(const KeyLayer& layer) const
    {
        paint([rect = target.rect, layer, render = style](QCPPainter& painter) { paintKey(painter, *rect, layer, render); });
    }

    static QImage imageOf(const RasterLayer& layer, bool isEnlarged)
    {
        const std::size_t expected = std::size_t(layer.width) * std::size_t(layer.height) * std::size_t(layer.channels);
        if (!layer.pixels || layer.pixels->size() != expected || expected == 0)
            return {};
        const auto format = layer.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888;
        const QImage view(layer.pixels->data(), layer.width, layer.height, layer.width * layer.channels, format);
        const QImage rgb = view.convertToFormat(QImage::Format_RGB32);
        const int factor = isEnlarged ? std::max(1, printedRasterSide / std::max(layer.width, layer.height)) : 1;
        return factor == 1 ? rgb : rgb.scaled(layer.width * factor, layer.height * factor, Qt::IgnoreAspectRatio, Qt::FastTransformation);
    }
};

} // namespace

void addLayer(PanelPlot& target, const Layer& layer, const RenderStyle& style) { std::visit(LayerAdder{target, style}, layer); }

void clearLayers(PanelPlot& target)
{
    for (const auto& plottable : target.plottables)
        if (plottable)
            plottable->parentPlot()->removePlottable(plottable);
    target.plottables.clear();
    target.painted.clear();
    if (target.legend)
        target.rect->insetLayout()->remove(target.legend);
}

} // namespace brink
