// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image/imageview.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr double largestZoom = 64;
constexpr double zoomStep = 1.25;

ImageViewport clamped(ImageViewport viewport)
{
    viewport.zoom = std::clamp(viewport.zoom, 1.0, largestZoom);
    // The seen window never leaves the image.
    const double half = 0.5 / viewport.zoom;
    viewport.centre.setX(std::clamp(viewport.centre.x(), half, 1 - half));
    viewport.centre.setY(std::clamp(viewport.centre.y(), half, 1 - half));
    return viewport;
}

} // namespace

ImageView::ImageView(QWidget* parent) : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setToolTip(tr("Wheel or + and - zooms, drag or arrow keys pan, double click or 0 shows all."));
}

void ImageView::setImage(const QImage& shown, PixelImagePtr values)
{
    if (shown.size() != m_shown.size())
        m_viewport = {};
    m_shown = shown;
    m_values = std::move(values);
    update();
}

void ImageView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

void ImageView::clear()
{
    m_shown = {};
    m_values.reset();
    m_marked.reset();
    update();
}

void ImageView::setViewport(const ImageViewport& viewport)
{
    m_viewport = clamped(viewport);
    update();
}

std::optional<QPoint> ImageView::pixelAt(const QPointF& position) const
{
    if (m_shown.isNull() || !rect().contains(position.toPoint()))
        return std::nullopt;
    const QPointF inImage = (position - imageRect().topLeft()) / pixelScale();
    const QPoint pixel(int(std::floor(inImage.x())), int(std::floor(inImage.y())));
    return m_shown.rect().contains(pixel) ? std::optional(pixel) : std::nullopt;
}

void ImageView::setMarkedPixel(std::optional<QPoint> pixel)
{
    if (m_marked == pixel)
        return;
    m_marked = pixel;
    update();
}

void ImageView::setVeil(const QImage& veil)
{
    m_veil = veil;
    update();
}

QString ImageView::readoutAt(std::optional<QPoint> pixel) const
{
    if (!pixel || !m_values || pixel->x() < 0 || pixel->x() >= m_values->width || pixel->y() < 0 || pixel->y() >= m_values->height)
        return {};
    QStringList values;
    for (int c = 0; c < m_values->channels; ++c)
        values << QLocale().toString(double(m_values->at(c, pixel->y(), pixel->x())), 'f', 3);
    return QStringLiteral("x=%1 y=%2 v=%3").arg(pixel->x()).arg(pixel->y()).arg(values.join(QLatin1Char(' ')));
}

void ImageView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (m_shown.isNull()) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(rect().adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        QPen pen(palette().color(QPalette::Mid), 1, Qt::DashLine);
        painter.setPen(pen);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
        return;
    }
    const QRectF target = imageRect();
    painter.setClipRect(target.intersected(QRectF(rect())));
    // Shrinking a large photograph needs smoothing; growing shows the pixels as they are.
    painter.setRenderHint(QPainter::SmoothPixmapTransform, pixelScale() < 1);
    painter.drawImage(target, m_shown);
    if (m_veil.size() == m_shown.size())
        painter.drawImage(target, m_veil);
    if (m_marked && pixelScale() >= 3) {
        const QRectF mark(target.topLeft() + QPointF(*m_marked) * pixelScale(), QSizeF(pixelScale(), pixelScale()));
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
        painter.drawRect(mark);
    }
    painter.setClipping(false);
    painter.setPen(hasFocus() ? palette().color(QPalette::Highlight) : palette().color(QPalette::Mid));
    painter.drawRect(target.intersected(QRectF(rect())).adjusted(0, 0, -1, -1));
}

void ImageView::wheelEvent(QWheelEvent* event)
{
    zoomAround(event->position(), std::pow(zoomStep, event->angleDelta().y() / 120.0));
    event->accept();
}

void ImageView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        m_dragFrom = event->position();
    else
        QWidget::mousePressEvent(event);
}

void ImageView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragFrom) {
        panBy(event->position() - *m_dragFrom);
        m_dragFrom = event->position();
    }
    Q_EMIT pixelHovered(pixelAt(event->position()).value_or(QPoint(-1, -1)));
}

void ImageView::mouseReleaseEvent(QMouseEvent*) { m_dragFrom.reset(); }

void ImageView::mouseDoubleClickEvent(QMouseEvent*) { edit({}); }

void ImageView::keyPressEvent(QKeyEvent* event)
{
    const double step = 24;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoomAround(QRectF(rect()).center(), zoomStep);
    case Qt::Key_Minus:
        return zoomAround(QRectF(rect()).center(), 1 / zoomStep);
    case Qt::Key_0:
        return edit({});
    case Qt::Key_Left:
        return panBy({step, 0});
    case Qt::Key_Right:
        return panBy({-step, 0});
    case Qt::Key_Up:
        return panBy({0, step});
    case Qt::Key_Down:
        return panBy({0, -step});
    default:
        QWidget::keyPressEvent(event);
    }
}

void ImageView::leaveEvent(QEvent*) { Q_EMIT pixelHovered(QPoint(-1, -1)); }

/// Screen units for one image pixel.
double ImageView::pixelScale() const
{
    const double fit = std::min(double(width()) / m_shown.width(), double(height()) / m_shown.height());
    return fit * m_viewport.zoom;
}

/// Where the whole image would lie; at zoom 1 it is aligned to the left top, like the text above it.
QRectF ImageView::imageRect() const
{
    const QSizeF size = QSizeF(m_shown.size()) * pixelScale();
    if (m_viewport.zoom <= 1)
        return {QPointF(0, 0), size};
    const QSizeF seen = size / m_viewport.zoom;
    const QPointF middle(seen.width() / 2, seen.height() / 2);
    return {middle - QPointF(m_viewport.centre.x() * size.width(), m_viewport.centre.y() * size.height()), size};
}

void ImageView::edit(ImageViewport viewport)
{
    viewport = clamped(viewport);
    if (viewport == m_viewport)
        return;
    m_viewport = viewport;
    update();
    Q_EMIT viewportEdited(m_viewport);
}

void ImageView::zoomAround(const QPointF& position, double factor)
{
    if (m_shown.isNull())
        return;
    const QRectF before = imageRect();
    const QPointF fixed((position.x() - before.x()) / before.width(), (position.y() - before.y()) / before.height());
    ImageViewport next = m_viewport;
    next.zoom = std::clamp(m_viewport.zoom * factor, 1.0, largestZoom);
    // The point under the pointer stays where it is.
    next.centre = fixed + (m_viewport.centre - fixed) * (m_viewport.zoom / next.zoom);
    edit(next);
}

void ImageView::panBy(const QPointF& delta)
{
    if (m_shown.isNull())
        return;
    const QSizeF size = imageRect().size();
    ImageViewport next = m_viewport;
    next.centre -= QPointF(delta.x() / size.width(), delta.y() / size.height());
    edit(next);
}

} // namespace brink
