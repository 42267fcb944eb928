// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings.h"

#include <QObject>

#include <map>
#include <string>

class QAction;
class QMainWindow;

namespace brink {

/// Every action of the main window with text, shortcut and tool tip, in its menu.
struct Actions {
    QAction* openModel = nullptr;
    QAction* openImages = nullptr;
    QAction* openFolder = nullptr;
    QAction* openExample = nullptr;
    QAction* exportAll = nullptr;
    QAction* quit = nullptr;
    QAction* copyHeadline = nullptr;
    QAction* run = nullptr;
    QAction* stop = nullptr;
    QAction* previousImage = nullptr;
    QAction* nextImage = nullptr;
    QAction* previousWrong = nullptr;
    QAction* nextWrong = nullptr;
    QAction* resetLayout = nullptr;
    QAction* dismissMessages = nullptr;
    QAction* about = nullptr;
    std::map<ThemeChoice, QAction*> themes;
    std::map<std::string, QAction*> exports; ///< by figure name
};

/// Makes the menus of the window; dock toggles go into the View menu.
[[nodiscard]] Actions makeActions(QMainWindow& window);

} // namespace brink
