// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/cellgrid.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace brink {

namespace {

constexpr int edge = 8; // the frame of the current one is not cut off

} // namespace

CellGrid::CellGrid(const QSize& cell, QString emptyText, QWidget* parent)
    : QAbstractItemView(parent), m_cell(cell), m_emptyText(std::move(emptyText))
{
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setViewportMargins(edge, 0, 0, 0);
    setTabKeyNavigation(false);
}

void CellGrid::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

int CellGrid::count() const { return model() ? model()->rowCount() : 0; }

int CellGrid::columns() const { return std::max(1, viewport()->width() / m_cell.width()); }

int CellGrid::visibleLines() const { return std::max(1, viewport()->height() / m_cell.height()); }

/// The width is shared evenly; in coordinates of the whole sheet.
QRect CellGrid::cell(int row) const
{
    const int across = columns();
    const int left = viewport()->width() * (row % across) / across;
    const int right = viewport()->width() * (row % across + 1) / across;
    return {left, row / across * m_cell.height(), right - left, m_cell.height()};
}

QRect CellGrid::visualRect(const QModelIndex& index) const
{
    return index.isValid() ? cell(index.row()).translated(0, -verticalOffset()) : QRect();
}

QModelIndex CellGrid::indexAt(const QPoint& point) const
{
    if (point.x() < 0 || point.x() >= viewport()->width() || point.y() + verticalOffset() < 0)
        return {};
    const int line = (point.y() + verticalOffset()) / m_cell.height();
    const int column = std::min(point.x() * columns() / std::max(1, viewport()->width()), columns() - 1);
    const int row = line * columns() + column;
    return row < count() ? model()->index(row, 0) : QModelIndex();
}

void CellGrid::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    const QRect rect = visualRect(index);
    if (rect.isNull())
        return;
    const int height = viewport()->height();
    int shift = 0;
    if (hint == PositionAtCenter)
        shift = rect.center().y() - height / 2;
    else if (rect.top() < 0 || hint == PositionAtTop)
        shift = rect.top();
    else if (rect.bottom() >= height || hint == PositionAtBottom)
        shift = rect.bottom() + 1 - height;
    verticalScrollBar()->setValue(verticalScrollBar()->value() + shift);
}

void CellGrid::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    if (count() == 0) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        // In line with the title above, whatever the margin of the list.
        painter.drawText(viewport()->rect().adjusted(12 - viewport()->x(), 8, -12, -8), Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap, m_emptyText);
        return;
    }
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QRect dirty = event->rect().translated(0, verticalOffset());
    const int first = std::max(0, dirty.top() / m_cell.height() * columns());
    const int last = std::min(count(), (dirty.bottom() / m_cell.height() + 1) * columns());
    for (int row = first; row < last; ++row) {
        const QModelIndex index = model()->index(row, 0);
        option.rect = visualRect(index);
        option.state.setFlag(QStyle::State_Selected, index == currentIndex());
        itemDelegate()->paint(&painter, option, index);
    }
}

void CellGrid::resizeEvent(QResizeEvent* event)
{
    // What was on top stays on top when the columns change.
    const QModelIndex top = indexAt(QPoint(0, 0));
    QAbstractItemView::resizeEvent(event);
    if (top.isValid() && verticalOffset() > 0)
        scrollTo(top, PositionAtTop);
}

void CellGrid::updateGeometries()
{
    const int lines = (count() + columns() - 1) / columns();
    verticalScrollBar()->setSingleStep(m_cell.height() / 2);
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, lines * m_cell.height() - viewport()->height()));
    QAbstractItemView::updateGeometries();
}

int CellGrid::verticalOffset() const { return verticalScrollBar()->value(); }

QModelIndex CellGrid::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    const int size = count();
    if (size == 0)
        return {};
    const int row = currentIndex().row();
    if (row < 0)
        return model()->index(0, 0);
    const int page = visibleLines() * columns();
    const auto step = [row, size](int by) {
        const int next = row + by;
        // Past an end there is no move up or down, so that the column stays.
        return next < 0 || next >= size ? row : next;
    };
    const auto at = [this](int place) { return model()->index(place, 0); };
    switch (action) {
    case MoveLeft:
    case MovePrevious:
        return at(step(-1));
    case MoveRight:
    case MoveNext:
        return at(step(1));
    case MoveUp:
        return at(step(-columns()));
    case MoveDown:
        return at(step(columns()));
    case MovePageUp:
        return at(std::max(0, row - page));
    case MovePageDown:
        return at(std::min(size - 1, row + page));
    case MoveHome:
        return at(0);
    case MoveEnd:
        return at(size - 1);
    }
    return {};
}

void CellGrid::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command)
{
    if (const QModelIndex index = indexAt(rect.center()); index.isValid())
        selectionModel()->select(index, command);
}

QRegion CellGrid::visualRegionForSelection(const QItemSelection& selection) const
{
    QRegion region;
    for (const QModelIndex& index : selection.indexes())
        region += visualRect(index);
    return region;
}

} // namespace brink
