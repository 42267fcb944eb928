// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

class QAction;
class QObject;

namespace brink {

/// The actions on studies, in the menus and on the workspaces.
struct StudyActions {
    QAction* create = nullptr;
    QAction* open = nullptr;
    QAction* resume = nullptr;
    QAction* stop = nullptr;
    QAction* clearPicks = nullptr;
    std::map<std::string, QAction*> exports; ///< by figure name
    std::map<std::string, QAction*> tables;  ///< by table name
};

[[nodiscard]] StudyActions makeStudyActions(QObject* parent);

} // namespace brink
