// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

class QMainWindow;

namespace brink {

/// Takes files dropped anywhere on a window: on its fields, which would take the path as text, and on docks that float.
/// Dialogs are left alone.
class FileDrops : public QObject {
    Q_OBJECT
public:
    /// @param window with all its docks.
    explicit FileDrops(QMainWindow* window);

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void dropped(const QStringList& paths);

private:
    [[nodiscard]] bool belongsToWindow(QObject* watched) const;

    QMainWindow* m_window;
};

} // namespace brink
