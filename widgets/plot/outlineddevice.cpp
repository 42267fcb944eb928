// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/outlineddevice.h"

#include <QPainter>
#include <QPainterPath>

namespace brink {

/// QPaintEngine itself draws text as filled paths where an engine has no text of its own: so this one has none.
class OutlinedDevice::Engine : public QPaintEngine {
public:
    explicit Engine(QPaintDevice& target) : QPaintEngine(AllFeatures), m_target(target) {}

    bool begin(QPaintDevice*) override { return m_painter.begin(&m_target); }
    bool end() override { return m_painter.end(); }
    [[nodiscard]] Type type() const override { return User; }

    void updateState(const QPaintEngineState& now) override
    {
        const DirtyFlags dirty = now.state();
        if (dirty & DirtyTransform)
            m_painter.setTransform(now.transform());
        if (dirty & DirtyPen)
            m_painter.setPen(now.pen());
        if (dirty & DirtyBrush)
            m_painter.setBrush(now.brush());
        if (dirty & DirtyBrushOrigin)
            m_painter.setBrushOrigin(now.brushOrigin());
        if (dirty & DirtyHints)
            m_painter.setRenderHints(now.renderHints());
        if (dirty & DirtyOpacity)
            m_painter.setOpacity(now.opacity());
        if (dirty & DirtyCompositionMode)
            m_painter.setCompositionMode(now.compositionMode());
        if (dirty & DirtyClipRegion)
            m_painter.setClipRegion(now.clipRegion(), now.clipOperation());
        if (dirty & DirtyClipPath)
            m_painter.setClipPath(now.clipPath(), now.clipOperation());
        if (dirty & DirtyClipEnabled)
            m_painter.setClipping(now.isClipEnabled());
    }

    using QPaintEngine::drawEllipse;
    using QPaintEngine::drawLines;
    using QPaintEngine::drawPoints;
    using QPaintEngine::drawPolygon;
    using QPaintEngine::drawRects;
    void drawPath(const QPainterPath& path) override { m_painter.drawPath(path); }
    void drawRects(const QRectF* rects, int count) override { m_painter.drawRects(rects, count); }
    void drawLines(const QLineF* lines, int count) override { m_painter.drawLines(lines, count); }
    void drawEllipse(const QRectF& rect) override { m_painter.drawEllipse(rect); }
    void drawPoints(const QPointF* points, int count) override { m_painter.drawPoints(points, count); }
    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override
    {
        if (mode == PolylineMode)
            m_painter.drawPolyline(points, count);
        else
            m_painter.drawPolygon(points, count, mode == WindingMode ? Qt::WindingFill : Qt::OddEvenFill);
    }
    void drawPixmap(const QRectF& rect, const QPixmap& pixmap, const QRectF& source) override { m_painter.drawPixmap(rect, pixmap, source); }
    void drawTiledPixmap(const QRectF& rect, const QPixmap& pixmap, const QPointF& offset) override
    {
        m_painter.drawTiledPixmap(rect, pixmap, offset);
    }
    void drawImage(const QRectF& rect, const QImage& image, const QRectF& source, Qt::ImageConversionFlags flags) override
    {
        m_painter.drawImage(rect, image, source, flags);
    }

private:
    QPaintDevice& m_target;
    QPainter m_painter;
};

OutlinedDevice::OutlinedDevice(QPaintDevice& target) : m_target(target), m_engine(std::make_unique<Engine>(target)) {}

OutlinedDevice::~OutlinedDevice() = default;

QPaintEngine* OutlinedDevice::paintEngine() const { return m_engine.get(); }

int OutlinedDevice::metric(PaintDeviceMetric metric) const
{
    switch (metric) {
    case PdmWidth: return m_target.width();
    case PdmHeight: return m_target.height();
    case PdmWidthMM: return m_target.widthMM();
    case PdmHeightMM: return m_target.heightMM();
    case PdmNumColors: return m_target.colorCount();
    case PdmDepth: return m_target.depth();
    case PdmDpiX: return m_target.logicalDpiX();
    case PdmDpiY: return m_target.logicalDpiY();
    case PdmPhysicalDpiX: return m_target.physicalDpiX();
    case PdmPhysicalDpiY: return m_target.physicalDpiY();
    case PdmDevicePixelRatio: return m_target.devicePixelRatio();
    case PdmDevicePixelRatioScaled: return int(m_target.devicePixelRatioF() * devicePixelRatioFScale());
    default: return QPaintDevice::metric(metric);
    }
}

} // namespace brink
