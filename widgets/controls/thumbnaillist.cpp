// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/thumbnaillist.h"

#include "widgets/controls/uitheme.h"

#include <QGuiApplication>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTimer>

#include <algorithm>

namespace brink {

namespace {

constexpr int thumbnailSide = 46;
constexpr int captionHeight = 14;
constexpr int cellWidth = thumbnailSide + 4;
constexpr int cellHeight = thumbnailSide + captionHeight + 8;
constexpr int edge = 8; // the frame of the current one is not cut off
constexpr int thumbnailsKept = 4000;

class ThumbnailDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// Fixed, so that laying out asks no item for its picture.
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {cellWidth, cellHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        // The style sheet hands delegates a palette of its own; the theme is the application's.
        const UiColours colours = uiColours(QGuiApplication::palette());
        const QRect rect = option.rect;
        const QRect picture(rect.center().x() - thumbnailSide / 2, rect.top() + 3, thumbnailSide, thumbnailSide);
        const auto image = index.data(Qt::DecorationRole).value<QImage>();
        painter->save();
        if (image.isNull())
            painter->fillRect(picture, colours.line);
        else
            paintImage(painter, picture, image);
        if (option.state & QStyle::State_Selected) {
            painter->setPen(QPen(colours.accent, 3));
            painter->drawRect(picture.adjusted(-1, -1, 0, 0));
        }
        QFont small = option.font;
        small.setPointSizeF(option.font.pointSizeF() * 0.85);
        painter->setFont(small);
        painter->setPen(option.state & QStyle::State_Selected ? colours.accent : colours.muted);
        const QRect caption(rect.left(), picture.bottom() + 2, rect.width(), captionHeight);
        painter->drawText(caption, Qt::AlignCenter,
            QFontMetrics(small).elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, rect.width() - 2));
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
};

} // namespace

ThumbnailModel::ThumbnailModel(QObject* parent) : QAbstractListModel(parent), m_entries(thumbnailsKept), m_timer(new QTimer(this))
{
    // One request for all cells of a repaint.
    m_timer->setSingleShot(true);
    m_timer->setInterval(0);
    connect(m_timer, &QTimer::timeout, this, &ThumbnailModel::flushWanted);
}

void ThumbnailModel::setCount(int count)
{
    beginResetModel();
    m_count = count;
    m_entries.clear();
    m_wanted.clear();
    m_asked.clear();
    endResetModel();
}

void ThumbnailModel::setThumbnail(int row, const QImage& thumbnail, const QString& caption, const QString& toolTip)
{
    if (row < 0 || row >= m_count)
        return;
    m_entries.insert(row, new Entry{thumbnail, caption, toolTip});
    m_asked.remove(row);
    Q_EMIT dataChanged(index(row), index(row));
}

void ThumbnailModel::forgetAsked(const QList<int>& rows)
{
    for (const int row : rows)
        if (m_asked.remove(row))
            Q_EMIT dataChanged(index(row), index(row));
}

int ThumbnailModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_count; }

QVariant ThumbnailModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Entry* entry = m_entries.object(index.row());
    switch (role) {
    case Qt::DecorationRole:
        if (entry)
            return entry->image;
        if (!m_asked.contains(index.row())) {
            m_wanted.insert(index.row());
            m_timer->start();
        }
        return {};
    case Qt::DisplayRole:
        return entry && !entry->caption.isEmpty() ? entry->caption : QString::number(index.row());
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return entry && !entry->toolTip.isEmpty() ? entry->toolTip : tr("image %1").arg(index.row());
    default:
        return {};
    }
}

void ThumbnailModel::flushWanted()
{
    QList<int> rows(m_wanted.cbegin(), m_wanted.cend());
    std::ranges::sort(rows);
    m_asked.unite(m_wanted);
    m_wanted.clear();
    if (!rows.isEmpty())
        Q_EMIT thumbnailsWanted(rows);
}

ThumbnailList::ThumbnailList(QWidget* parent)
    : PickList(tr("Images"), tr("Drop images, a folder or a data set file here, or press + to open them."), parent),
      m_model(new ThumbnailModel(this))
{
    setModel(m_model);
    setItemDelegate(new ThumbnailDelegate(this));
    setViewMode(IconMode);
    setMovement(Static);
    setResizeMode(Adjust);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setViewportMargins(edge, 0, 0, 0);
}

void ThumbnailList::setCount(int count)
{
    changeQuietly([this, count] { m_model->setCount(count); });
}

void ThumbnailList::resizeEvent(QResizeEvent* event)
{
    // As many columns as fit, sharing the width evenly.
    const int columns = std::max(1, viewport()->width() / cellWidth);
    setGridSize(QSize(viewport()->width() / columns, cellHeight));
    QListView::resizeEvent(event);
}

} // namespace brink
