// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/controller.h"
#include "app/joblog.h"
#include "app/session.h"
#include "core/jobs/scheduler.h"

#include <QList>
#include <QObject>
#include <QSet>

namespace brink {

class JobList;
struct JobRow;

/// Fills the Jobs dock and keeps the log of what ended. What failed, or was stopped by the user, stays in the list until it
/// is dismissed or run again.
class JobPresenter : public QObject {
    Q_OBJECT
public:
    JobPresenter(Session& session, Controller& controller, Scheduler& scheduler, JobList* list, QObject* parent = nullptr);

    /// Redraws the list if something changed since the last call.
    void showJobs();
    [[nodiscard]] const JobLog& log() const { return m_log; }
    void clearLog();

Q_SIGNALS:
    void logChanged();

private:
    void takeJob(const JobSnapshot& job);
    void keep(const JobSnapshot& job);
    void addToLog(const JobSnapshot& job, const std::optional<EvaluationCounts>& counts);
    void dismiss(JobId id);
    void runAgain(JobId id);
    [[nodiscard]] std::optional<EvaluationCounts> countsOf(const JobSnapshot& job) const;
    [[nodiscard]] JobRow rowOf(const JobSnapshot& job) const;

    Session& m_session;
    Controller& m_controller;
    Scheduler& m_scheduler;
    JobList* m_list;
    JobLog m_log;
    QList<JobSnapshot> m_kept; ///< failed or stopped, newest first
    QSet<JobId> m_stopped;     ///< by the user
    bool m_isDirty = true;
};

} // namespace brink
