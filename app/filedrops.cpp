// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/filedrops.h"

#include <QCoreApplication>
#include <QDockWidget>
#include <QDropEvent>
#include <QMainWindow>
#include <QMimeData>
#include <QUrl>

namespace brink {

namespace {

QStringList localPaths(const QMimeData* data)
{
    QStringList paths;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    return paths;
}

} // namespace

FileDrops::FileDrops(QMainWindow* window) : QObject(window), m_window(window)
{
    window->setAcceptDrops(true);
    for (QDockWidget* dock : window->findChildren<QDockWidget*>())
        dock->setAcceptDrops(true);
    // Fields come and go with the forms, so each of them is watched from here.
    QCoreApplication::instance()->installEventFilter(this);
}

bool FileDrops::eventFilter(QObject* watched, QEvent* event)
{
    const bool isDrop = event->type() == QEvent::Drop;
    if (!isDrop && event->type() != QEvent::DragEnter && event->type() != QEvent::DragMove)
        return false;
    auto* drop = static_cast<QDropEvent*>(event);
    const QStringList paths = localPaths(drop->mimeData());
    if (paths.isEmpty() || !belongsToWindow(watched))
        return false;
    drop->acceptProposedAction();
    if (isDrop)
        Q_EMIT dropped(paths);
    return true;
}

bool FileDrops::belongsToWindow(QObject* watched) const
{
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (!widget)
        return false;
    const auto* floating = qobject_cast<const QDockWidget*>(widget->window());
    return widget->window() == m_window || (floating && floating->parentWidget() == m_window);
}

} // namespace brink
