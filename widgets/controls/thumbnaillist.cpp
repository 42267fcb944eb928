// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/thumbnaillist.h"

#include "widgets/controls/uitheme.h"

#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMouseEvent>
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
    : CellGrid(QSize(cellWidth, cellHeight), tr("Drop images, a folder or a data set file here, or press + to open them."), parent),
      m_model(new ThumbnailModel(this))
{
    setModel(m_model);
    setItemDelegate(new ThumbnailDelegate(this));
    setAccessibleName(tr("Images"));
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

/// The right button asks about an image; it does not choose it.
void ThumbnailList::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::RightButton)
        return event->accept();
    CellGrid::mousePressEvent(event);
}

void ThumbnailList::contextMenuEvent(QContextMenuEvent* event)
{
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = isByKey ? currentIndex() : indexAt(event->pos());
    if (index.isValid())
        Q_EMIT menuWanted(m_model->imageAt(index.row()), isByKey ? viewport()->mapToGlobal(visualRect(index).center()) : event->globalPos());
}

void ThumbnailList::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QAbstractItemView::currentChanged(current, previous);
    if (m_isUpdating || !current.isValid())
        return;
    m_current = m_model->imageAt(current.row());
    Q_EMIT imagePicked(m_current);
}

} // namespace brink
