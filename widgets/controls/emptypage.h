// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

class QAction;
class QLabel;

namespace brink {

/// An empty view: what it will show, and the actions that fill it, the first of them the usual one.
class EmptyPage : public QWidget {
    Q_OBJECT
public:
    EmptyPage(const QString& title, const QString& text, const QList<QAction*>& actions, QWidget* parent = nullptr);

    void setText(const QString& text);

private:
    QLabel* m_text;
};

} // namespace brink
