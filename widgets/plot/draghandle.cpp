// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/draghandle.h"

#include "widgets/controls/uitheme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

namespace brink {

namespace {

constexpr double inset = 2;
constexpr double signPen = 1.4;

void drawArrowHead(QPainter& painter, QPointF tip, QPointF direction)
{
    const QPointF side(-direction.y(), direction.x());
    painter.drawPolyline(QPolygonF{tip - 3 * direction + 2.6 * side, tip, tip - 3 * direction - 2.6 * side});
}

} // namespace

DragHandle::DragHandle(Sign sign, const QString& name, const QString& toolTip, QWidget* parent) : QWidget(parent), m_sign(sign)
{
    setAccessibleName(name);
    setToolTip(toolTip);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(sign == Sign::Turn ? Qt::SizeHorCursor : sign == Sign::Level ? Qt::SizeVerCursor : Qt::SizeBDiagCursor);
    resize(sizeHint());
}

void DragHandle::moveTo(QPointF centre) { move((centre - QPointF(width() / 2.0, height() / 2.0)).toPoint()); }

void DragHandle::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const UiColours& colours = uiColours(palette());
    const bool isActive = m_from || hasFocus();
    painter.setPen(QPen(isActive ? colours.accent : palette().color(QPalette::WindowText), isActive ? 2 : 1));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawEllipse(QRectF(rect()).adjusted(inset, inset, -inset, -inset));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(isActive ? colours.accent : palette().color(QPalette::WindowText), signPen, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF middle = QRectF(rect()).center();
    if (m_sign == Sign::Turn) {
        // An arc with heads at both ends: around the first axis.
        QPainterPath arc;
        arc.moveTo(middle + QPointF(-5.5, 1.5));
        arc.quadTo(middle + QPointF(0, -6), middle + QPointF(5.5, 1.5));
        painter.drawPath(arc);
        drawArrowHead(painter, middle + QPointF(-5.5, 1.5), QPointF(-0.5, 0.87));
        drawArrowHead(painter, middle + QPointF(5.5, 1.5), QPointF(0.5, 0.87));
        return;
    }
    if (m_sign == Sign::Level) {
        painter.drawLine(middle + QPointF(0, 5.5), middle + QPointF(0, -5.5));
        drawArrowHead(painter, middle + QPointF(0, -5.5), QPointF(0, -1));
        drawArrowHead(painter, middle + QPointF(0, 5.5), QPointF(0, 1));
        return;
    }
    painter.drawLine(middle + QPointF(-4.5, 4.5), middle + QPointF(4.5, -4.5));
    drawArrowHead(painter, middle + QPointF(4.5, -4.5), QPointF(0.71, -0.71));
    drawArrowHead(painter, middle + QPointF(-4.5, 4.5), QPointF(-0.71, 0.71));
}

void DragHandle::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    m_from = event->globalPosition();
    Q_EMIT dragStarted();
    update();
}

void DragHandle::mouseMoveEvent(QMouseEvent* event)
{
    if (m_from)
        Q_EMIT dragged(event->globalPosition() - *m_from);
}

void DragHandle::mouseReleaseEvent(QMouseEvent*)
{
    if (!m_from)
        return;
    m_from.reset();
    Q_EMIT dragEnded();
    update();
}

void DragHandle::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left: Q_EMIT stepped({-1, 0}); return;
    case Qt::Key_Right: Q_EMIT stepped({1, 0}); return;
    case Qt::Key_Up: Q_EMIT stepped({0, -1}); return;
    case Qt::Key_Down: Q_EMIT stepped({0, 1}); return;
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace brink
