// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/restoring.h"
#include "app/settings.h"

#include <QObject>

#include <functional>
#include <vector>

class QMainWindow;

namespace brink {

struct Actions;
class BoundaryRoom;
class InspectWorkspace;
class MessageBar;
class StudyRoom;
class TrustRoom;
class WorkspaceTabs;

/// Opens and saves sessions, and opens figures again. Reading, loading and writing are jobs; a file that cannot be opened
/// or written is one sentence in the message bar and changes nothing.
class SessionKeeper : public QObject {
    Q_OBJECT
public:
    /// @param window parent of the dialogs, whose docks and views are kept too.
    SessionKeeper(Session& session, Controller& controller, Scheduler& scheduler, MessageBar& messages, InspectWorkspace& views,
        QMainWindow* window);

    void connectActions(const Actions& actions);
    /// The workspaces that are kept and come back with the session.
    void setWorkspaces(WorkspaceTabs& tabs, StudyRoom& studies, BoundaryRoom& boundary, TrustRoom& trust);

    void open(const QString& path);
    void openFigure(const QString& path);
    void saveAs(const QString& path);
    /// Into the file the session came from; asks for a place when there is none.
    void save();
    [[nodiscard]] const QString& path() const { return m_path; } ///< empty: never saved

    /// Everything but results, with layout and zooms.
    [[nodiscard]] SessionState state() const;
    /// What was computed beside Inspect's results, for a job to turn into documents.
    [[nodiscard]] std::function<std::vector<SessionDocument>()> documents() const;
    void restore(Remembered remembered);

Q_SIGNALS:
    void pathChanged(const QString& path);
    /// A session or figure is open again.
    void restoredFrom(const QString& path);
    void documentsChanged();

private:
    void askOpen();
    void askSave();
    void setPath(const QString& path);
    void apply(Restored restored, const QString& path, const std::string& figure);
    void applyViews(const SessionState& state, const std::string& figure);
    void openOthers(const std::vector<std::pair<int, ModelRef>>& models, int firstRank);
    void submit(const QString& title, std::function<void()> work, std::function<void()> use);
    [[nodiscard]] OpenNow openNow() const;

    Session& m_session;
    Controller& m_controller;
    Scheduler& m_scheduler;
    MessageBar& m_messages;
    InspectWorkspace& m_views;
    QMainWindow* m_window;
    WorkspaceTabs* m_tabs = nullptr;
    StudyRoom* m_studies = nullptr;
    BoundaryRoom* m_boundary = nullptr;
    TrustRoom* m_trust = nullptr;
    Settings m_settings;
    QString m_path;
};

} // namespace brink
