// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>
#include <QPointer>

class QAction;
class QLineEdit;
class QListView;
class QMenuBar;
class QStandardItemModel;

namespace brink {

/// Every action of the menus in one list that narrows while one types: with its menu, shortcut and what it does. Arrows
/// move, Enter does it, Esc closes. What cannot be done now is grey.
class ActionList : public QDialog {
    Q_OBJECT
public:
    explicit ActionList(QMenuBar* menus, QWidget* parent = nullptr);

    /// Shows the list with nothing typed, over the upper part of the parent.
    void open() override;
    [[nodiscard]] QStringList shownActions() const; ///< texts as listed

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Entry {
        QPointer<QAction> action;
        QString text;
        QString menu; ///< "File › Open recent"
    };
    void collect(const QList<QAction*>& actions, const QString& menu);
    void filter(const QString& typed);
    void perform();

    QMenuBar* m_menus;
    QLineEdit* m_field;
    QListView* m_list;
    QStandardItemModel* m_model;
    QList<Entry> m_entries;
};

} // namespace brink
