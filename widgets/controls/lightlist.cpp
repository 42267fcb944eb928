// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/lightlist.h"

#include "widgets/controls/uitheme.h"

#include <QGuiApplication>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>

#include <algorithm>

namespace brink {

namespace {

constexpr int padding = 8, iconSize = 16, gap = 8, most = 3;

std::pair<const char*, QColor> lookOf(StatusBadge::Grade grade, const UiColours& colours)
{
    switch (grade) {
    case StatusBadge::Grade::Good:
        return {"good", colours.good};
    case StatusBadge::Grade::Caution:
        return {"caution", colours.caution};
    case StatusBadge::Grade::Alarm:
        return {"alarm", colours.alarm};
    case StatusBadge::Grade::Neutral:
        break;
    }
    return {"partial", colours.muted};
}

QFont boldOf(QFont font)
{
    font.setBold(true);
    return font;
}

/// Title with the word on the first line, the finding below on up to three.
class LightDelegate : public QStyledItemDelegate {
public:
    explicit LightDelegate(const LightList* list) : QStyledItemDelegate(const_cast<LightList*>(list)), m_list(list) {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const int width = m_list->viewport()->width();
        const QFontMetrics metrics(option.font), bold(boldOf(option.font));
        return {width, 2 * padding + bold.height() + 2 + textHeight(metrics, row(index), width)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const UiColours& colours = uiColours(QGuiApplication::palette()); // a view keeps that of its first theme
        const LightRow& light = row(index);
        const auto [icon, colour] = lookOf(light.grade, colours);
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected)) {
            painter->fillRect(option.rect, colours.accentSoft);
            if (option.state.testFlag(QStyle::State_HasFocus))
                painter->fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), colours.accent);
        }
        const QRect inside = option.rect.adjusted(padding, padding, -padding, -padding);
        const QFontMetrics bold(boldOf(option.font));
        tintedIcon(QLatin1String(icon), colour).paint(painter, QRect(inside.left(), inside.top() + (bold.height() - iconSize) / 2, iconSize, iconSize));
        QRect line(inside.left() + iconSize + gap, inside.top(), inside.width() - iconSize - gap, bold.height());
        const int wordWidth = bold.horizontalAdvance(light.word);
        painter->setFont(boldOf(option.font));
        painter->setPen(colour);
        painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, light.word);
        painter->setPen(colours.text);
        painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, bold.elidedText(light.title, Qt::ElideRight, line.width() - wordWidth - gap));
        painter->setFont(option.font);
        painter->setPen(light.grade == StatusBadge::Grade::Neutral ? colours.muted : colours.text);
        line.setTop(line.bottom() + 3);
        line.setBottom(inside.bottom() + 1);
        painter->drawText(line, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, shownText(QFontMetrics(option.font), light, line.width()));
        painter->setPen(colours.line);
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        painter->restore();
    }

private:
    [[nodiscard]] const LightRow& row(const QModelIndex& index) const { return m_list->lights()[std::size_t(index.row())]; }

    static int textHeight(const QFontMetrics& metrics, const LightRow& light, int width)
    {
        const int room = width - 2 * padding - iconSize - gap;
        return std::min(metrics.boundingRect(QRect(0, 0, room, 10000), Qt::TextWordWrap, light.finding).height(), most * metrics.lineSpacing());
    }
    /// Cut where it would need more lines; the tool tip has all.
    static QString shownText(const QFontMetrics& metrics, const LightRow& light, int width)
    {
        QString text = light.finding;
        const auto fits = [&](const QString& shown) { return metrics.boundingRect(QRect(0, 0, width, 10000), Qt::TextWordWrap, shown).height() <= most * metrics.lineSpacing(); };
        if (fits(text))
            return text;
        while (!text.isEmpty() && !fits(text + QStringLiteral(" …")))
            text = text.left(std::max(qsizetype(0), text.lastIndexOf(QLatin1Char(' '))));
        return text + QStringLiteral(" …");
    }

    const LightList* m_list;
};

} // namespace

LightList::LightList(QWidget* parent) : QListWidget(parent)
{
    setItemDelegate(new LightDelegate(this));
    setResizeMode(QListView::Adjust);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(this, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0)
            Q_EMIT lightPicked(m_rows[std::size_t(row)].key);
    });
}

void LightList::setLights(const std::vector<LightRow>& rows)
{
    if (rows == m_rows)
        return;
    const QSignalBlocker blocker(this);
    const QString chosen = currentKey();
    m_rows = rows;
    while (count() > int(rows.size()))
        delete takeItem(count() - 1);
    while (count() < int(rows.size()))
        addItem(new QListWidgetItem);
    for (int i = 0; i < count(); ++i) {
        const LightRow& row = rows[std::size_t(i)];
        item(i)->setData(Qt::AccessibleTextRole, QStringLiteral("%1: %2. %3").arg(row.word, row.title, row.finding));
        item(i)->setToolTip(row.toolTip);
        item(i)->setSizeHint({});
    }
    setCurrentKey(chosen);
    scheduleDelayedItemsLayout();
    viewport()->update();
}

QString LightList::currentKey() const { return currentRow() >= 0 && currentRow() < int(m_rows.size()) ? m_rows[std::size_t(currentRow())].key : QString(); }

void LightList::setCurrentKey(const QString& key)
{
    const QSignalBlocker blocker(this);
    const auto found = std::ranges::find(m_rows, key, &LightRow::key);
    setCurrentRow(found == m_rows.end() ? -1 : int(found - m_rows.begin()));
}

void LightList::resizeEvent(QResizeEvent* event)
{
    QListWidget::resizeEvent(event);
    scheduleDelayedItemsLayout(); // findings wrap anew
}

} // namespace brink
