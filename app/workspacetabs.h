// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QTabWidget>

class QMainWindow;

namespace brink {

/// The workspaces of the window as tabs. Docks that only the first one needs give their room to the others, and come back with
/// it; what the user shows or hides by hand is kept on either side.
class WorkspaceTabs : public QTabWidget {
    Q_OBJECT
public:
    /// @param dock object name of the dock that only the first workspace needs.
    WorkspaceTabs(QMainWindow* window, QString dock, QWidget* parent);

    void add(QWidget* workspace, const QString& title, const QString& toolTip);

    /// Layout of the docks as the first workspace has it, whichever is in sight.
    [[nodiscard]] QByteArray layout() const;
    void restoreLayout(const QByteArray& layout);

private:
    void follow(int index);
    void claimRoom();
    void setDockVisible(bool isVisible);
    [[nodiscard]] bool isDockVisible() const;

    QMainWindow* m_window;
    QString m_dock;
    int m_shown = 0;
    QByteArray m_firstLayout; ///< while another is in sight
    bool m_isInFirst = true, m_isInOthers = false; ///< whether the dock is shown there
};

} // namespace brink
