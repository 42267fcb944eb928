// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/pairgallery.h"

#include "widgets/controls/uitheme.h"

#include <QGuiApplication>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QTimer>

#include <algorithm>

namespace brink {

namespace {

constexpr int picturesKept = 4000;
constexpr int pictureSide = 60;
constexpr int gap = 4;
constexpr int lineHeight = 14;
constexpr int cellWidth = 2 * pictureSide + gap + 16;
constexpr int cellHeight = pictureSide + 3 * lineHeight + 16;

class PairDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {cellWidth, cellHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        // The style sheet hands delegates a palette of its own; the theme is the application's.
        const UiColours& colours = uiColours(QGuiApplication::palette());
        const QRect cell = option.rect.adjusted(2, 2, -2, -2);
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(cell, colours.accentSoft);
        QRect picture(cell.left() + 4, cell.top() + 4, pictureSide, pictureSide);
        paintPicture(painter, picture, index.data(PairModel::BeforeRole).value<QImage>(), colours);
        paintPicture(painter, picture.translated(pictureSide + gap, 0), index.data(PairModel::AfterRole).value<QImage>(), colours);
        QRect line(picture.left(), picture.bottom() + 4, cell.right() - picture.left() - 2, lineHeight);
        paintLine(painter, line, index.data(Qt::DisplayRole).toString(), colours.text);
        QFont small = option.font;
        small.setPointSizeF(option.font.pointSizeF() * 0.86);
        painter->setFont(small);
        const bool isHit = index.data(PairModel::HitRole).toBool();
        const QString sign = isHit ? QStringLiteral("● ") : QStringLiteral("○ ");
        paintLine(painter, line.translated(0, lineHeight), sign + index.data(PairModel::VerdictRole).toString(), isHit ? colours.alarm : colours.good);
        paintLine(painter, line.translated(0, 2 * lineHeight), index.data(PairModel::OriginRole).toString(), colours.muted);
        painter->restore();
    }

private:
    static void paintPicture(QPainter* painter, const QRect& place, const QImage& image, const UiColours& colours)
    {
        if (image.isNull()) {
            painter->fillRect(place, colours.line);
            return;
        }
        QRect target(QPoint(), image.size().scaled(place.size(), Qt::KeepAspectRatio));
        target.moveCenter(place.center());
        // Small images keep hard pixels: the perturbation is in them.
        painter->setRenderHint(QPainter::SmoothPixmapTransform, image.width() > target.width());
        painter->drawImage(target, image);
    }

    static void paintLine(QPainter* painter, const QRect& line, const QString& text, const QColor& colour)
    {
        painter->setPen(colour);
        painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, painter->fontMetrics().elidedText(text, Qt::ElideRight, line.width()));
    }
};

} // namespace

PairModel::PairModel(QObject* parent) : QAbstractListModel(parent), m_pictures(picturesKept), m_timer(new QTimer(this))
{
    // One request for all cells of a repaint.
    m_timer->setSingleShot(true);
    m_timer->setInterval(0);
    connect(m_timer, &QTimer::timeout, this, &PairModel::flushWanted);
}

void PairModel::setPairs(int count, std::function<PairItem(int)> itemAt)
{
    beginResetModel();
    m_count = count;
    m_itemAt = std::move(itemAt);
    m_wanted.clear();
    endResetModel();
}

void PairModel::replaceItems(std::function<PairItem(int)> itemAt)
{
    m_itemAt = std::move(itemAt);
    if (m_count > 0)
        Q_EMIT dataChanged(index(0), index(m_count - 1));
}

void PairModel::setPicture(quint64 key, const QImage& image)
{
    m_asked.remove(key);
    m_pictures.insert(key, new QImage(image));
    if (m_count > 0)
        Q_EMIT dataChanged(index(0), index(m_count - 1));
}

void PairModel::forgetPictures()
{
    m_pictures.clear();
    m_wanted.clear();
    m_asked.clear();
}

int PairModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_count; }

QVariant PairModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_count)
        return {};
    const PairItem item = m_itemAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return item.change;
    case VerdictRole:
        return item.verdict;
    case OriginRole:
        return item.origin;
    case HitRole:
        return item.isHit;
    case BeforeRole:
        return picture(item.before);
    case AfterRole:
        return picture(item.after);
    case Qt::ToolTipRole:
        return item.toolTip;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3").arg(item.change, item.verdict, item.origin);
    default:
        return {};
    }
}

QImage PairModel::picture(quint64 key) const
{
    if (const QImage* known = m_pictures.object(key))
        return *known;
    if (!m_asked.contains(key)) {
        m_asked.insert(key);
        m_wanted << key;
        m_timer->start();
    }
    return {};
}

void PairModel::flushWanted()
{
    if (!m_wanted.isEmpty())
        Q_EMIT picturesWanted(std::exchange(m_wanted, {}));
}

PairGallery::PairGallery(QString emptyText, QWidget* parent)
    : CellGrid(QSize(cellWidth, cellHeight), std::move(emptyText), parent), m_model(new PairModel(this))
{
    setModel(m_model);
    setItemDelegate(new PairDelegate(this));
    setAccessibleName(tr("Images behind the selection"));
    setToolTip(tr("Original and adversarial image. Double-click or Enter opens it in Inspect on the target; right click: on the source."));
    connect(this, &QAbstractItemView::activated, this, [this](const QModelIndex& index) { Q_EMIT pairOpened(index.row()); });
}

void PairGallery::setPairs(int count, std::function<PairItem(int)> itemAt)
{
    m_model->setPairs(count, std::move(itemAt));
    verticalScrollBar()->setValue(0);
    if (count > 0)
        setCurrentIndex(m_model->index(0));
}

} // namespace brink
