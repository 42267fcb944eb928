// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/cellpicker.h"

#include "widgets/controls/uitheme.h"
#include "widgets/plot/figureview.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

CellBlock between(const CellPlace& a, const CellPlace& b)
{
    return {{std::min(a.row, b.row), std::min(a.column, b.column)}, {std::max(a.row, b.row), std::max(a.column, b.column)}};
}

} // namespace

CellPicker::CellPicker(FigureView* view, std::string panel) : QWidget(view->plotWidget()), m_view(view), m_panel(std::move(panel))
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Cells"));
    view->setFocusProxy(this);
    view->plotWidget()->installEventFilter(this);
    setGeometry(view->plotWidget()->rect());
}

void CellPicker::setGrid(int rows, int columns)
{
    if (rows == m_rows && columns == m_columns)
        return;
    m_rows = rows;
    m_columns = columns;
    m_anchor.reset();
    m_current.reset();
    m_isDragging = false;
    hover(std::nullopt);
    update();
}

void CellPicker::setPicked(std::vector<CellBlock> first, std::vector<CellBlock> second)
{
    if (first == m_first && second == m_second)
        return;
    m_first = std::move(first);
    m_second = std::move(second);
    // Where an order has changed, the keys go on from what is picked.
    const bool isElsewhere = m_anchor && m_current && !m_isDragging
        && std::ranges::find(m_isSecond ? m_second : m_first, between(*m_anchor, *m_current)) == (m_isSecond ? m_second : m_first).end();
    if (isElsewhere || (!m_anchor && !m_first.empty())) {
        m_isSecond = false;
        m_anchor = m_first.empty() ? std::nullopt : std::optional(m_first.front().from);
        m_current = m_first.empty() ? std::nullopt : std::optional(m_first.front().to);
    }
    update();
}

void CellPicker::setMarked(std::vector<int> rows, std::vector<int> columns)
{
    if (rows == m_markedRows && columns == m_markedColumns)
        return;
    m_markedRows = std::move(rows);
    m_markedColumns = std::move(columns);
    update();
}

void CellPicker::setHint(const QString& text)
{
    setToolTip(text);
    setAccessibleDescription(text);
}

QPointF CellPicker::centreOf(const CellPlace& cell) const { return rectOf({cell, cell}).center(); }

bool CellPicker::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        setGeometry(m_view->plotWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

QRectF CellPicker::rectOf(const CellBlock& block) const
{
    if (m_rows == 0 || !m_view->figure())
        return {};
    const QPointF upperLeft = m_view->pixelOf(m_panel, block.from.column, m_rows - block.from.row);
    const QPointF lowerRight = m_view->pixelOf(m_panel, block.to.column + 1, m_rows - block.to.row - 1);
    return QRectF(upperLeft, lowerRight).normalized();
}

CellPlace CellPicker::placeAt(const QPointF& position) const
{
    const QRectF all = rectOf({{0, 0}, {m_rows - 1, m_columns - 1}});
    if (all.isEmpty())
        return {-1, -1};
    return {int(std::floor((position.y() - all.top()) / all.height() * m_rows)),
        int(std::floor((position.x() - all.left()) / all.width() * m_columns))};
}

bool CellPicker::isInside(const CellPlace& cell) const
{
    return cell.row >= 0 && cell.row < m_rows && cell.column >= 0 && cell.column < m_columns;
}

CellPlace CellPicker::clipped(const CellPlace& cell) const
{
    return {std::clamp(cell.row, 0, m_rows - 1), std::clamp(cell.column, 0, m_columns - 1)};
}

void CellPicker::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_rows == 0)
        return event->ignore(); // the menu of the figure
    const CellPlace place = placeAt(event->position());
    if (!isInside(place))
        return pickBeside(place);
    m_isSecond = m_picksSecond || event->modifiers() & Qt::ShiftModifier;
    m_isDragging = true;
    m_anchor = m_current = place;
    update();
}

void CellPicker::pickBeside(const CellPlace& place)
{
    if (place.row >= 0 && place.row < m_rows)
        Q_EMIT rowPicked(place.row);
    else if (place.column >= 0 && place.column < m_columns)
        Q_EMIT columnPicked(place.column);
}

void CellPicker::mouseMoveEvent(QMouseEvent* event)
{
    if (m_rows == 0)
        return;
    const CellPlace place = placeAt(event->position());
    hover(isInside(place) ? std::optional(place) : std::nullopt);
    if (!m_isDragging || m_current == clipped(place))
        return;
    m_current = clipped(place);
    update();
}

void CellPicker::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !std::exchange(m_isDragging, false) || m_rows == 0)
        return;
    Q_EMIT picked(between(*m_anchor, *m_current), m_isSecond);
    update();
}

void CellPicker::leaveEvent(QEvent*) { hover(std::nullopt); }

/// The whole table is the overview: it is not zoomed by a wheel on its way down the window.
void CellPicker::wheelEvent(QWheelEvent* event) { event->accept(); }

void CellPicker::hover(const std::optional<CellPlace>& cell)
{
    if (cell == m_hovered)
        return;
    m_hovered = cell;
    Q_EMIT hovered(cell);
}

void CellPicker::keyPressEvent(QKeyEvent* event)
{
    const bool extends = event->modifiers() & Qt::ShiftModifier;
    switch (event->key()) {
    case Qt::Key_Left: return move(0, -1, extends);
    case Qt::Key_Right: return move(0, 1, extends);
    case Qt::Key_Up: return move(-1, 0, extends);
    case Qt::Key_Down: return move(1, 0, extends);
    case Qt::Key_Home: return move(0, -m_columns, extends);
    case Qt::Key_End: return move(0, m_columns, extends);
    case Qt::Key_PageUp: return move(-m_rows, 0, extends);
    case Qt::Key_PageDown: return move(m_rows, 0, extends);
    case Qt::Key_Backspace:
    case Qt::Key_Delete: Q_EMIT cleared(); return;
    default: QWidget::keyPressEvent(event);
    }
}

void CellPicker::move(int rows, int columns, bool extends)
{
    if (m_rows == 0)
        return;
    m_isSecond = m_picksSecond;
    const CellPlace from = m_current.value_or(CellPlace{0, 0});
    const CellPlace to = m_current ? clipped({from.row + rows, from.column + columns}) : from;
    m_current = to;
    if (!extends || !m_anchor)
        m_anchor = to;
    Q_EMIT hovered(to);
    Q_EMIT picked(between(*m_anchor, *m_current), m_isSecond);
    update();
}

void CellPicker::paintEvent(QPaintEvent*)
{
    if (m_rows == 0 || !m_view->figure())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    drawMarks(painter);
    const std::vector<CellBlock> dragged = m_isDragging ? std::vector{between(*m_anchor, *m_current)} : std::vector<CellBlock>{};
    drawBlocks(painter, m_isDragging && !m_isSecond ? dragged : m_first, false);
    drawBlocks(painter, m_isDragging && m_isSecond ? dragged : m_second, true);
}

void CellPicker::drawMarks(QPainter& painter) const
{
    const auto frame = [&](const CellBlock& block) {
        for (const QPen& pen : {QPen(Qt::white, 2.5), QPen(uiColours(palette()).accent, 1)}) {
            painter.setPen(pen);
            painter.drawRect(rectOf(block));
        }
    };
    for (const int row : m_markedRows)
        frame({{row, 0}, {row, m_columns - 1}});
    for (const int column : m_markedColumns)
        frame({{0, column}, {m_rows - 1, column}});
}

/// White inside dark: it stands out from every colour of the scale. The second is dashed, so that the two are told apart in grey.
void CellPicker::drawBlocks(QPainter& painter, const std::vector<CellBlock>& blocks, bool isSecond) const
{
    const QColor accent = uiColours(palette()).accent;
    for (const CellBlock& block : blocks) {
        const QRectF rect = rectOf(block);
        painter.setPen(QPen(Qt::white, 4));
        painter.drawRect(rect);
        painter.setPen(QPen(isSecond ? QColor(0xD55E00) : accent, 2, isSecond ? Qt::DashLine : Qt::SolidLine));
        painter.drawRect(rect);
    }
}

} // namespace brink
