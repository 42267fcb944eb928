// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/actionlist.h"

#include "widgets/controls/fuzzymatch.h"
#include "widgets/controls/uitheme.h"

#include <QAction>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

namespace {

constexpr int entryRole = Qt::UserRole;
constexpr int menuRole = Qt::UserRole + 1;
constexpr int shortcutRole = Qt::UserRole + 2;
constexpr int possibleRole = Qt::UserRole + 3; // a disabled item could not even be passed by the arrows
constexpr int rowHeight = 26;
constexpr int rowsShown = 12;

class ActionDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, rowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const UiColours& colours = uiColours(QGuiApplication::palette());
        const QRect rect = option.rect.adjusted(10, 0, -10, 0);
        const bool isEnabled = index.data(possibleRole).toBool();
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, colours.accentSoft);
        painter->setFont(option.font);
        const QString shortcut = index.data(shortcutRole).toString();
        const int shortcutWidth = option.fontMetrics.horizontalAdvance(shortcut);
        painter->setPen(colours.muted);
        painter->drawText(rect, Qt::AlignRight | Qt::AlignVCenter, shortcut);
        const QString text = index.data().toString();
        painter->setPen(isEnabled ? colours.text : colours.muted);
        QFont font = option.font;
        font.setItalic(!isEnabled);
        painter->setFont(font);
        painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, text);
        const int taken = QFontMetrics(font).horizontalAdvance(text) + 14;
        const QString menu = isEnabled ? index.data(menuRole).toString() : ActionList::tr("%1 · not possible now").arg(index.data(menuRole).toString());
        painter->setFont(option.font);
        painter->setPen(colours.muted);
        const int room = rect.width() - taken - shortcutWidth - 14;
        painter->drawText(rect.adjusted(taken, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, option.fontMetrics.elidedText(menu, Qt::ElideRight, room));
        painter->restore();
    }
};

QString plainText(QString text)
{
    text.remove(QLatin1Char('&'));
    return text;
}

} // namespace

ActionList::ActionList(QMenuBar* menus, QWidget* parent)
    : QDialog(parent), m_menus(menus), m_field(new QLineEdit(this)), m_list(new QListView(this)), m_model(new QStandardItemModel(this))
{
    setWindowTitle(tr("Actions"));
    setModal(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    m_field->setPlaceholderText(tr("What do you want to do?"));
    m_field->setAccessibleName(tr("Search actions"));
    m_field->setToolTip(tr("Type parts of words; arrows choose, Enter does it, Esc closes"));
    m_field->setClearButtonEnabled(true);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ActionDelegate(m_list));
    m_list->setAccessibleName(tr("Actions found"));
    m_list->setEditTriggers(QListView::NoEditTriggers);
    m_list->setUniformItemSizes(true);
    m_list->setMinimumHeight(rowsShown * rowHeight);
    layout->addWidget(m_field);
    layout->addWidget(m_list, 1);
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &ActionList::filter);
    connect(m_field, &QLineEdit::returnPressed, this, &ActionList::perform);
    connect(m_list, &QListView::activated, this, &ActionList::perform);
    connect(m_list, &QListView::clicked, this, &ActionList::perform);
}

void ActionList::open()
{
    m_entries.clear();
    collect(m_menus->actions(), {});
    m_field->clear();
    filter({});
    if (QWidget* parent = parentWidget()) {
        resize(std::min(620, parent->width() - 80), sizeHint().height());
        move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, 60)));
    }
    QDialog::open();
    m_field->setFocus();
}

void ActionList::collect(const QList<QAction*>& actions, const QString& menu)
{
    for (QAction* action : actions) {
        const QString text = plainText(action->text());
        if (action->isSeparator() || text.isEmpty() || !action->isVisible())
            continue;
        if (action->menu())
            collect(action->menu()->actions(), menu.isEmpty() ? text : QStringLiteral("%1 › %2").arg(menu, text));
        else
            m_entries.push_back({action, text, menu});
    }
}

void ActionList::filter(const QString& typed)
{
    QList<std::pair<int, int>> found; // score, entry
    for (int i = 0; i < m_entries.size(); ++i)
        if (const auto score = fuzzyScore(typed, m_entries[i].text + QLatin1Char(' ') + m_entries[i].menu); score && m_entries[i].action)
            found.push_back({typed.trimmed().isEmpty() ? 0 : *score, i});
    std::ranges::stable_sort(found, std::greater{}, &std::pair<int, int>::first);
    m_model->clear();
    for (const auto& [score, place] : found) {
        const Entry& entry = m_entries[place];
        auto* item = new QStandardItem(entry.text);
        item->setData(place, entryRole);
        item->setData(entry.menu, menuRole);
        item->setData(entry.action->shortcut().toString(QKeySequence::NativeText), shortcutRole);
        item->setToolTip(entry.action->toolTip());
        item->setData(QStringLiteral("%1, %2").arg(entry.text, entry.menu), Qt::AccessibleTextRole);
        item->setData(entry.action->isEnabled(), possibleRole);
        m_model->appendRow(item);
    }
    m_list->setCurrentIndex(m_model->index(0, 0));
}

QStringList ActionList::shownActions() const
{
    QStringList texts;
    for (int row = 0; row < m_model->rowCount(); ++row)
        texts << m_model->item(row)->text();
    return texts;
}

/// Closed first, so that a dialog of the action stands alone.
void ActionList::perform()
{
    const QModelIndex index = m_list->currentIndex();
    if (!index.isValid() || !index.data(possibleRole).toBool())
        return;
    const QPointer<QAction> action = m_entries[index.data(entryRole).toInt()].action;
    accept();
    if (action)
        action->trigger();
}

/// The arrows move in the list while one types.
bool ActionList::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const int row = m_list->currentIndex().row();
        const int last = m_model->rowCount() - 1;
        const auto go = [&](int to) {
            m_list->setCurrentIndex(m_model->index(std::clamp(to, 0, std::max(last, 0)), 0));
            return true;
        };
        switch (key->key()) {
        case Qt::Key_Down:
            return go(row + 1);
        case Qt::Key_Up:
            return go(row - 1);
        case Qt::Key_PageDown:
            return go(row + rowsShown);
        case Qt::Key_PageUp:
            return go(row - rowsShown);
        default:
            break;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace brink
