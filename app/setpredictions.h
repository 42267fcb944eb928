// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "core/base/mailbox.h"
#include "core/jobs/scheduler.h"
#include "core/study/predictions.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

class QTimer;

namespace brink {

/// What every loaded model says about every image of the open set, computed behind everything else: the current model
/// first, then the others. Results are kept per model until the set changes; what was stopped goes on where it was.
class SetPredictions : public QObject {
    Q_OBJECT
public:
    /// @param scheduler outlives this, or is destroyed before the session.
    SetPredictions(Session& session, Scheduler& scheduler, QObject* parent = nullptr);

    /// Of the current model; null while nothing is known.
    [[nodiscard]] std::shared_ptr<const Predictions> current() const;
    /// Absent while nothing is known of this model.
    [[nodiscard]] std::optional<Accuracy> accuracy(const std::shared_ptr<const Classifier>& model) const;
    [[nodiscard]] std::optional<JobId> runningJob() const { return m_run ? std::optional(m_run->job) : std::nullopt; }
    [[nodiscard]] bool isComplete() const; ///< for the current model
    /// Takes what the running job published since the last call.
    void takeSnapshot();
    /// An analysis begins: it has all threads to itself for a while, then the two go on side by side.
    void hold();
    /// The analysis has ended.
    void release();
    /// Goes on after a stop by the user or a failure.
    void resume();

Q_SIGNALS:
    /// Of some model; newer entries for the current one or another.
    void changed();
    void failed(const QString& sentence);

private:
    struct Known {
        std::shared_ptr<const Classifier> model;
        std::shared_ptr<const Predictions> predictions;
        std::optional<Accuracy> accuracy;
        bool isBarred = false; ///< stopped by the user, or failed
    };
    struct Run {
        JobId job = 0;
        std::shared_ptr<const Classifier> model;
        std::shared_ptr<Mailbox<Predictions>> mailbox;
    };

    void startAgain();
    void openSet();
    void continueWork();
    void submit(Known& known);
    void endRun(const JobSnapshot& job, const std::shared_ptr<const Predictions>& outcome);
    void abandonRun();
    void store(const std::shared_ptr<const Classifier>& model, std::shared_ptr<const Predictions> predictions);
    void followModels();
    [[nodiscard]] const Known* find(const std::shared_ptr<const Classifier>& model) const;
    [[nodiscard]] Known* find(const std::shared_ptr<const Classifier>& model);
    [[nodiscard]] Known* nextToDo();

    Session& m_session;
    Scheduler& m_scheduler;
    std::vector<Known> m_known; ///< one a loaded model
    std::optional<Run> m_run;
    QTimer* m_held; ///< nothing runs while it does
};

} // namespace brink
