// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/actions.h"

#include "app/qtext.h"
#include "app/studyactions.h"
#include "core/report/registry.h"
#include "core/report/studyfigures.h"
#include "core/report/studytables.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

#include <tuple>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Actions", sentence); }

QAction* add(QMenu* menu, const char* label, const QKeySequence& shortcut, const char* toolTip)
{
    QAction* action = menu->addAction(text(label));
    action->setShortcut(shortcut);
    action->setToolTip(text(toolTip));
    action->setStatusTip(action->toolTip());
    return action;
}

void fillFileMenu(QMenu* menu, Actions& actions, const StudyActions& studies)
{
    actions.openModel = add(menu, "Open model...", QKeySequence(Qt::CTRL | Qt::Key_M), "Open TorchScript models");
    actions.openImages = add(menu, "Open images...", QKeySequence::Open, "Open images, or an IDX, CIFAR, CSV or .npy file");
    actions.openFolder = add(menu, "Open image folder...", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), "Open a folder of images, or a folder a class");
    actions.openExample = add(menu, "Open built-in example", {}, "Open the models and images that come with Brink");
    actions.recentModels = menu->addMenu(text("Recent models"));
    actions.recentImages = menu->addMenu(text("Recent images"));
    menu->addSeparator();
    actions.openSession = add(menu, "Open session...", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L), "Open models, images, parameters and results saved together (.brink)");
    actions.saveSession = add(menu, "Save session", QKeySequence::Save, "Save models by place, images, parameters, results and layout in one file");
    actions.saveSessionAs = add(menu, "Save session as...", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), "Save the session in another file");
    menu->addSeparator();
    menu->addActions({studies.create, studies.open});
    menu->addSeparator();
    actions.quit = add(menu, "Quit", QKeySequence::Quit, "Stop all jobs and leave");
}

void fillEditMenu(QMenu* menu, Actions& actions, const StudyActions& studies)
{
    actions.undo = add(menu, "Undo", QKeySequence::Undo, "Take back the last change of a parameter or choice");
    actions.redo = add(menu, "Redo", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), "Make the change again that was taken back");
    menu->addSeparator();
    actions.copyHeadline = add(menu, "Copy finding", QKeySequence::Copy, "Put the finding of this image on the clipboard as one line");
    menu->addSeparator();
    menu->addAction(studies.clearPicks);
    menu->addSeparator();
    actions.modelCard = add(menu, "Model card...", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M), "Edit how pixels become the input of the current model");
    actions.removeModel = add(menu, "Close model", QKeySequence(Qt::CTRL | Qt::Key_W), "Take the current model off the list");
}

void addNorms(QMenu* menu, Actions& actions)
{
    const std::pair<Norm, QKeySequence> norms[] = {{Norm::L1, QKeySequence(Qt::ALT | Qt::Key_1)}, {Norm::L2, QKeySequence(Qt::ALT | Qt::Key_2)},
        {Norm::Linf, QKeySequence(Qt::ALT | Qt::Key_3)}};
    for (const auto& [norm, shortcut] : norms) {
        QAction* action = add(menu, "", shortcut, "Measure distances in this norm");
        action->setText(text("Norm %1").arg(qtext(normLabel(norm))));
        actions.norms[norm] = action;
    }
    actions.presets[Preset::Preview] = add(menu, "Preset Preview", {}, "Coarse parameters that take seconds");
    actions.presets[Preset::Paper] = add(menu, "Preset Paper", {}, "The parameters of the publications");
}

void fillAnalysisMenu(QMenu* menu, Actions& actions, const StudyActions& studies)
{
    actions.run = add(menu, "Run", QKeySequence(Qt::Key_F5), "Analyse the chosen image with the parameters shown");
    actions.stop = add(menu, "Stop", QKeySequence(Qt::Key_Escape), "Stop the analysis and keep what it has");
    menu->addActions({studies.resume, studies.stop});
    menu->addSeparator();
    actions.previousImage = add(menu, "Previous image", QKeySequence(Qt::ALT | Qt::Key_Left), "Choose the image before this one");
    actions.nextImage = add(menu, "Next image", QKeySequence(Qt::ALT | Qt::Key_Right), "Choose the image after this one");
    actions.previousWrong = add(menu, "Previous wrong image", QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_Left), "Choose the image before this one that the model gets wrong");
    actions.nextWrong = add(menu, "Next wrong image", QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_Right), "Choose the image after this one that the model gets wrong");
    actions.previousModel = add(menu, "Previous model", QKeySequence(Qt::CTRL | Qt::Key_PageUp), "Choose the model above this one");
    actions.nextModel = add(menu, "Next model", QKeySequence(Qt::CTRL | Qt::Key_PageDown), "Choose the model below this one");
    menu->addSeparator();
    addNorms(menu, actions);
}

void fillFigureMenu(QMenu* menu, Actions& actions, const StudyActions& studies, const std::map<std::string, QAction*>& boundary)
{
    menu->menuAction()->setObjectName(QLatin1String(figureMenuName));
    for (const FigureInfo& info : figureInfos()) {
        QAction* action = menu->addAction(text("Export %1...").arg(qtext(info.label)));
        action->setToolTip(qtext(info.summary));
        action->setStatusTip(qtext(info.summary));
        actions.exports[info.name] = action;
    }
    menu->addSeparator();
    for (const StudyFigureInfo& info : studyFigureInfos())
        menu->addAction(studies.exports.at(info.name));
    menu->addSeparator();
    for (const auto& [name, action] : boundary)
        menu->addAction(action);
    QMenu* tables = menu->addMenu(text("Export study table"));
    for (const std::string& name : studyTableNames())
        tables->addAction(studies.tables.at(name));
    menu->addSeparator();
    actions.copyFigure = add(menu, "Copy figure", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), "Put the chosen figure, else the distance ladder, on the clipboard as picture and SVG");
    actions.exportAll = add(menu, "Export all figures...", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), "Write every figure of this result into a folder");
}

void fillWorkspaces(QMenu* menu, Actions& actions)
{
    const std::tuple<const char*, Qt::Key, const char*> places[] = {{"Inspect", Qt::Key_F6, "One image: how close it is to another class, by every method"},
        {"Boundary", Qt::Key_F7, "The decision boundary on a plane through the image, its curvature, paths inside a region, and many images"},
        {"Study", Qt::Key_F8, "Many models on many images: table, Pareto figure, success and robust accuracy"},
        {"Transfer", Qt::Key_F9, "Whose adversarial images fool whom, and the images behind each number"},
        {"Margins", Qt::Key_F10, "Whether the models know which images are close to another class, and the brittle ones"},
        {"Trust", Qt::Key_F11, "Whether the numbers about the current model can be trusted"}};
    for (const auto& [label, key, toolTip] : places)
        actions.workspaces.push_back(add(menu, label, QKeySequence(key), toolTip));
    menu->addSeparator();
}

void fillViewMenu(QMenu* menu, QMainWindow& window, Actions& actions)
{
    for (QDockWidget* dock : window.findChildren<QDockWidget*>())
        menu->addAction(dock->toggleViewAction());
    menu->addSeparator();
    auto* themes = menu->addMenu(text("Theme"));
    auto* group = new QActionGroup(themes);
    const std::pair<ThemeChoice, const char*> choices[] = {
        {ThemeChoice::System, "Like the system"}, {ThemeChoice::Light, "Light"}, {ThemeChoice::Dark, "Dark"}};
    for (const auto& [choice, label] : choices) {
        QAction* action = add(themes, label, {}, label);
        action->setCheckable(true);
        group->addAction(action);
        actions.themes[choice] = action;
    }
}

} // namespace

Actions makeActions(QMainWindow& window, const StudyActions& studies, const std::map<std::string, QAction*>& boundary)
{
    Actions actions;
    QMenuBar* bar = window.menuBar();
    fillFileMenu(bar->addMenu(text("&File")), actions, studies);
    fillEditMenu(bar->addMenu(text("&Edit")), actions, studies);
    fillViewMenu(bar->addMenu(text("&View")), window, actions);
    fillAnalysisMenu(bar->addMenu(text("&Analysis")), actions, studies);
    fillFigureMenu(bar->addMenu(text("F&igure")), actions, studies, boundary);
    QMenu* windowMenu = bar->addMenu(text("&Window"));
    fillWorkspaces(windowMenu, actions);
    const std::tuple<const char*, const char*, Qt::Key> places[] = {{"models", "Go to models", Qt::Key_1}, {"images", "Go to images", Qt::Key_2},
        {"", "Go to workspace", Qt::Key_3}, {"parameters", "Go to parameters", Qt::Key_4}, {"jobs", "Go to jobs", Qt::Key_5}};
    for (const auto& [name, label, key] : places)
        actions.goTo[QLatin1String(name)] = add(windowMenu, label, QKeySequence(Qt::CTRL | key), "Put the keyboard focus there, and show it if it is closed");
    windowMenu->addSeparator();
    actions.jobLog = add(windowMenu, "Job log...", QKeySequence(Qt::CTRL | Qt::Key_J), "What every job did and cost, to read and to copy");
    actions.resetLayout = add(windowMenu, "Reset layout", {}, "Put every panel back where it was at first");
    actions.dismissMessages = add(windowMenu, "Dismiss all messages", QKeySequence(Qt::CTRL | Qt::Key_D), "Empty the message bar");
    QMenu* help = bar->addMenu(text("&Help"));
    actions.actionList = add(help, "Find action...", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P), "Search all actions and do one");
    actions.whatsThis = add(help, "What's this?", QKeySequence(Qt::SHIFT | Qt::Key_F1), "Then click a number or a view: its definition with formula and source");
    actions.tour = add(help, "Tour", {}, "Three steps through the window");
    help->addSeparator();
    actions.about = add(help, "About Brink", {}, "Version, licence and libraries");
    return actions;
}

} // namespace brink
