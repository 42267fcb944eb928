// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/recentfiles.h"
#include "app/settings.h"

#include <QObject>

class QMenu;
class QWidget;

namespace brink {

struct Actions;
class Controller;
class MessageBar;

/// The file dialogs and the lists of recent models and images.
class FileOpener : public QObject {
    Q_OBJECT
public:
    FileOpener(Controller& controller, MessageBar& messages, const Actions& actions, QWidget* window);

private:
    void openModels();
    void openImages();
    void openFolder();
    void openRecent(RecentFiles& recent, const QStringList& paths);
    void fillMenu(QMenu* menu, RecentFiles& recent);
    void fillMenus();

    Controller& m_controller;
    MessageBar& m_messages;
    const Actions& m_actions;
    QWidget* m_window;
    Settings m_settings;
    RecentFiles m_models{QStringLiteral("models")};
    RecentFiles m_images{QStringLiteral("images")};
};

} // namespace brink
