// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/vectordevice.h"

#include "widgets/plot/cutting.h"

#include <QPainter>
#include <QPainterPath>

#include <optional>

namespace brink {

/// QPaintEngine itself draws text as filled paths where an engine has no text of its own.
class VectorDevice::Engine : public QPaintEngine {
public:
    Engine(QPaintDevice& target, Letters letters) : QPaintEngine(AllFeatures), m_target(target), m_letters(letters) {}

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
            setClip(now.transform().mapRect(QRectF(now.clipRegion().boundingRect())), now.clipOperation());
        if (dirty & DirtyClipPath)
            setClip(now.transform().mapRect(now.clipPath().boundingRect()), now.clipOperation());
        if (dirty & DirtyClipEnabled)
            m_isClipping = now.isClipEnabled();
    }

    using QPaintEngine::drawEllipse;
    using QPaintEngine::drawLines;
    using QPaintEngine::drawPoints;
    using QPaintEngine::drawPolygon;
    using QPaintEngine::drawRects;
    void drawPath(const QPainterPath& path) override
    {
        const std::optional<QRectF> clip = cutFor(path.controlPointRect());
        if (!clip)
            return m_painter.drawPath(path);
        if (m_painter.brush().style() != Qt::NoBrush) {
            QPainterPath inside;
            inside.addRect(*clip);
            return m_painter.drawPath(path.intersected(inside));
        }
        for (const QPolygonF& line : path.toSubpathPolygons())
            drawPolyline(line, *clip);
    }
    void drawRects(const QRectF* rects, int count) override
    {
        for (int i = 0; i < count; ++i) {
            const std::optional<QRectF> clip = cutFor(rects[i]);
            if (const QRectF rect = clip ? rects[i].normalized().intersected(*clip) : rects[i]; !rect.isEmpty())
                m_painter.drawRect(rect);
        }
    }
    void drawLines(const QLineF* lines, int count) override
    {
        for (int i = 0; i < count; ++i) {
            const std::optional<QRectF> clip = cutFor(QRectF(lines[i].p1(), lines[i].p2()).normalized());
            if (const std::optional<QLineF> line = clip ? cutLine(lines[i], *clip) : lines[i])
                m_painter.drawLine(*line);
        }
    }
    void drawEllipse(const QRectF& rect) override
    {
        if (const std::optional<QRectF> clip = cutFor(rect); !clip || clip->contains(rect.center()))
            m_painter.drawEllipse(rect);
    }
    void drawPoints(const QPointF* points, int count) override
    {
        for (int i = 0; i < count; ++i)
            if (const std::optional<QRectF> clip = cutFor(QRectF(points[i], QSizeF())); !clip || clip->contains(points[i]))
                m_painter.drawPoint(points[i]);
    }
    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override
    {
        const QPolygonF polygon(QList<QPointF>(points, points + count));
        const std::optional<QRectF> clip = cutFor(polygon.boundingRect());
        if (mode == PolylineMode)
            return clip ? drawPolyline(polygon, *clip) : m_painter.drawPolyline(polygon);
        const QPolygonF inside = clip ? cutPolygon(polygon, *clip) : polygon;
        if (!inside.isEmpty())
            m_painter.drawPolygon(inside, mode == WindingMode ? Qt::WindingFill : Qt::OddEvenFill);
    }
    void drawPixmap(const QRectF& rect, const QPixmap& pixmap, const QRectF& source) override { m_painter.drawPixmap(rect, pixmap, source); }
    void drawTiledPixmap(const QRectF& rect, const QPixmap& pixmap, const QPointF& offset) override
    {
        m_painter.drawTiledPixmap(rect, pixmap, offset);
    }
    void drawImage(const QRectF& rect, const QImage& image, const QRectF& source, Qt::ImageConversionFlags flags) override
    {
        const std::optional<QRectF> clip = cutFor(rect);
        const QRectF shown = clip ? rect.intersected(*clip) : rect;
        if (shown.isEmpty())
            return;
        const double perX = source.width() / rect.width();
        const double perY = source.height() / rect.height();
        const QRectF part(source.left() + (shown.left() - rect.left()) * perX, source.top() + (shown.top() - rect.top()) * perY,
            shown.width() * perX, shown.height() * perY);
        m_painter.drawImage(shown, image, part, flags);
    }
    void drawTextItem(const QPointF& position, const QTextItem& item) override
    {
        if (m_letters == Letters::Outlines)
            return QPaintEngine::drawTextItem(position, item);
        m_painter.setFont(item.font());
        m_painter.drawText(position, item.text());
    }

private:
    void setClip(const QRectF& rect, Qt::ClipOperation operation)
    {
        if (operation == Qt::NoClip)
            m_clip.reset();
        else
            m_clip = operation == Qt::IntersectClip && m_clip ? m_clip->intersected(rect) : rect;
        m_isClipping = m_clip.has_value();
    }

    /// The clip in the painter's coordinates where it cuts something of the box. Turned drawing, words beside axes, is never cut.
    [[nodiscard]] std::optional<QRectF> cutFor(const QRectF& box) const
    {
        if (!m_isClipping || !m_clip || m_painter.transform().type() > QTransform::TxScale)
            return std::nullopt;
        const QRectF clip = m_painter.transform().inverted().mapRect(*m_clip);
        const bool isInside = clip.left() <= box.left() && clip.right() >= box.right() && clip.top() <= box.top() && clip.bottom() >= box.bottom();
        return isInside ? std::nullopt : std::optional(clip);
    }

    void drawPolyline(const QPolygonF& line, const QRectF& clip)
    {
        for (const QPolygonF& piece : cutPolyline(line, clip))
            m_painter.drawPolyline(piece);
    }

    QPaintDevice& m_target;
    Letters m_letters;
    QPainter m_painter;
    std::optional<QRectF> m_clip; ///< in the target's coordinates
    bool m_isClipping = false;
};

VectorDevice::VectorDevice(QPaintDevice& target, Letters letters) : m_target(target), m_engine(std::make_unique<Engine>(target, letters)) {}

VectorDevice::~VectorDevice() = default;

QPaintEngine* VectorDevice::paintEngine() const { return m_engine.get(); }

int VectorDevice::metric(PaintDeviceMetric metric) const
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
