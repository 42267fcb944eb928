// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/picklist.h"

#include <QPainter>
#include <QScopedValueRollback>

namespace brink {

namespace {

/// Both lists stand one above the other in the same dock area.
constexpr int narrowest = 224;

} // namespace

PickList::PickList(const QString& name, const QString& emptyText, QWidget* parent) : QListView(parent), m_emptyText(emptyText)
{
    setSelectionMode(SingleSelection);
    setUniformItemSizes(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumWidth(narrowest);
    setAccessibleName(name);
}

void PickList::setCurrent(int row)
{
    const QModelIndex index = model()->index(row, 0);
    if (index == currentIndex())
        return;
    changeQuietly([this, &index] { setCurrentIndex(index); });
    if (index.isValid())
        scrollTo(index);
}

void PickList::changeQuietly(const std::function<void()>& change)
{
    const QScopedValueRollback guard(m_isUpdating, true);
    change();
}

void PickList::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QListView::currentChanged(current, previous);
    if (!m_isUpdating && current.isValid())
        Q_EMIT rowPicked(current.row());
}

void PickList::paintEvent(QPaintEvent* event)
{
    QListView::paintEvent(event);
    if (model() && model()->rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    // In line with the title above, whatever the margin of the list.
    painter.drawText(viewport()->rect().adjusted(12 - viewport()->x(), 8, -12, -8), Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap, m_emptyText);
}

} // namespace brink
