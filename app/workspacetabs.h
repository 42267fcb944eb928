// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>
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

    /// @param name not translated: "study".
    void add(QWidget* workspace, const QString& name, const QString& title, const QString& toolTip);
    /// Name of the one in sight.
    [[nodiscard]] QString workspace() const;
    /// The first one where there is none of this name.
    void showWorkspace(const QString& name);

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
    QStringList m_names;
    QByteArray m_firstLayout; ///< while another is in sight
    bool m_isInFirst = true, m_isInOthers = false; ///< whether the dock is shown there
};

} // namespace brink
