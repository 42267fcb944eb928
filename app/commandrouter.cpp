// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandrouter.h"

#include "app/actions.h"
#include "app/commandbar.h"
#include "app/controller.h"

#include <QAction>
#include <QTabWidget>

#include <algorithm>
#include <memory>
#include <utility>

namespace brink {

WorkspaceCommands inspectCommands(const Session& session, Controller& controller, std::function<bool()> isValid)
{
    WorkspaceCommands commands;
    commands.canRun = [&session, isValid = std::move(isValid)] { return session.classifier() && session.image() && isValid(); };
    commands.run = [&controller] { controller.run(); };
    commands.runTip = [] { return CommandRouter::tr("Analyse the chosen image with the parameters shown"); };
    commands.canStop = [&controller] { return controller.isRunning(); };
    commands.stop = [&controller] { controller.stop(); };
    commands.stopTip = [] { return CommandRouter::tr("Stop the analysis and keep what it has"); };
    return commands;
}

CommandRouter::CommandRouter(QTabWidget& tabs, const Actions& actions, CommandBar& bar, QObject* parent)
    : QObject(parent), m_tabs(tabs), m_actions(actions), m_bar(bar)
{
    connect(actions.run, &QAction::triggered, this, [this] {
        if (const auto* commands = current(); commands && commands->canRun())
            commands->run();
    });
    connect(actions.stop, &QAction::triggered, this, [this] {
        if (const auto* commands = current(); commands && commands->canStop())
            commands->stop();
    });
    connect(&tabs, &QTabWidget::currentChanged, this, &CommandRouter::update);
}

void CommandRouter::add(QWidget* workspace, WorkspaceCommands commands)
{
    add(workspace, [kept = std::make_shared<const WorkspaceCommands>(std::move(commands))] { return kept.get(); });
}

void CommandRouter::add(QWidget* workspace, std::function<const WorkspaceCommands*()> commands)
{
    m_entries.push_back({workspace, std::move(commands)});
}

const WorkspaceCommands* CommandRouter::current() const
{
    const auto found = std::ranges::find(m_entries, m_tabs.currentWidget(), &Entry::workspace);
    return found == m_entries.end() ? nullptr : found->commands();
}

void CommandRouter::update()
{
    const WorkspaceCommands* commands = current();
    m_actions.run->setEnabled(commands && commands->canRun());
    m_actions.stop->setEnabled(commands && commands->canStop());
    if (!commands)
        return;
    for (const auto& [action, tip] : {std::pair{m_actions.run, commands->runTip()}, std::pair{m_actions.stop, commands->stopTip()}}) {
        action->setToolTip(tip);
        action->setStatusTip(tip);
    }
    m_bar.setTargetReason(commands->targetReason);
    m_bar.setNormReason(commands->normReason);
    for (const auto& [norm, action] : m_actions.norms)
        action->setEnabled(commands->normReason.isEmpty());
}

} // namespace brink
