// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/mailbox.h"
#include "core/jobs/scheduler.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <semaphore>

using namespace brink;

namespace {

constexpr int limitMs = 10000;

/// Runs until told to stop, as every long loop of core does.
void loopUntilStopped(Monitor& monitor)
{
    for (std::int64_t i = 0; !monitor.stopRequested(); ++i) {
        monitor.progress(i, -1);
        QThread::yieldCurrentThread();
    }
}

} // namespace

class TestScheduler : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void runsAJobAndReportsIt()
    {
        Scheduler scheduler(1);
        QSignalSpy idle(&scheduler, &Scheduler::idle);
        const auto mailbox = std::make_shared<Mailbox<int>>();
        std::optional<JobSnapshot> end;
        scheduler.submit({QStringLiteral("sum"), {}, JobPriority::Interactive,
            [mailbox](Monitor& monitor) {
                monitor.progress(3, 4);
                monitor.note("half way");
                mailbox->put(std::make_shared<const int>(42));
            },
            [&end](const JobSnapshot& job) { end = job; }});
        QTRY_VERIFY_WITH_TIMEOUT(end.has_value(), limitMs);
        QCOMPARE(end->status, JobStatus::Done);
        QCOMPARE(end->done, 3);
        QCOMPARE(end->total, 4);
        QCOMPARE(end->notes.size(), 1);
        QCOMPARE(end->notes.first().text, QStringLiteral("half way"));
        QVERIFY(end->startedMsecs > 0 && end->notes.first().msecs >= end->startedMsecs);
        QCOMPARE(*mailbox->take(), 42);
        QVERIFY(!mailbox->take());
        QCOMPARE(idle.count(), 1);
    }

    void failureIsAValue_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("message");
        QTest::addRow("our error") << 0 << QStringLiteral("x.pt: cannot be opened.");
        QTest::addRow("standard exception keeps its first line") << 1 << QStringLiteral("first line");
        QTest::addRow("out of memory") << 2 << QStringLiteral("Out of memory; close other models or choose smaller parameters.");
        QTest::addRow("anything else") << 3 << QStringLiteral("An unknown error ended this job.");
    }

    void failureIsAValue()
    {
        QFETCH(int, kind);
        QFETCH(QString, message);
        Scheduler scheduler(1);
        std::optional<JobSnapshot> end;
        scheduler.submit({QStringLiteral("fails"), {}, JobPriority::Interactive,
            [kind](Monitor&) {
                if (kind == 0)
                    throw Error(ErrorCode::Io, "x.pt: cannot be opened.");
                if (kind == 1)
                    throw std::runtime_error("first line\nbacktrace");
                if (kind == 2)
                    throw std::bad_alloc();
                throw 7;
            },
            [&end](const JobSnapshot& job) { end = job; }});
        QTRY_VERIFY_WITH_TIMEOUT(end.has_value(), limitMs);
        QCOMPARE(end->status, JobStatus::Failed);
        QCOMPARE(QString::fromStdString(end->error->message()), message);
    }

    void stopsInTheMiddle()
    {
        Scheduler scheduler(1);
        std::counting_semaphore<> started{0};
        const JobId id = scheduler.submit({QStringLiteral("long"), {}, JobPriority::Interactive,
            [&started](Monitor& monitor) {
                started.release();
                loopUntilStopped(monitor);
            },
            {}});
        started.acquire();
        scheduler.stop(id);
        QTRY_COMPARE_WITH_TIMEOUT(scheduler.job(id)->status, JobStatus::Stopped, limitMs);
        QVERIFY(scheduler.isIdle());
    }

    void stopBeforeStartNeverRuns()
    {
        Scheduler scheduler(1);
        std::atomic<bool> ran{false};
        std::counting_semaphore<> started{0};
        const JobId first = scheduler.submit({QStringLiteral("first"), {}, JobPriority::Interactive,
            [&started](Monitor& monitor) {
                started.release();
                loopUntilStopped(monitor);
            },
            {}});
        const JobId second
            = scheduler.submit({QStringLiteral("second"), {}, JobPriority::Interactive, [&ran](Monitor&) { ran = true; }, {}});
        started.acquire();
        scheduler.stop(second);
        QCOMPARE(scheduler.job(second)->status, JobStatus::Stopped);
        scheduler.stop(first);
        QTRY_VERIFY_WITH_TIMEOUT(scheduler.isIdle(), limitMs);
        QVERIFY(!ran);
    }

    void newJobOfASlotSupersedesTheOlder()
    {
        Scheduler scheduler(1);
        std::vector<JobStatus> ends;
        const auto remember = [&ends](const JobSnapshot& job) { ends.push_back(job.status); };
        scheduler.submit({QStringLiteral("old"), QStringLiteral("inspect"), JobPriority::Interactive, loopUntilStopped, remember});
        scheduler.submit({QStringLiteral("queued"), QStringLiteral("inspect"), JobPriority::Interactive, loopUntilStopped, remember});
        scheduler.submit({QStringLiteral("new"), QStringLiteral("inspect"), JobPriority::Interactive, [](Monitor&) {}, remember});
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), std::size_t(3), limitMs);
        QCOMPARE(std::ranges::count(ends, JobStatus::Stopped), 2);
        QCOMPARE(ends.back(), JobStatus::Done);
    }

    void interactiveGoesBeforeBatch()
    {
        Scheduler scheduler(1);
        std::counting_semaphore<> started{0}, release{0};
        scheduler.submit({QStringLiteral("blocker"), {}, JobPriority::Interactive,
            [&](Monitor&) {
                started.release();
                release.acquire();
            },
            {}});
        started.acquire();
        QStringList order;
        const auto remember = [&order](const JobSnapshot& job) { order.append(job.title); };
        scheduler.submit({QStringLiteral("batch"), {}, JobPriority::Batch, [](Monitor&) {}, remember});
        scheduler.submit({QStringLiteral("interactive"), {}, JobPriority::Interactive, [](Monitor&) {}, remember});
        release.release();
        QTRY_COMPARE_WITH_TIMEOUT(order.size(), 2, limitMs);
        QCOMPARE(order.first(), QStringLiteral("interactive"));
    }

    void restartsAtOnceManyTimes()
    {
        Scheduler scheduler(2);
        int stopped = 0, done = 0;
        for (int i = 0; i < 50; ++i)
            scheduler.submit({QStringLiteral("restart"), QStringLiteral("slot"), JobPriority::Interactive,
                i + 1 < 50 ? std::function<void(Monitor&)>(loopUntilStopped) : [](Monitor&) {},
                [&](const JobSnapshot& job) { ++(job.status == JobStatus::Done ? done : stopped); }});
        QTRY_COMPARE_WITH_TIMEOUT(stopped + done, 50, limitMs);
        QCOMPARE(done, 1);
        scheduler.forgetFinished();
        QVERIFY(scheduler.jobs().isEmpty());
    }

    void ownerDestroyedWhileRunning()
    {
        std::atomic<int> ended{0};
        {
            Scheduler scheduler(2);
            std::counting_semaphore<> started{0};
            for (int i = 0; i < 4; ++i)
                scheduler.submit({QStringLiteral("long"), {}, JobPriority::Interactive,
                    [&started, &ended](Monitor& monitor) {
                        started.release();
                        loopUntilStopped(monitor);
                        ++ended;
                    },
                    {}});
            for (int i = 0; i < 2; ++i)
                started.acquire();
        }
        QCOMPARE(ended.load(), 2);
    }

    void mailboxKeepsTheNewestInOrder()
    {
        Mailbox<int> mailbox;
        std::atomic<bool> finished{false};
        const std::unique_ptr<QThread> writer(QThread::create([&] {
            for (int i = 1; i <= 20000; ++i)
                mailbox.put(std::make_shared<const int>(i));
            finished = true;
        }));
        writer->start();
        int last = 0;
        while (!finished || last < 20000)
            if (const auto value = mailbox.take()) {
                QVERIFY(*value > last);
                last = *value;
            }
        writer->wait();
        QCOMPARE(last, 20000);
    }
};

QTEST_GUILESS_MAIN(TestScheduler)
#include "tst_scheduler.moc"
