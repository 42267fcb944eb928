// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspacetabs.h"

#include <QDockWidget>
#include <QMainWindow>

#include <algorithm>

namespace brink {

WorkspaceTabs::WorkspaceTabs(QMainWindow* window, QString dock, QWidget* parent) : QTabWidget(parent), m_window(window), m_dock(std::move(dock))
{
    setDocumentMode(true);
    connect(this, &QTabWidget::currentChanged, this, &WorkspaceTabs::follow);
}

QString WorkspaceTabs::workspace() const { return m_names.value(currentIndex()); }

void WorkspaceTabs::showWorkspace(const QString& name) { setCurrentIndex(std::max(0, int(m_names.indexOf(name)))); }

void WorkspaceTabs::add(QWidget* workspace, const QString& name, const QString& title, const QString& toolTip)
{
    m_names << name;
    setTabToolTip(addTab(workspace, title), toolTip);
    claimRoom();
}

/// Only the workspace in sight says how small the window may be.
void WorkspaceTabs::claimRoom()
{
    for (int i = 0; i < count(); ++i) {
        const auto policy = i == currentIndex() ? QSizePolicy::Preferred : QSizePolicy::Ignored;
        widget(i)->setSizePolicy(policy, policy);
    }
}

bool WorkspaceTabs::isDockVisible() const
{
    const auto* dock = m_window->findChild<QDockWidget*>(m_dock);
    return dock && !dock->isHidden();
}

void WorkspaceTabs::setDockVisible(bool isVisible)
{
    if (auto* dock = m_window->findChild<QDockWidget*>(m_dock))
        dock->setVisible(isVisible);
}

void WorkspaceTabs::follow(int index)
{
    const bool wasFirst = m_shown == 0, isFirst = index == 0;
    m_shown = index;
    claimRoom();
    if (wasFirst == isFirst)
        return;
    (wasFirst ? m_isInFirst : m_isInOthers) = isDockVisible();
    if (wasFirst)
        m_firstLayout = m_window->saveState();
    setDockVisible(isFirst ? m_isInFirst : m_isInOthers);
}

QByteArray WorkspaceTabs::layout() const { return m_shown == 0 ? m_window->saveState() : m_firstLayout; }

void WorkspaceTabs::restoreLayout(const QByteArray& layout)
{
    m_window->restoreState(layout);
    if (m_shown == 0)
        return;
    m_firstLayout = layout;
    m_isInFirst = isDockVisible();
    setDockVisible(m_isInOthers);
}

} // namespace brink
