// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandrouter.h"
#include "app/diagnosispanel.h"
#include "app/session.h"
#include "app/trustresults.h"
#include "core/base/mailbox.h"
#include "core/jobs/scheduler.h"

#include <QObject>

#include <optional>
#include <vector>

class QTimer;

namespace brink {

class Controller;
class FigureExporter;
class MessageBar;

/// Fills the diagnosis panel: follows the session, runs the checks beside everything else and shows each as it ends. What was
/// found stays for the model, the set and the choices it was found with.
class DiagnosisRoom : public QObject {
    Q_OBJECT
public:
    DiagnosisRoom(const Session& session, Controller& controller, Scheduler& scheduler, MessageBar& messages, QWidget* window);

    [[nodiscard]] DiagnosisPanel* panel() const { return m_panel; }
    [[nodiscard]] const DiagnosisChoices& choices() const { return m_choices; }
    [[nodiscard]] DiagnosisChoices standard() const; ///< of the window's norm
    void setChoices(const DiagnosisChoices& choices);
    [[nodiscard]] bool canStart() const;
    [[nodiscard]] bool isRunning() const { return m_job.has_value(); }
    void start();
    void stop();
    /// Run and Stop of the page.
    [[nodiscard]] WorkspaceCommands commands();
    [[nodiscard]] ViewState state() const;
    /// Of the current model with the choices shown, else the newest of that model; null: none.
    [[nodiscard]] std::shared_ptr<const Diagnosis> diagnosis() const;
    void connectExporter(FigureExporter& exporter);
    /// On the open set, newest last.
    [[nodiscard]] std::vector<KeptDiagnosis> results() const;
    /// Those of models that are not open yet are there once they are.
    void restoreResults(std::vector<KeptDiagnosis> results);

Q_SIGNALS:
    void readoutChanged(const QString& text);
    /// Run can or cannot be pressed now.
    void workChanged();
    /// The user wants this attack on the image in Inspect.
    void inspectWanted(const brink::AnalysisSettings& settings);
    void imageWanted(qint64 index);
    void exportRequested(const std::string& figure);
    void copyRequested(const std::string& figure);
    void resultsChanged();

private:
    /// A question and what came of it.
    struct Kept {
        std::shared_ptr<const Classifier> model;
        std::shared_ptr<const Dataset> dataset;
        std::uint64_t seed = 1;
        DiagnosisChoices choices;
        std::shared_ptr<const Diagnosis> diagnosis; ///< null while nothing has ended
        QString failure;
        /// The same question, whatever came of it.
        [[nodiscard]] bool asksAs(const Kept& other) const
        {
            return model == other.model && dataset == other.dataset && seed == other.seed && asksTheSame(choices, other.choices);
        }
    };

    void connectPanel();
    void follow();
    void show();
    void take();
    void forget(const Kept& question);
    void keep(const Kept& question, std::shared_ptr<const Diagnosis> diagnosis, const QString& failure = {});
    void takeRestored();
    void loadWithBpda();
    void useInInspect(const AttackRequest& attack);
    [[nodiscard]] std::shared_ptr<const Classifier> surrogate() const;
    [[nodiscard]] Kept question() const;
    [[nodiscard]] const Kept* found() const;
    [[nodiscard]] const Kept* newest() const;

    const Session& m_session;
    Controller& m_controller;
    Scheduler& m_scheduler;
    MessageBar& m_messages;
    DiagnosisPanel* m_panel;
    QTimer* m_timer;
    DiagnosisChoices m_choices;
    std::vector<Kept> m_kept; ///< newest last
    std::vector<KeptDiagnosis> m_restored;              ///< their models are not open yet
    std::shared_ptr<const Dataset> m_restoredOn;        ///< the set that they are of
    std::optional<JobId> m_job;
    Kept m_running;
    std::shared_ptr<Mailbox<Diagnosis>> m_mailbox;
};

} // namespace brink
