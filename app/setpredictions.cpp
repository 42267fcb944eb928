// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/setpredictions.h"

#include "app/inspecttext.h"
#include "app/qtext.h"

#include <QPointer>
#include <QTimer>

#include <algorithm>

namespace brink {

namespace {

/// A preview is over by then; who waits longer for an analysis wants to know the accuracy meanwhile.
constexpr int longestHoldMs = 10000;
constexpr int pauseMs = 150;

} // namespace

SetPredictions::SetPredictions(Session& session, Scheduler& scheduler, QObject* parent)
    : QObject(parent), m_session(session), m_scheduler(scheduler), m_held(new QTimer(this))
{
    m_held->setSingleShot(true);
    connect(m_held, &QTimer::timeout, this, &SetPredictions::continueWork);
    connect(&session, &Session::datasetOpened, this, &SetPredictions::openSet);
    connect(&session, &Session::modelsChanged, this, &SetPredictions::followModels);
    connect(&session, &Session::modelPicked, this, &SetPredictions::startAgain);
}

std::shared_ptr<const Predictions> SetPredictions::current() const
{
    const Known* known = find(m_session.classifier());
    return known ? known->predictions : nullptr;
}

std::optional<Accuracy> SetPredictions::accuracy(const std::shared_ptr<const Classifier>& model) const
{
    const Known* known = find(model);
    return known ? known->accuracy : std::nullopt;
}

bool SetPredictions::isComplete() const
{
    const auto known = accuracy(m_session.classifier());
    return known && known->isComplete();
}

void SetPredictions::takeSnapshot()
{
    if (!m_run)
        return;
    if (auto newest = m_run->mailbox->take())
        store(m_run->model, std::move(newest));
}

void SetPredictions::hold()
{
    m_held->start(longestHoldMs);
    abandonRun();
}

/// Not at once: often the next analysis follows.
void SetPredictions::release() { m_held->start(pauseMs); }

void SetPredictions::resume()
{
    m_held->stop();
    for (Known& known : m_known)
        known.isBarred = false;
    continueWork();
}

/// Another model was picked: its turn comes first.
void SetPredictions::startAgain()
{
    if (Known* known = find(m_session.classifier()))
        known->isBarred = false;
    continueWork();
    Q_EMIT changed();
}

void SetPredictions::openSet()
{
    abandonRun();
    for (Known& known : m_known)
        known = {known.model, nullptr, std::nullopt, false};
    Q_EMIT changed();
    continueWork();
}

/// Models that are gone are forgotten, a model loaded again begins anew.
void SetPredictions::followModels()
{
    std::vector<Known> kept;
    for (const LoadedModel& loaded : m_session.models()) {
        const Known* known = find(loaded.classifier);
        kept.push_back(known ? *known : Known{loaded.classifier, nullptr, std::nullopt, false});
    }
    m_known = std::move(kept);
    if (m_run && !find(m_run->model))
        abandonRun();
    continueWork();
}

void SetPredictions::continueWork()
{
    Known* next = m_session.dataset() && m_session.dataset()->size() > 0 ? nextToDo() : nullptr;
    if (m_run && next && m_run->model == next->model)
        return;
    abandonRun();
    if (next && !m_held->isActive())
        submit(*next);
}

SetPredictions::Known* SetPredictions::nextToDo()
{
    const auto isOpen = [](const Known& known) { return !known.isBarred && !(known.accuracy && known.accuracy->isComplete()); };
    Known* current = find(m_session.classifier());
    if (current && isOpen(*current))
        return current;
    const auto found = std::ranges::find_if(m_known, isOpen);
    return found == m_known.end() ? nullptr : &*found;
}

void SetPredictions::submit(Known& known)
{
    const auto mailbox = std::make_shared<Mailbox<Predictions>>();
    const auto outcome = std::make_shared<std::shared_ptr<const Predictions>>();
    JobRequest request;
    request.title = tr("Predict %1 images · %2").arg(shownCount(m_session.dataset()->size()), qtext(known.model->card().name));
    request.priority = JobPriority::Batch;
    request.work = [model = known.model, dataset = m_session.dataset(), start = known.predictions, mailbox, outcome](Monitor& monitor) {
        const auto publish = [&mailbox](std::shared_ptr<const Predictions> newest) { mailbox->put(std::move(newest)); };
        *outcome = std::make_shared<const Predictions>(predictSet(model, *dataset, start ? *start : Predictions{}, monitor, publish));
    };
    request.finished = [self = QPointer(this), outcome](const JobSnapshot& job) {
        if (self)
            self->endRun(job, *outcome);
    };
    const auto model = known.model;
    const JobId job = m_scheduler.submit(std::move(request));
    m_run = Run{job, model, mailbox};
}

void SetPredictions::endRun(const JobSnapshot& job, const std::shared_ptr<const Predictions>& outcome)
{
    if (!m_run || m_run->job != job.id)
        return;
    const auto model = m_run->model;
    m_run.reset();
    if (outcome)
        store(model, outcome);
    // Stopped here means by the user: what is abandoned is forgotten before.
    if (Known* known = find(model); known && job.status != JobStatus::Done)
        known->isBarred = true;
    if (job.error)
        Q_EMIT failed(qtext(job.error->message()));
    continueWork();
}

/// What the abandoned job has published so far is kept; the rest is computed when its turn comes again.
void SetPredictions::abandonRun()
{
    if (!m_run)
        return;
    takeSnapshot();
    const JobId job = m_run->job;
    m_run.reset();
    m_scheduler.stop(job);
}

void SetPredictions::store(const std::shared_ptr<const Classifier>& model, std::shared_ptr<const Predictions> predictions)
{
    Known* known = find(model);
    if (!known || !m_session.dataset() || std::int64_t(predictions->size()) != m_session.dataset()->size())
        return;
    known->accuracy = accuracyOf(*predictions);
    known->predictions = std::move(predictions);
    Q_EMIT changed();
}

const SetPredictions::Known* SetPredictions::find(const std::shared_ptr<const Classifier>& model) const
{
    const auto found = std::ranges::find(m_known, model, &Known::model);
    return found == m_known.end() ? nullptr : &*found;
}

SetPredictions::Known* SetPredictions::find(const std::shared_ptr<const Classifier>& model)
{
    return const_cast<Known*>(std::as_const(*this).find(model));
}

} // namespace brink
