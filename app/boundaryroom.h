// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"
#include "app/boundaryjobs.h"
#include "app/commandrouter.h"
#include "app/surveyroom.h"

#include <QObject>

#include <map>
#include <string>

class QAction;
class QTimer;
class QUndoStack;

namespace brink {

class BoundaryWorkspace;
class Controller;
class FigureExporter;
class Session;

/// The Boundary workspace with all that fills it: follows the session, starts work while it is in sight, and brings what arrives
/// into the view once a tick.
class BoundaryRoom : public QObject {
    Q_OBJECT
public:
    BoundaryRoom(const Session& session, Controller& controller, Scheduler& scheduler, QWidget* window);
    ~BoundaryRoom() override;

    [[nodiscard]] BoundaryDesk& desk() { return m_desk; }
    [[nodiscard]] BoundaryJobs& jobs() { return m_jobs; }
    [[nodiscard]] SurveyRoom& surveys() { return m_surveys; }
    [[nodiscard]] BoundaryWorkspace* workspace() const { return m_workspace; }
    /// By figure name, for the Figure menu.
    [[nodiscard]] const std::map<std::string, QAction*>& exports() const { return m_exports; }
    /// From here on choices can be undone there.
    void setUndoStack(QUndoStack* stack) { m_undo = stack; }
    /// What Run and Stop do: the job of the tab in sight beside the slice, else the slice.
    [[nodiscard]] WorkspaceCommands commands();
    /// A choice of the user's. @param field equal ones in a row are one step to take back; empty: never.
    void edit(const BoundaryChoices& choices, const QString& field);
    /// From the chosen image to the partner, in sight.
    void findPath();
    /// Choices and the tab in sight, for sessions and figures.
    [[nodiscard]] Json state() const;
    void restore(const Json& state);
    /// Shows this figure of the workspace and computes it.
    void reopen(const std::string& figure);
    /// Its figures can be exported and copied like those of Inspect.
    void connectExporter(FigureExporter& exporter);

Q_SIGNALS:
    void readoutChanged(const QString& text);
    /// The user wants to look at this image of the set.
    void imageWanted(qint64 index);
    /// The state of some job has changed.
    void workChanged();
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectSession();
    void connectDesk();
    void connectWorkspace();
    void forgetImage();
    void markSlice() { m_isSliceWanted = true; }
    void tick();
    void makeCentre();
    void openPick(const SurveyPick& pick);
    void showExports();
    [[nodiscard]] std::optional<SessionState> origin(const std::string& figure) const;
    [[nodiscard]] std::optional<Figure> figure(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> classNames() const;

    const Session& m_session;
    Controller& m_controller;
    BoundaryDesk m_desk;
    BoundaryJobs m_jobs;
    BoundaryWorkspace* m_workspace;
    SurveyRoom m_surveys;
    std::map<std::string, QAction*> m_exports;
    QTimer* m_timer;
    QUndoStack* m_undo = nullptr;
    BoundaryChoices m_computed; ///< what the newest slice was asked with
    std::shared_ptr<const Classifier> m_classifier; ///< of the newest slice
    std::optional<BoundaryPlace> m_shownPin;
    bool m_isSliceWanted = true;
    bool m_isSliceDirty = true;
    bool m_isReopening = false; ///< the job of the tab in sight begins once the image is there
};

} // namespace brink
