// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studyactions.h"

#include "app/qtext.h"
#include "core/report/studyfigures.h"
#include "core/report/studytables.h"

#include <QAction>
#include <QCoreApplication>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Actions", sentence); }

QAction* make(QObject* parent, const QString& label, const QKeySequence& shortcut, const QString& toolTip)
{
    auto* action = new QAction(label, parent);
    action->setShortcut(shortcut);
    action->setToolTip(toolTip);
    action->setStatusTip(toolTip);
    return action;
}

/// Names of tables are part of files; these are for people.
QString tableLabel(const std::string& name)
{
    if (name == "models")
        return text("model table");
    if (name == "transfer")
        return text("transfer table");
    if (name == "outcomes")
        return text("outcome of every image");
    if (name == "claims")
        return text("claims of the papers");
    if (name == "margins")
        return text("margin table");
    if (name == "margin-images")
        return text("margin of every image");
    return qtext(name);
}

} // namespace

StudyActions makeStudyActions(QObject* parent)
{
    StudyActions actions;
    actions.create = make(parent, text("New study..."), QKeySequence(Qt::CTRL | Qt::Key_N), text("Choose models, images and analyses, and compute them all into one file"));
    actions.open = make(parent, text("Open study file..."), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T), text("Open a finished or growing study (.brink)"));
    actions.resume = make(parent, text("Continue study"), QKeySequence(Qt::SHIFT | Qt::Key_F5), text("Compute what the study file still lacks; nothing is computed twice"));
    actions.stop = make(parent, text("Stop study"), QKeySequence(Qt::SHIFT | Qt::Key_Escape), text("Stop the study; every finished unit is in its file"));
    actions.clearPicks = make(parent, text("Clear picked models and cells"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), text("Show all models alike again"));
    for (const StudyFigureInfo& info : studyFigureInfos())
        actions.exports[info.name] = make(parent, text("Export %1...").arg(qtext(info.label)), {}, qtext(info.summary));
    for (const std::string& name : studyTableNames())
        actions.tables[name] = make(parent, text("Export %1...").arg(tableLabel(name)), {}, text("As CSV, JSON or LaTeX, with the choices in sight"));
    return actions;
}

} // namespace brink
