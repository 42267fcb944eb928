// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <vector>

class QAction;
class QTabWidget;
class QWidget;

namespace brink {

class CommandBar;
struct Actions;

/// What Run, Stop, the target and the norm mean in a workspace.
struct WorkspaceCommands {
    std::function<bool()> canRun, canStop;
    std::function<void()> run, stop;
    std::function<QString()> runTip, stopTip; ///< what they do now, or why they cannot
    QString targetReason;                     ///< why the target has no meaning there; empty: it has
    QString normReason;                       ///< the same of the norm
};

class Controller;
class Session;

/// Run is the analysis of the chosen image. @param isValid whether the parameters shown are.
[[nodiscard]] WorkspaceCommands inspectCommands(const Session& session, Controller& controller, std::function<bool()> isValid);

/// Run (F5), Stop (Esc), target and norm are about the workspace in sight.
class CommandRouter : public QObject {
    Q_OBJECT
public:
    CommandRouter(QTabWidget& tabs, const Actions& actions, CommandBar& bar, QObject* parent);

    void add(QWidget* workspace, WorkspaceCommands commands);
    /// A workspace of pages: the commands of the one in sight, null where there are none.
    void add(QWidget* workspace, std::function<const WorkspaceCommands*()> commands);
    /// After anything that changes what can be done.
    void update();

private:
    [[nodiscard]] const WorkspaceCommands* current() const;

    struct Entry {
        QWidget* workspace;
        std::function<const WorkspaceCommands*()> commands;
    };
    QTabWidget& m_tabs;
    const Actions& m_actions;
    CommandBar& m_bar;
    std::vector<Entry> m_entries;
};

} // namespace brink
