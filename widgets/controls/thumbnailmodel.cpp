// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/thumbnailmodel.h"

#include <QLocale>
#include <QTimer>

#include <algorithm>

namespace brink {

namespace {

constexpr int thumbnailsKept = 4000;

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
    m_order.reset();
    m_marks.reset();
    m_entries.clear();
    m_wanted.clear();
    m_asked.clear();
    endResetModel();
}

void ThumbnailModel::setOrder(std::shared_ptr<const std::vector<int>> order)
{
    if (order == m_order || (order && m_order && *order == *m_order))
        return;
    beginResetModel();
    m_order = std::move(order);
    m_wanted.clear();
    endResetModel();
}

void ThumbnailModel::setMarks(std::shared_ptr<const ThumbnailMarks> marks, const QStringList& classNames)
{
    if (marks == m_marks && classNames == m_classNames)
        return;
    m_marks = std::move(marks);
    m_classNames = classNames;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

void ThumbnailModel::setThumbnail(int image, const QImage& thumbnail, const QString& caption, const QString& toolTip)
{
    if (image < 0 || image >= m_count)
        return;
    m_entries.insert(image, new Entry{thumbnail, caption, toolTip});
    m_asked.remove(image);
    if (const int row = rowOf(image); row >= 0)
        Q_EMIT dataChanged(index(row), index(row));
}

void ThumbnailModel::forgetAsked(const QList<int>& images)
{
    for (const int image : images)
        if (m_asked.remove(image))
            if (const int row = rowOf(image); row >= 0)
                Q_EMIT dataChanged(index(row), index(row));
}

int ThumbnailModel::rowOf(int image) const
{
    if (image < 0 || image >= m_count)
        return -1;
    if (!m_order)
        return image;
    const auto found = std::ranges::find(*m_order, image);
    return found == m_order->end() ? -1 : int(found - m_order->begin());
}

int ThumbnailModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_order ? int(m_order->size()) : m_count;
}

QVariant ThumbnailModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const int image = imageAt(index.row());
    const Entry* entry = m_entries.object(image);
    switch (role) {
    case Qt::DecorationRole:
        if (entry)
            return entry->image;
        if (!m_asked.contains(image)) {
            m_wanted.insert(image);
            m_timer->start();
        }
        return {};
    case Qt::DisplayRole:
        return entry && !entry->caption.isEmpty() ? entry->caption : QString::number(image);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return describe(image, entry);
    case MarkRole:
        return int(markOf(image).state);
    case PredictedRole:
        return predictedName(image);
    case ImageRole:
        return image;
    default:
        return {};
    }
}

ThumbnailMark ThumbnailModel::markOf(int image) const
{
    return m_marks && std::size_t(image) < m_marks->size() ? (*m_marks)[std::size_t(image)] : ThumbnailMark{};
}

QString ThumbnailModel::predictedName(int image) const
{
    const ThumbnailMark mark = markOf(image);
    if (mark.predicted < 0)
        return {};
    return mark.predicted < m_classNames.size() ? m_classNames[mark.predicted] : QString::number(mark.predicted);
}

QString ThumbnailModel::describe(int image, const Entry* entry) const
{
    QStringList lines{tr("image %1").arg(image)};
    if (entry && !entry->toolTip.isEmpty())
        lines << entry->toolTip;
    const ThumbnailMark mark = markOf(image);
    const QString word = mark.state == ThumbnailMark::State::Right ? tr(" (right)")
        : mark.state == ThumbnailMark::State::Wrong                ? tr(" (wrong)")
                                                                   : QString();
    if (mark.predicted >= 0)
        lines << tr("predicted %1%2, confidence %3 %, logit margin %4")
                     .arg(predictedName(image), word, QLocale().toString(100.0 * double(mark.confidence), 'f', 1),
                         QLocale().toString(double(mark.margin), 'g', 3));
    if (mark.state == ThumbnailMark::State::Refused)
        lines << tr("The model cannot take this image.");
    return lines.join(QLatin1Char('\n'));
}

void ThumbnailModel::flushWanted()
{
    QList<int> images(m_wanted.cbegin(), m_wanted.cend());
    std::ranges::sort(images);
    m_asked.unite(m_wanted);
    m_wanted.clear();
    if (!images.isEmpty())
        Q_EMIT thumbnailsWanted(images);
}

} // namespace brink
