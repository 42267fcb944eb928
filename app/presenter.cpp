// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/presenter.h"

#include "app/inspectworkspace.h"
#include "app/jobtext.h"
#include "app/modeltext.h"
#include "app/parameterspanel.h"
#include "widgets/controls/joblist.h"
#include "widgets/controls/modellist.h"

#include <QTimer>

namespace brink {

namespace {

constexpr int tickMs = 40;
constexpr int jobRowsKept = 20;

/// Thumbnails come and go with every scroll; a list of them would hide the work.
bool isListed(const JobSnapshot& job)
{
    return !job.isFinished() && job.slot != QStringLiteral("thumbnails") && job.slot != QStringLiteral("image");
}

} // namespace

Presenter::Presenter(Session& session, Controller& controller, Scheduler& scheduler, const Views& views, QObject* parent)
    : QObject(parent), m_session(session), m_controller(controller), m_scheduler(scheduler), m_views(views), m_timer(new QTimer(this))
{
    connect(&session, &Session::resultChanged, this, &Presenter::markInspect);
    connect(&session, &Session::selectionChanged, this, &Presenter::markInspect);
    connect(&session, &Session::imageLoaded, this, &Presenter::markInspect);
    connect(&session, &Session::datasetOpened, this, &Presenter::markInspect);
    connect(&session, &Session::settingsChanged, this, &Presenter::markInspect);
    connect(&session, &Session::settingsChanged, this, [this] { m_views.parameters->setSettings(m_session.settings()); });
    connect(&session, &Session::modelsChanged, this, &Presenter::showModels);
    connect(&session, &Session::modelPicked, this, &Presenter::showModels);
    connect(&controller.predictions(), &SetPredictions::changed, this, &Presenter::showModels);
    connect(&scheduler, &Scheduler::jobAdded, this, [this] { m_areJobsDirty = true; });
    connect(&scheduler, &Scheduler::jobChanged, this, &Presenter::takeJob);
    m_views.parameters->setSettings(session.settings());
    m_timer->setInterval(tickMs);
    connect(m_timer, &QTimer::timeout, this, &Presenter::tick);
    m_timer->start();
}

void Presenter::dismissJob(JobId id)
{
    m_failures.removeIf([id](const JobSnapshot& job) { return job.id == id; });
    m_areJobsDirty = true;
}

void Presenter::tick()
{
    m_controller.predictions().takeSnapshot();
    m_controller.takeThumbnails();
    if (auto snapshot = m_controller.takeSnapshot())
        m_session.setResult(std::move(snapshot), ResultState::Running);
    if (std::exchange(m_isInspectDirty, false))
        m_views.inspect->showSession(m_session);
    if (std::exchange(m_areJobsDirty, false))
        showJobs();
}

void Presenter::showModels()
{
    QList<ModelRow> rows;
    for (const LoadedModel& model : m_session.models())
        rows << modelRow(model, m_controller.predictions().accuracy(model.classifier));
    m_views.models->setRows(rows);
    m_views.models->setCurrent(m_session.currentModel());
}

void Presenter::takeJob(const JobSnapshot& job)
{
    m_areJobsDirty = true;
    if (job.status == JobStatus::Failed)
        m_failures.prepend(job);
    if (m_failures.size() > jobRowsKept)
        m_failures.removeLast();
}

/// What has ended has handed over its outcome: the scheduler may forget it, so that a long session does not grow. What
/// failed stays in the list until it is dismissed.
void Presenter::showJobs()
{
    m_scheduler.forgetFinished();
    const auto jobs = m_scheduler.jobs();
    QList<JobRow> rows;
    for (auto job = jobs.crbegin(); job != jobs.crend(); ++job)
        if (isListed(*job))
            rows << rowOf(*job);
    for (const JobSnapshot& job : std::as_const(m_failures))
        rows << rowOf(job);
    m_views.jobs->setRows(rows.mid(0, jobRowsKept));
}

JobRow Presenter::rowOf(const JobSnapshot& job) const
{
    if (m_controller.runningJob() == job.id && m_session.result())
        return jobRow(job, m_session.result()->counts);
    if (m_controller.predictions().runningJob() == job.id)
        return jobRow(job, EvaluationCounts{job.done, 0});
    return jobRow(job);
}

} // namespace brink
