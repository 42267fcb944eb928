// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/thumbnaillist.h"

#include "widgets/controls/uitheme.h"

#include <QGuiApplication>
#include <QPaintEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>

namespace brink {

namespace {

constexpr int thumbnailSide = 46;
constexpr int lineHeight = 13;
constexpr int cellWidth = thumbnailSide + 4;
constexpr int cellHeight = thumbnailSide + 2 * lineHeight + 9;
constexpr int edge = 8; // the frame of the current one is not cut off

class ThumbnailDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {cellWidth, cellHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        // The style sheet hands delegates a palette of its own; the theme is the application's.
        const UiColours& colours = uiColours(QGuiApplication::palette());
        const QRect rect = option.rect;
        const QRect picture(rect.center().x() - thumbnailSide / 2, rect.top() + 3, thumbnailSide, thumbnailSide);
        const auto image = index.data(Qt::DecorationRole).value<QImage>();
        painter->save();
        if (image.isNull())
            painter->fillRect(picture, colours.line);
        else
            paintImage(painter, picture, image);
        const bool isCurrent = option.state & QStyle::State_Selected;
        if (isCurrent) {
            painter->setPen(QPen(colours.accent, 3));
            painter->drawRect(picture.adjusted(-1, -1, 0, 0));
        }
        QFont small = option.font;
        small.setPointSizeF(option.font.pointSizeF() * 0.82);
        painter->setFont(small);
        const QRect caption(rect.left(), picture.bottom() + 3, rect.width(), lineHeight);
        paintLine(painter, caption, index.data(Qt::DisplayRole).toString(), isCurrent ? colours.accent : colours.muted);
        paintPrediction(painter, caption.translated(0, lineHeight), index, colours);
        painter->restore();
    }

private:
    static void paintImage(QPainter* painter, const QRect& picture, const QImage& image)
    {
        const QSize size = image.size().scaled(picture.size(), Qt::KeepAspectRatio);
        QRect target(QPoint(), size);
        target.moveCenter(picture.center());
        painter->setRenderHint(QPainter::SmoothPixmapTransform, image.width() > size.width());
        painter->drawImage(target, image);
    }

    static void paintLine(QPainter* painter, const QRect& line, const QString& text, const QColor& colour)
    {
        painter->setPen(colour);
        painter->drawText(line, Qt::AlignCenter, painter->fontMetrics().elidedText(text, Qt::ElideRight, line.width() - 2));
    }

    /// A tick for right, a cross and the class for wrong: never by colour alone.
    static void paintPrediction(QPainter* painter, const QRect& line, const QModelIndex& index, const UiColours& colours)
    {
        using State = ThumbnailMark::State;
        const auto state = State(index.data(ThumbnailModel::MarkRole).toInt());
        if (state == State::None)
            return;
        if (state == State::Refused)
            return paintLine(painter, line, ThumbnailList::tr("refused"), colours.caution);
        const QString name = index.data(ThumbnailModel::PredictedRole).toString();
        if (state == State::Unlabelled)
            return paintLine(painter, line, QStringLiteral("→ ") + name, colours.text);
        const QColor colour = state == State::Right ? colours.good : colours.alarm;
        constexpr int sign = 10;
        const QFontMetrics metrics = painter->fontMetrics();
        const QString shown = metrics.elidedText(name, Qt::ElideRight, line.width() - sign - 2);
        const int left = line.left() + (line.width() - metrics.horizontalAdvance(shown) - sign) / 2;
        paintSign(painter, QPointF(left + 3.5, line.center().y() + 1), state == State::Right, colour);
        painter->setPen(colour);
        painter->drawText(line.adjusted(left + sign - line.left(), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, shown);
    }

    static void paintSign(QPainter* painter, const QPointF& middle, bool isRight, const QColor& colour)
    {
        QPainterPath path;
        if (isRight) {
            path.moveTo(middle + QPointF(-3, 0));
            path.lineTo(middle + QPointF(-1, 2.5));
            path.lineTo(middle + QPointF(3, -3));
        } else {
            path.moveTo(middle + QPointF(-2.5, -2.5));
            path.lineTo(middle + QPointF(2.5, 2.5));
            path.moveTo(middle + QPointF(2.5, -2.5));
            path.lineTo(middle + QPointF(-2.5, 2.5));
        }
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(colour, 1.6));
        painter->drawPath(path);
        painter->setRenderHint(QPainter::Antialiasing, false);
    }
};

} // namespace

ThumbnailList::ThumbnailList(QWidget* parent)
    : QAbstractItemView(parent), m_model(new ThumbnailModel(this)),
      m_emptyText(tr("Drop images, a folder or a data set file here, or press + to open them."))
{
    setModel(m_model);
    setItemDelegate(new ThumbnailDelegate(this));
    setAccessibleName(tr("Images"));
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setViewportMargins(edge, 0, 0, 0);
    setTabKeyNavigation(false);
}

void ThumbnailList::setCount(int count)
{
    const QScopedValueRollback guard(m_isUpdating, true);
    m_current = -1;
    m_model->setCount(count);
    verticalScrollBar()->setValue(0);
}

void ThumbnailList::setOrder(std::shared_ptr<const std::vector<int>> order)
{
    const QScopedValueRollback guard(m_isUpdating, true);
    m_model->setOrder(std::move(order));
    showCurrent();
}

void ThumbnailList::setCurrentImage(int image)
{
    const QScopedValueRollback guard(m_isUpdating, true);
    m_current = image;
    showCurrent();
}

void ThumbnailList::showCurrent()
{
    const int row = m_model->rowOf(m_current);
    const QModelIndex index = row < 0 ? QModelIndex() : m_model->index(row);
    if (index == currentIndex())
        return;
    setCurrentIndex(index);
    if (index.isValid())
        scrollTo(index);
}

void ThumbnailList::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

int ThumbnailList::columns() const { return std::max(1, viewport()->width() / cellWidth); }

int ThumbnailList::visibleLines() const { return std::max(1, viewport()->height() / cellHeight); }

/// The width is shared evenly; in coordinates of the whole sheet.
QRect ThumbnailList::cell(int row) const
{
    const int count = columns();
    const int left = viewport()->width() * (row % count) / count;
    const int right = viewport()->width() * (row % count + 1) / count;
    return {left, row / count * cellHeight, right - left, cellHeight};
}

QRect ThumbnailList::visualRect(const QModelIndex& index) const
{
    return index.isValid() ? cell(index.row()).translated(0, -verticalOffset()) : QRect();
}

QModelIndex ThumbnailList::indexAt(const QPoint& point) const
{
    if (point.x() < 0 || point.x() >= viewport()->width() || point.y() + verticalOffset() < 0)
        return {};
    const int line = (point.y() + verticalOffset()) / cellHeight;
    const int column = std::min(point.x() * columns() / std::max(1, viewport()->width()), columns() - 1);
    const int row = line * columns() + column;
    return row < m_model->rowCount() ? m_model->index(row) : QModelIndex();
}

void ThumbnailList::scrollTo(const QModelIndex& index, ScrollHint hint)
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

void ThumbnailList::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QAbstractItemView::currentChanged(current, previous);
    if (m_isUpdating || !current.isValid())
        return;
    m_current = m_model->imageAt(current.row());
    Q_EMIT imagePicked(m_current);
}

void ThumbnailList::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    const int count = m_model->rowCount();
    if (count == 0) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        // In line with the title above, whatever the margin of the list.
        painter.drawText(viewport()->rect().adjusted(12 - viewport()->x(), 8, -12, -8), Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap, m_emptyText);
        return;
    }
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QRect dirty = event->rect().translated(0, verticalOffset());
    const int first = std::max(0, dirty.top() / cellHeight * columns());
    const int last = std::min(count, (dirty.bottom() / cellHeight + 1) * columns());
    for (int row = first; row < last; ++row) {
        const QModelIndex index = m_model->index(row);
        option.rect = visualRect(index);
        option.state.setFlag(QStyle::State_Selected, index == currentIndex());
        itemDelegate()->paint(&painter, option, index);
    }
}

void ThumbnailList::resizeEvent(QResizeEvent* event)
{
    // What was on top stays on top when the columns change.
    const QModelIndex top = indexAt(QPoint(0, 0));
    QAbstractItemView::resizeEvent(event);
    if (top.isValid() && verticalOffset() > 0)
        scrollTo(top, PositionAtTop);
}

void ThumbnailList::updateGeometries()
{
    const int lines = (m_model->rowCount() + columns() - 1) / columns();
    verticalScrollBar()->setSingleStep(cellHeight / 2);
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, lines * cellHeight - viewport()->height()));
    QAbstractItemView::updateGeometries();
}

int ThumbnailList::verticalOffset() const { return verticalScrollBar()->value(); }

QModelIndex ThumbnailList::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    const int count = m_model->rowCount();
    if (count == 0)
        return {};
    const int row = currentIndex().row();
    if (row < 0)
        return m_model->index(0);
    const int page = visibleLines() * columns();
    const auto step = [row, count](int by) {
        const int next = row + by;
        // Past an end there is no move up or down, so that the column stays.
        return next < 0 || next >= count ? row : next;
    };
    switch (action) {
    case MoveLeft:
    case MovePrevious:
        return m_model->index(step(-1));
    case MoveRight:
    case MoveNext:
        return m_model->index(step(1));
    case MoveUp:
        return m_model->index(step(-columns()));
    case MoveDown:
        return m_model->index(step(columns()));
    case MovePageUp:
        return m_model->index(std::max(0, row - page));
    case MovePageDown:
        return m_model->index(std::min(count - 1, row + page));
    case MoveHome:
        return m_model->index(0);
    case MoveEnd:
        return m_model->index(count - 1);
    }
    return {};
}

void ThumbnailList::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command)
{
    if (const QModelIndex index = indexAt(rect.center()); index.isValid())
        selectionModel()->select(index, command);
}

QRegion ThumbnailList::visualRegionForSelection(const QItemSelection& selection) const
{
    QRegion region;
    for (const QModelIndex& index : selection.indexes())
        region += visualRect(index);
    return region;
}

} // namespace brink
