// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings.h"
#include "core/base/norm.h"
#include "core/params/params.h"

#include <QObject>

#include <map>
#include <string>
#include <vector>

class QAction;
class QMainWindow;
class QMenu;

namespace brink {

struct StudyActions;

/// Object name of the menu title of all exports.
inline constexpr const char* figureMenuName = "figures";

/// Every action of the main window with text, shortcut and tool tip, in its menu.
struct Actions {
    QAction* openModel = nullptr;
    QAction* openImages = nullptr;
    QAction* openFolder = nullptr;
    QAction* openExample = nullptr;
    QMenu* recentModels = nullptr; ///< filled by FileOpener
    QMenu* recentImages = nullptr;
    QAction* openSession = nullptr;
    QAction* saveSession = nullptr;
    QAction* saveSessionAs = nullptr;
    QAction* exportAll = nullptr;
    QAction* copyFigure = nullptr;
    QAction* quit = nullptr;
    QAction* undo = nullptr;
    QAction* redo = nullptr;
    QAction* copyHeadline = nullptr;
    QAction* modelCard = nullptr;
    QAction* removeModel = nullptr;
    QAction* previousModel = nullptr;
    QAction* nextModel = nullptr;
    QAction* run = nullptr;
    QAction* stop = nullptr;
    QAction* previousImage = nullptr;
    QAction* nextImage = nullptr;
    QAction* previousWrong = nullptr;
    QAction* nextWrong = nullptr;
    std::vector<QAction*> workspaces; ///< Inspect, Boundary, Study, Transfer, Margins, Trust
    std::map<QString, QAction*> goTo; ///< by object name of the dock; empty: the workspace
    QAction* jobLog = nullptr;
    QAction* resetLayout = nullptr;
    QAction* dismissMessages = nullptr;
    QAction* actionList = nullptr;
    QAction* whatsThis = nullptr;
    QAction* tour = nullptr;
    QAction* about = nullptr;
    std::map<Norm, QAction*> norms;
    std::map<Preset, QAction*> presets;
    std::map<ThemeChoice, QAction*> themes;
    std::map<std::string, QAction*> exports; ///< by figure name
};

/// Makes the menus of the window; dock toggles go into the View menu, the actions on studies where they belong.
/// @param boundary exports of the Boundary workspace, by figure name.
[[nodiscard]] Actions makeActions(QMainWindow& window, const StudyActions& studies, const std::map<std::string, QAction*>& boundary);

} // namespace brink
