// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/desk.h"
#include "widgets/controls/joblist.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <vector>

using namespace brink;
using namespace brink::test;

namespace {

/// The longest time between two beats of a 10 ms timer in the thread of the window.
class Heartbeat : public QObject {
public:
    Heartbeat()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(10);
        connect(&m_timer, &QTimer::timeout, this, [this] { m_gaps.push_back(m_clock.restart()); });
        m_clock.start();
        m_timer.start();
    }
    [[nodiscard]] qint64 longest() const { return m_gaps.empty() ? 0 : *std::ranges::max_element(m_gaps); }
    [[nodiscard]] qint64 median() const
    {
        std::vector<qint64> sorted = m_gaps;
        std::ranges::sort(sorted);
        return sorted.empty() ? 0 : sorted[sorted.size() / 2];
    }
    [[nodiscard]] std::size_t beats() const { return m_gaps.size(); }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<qint64> m_gaps;
};

} // namespace

/// The window while work goes on, and after a lot of it.
class TestWindowLive : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
        QVERIFY(findExamples().isComplete());
    }

    /// A busy machine stretches an idle window's beat, too: the bound grows with what was seen there.
    void theWindowIsNeverBlockedByAnAnalysis()
    {
        Desk desk;
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        QTest::qWait(300);
        const Heartbeat idle;
        QTest::qWait(1500);
        const qint64 idleGap = idle.longest();

        int snapshots = 0;
        connect(&desk.session, &Session::resultChanged, this, [&snapshots] { ++snapshots; });
        const Heartbeat running;
        for (const int step : {1, 1, 1}) {
            desk.controller.pickImage(desk.session.imageIndex() + step);
            QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        }
        qInfo("idle: longest gap %lld ms; running: longest %lld ms, median %lld ms, %zu beats, %d results shown", idleGap, running.longest(),
            running.median(), running.beats(), snapshots);
        QVERIFY2(snapshots > 6, qPrintable(QString::number(snapshots)));
        constexpr qint64 oneRedraw = 250; // all figures and tables at once, on a slow machine
        QVERIFY2(running.longest() <= 5 * idleGap + oneRedraw, qPrintable(QString::number(running.longest())));
    }

    void manyRunsDoNotGrowTheJobs()
    {
        Desk desk;
        AnalysisSettings quick = standardSettings(Norm::L2, Preset::Preview);
        quick.computesClever = false;
        quick.randomDirections = 0;
        for (AttackChoice& attack : quick.attacks)
            attack.isChosen = attack.name == "fgsm";
        desk.session.setSettings(quick);
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        qsizetype most = 0;
        for (int run = 0; run < 120; ++run) {
            desk.controller.run();
            QTRY_VERIFY_WITH_TIMEOUT(!desk.controller.isRunning(), limitMs);
            most = std::max(most, desk.scheduler.jobs().size());
        }
        QVERIFY2(most < 60, qPrintable(QString::number(most))); // at most what ends between two ticks
        QTRY_VERIFY_WITH_TIMEOUT(desk.scheduler.jobs().isEmpty(), limitMs);
        QVERIFY(desk.window.views().jobs->rows().isEmpty());
        QVERIFY(desk.isComplete());
    }

    void aFailureStaysInTheListUntilItIsDismissed()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("broken.pt")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("no model");
        file.close();
        Desk desk;
        desk.openExample();
        desk.controller.openFiles({file.fileName()});
        JobList* jobs = desk.window.views().jobs;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && desk.scheduler.jobs().isEmpty(), limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(jobs->rows().size(), 1, limitMs);
        QVERIFY(jobs->rows().first().error.contains(QStringLiteral("broken.pt")));
        Q_EMIT jobs->dismissRequested(jobs->rows().first().id);
        QTRY_VERIFY(jobs->rows().isEmpty());
    }
};

QTEST_MAIN(TestWindowLive)
#include "tst_windowlive.moc"
