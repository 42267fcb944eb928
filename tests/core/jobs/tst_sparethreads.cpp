// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/jobs/scheduler.h"

#include <QTest>
#include <QThread>

#include <chrono>
#include <mutex>
#include <semaphore>
#include <set>

using namespace brink;

namespace {

constexpr int limitMs = 10000;
constexpr std::chrono::milliseconds limit(limitMs);

/// Runs `work` as the only job of a scheduler and returns how it ended.
JobSnapshot runAlone(int workers, const std::function<void(Monitor&)>& work)
{
    Scheduler scheduler(workers);
    std::optional<JobSnapshot> end;
    scheduler.submit({QStringLiteral("job"), {}, JobPriority::Interactive, work, [&end](const JobSnapshot& job) { end = job; }});
    if (!QTest::qWaitFor([&] { return end.has_value(); }, limitMs))
        qFatal("the job did not end");
    return *end;
}

} // namespace

class TestSpareThreads : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyTaskRunsOnce()
    {
        for (const int workers : {1, 2, 5}) {
            std::vector<std::atomic<int>> runs(200);
            const JobSnapshot end = runAlone(workers, [&runs](Monitor& monitor) {
                for (int round = 0; round < 50; ++round) {
                    std::vector<Task> tasks;
                    for (auto& count : runs)
                        tasks.emplace_back([&count] { ++count; });
                    monitor.runTogether(tasks);
                }
            });
            QCOMPARE(end.status, JobStatus::Done);
            for (const auto& count : runs)
                QCOMPARE(count.load(), 50);
        }
    }

    // A part that goes on alone gets the thread of a part that has ended, whichever of them the job's own thread ran.
    void aPartSplitsItselfWhenAnotherHasEnded()
    {
        for (int round = 0; round < 20; ++round) {
            std::counting_semaphore<> ended{0};
            std::mutex mutex;
            std::set<QThread*> threads;
            runAlone(2, [&](Monitor& monitor) {
                // A free thread is looked for before each task: one of many finds it.
                const std::vector<Task> inner(5000, [&] {
                    const std::lock_guard lock(mutex);
                    threads.insert(QThread::currentThread());
                    if (threads.size() < 2)
                        QThread::msleep(1);
                });
                const std::vector<Task> outer{[&] { ended.release(); },
                    [&] {
                        if (ended.try_acquire_for(limit))
                            monitor.runTogether(inner);
                    }};
                monitor.runTogether(outer);
            });
            QCOMPARE(threads.size(), std::size_t(2));
        }
    }

    void freeThreadsHelp()
    {
        // Each of the two tasks waits for the other: only two threads get through.
        std::counting_semaphore<> first{0}, second{0};
        std::atomic<bool> met{false};
        runAlone(2, [&](Monitor& monitor) {
            const std::vector<Task> tasks{
                [&] {
                    first.release();
                    met = second.try_acquire_for(limit);
                },
                [&] {
                    second.release();
                    static_cast<void>(first.try_acquire_for(limit));
                },
            };
            monitor.runTogether(tasks);
        });
        QVERIFY(met.load());
    }

    void oneWorkerStaysInItsThread()
    {
        std::vector<int> order;
        std::set<QThread*> threads;
        runAlone(1, [&](Monitor& monitor) {
            QCOMPARE(monitor.lanes(), 1);
            std::vector<Task> tasks;
            for (int i = 0; i < 5; ++i)
                tasks.emplace_back([&, i] {
                    order.push_back(i);
                    threads.insert(QThread::currentThread());
                });
            monitor.runTogether(tasks);
            threads.insert(QThread::currentThread());
        });
        QCOMPARE(order, (std::vector<int>{0, 1, 2, 3, 4}));
        QCOMPARE(threads.size(), std::size_t(1));
    }

    void busyThreadsAreNotLent()
    {
        // Two jobs on two workers: whoever splits its work does it alone.
        Scheduler scheduler(2);
        std::counting_semaphore<> leave{0};
        std::set<QThread*> threads;
        bool ended = false;
        scheduler.submit({QStringLiteral("other"), {}, JobPriority::Interactive, [&](Monitor&) { leave.acquire(); }, {}});
        scheduler.submit({QStringLiteral("splits"), {}, JobPriority::Interactive,
            [&](Monitor& monitor) {
                std::vector<Task> tasks(20, [&] {
                    threads.insert(QThread::currentThread());
                    QThread::msleep(1);
                });
                monitor.runTogether(tasks);
            },
            [&](const JobSnapshot&) { ended = true; }});
        QTRY_VERIFY_WITH_TIMEOUT(ended, limitMs);
        leave.release();
        QCOMPARE(threads.size(), std::size_t(1));
    }

    void shortJobsComeOnTop()
    {
        // One worker and one short job: both run at once, and the long job gets no second thread.
        Scheduler scheduler(1, 1);
        std::counting_semaphore<> shortRan{0};
        std::atomic<bool> met{false};
        std::atomic<int> lanes{0};
        bool ended = false;
        scheduler.submit({QStringLiteral("long"), {}, JobPriority::Interactive,
            [&](Monitor& monitor) {
                lanes = monitor.lanes();
                met = shortRan.try_acquire_for(limit);
            },
            [&](const JobSnapshot&) { ended = true; }});
        scheduler.submit({QStringLiteral("short"), {}, JobPriority::Interactive, [&](Monitor&) { shortRan.release(); }, {}});
        QTRY_VERIFY_WITH_TIMEOUT(ended, 2 * limitMs);
        QVERIFY(met.load());
        QCOMPARE(lanes.load(), 1);
    }

    void aFailureEndsTheRound()
    {
        for (const int workers : {1, 3}) {
            std::atomic<int> begun{0};
            const JobSnapshot end = runAlone(workers, [&](Monitor& monitor) {
                std::vector<Task> tasks(1000, [&] {
                    if (++begun == 3)
                        throw Error(ErrorCode::Domain, "third task");
                    QThread::usleep(100);
                });
                monitor.runTogether(tasks);
            });
            QCOMPARE(end.status, JobStatus::Failed);
            QCOMPARE(end.error->message(), std::string("third task"));
            QVERIFY2(begun < 100, qPrintable(QStringLiteral("%1 tasks were begun").arg(begun.load())));
        }
    }

    void ownerDestroyedInARound()
    {
        std::atomic<int> ended{0};
        {
            Scheduler scheduler(3);
            std::counting_semaphore<> started{0};
            scheduler.submit({QStringLiteral("long"), {}, JobPriority::Interactive,
                [&](Monitor& monitor) {
                    std::vector<Task> tasks(3, [&] {
                        started.release();
                        while (!monitor.stopRequested())
                            QThread::yieldCurrentThread();
                        ++ended;
                    });
                    monitor.runTogether(tasks);
                },
                {}});
            for (int i = 0; i < 3; ++i)
                started.acquire();
        }
        QCOMPARE(ended.load(), 3);
    }
};

QTEST_GUILESS_MAIN(TestSpareThreads)
#include "tst_sparethreads.moc"
