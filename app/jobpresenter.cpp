// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/jobpresenter.h"

#include "app/jobtext.h"
#include "widgets/controls/joblist.h"

#include <utility>

namespace brink {

namespace {

constexpr int rowsKept = 20;

/// Thumbnails, single images and slices come and go with every scroll, step and drag; a list of them would hide the work, and move the
/// slice under the pointer.
bool isListed(const JobSnapshot& job)
{
    static const QSet<QString> quiet{QStringLiteral("thumbnails"), QStringLiteral("autosave"), QStringLiteral("image"), QStringLiteral("slice"), QStringLiteral("study-reading"),
        QStringLiteral("study-drawing"), QStringLiteral("transfer-drawing"), QStringLiteral("study-counting"), QStringLiteral("boundary-point")};
    return !quiet.contains(job.slot);
}

} // namespace

JobPresenter::JobPresenter(Session& session, Controller& controller, Scheduler& scheduler, JobList* list, QObject* parent)
    : QObject(parent), m_session(session), m_controller(controller), m_scheduler(scheduler), m_list(list)
{
    connect(&scheduler, &Scheduler::jobAdded, this, [this] { m_isDirty = true; });
    connect(&scheduler, &Scheduler::jobChanged, this, &JobPresenter::takeJob);
    connect(&controller, &Controller::jobStopped, this, [this](JobId id) { m_stopped.insert(id); });
    connect(list, &JobList::stopRequested, &controller, &Controller::stopJob);
    connect(list, &JobList::dismissRequested, this, &JobPresenter::dismiss);
    connect(list, &JobList::runAgainRequested, this, &JobPresenter::runAgain);
}

/// What has ended has handed over its outcome: the scheduler may forget it, so that a long session does not grow.
void JobPresenter::showJobs()
{
    if (!std::exchange(m_isDirty, false))
        return;
    m_scheduler.forgetFinished();
    const auto jobs = m_scheduler.jobs();
    QList<JobRow> rows;
    for (auto job = jobs.crbegin(); job != jobs.crend(); ++job)
        if (isListed(*job) && !job->isFinished())
            rows << rowOf(*job);
    for (const JobSnapshot& job : std::as_const(m_kept))
        rows << rowOf(job);
    m_list->setRows(rows.mid(0, rowsKept));
}

void JobPresenter::clearLog()
{
    m_log.clear();
    Q_EMIT logChanged();
}

void JobPresenter::takeJob(const JobSnapshot& job)
{
    m_isDirty = true;
    if (!job.isFinished())
        return;
    const bool isSuperseded = job.status == JobStatus::Stopped && !m_stopped.contains(job.id);
    if (job.status == JobStatus::Failed || (job.status == JobStatus::Stopped && !isSuperseded))
        keep(job);
    else
        m_controller.forgetJob(job.id);
    m_stopped.remove(job.id);
    if (!isListed(job) && job.status != JobStatus::Failed)
        return;
    // A drag leaves dozens of slices behind that nobody waits for.
    if (isSuperseded && job.slot == QStringLiteral("slice"))
        return;
    if (m_controller.runningJob() != job.id)
        return addToLog(job, countsOf(job));
    // The whole result of an analysis, and with it what it cost, is handed over after this.
    QMetaObject::invokeMethod(this, [this, job] {
        const auto& result = m_session.result();
        addToLog(job, result ? std::optional(result->counts) : std::nullopt);
    }, Qt::QueuedConnection);
}

void JobPresenter::addToLog(const JobSnapshot& job, const std::optional<EvaluationCounts>& counts)
{
    m_log.add(job, counts);
    Q_EMIT logChanged();
}

/// Stopping the same again and again leaves one row.
void JobPresenter::keep(const JobSnapshot& job)
{
    const auto isOlder = [&job](const JobSnapshot& kept) { return kept.status == JobStatus::Stopped && kept.title == job.title; };
    m_kept.removeIf(isOlder);
    m_kept.prepend(job);
    if (m_kept.size() > rowsKept)
        m_controller.forgetJob(m_kept.takeLast().id);
}

void JobPresenter::dismiss(JobId id)
{
    m_kept.removeIf([id](const JobSnapshot& job) { return job.id == id; });
    m_controller.forgetJob(id);
    m_isDirty = true;
}

void JobPresenter::runAgain(JobId id)
{
    m_controller.runAgain(id);
    dismiss(id);
}

std::optional<EvaluationCounts> JobPresenter::countsOf(const JobSnapshot& job) const
{
    if (m_controller.runningJob() == job.id && m_session.result())
        return m_session.result()->counts;
    if (m_controller.predictions().runningJob() == job.id)
        return EvaluationCounts{job.done, 0};
    return std::nullopt;
}

JobRow JobPresenter::rowOf(const JobSnapshot& job) const
{
    JobRow row = jobRow(job, countsOf(job));
    row.canRunAgain = job.isFinished() && m_controller.canRunAgain(job.id);
    return row;
}

} // namespace brink
