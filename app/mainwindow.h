// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/actions.h"
#include "app/controller.h"
#include "app/presenter.h"
#include "app/session.h"
#include "app/settings.h"
#include "app/theming.h"
#include "core/jobs/scheduler.h"

#include <QMainWindow>

class QDockWidget;
class QToolButton;

namespace brink {

class BoundaryRoom;
class CommandBar;
class CommandRouter;
class Edits;
class FigureExporter;
class FileDrops;
class LogDialog;
class MessageBar;
class ModelPresenter;
class TourPanel;
class TrustRoom;
class SessionKeeper;
class StatusLine;
class MarginsRoom;
class StudyRoom;
class WorkspaceTabs;

/// Places the docks and the workspace and wires actions to the controller; holds no analysis knowledge.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(Session& session, Controller& controller, Scheduler& scheduler, Theming& theming, const QString& machine,
        QWidget* parent = nullptr);

    [[nodiscard]] MessageBar* messages() const { return m_messages; }
    [[nodiscard]] const Views& views() const { return m_views; }
    [[nodiscard]] FileDrops& drops() { return *m_drops; }
    [[nodiscard]] FigureExporter& exporter() { return *m_exporter; }
    [[nodiscard]] SessionKeeper& keeper() { return *m_keeper; }
    [[nodiscard]] const Actions& actions() const { return m_actions; }
    [[nodiscard]] Edits& edits() { return *m_edits; }
    [[nodiscard]] StudyRoom& studies() { return *m_studies; }
    [[nodiscard]] BoundaryRoom& boundary() { return *m_boundary; }
    [[nodiscard]] MarginsRoom& margins() { return *m_margins; }
    [[nodiscard]] TrustRoom& trust() { return *m_trust; }
    [[nodiscard]] WorkspaceTabs& tabs() { return *m_tabs; }
    [[nodiscard]] ModelPresenter& modelPresenter() { return *m_modelPresenter; }
    void startTour();
    void showJobLog();

Q_SIGNALS:
    void exampleWanted();

protected:
    void closeEvent(QCloseEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildCentre();
    void buildDocks();
    void buildCommands();
    void showImageMenu(int image, const QPoint& place);
    void connectActions();
    void connectEdits();
    void connectStudies();
    void connectTrust();
    void connectHelp();
    void goTo(const QString& name);
    void connectSession();
    void connectViews();
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area, QToolButton* button = nullptr);
    void layOutDocks();
    void resetLayout();

    void showTargets();
    void showEnabled();
    void retint();
    void changeEvent(QEvent* event) override;

    Session& m_session;
    Controller& m_controller;
    Theming& m_theming;
    Settings m_settings;
    Views m_views;
    Actions m_actions;
    MessageBar* m_messages = nullptr;
    CommandBar* m_commands = nullptr;
    CommandRouter* m_router = nullptr;
    FigureExporter* m_exporter = nullptr;
    FileDrops* m_drops = nullptr;
    SessionKeeper* m_keeper = nullptr;
    QToolButton* m_addModel = nullptr;
    QToolButton* m_addImages = nullptr;
    StatusLine* m_status = nullptr;
    StudyRoom* m_studies = nullptr;
    MarginsRoom* m_margins = nullptr;
    BoundaryRoom* m_boundary = nullptr;
    TrustRoom* m_trust = nullptr;
    WorkspaceTabs* m_tabs = nullptr;
    QByteArray m_standardLayout;
    Presenter* m_presenter = nullptr;
    Edits* m_edits = nullptr;
    ModelPresenter* m_modelPresenter = nullptr;
    TourPanel* m_tour = nullptr;
    LogDialog* m_jobLog = nullptr; ///< made when it is first wanted
    bool m_areParametersValid = true;
};

} // namespace brink
