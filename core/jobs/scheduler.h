// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/monitor.h"

#include <QList>
#include <QObject>
#include <QString>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

class QThreadPool;
class QTimer;

namespace brink {

class SpareThreads;

enum class JobPriority { Batch, Interactive };
enum class JobStatus { Queued, Running, Done, Stopped, Failed };

using JobId = std::uint64_t;

/// One line of a job's log.
struct JobNote {
    std::int64_t msecs = 0; ///< since the epoch
    QString text;
    bool operator==(const JobNote&) const = default;
};

/// A picture of a job at one moment, safe to copy into any view.
struct JobSnapshot {
    JobId id = 0;
    QString title;
    QString slot;
    JobStatus status = JobStatus::Queued;
    std::int64_t done = 0;
    std::int64_t total = 0;
    double seconds = 0;
    std::optional<Error> error; ///< Failed only
    std::int64_t startedMsecs = 0; ///< since the epoch; 0: never started
    QList<JobNote> notes;
    [[nodiscard]] bool isFinished() const { return status != JobStatus::Queued && status != JobStatus::Running; }
};

struct JobRequest {
    QString title;
    /// A new job of the same non-empty slot supersedes the older one: it is stopped and its results are unwanted.
    QString slot;
    JobPriority priority = JobPriority::Interactive;
    /// Runs on a worker thread. Throws Error (or anything) to fail; returns early after monitor.stopRequested().
    std::function<void(Monitor&)> work;
    /// Called in the scheduler's thread once the job has ended in any way; may be empty.
    std::function<void(const JobSnapshot&)> finished;
};

/// The only owner of threads. Lives in the thread that made it; all members are called there. Interactive jobs start
/// before batch jobs. A job whose work splits itself (Monitor::runTogether) is helped by threads that no job uses.
/// Destroying it stops every job and waits for the workers to return.
class Scheduler : public QObject {
    Q_OBJECT
public:
    /// @param workers threads that compute at the same time. @param shortJobs jobs that may run beyond these: small ones
    /// (thumbnails, files) then need not wait for long ones.
    explicit Scheduler(int workers, int shortJobs = 0, QObject* parent = nullptr);
    ~Scheduler() override;

    JobId submit(JobRequest request);
    void stop(JobId id);
    void stopAll();

    [[nodiscard]] QList<JobSnapshot> jobs() const;         ///< newest last, finished ones included
    [[nodiscard]] std::optional<JobSnapshot> job(JobId id) const;
    [[nodiscard]] bool isIdle() const;
    void forgetFinished();

Q_SIGNALS:
    void jobAdded(const brink::JobSnapshot& job);
    void jobChanged(const brink::JobSnapshot& job); ///< status changes at once, progress with each poll
    void idle();

protected:
    bool event(QEvent* event) override;

private:
    struct Job;
    void startNext();
    void finish(JobId id);
    void poll();

    std::unique_ptr<SpareThreads> m_spare;
    QThreadPool* m_pool;
    QList<std::shared_ptr<Job>> m_jobs;
    JobId m_lastId = 0;
    int m_running = 0;
    int m_mostJobs;
    QTimer* m_timer;
};

} // namespace brink

Q_DECLARE_METATYPE(brink::JobSnapshot)
