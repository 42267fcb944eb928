// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandrouter.h"
#include "app/detectorsroom.h"
#include "app/diagnosisroom.h"
#include "app/smoothingroom.h"
#include "app/trustworkspace.h"
#include "core/base/json.h"

#include <QObject>

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace brink {

/// The Trust workspace with what fills its pages. Run and Stop are about the page in sight.
class TrustRoom : public QObject {
    Q_OBJECT
public:
    TrustRoom(const Session& session, Controller& controller, Scheduler& scheduler, MessageBar& messages, QWidget* window);

    [[nodiscard]] TrustWorkspace* workspace() const { return m_workspace; }
    [[nodiscard]] DiagnosisRoom& diagnosis() { return *m_diagnosis; }
    [[nodiscard]] DetectorsRoom& detectors() { return *m_detectors; }
    [[nodiscard]] SmoothingRoom& smoothing() { return *m_smoothing; }
    void connectExporter(FigureExporter& exporter);
    /// One more question. @param name not translated. @param commands what Run and Stop do there; left out: nothing.
    void addPage(const QString& name, const QString& title, const QString& toolTip, QWidget* page, WorkspaceCommands commands = {});
    /// Of the page in sight; null where it has none.
    [[nodiscard]] const WorkspaceCommands* commands() const;
    /// What is asked on every page, and the page in sight, for sessions.
    [[nodiscard]] Json state() const;
    void restore(const Json& state);
    /// What was found on the open set; where that is nothing, what waits for its own.
    [[nodiscard]] TrustResults results() const;
    /// Of another set than the open one: waits until that is open.
    void restoreResults(TrustResults results);
    /// Shows the diagnosis and begins one, unless the one in sight answers already.
    void diagnose();

Q_SIGNALS:
    /// Another page, or work began or ended: Run and Stop mean something else.
    void workChanged();
    void imageWanted(int image);
    void readoutChanged(const QString& text);
    void resultsChanged();

private:
    /// A room's page, and what the room tells.
    template <typename Room> void connectRoom(Room* room);
    /// SHA-256 of the open set's first image; empty where there is none, or it cannot be read.
    [[nodiscard]] std::string firstImage() const;

    const Session& m_session;
    TrustWorkspace* m_workspace;
    DiagnosisRoom* m_diagnosis;
    DetectorsRoom* m_detectors;
    SmoothingRoom* m_smoothing;
    std::map<const QWidget*, WorkspaceCommands> m_commands; ///< by page
    TrustResults m_waiting; ///< of a set that is not open
    mutable std::pair<std::weak_ptr<const Dataset>, std::string> m_firstImage; ///< as last asked for, and of which set
};

} // namespace brink
