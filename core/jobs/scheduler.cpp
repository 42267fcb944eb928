// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/scheduler.h"

#include "core/jobs/handover.h"
#include "core/jobs/sparethreads.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QElapsedTimer>
#include <QEvent>
#include <QMutex>
#include <QThreadPool>
#include <QTimer>

#include <algorithm>
#include <new>

namespace brink {

namespace {

/// Progress is read this often; fast enough for the eye, too slow to cost anything.
constexpr int pollMs = 40;
/// The log of one job is for people; the newest lines count.
constexpr int maximumNotes = 200;

class JobMonitor final : public Monitor {
public:
    explicit JobMonitor(SpareThreads& spare) : m_spare(spare) {}

    [[nodiscard]] bool stopRequested() const override { return m_stop.load(std::memory_order_relaxed); }

    void progress(std::int64_t done, std::int64_t total) override
    {
        m_done.store(done, std::memory_order_relaxed);
        m_total.store(total, std::memory_order_relaxed);
    }

    void note(std::string_view text) override
    {
        const QMutexLocker lock(&m_mutex);
        m_notes.append({QDateTime::currentMSecsSinceEpoch(), QString::fromUtf8(text.data(), qsizetype(text.size()))});
        if (m_notes.size() > maximumNotes)
            m_notes.removeFirst();
    }

    [[nodiscard]] int lanes() const override { return m_spare.workers(); }
    void runTogether(std::span<const Task> tasks) override { m_spare.runTogether(tasks); }

    void requestStop() { m_stop.store(true, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t done() const { return m_done.load(std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t total() const { return m_total.load(std::memory_order_relaxed); }
    [[nodiscard]] QList<JobNote> notes() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_notes;
    }

private:
    SpareThreads& m_spare;
    std::atomic<bool> m_stop{false};
    std::atomic<std::int64_t> m_done{0};
    std::atomic<std::int64_t> m_total{0};
    mutable QMutex m_mutex;
    QList<JobNote> m_notes;
};

/// Posted by a worker when its job has ended.
class JobEnded final : public QEvent {
public:
    explicit JobEnded(JobId job) : QEvent(kind()), id(job) {}
    static Type kind()
    {
        static const auto registered = Type(registerEventType());
        return registered;
    }
    const JobId id;
};

/// The one place where exceptions of core end: every kind becomes an Error with a sentence for people.
std::optional<Error> runGuarded(const std::function<void(Monitor&)>& work, Monitor& monitor)
{
    try {
        work(monitor);
        return std::nullopt;
    } catch (const Error& error) {
        return error;
    } catch (const std::bad_alloc&) {
        return Error(ErrorCode::Resource, "Out of memory; close other models or choose smaller parameters.");
    } catch (const std::exception& error) {
        // LibTorch's messages carry a backtrace after the first line.
        const std::string text = error.what();
        return Error(ErrorCode::Unsupported, text.substr(0, text.find('\n')));
    } catch (...) {
        return Error(ErrorCode::Unsupported, "An unknown error ended this job.");
    }
}

} // namespace

struct Scheduler::Job {
    explicit Job(SpareThreads& spare) : monitor(spare) {}

    JobSnapshot snapshot;
    JobRequest request;
    JobMonitor monitor;
    QElapsedTimer clock;
    std::optional<Error> error; ///< written by the worker before it posts finish()

    [[nodiscard]] JobSnapshot current()
    {
        if (snapshot.status == JobStatus::Running)
            snapshot.seconds = double(clock.elapsed()) / 1000.0;
        snapshot.done = monitor.done();
        snapshot.total = monitor.total();
        snapshot.notes = monitor.notes();
        return snapshot;
    }
};

Scheduler::Scheduler(int workers, int shortJobs, QObject* parent)
    : QObject(parent)
    , m_spare(std::make_unique<SpareThreads>(workers))
    , m_pool(new QThreadPool(this))
    , m_mostJobs(std::max(workers, 1) + std::max(shortJobs, 0))
    , m_timer(new QTimer(this))
{
    qRegisterMetaType<JobSnapshot>();
    m_pool->setMaxThreadCount(m_mostJobs);
    m_pool->setExpiryTimeout(-1); // LibTorch keeps caches per thread: the same few threads all the time
    m_timer->setInterval(pollMs);
    connect(m_timer, &QTimer::timeout, this, &Scheduler::poll);
}

Scheduler::~Scheduler()
{
    for (const auto& job : m_jobs)
        job->monitor.requestStop();
    m_pool->waitForDone();
}

JobId Scheduler::submit(JobRequest request)
{
    if (!request.slot.isEmpty()) {
        QList<JobId> superseded;
        for (const auto& job : std::as_const(m_jobs))
            if (job->request.slot == request.slot && !job->snapshot.isFinished())
                superseded.append(job->snapshot.id);
        for (const JobId id : std::as_const(superseded))
            stop(id);
    }
    auto job = std::make_shared<Job>(*m_spare);
    job->snapshot.id = ++m_lastId;
    job->snapshot.title = request.title;
    job->snapshot.slot = request.slot;
    job->request = std::move(request);
    m_jobs.append(job);
    Q_EMIT jobAdded(job->snapshot);
    startNext();
    return job->snapshot.id;
}

void Scheduler::startNext()
{
    while (m_running < m_mostJobs) {
        std::shared_ptr<Job> next;
        for (const auto& job : std::as_const(m_jobs)) {
            const bool isBetter = !next
                || (job->request.priority == JobPriority::Interactive && next->request.priority == JobPriority::Batch);
            if (job->snapshot.status == JobStatus::Queued && isBetter)
                next = job;
        }
        if (!next)
            return;
        ++m_running;
        m_spare->jobStarted();
        next->snapshot.status = JobStatus::Running;
        next->clock.start();
        next->snapshot.startedMsecs = QDateTime::currentMSecsSinceEpoch();
        if (!m_timer->isActive())
            m_timer->start();
        Q_EMIT jobChanged(next->current());
        startOn(*m_pool, [this, next] {
            next->error = runGuarded(next->request.work, next->monitor);
            auto ended = std::make_unique<JobEnded>(next->snapshot.id);
            handOver();
            // The destructor waits for this thread, so `this` outlives the post; a post after it is dropped by Qt.
            QCoreApplication::postEvent(this, ended.release());
        });
    }
}

bool Scheduler::event(QEvent* event)
{
    takeOver(); // the event itself comes from a worker
    if (event->type() != JobEnded::kind())
        return QObject::event(event);
    finish(static_cast<const JobEnded*>(event)->id);
    return true;
}

void Scheduler::finish(JobId id)
{
    const auto found = std::ranges::find_if(m_jobs, [id](const auto& job) { return job->snapshot.id == id; });
    if (found == m_jobs.end())
        return;
    const std::shared_ptr<Job> job = *found;
    --m_running;
    m_spare->jobEnded();
    job->snapshot.seconds = double(job->clock.elapsed()) / 1000.0;
    job->snapshot.error = job->error;
    if (job->error)
        job->snapshot.status = JobStatus::Failed;
    else
        job->snapshot.status = job->monitor.stopRequested() ? JobStatus::Stopped : JobStatus::Done;
    job->request.work = {}; // lets go of models and images it captured
    const auto finished = std::exchange(job->request.finished, {});
    const JobSnapshot snapshot = job->current();
    Q_EMIT jobChanged(snapshot);
    if (finished)
        finished(snapshot);
    startNext();
    if (isIdle()) {
        m_timer->stop();
        Q_EMIT idle();
    }
}

void Scheduler::stop(JobId id)
{
    const auto found = std::ranges::find_if(m_jobs, [id](const auto& job) { return job->snapshot.id == id; });
    if (found == m_jobs.end() || (*found)->snapshot.isFinished())
        return;
    const std::shared_ptr<Job> job = *found;
    job->monitor.requestStop();
    if (job->snapshot.status != JobStatus::Queued)
        return;
    // Never started: ends here and now.
    job->snapshot.status = JobStatus::Stopped;
    job->request.work = {};
    const auto finished = std::exchange(job->request.finished, {});
    const JobSnapshot snapshot = job->current();
    Q_EMIT jobChanged(snapshot);
    if (finished)
        finished(snapshot);
    if (isIdle())
        Q_EMIT idle();
}

void Scheduler::stopAll()
{
    QList<JobId> open;
    for (const auto& job : std::as_const(m_jobs))
        if (!job->snapshot.isFinished())
            open.append(job->snapshot.id);
    for (const JobId id : std::as_const(open))
        stop(id);
}

QList<JobSnapshot> Scheduler::jobs() const
{
    QList<JobSnapshot> list;
    for (const auto& job : m_jobs)
        list.append(job->current());
    return list;
}

std::optional<JobSnapshot> Scheduler::job(JobId id) const
{
    for (const auto& job : m_jobs)
        if (job->snapshot.id == id)
            return job->current();
    return std::nullopt;
}

bool Scheduler::isIdle() const
{
    return std::ranges::all_of(m_jobs, [](const auto& job) { return job->snapshot.isFinished(); });
}

void Scheduler::forgetFinished()
{
    m_jobs.removeIf([](const auto& job) { return job->snapshot.isFinished(); });
}

void Scheduler::poll()
{
    for (const auto& job : std::as_const(m_jobs))
        if (job->snapshot.status == JobStatus::Running)
            Q_EMIT jobChanged(job->current());
}

} // namespace brink
