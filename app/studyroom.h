// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandrouter.h"
#include "app/latestjob.h"
#include "app/settings.h"
#include "app/studyactions.h"
#include "app/studycontroller.h"
#include "app/studydesk.h"
#include "app/studydraft.h"
#include "app/studydrawing.h"

#include <QObject>

#include <optional>
#include <vector>

class QTimer;
class QUndoStack;

namespace brink {

class Controller;
class FigureExporter;
class FigurePane;
class MessageBar;
class PairInspector;
class Session;
class StudyForm;
class StudyWorkspace;
class TransferWorkspace;

/// The Study and Transfer workspaces with all that fills them: brings the desk into the views, and what the user wants to the
/// desk and to the study controller. Only the workspace in sight is drawn.
class StudyRoom : public QObject {
    Q_OBJECT
public:
    StudyRoom(Session& session, Controller& controller, Scheduler& scheduler, MessageBar& messages, QWidget* window);
    ~StudyRoom() override;

    [[nodiscard]] StudyDesk& desk() { return m_desk; }
    [[nodiscard]] StudyController& studies() { return m_studies; }
    [[nodiscard]] const std::string& device() const { return m_studies.device(); }
    [[nodiscard]] StudyWorkspace* study() const { return m_study; }
    [[nodiscard]] TransferWorkspace* transfer() const { return m_transfer; }
    [[nodiscard]] const StudyActions& actions() const { return m_actions; }
    /// A result file, or the JSON of a study: that one is offered to be run.
    void open(const QString& path);
    /// Its figures can be exported and copied like those of Inspect.
    void connectExporter(FigureExporter& exporter);
    /// Writes a table of studytables.h by its ending: .csv, .json or .tex. Says in the message bar how it went.
    void saveTable(const std::string& name, const QString& path);
    /// Panes of a further workspace of the study, whose figures are exported as they are in sight.
    void addPane(FigurePane* pane) { m_otherPanes.push_back(pane); }
    /// What the user chose; can be undone.
    void edit(const StudyView& view);
    /// One image under one of the models, in Inspect; places in the study. @param norm in which the user was looking at it.
    void inspect(int model, int image, std::optional<Norm> norm = {});
    /// From here on choices can be undone there.
    void setUndoStack(QUndoStack* stack) { m_undo = stack; }
    /// The form for a new study, filled with what is open in Inspect.
    StudyForm* openForm();
    /// What is shown and how, for a session; empty where nothing differs from a fresh window.
    [[nodiscard]] Json state() const;
    /// A study file that has gone becomes a message.
    void restore(const Json& state);
    /// What Run and Stop do: continue and stop the study.
    [[nodiscard]] WorkspaceCommands commands();
    /// Whether what is in sight is what the desk holds.
    [[nodiscard]] bool isDrawn() const;

Q_SIGNALS:
    /// What can be done with the study has changed.
    void workChanged();
    void tableSaved(const QString& path);
    /// These want to be seen.
    void studyWanted();
    void inspectWanted();
    /// Inspect shall be in this norm.
    void normWanted(brink::Norm norm);
    void readoutChanged(const QString& text);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectDesk();
    void connectActions();
    void connectViews();
    [[nodiscard]] StudySelection selectionFor(const std::string& name) const;
    void showTableMenu(const QPoint& position);
    void markAll();
    void draw();
    void drawStudyView();
    void drawTransferView();
    void showEnabled();
    void askOpen();
    void offerRun(const QString& definition);
    [[nodiscard]] StudyDraft usualDraft() const;
    void askDefinition(const StudyForm& form);
    void askTable(const std::string& name);
    [[nodiscard]] std::optional<Figure> figure(const std::string& name) const;
    [[nodiscard]] FigurePane* pane(const std::string& name) const;

    Session& m_session;
    Controller& m_controller;
    Scheduler& m_scheduler;
    MessageBar& m_messages;
    QWidget* m_window;
    Settings m_settings;
    StudyActions m_actions;
    StudyDesk m_desk;
    StudyController m_studies;
    LatestJob<StudyDrawing> m_studyJob;
    LatestJob<TransferDrawing> m_transferJob;
    LatestJob<QString> m_tableJob;
    StudyWorkspace* m_study;
    TransferWorkspace* m_transfer;
    PairInspector* m_inspector;
    std::vector<FigurePane*> m_otherPanes;
    QTimer* m_redraw;
    QUndoStack* m_undo = nullptr;
    bool m_isStudyDirty = true, m_isTransferDirty = true;
};

} // namespace brink
