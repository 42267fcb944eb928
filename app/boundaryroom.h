// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"
#include "app/boundaryjobs.h"

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
    [[nodiscard]] BoundaryWorkspace* workspace() const { return m_workspace; }
    /// By figure name, for the Figure menu.
    [[nodiscard]] const std::map<std::string, QAction*>& exports() const { return m_exports; }
    /// From here on choices can be undone there.
    void setUndoStack(QUndoStack* stack) { m_undo = stack; }
    /// Its figures can be exported and copied like those of Inspect.
    void connectExporter(FigureExporter& exporter);

Q_SIGNALS:
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectSession();
    void connectDesk();
    void connectWorkspace();
    void edit(const BoundaryChoices& choices, const QString& field);
    void forgetImage();
    void markSlice() { m_isSliceWanted = true; }
    void tick();
    void makeCentre();
    [[nodiscard]] std::optional<Figure> figure(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> classNames() const;

    const Session& m_session;
    Controller& m_controller;
    BoundaryDesk m_desk;
    BoundaryJobs m_jobs;
    BoundaryWorkspace* m_workspace;
    std::map<std::string, QAction*> m_exports;
    QTimer* m_timer;
    QUndoStack* m_undo = nullptr;
    BoundaryChoices m_computed; ///< what the newest slice was asked with
    std::shared_ptr<const Classifier> m_classifier; ///< of the newest slice
    std::optional<BoundaryPlace> m_shownPin;
    bool m_isSliceWanted = true;
    bool m_isSliceDirty = true;
};

} // namespace brink
