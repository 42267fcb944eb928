// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandrouter.h"
#include "app/session.h"
#include "app/smoothingpage.h"
#include "app/trustresults.h"
#include "core/base/mailbox.h"
#include "core/jobs/scheduler.h"

#include <QObject>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QTimer;

namespace brink {

class FigureExporter;

/// Randomised smoothing of the current model on the open set: runs it behind everything else, and brings what arrives into the page. Drawn
/// only while the page is visible.
class SmoothingRoom : public QObject {
    Q_OBJECT
public:
    /// @param scheduler destroyed before this.
    SmoothingRoom(const Session& session, Scheduler& scheduler, QWidget* window);

    [[nodiscard]] SmoothingPage* page() const { return m_page; }
    [[nodiscard]] const SmoothingChoices& choices() const { return m_choices; }
    void setChoices(const SmoothingChoices& choices);
    void start();
    void stop();
    /// Why nothing can be started; empty: it can.
    [[nodiscard]] QString whyNot() const;
    [[nodiscard]] ViewState state() const;
    /// What Run and Stop do while the page is in sight.
    [[nodiscard]] WorkspaceCommands commands();
    void connectExporter(FigureExporter& exporter);
    /// By SHA-256 of the model, on the open set.
    [[nodiscard]] const std::map<std::string, KeptSmoothing>& results() const { return m_kept; }
    void restoreResults(std::map<std::string, KeptSmoothing> results);

Q_SIGNALS:
    /// What can be started or stopped has changed.
    void workChanged();
    void imageWanted(int image);
    void readoutChanged(const QString& text);
    void resultsChanged();

private:
    using Surveys = std::vector<SmoothingSurvey>;

    void mark();
    void tick();
    void keep(std::shared_ptr<const Surveys> surveys);
    void finish(const JobSnapshot& ended);
    [[nodiscard]] std::string model() const;

    const Session& m_session;
    Scheduler& m_scheduler;
    SmoothingPage* m_page;
    QTimer* m_timer;
    SmoothingChoices m_choices;
    std::map<std::string, KeptSmoothing> m_kept; ///< by SHA-256 of the model, on the open set
    std::optional<JobId> m_job;
    std::string m_running;              ///< SHA-256 of its model
    std::shared_ptr<Mailbox<Surveys>> m_arriving;
    SmoothingChoices m_asked;
    std::shared_ptr<const Dataset> m_dataset;
    bool m_isDirty = true;
};

} // namespace brink
