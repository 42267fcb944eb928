// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/desk.h"
#include "widgets/controls/imagespanel.h"
#include "widgets/controls/joblist.h"
#include "widgets/controls/logdialog.h"
#include "widgets/controls/thumbnaillist.h"

#include <QAction>
#include <QElapsedTimer>
#include <QFile>
#include <QScrollBar>
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

/// As 8-bit .npy, a different grey each.
QString manyImages(const QTemporaryDir& folder, int count)
{
    constexpr int side = 28;
    QByteArray header = QStringLiteral("{'descr': '|u1', 'fortran_order': False, 'shape': (%1, %2, %2, 1), }").arg(count).arg(side).toLatin1();
    header = header.leftJustified(117, ' ') + '\n';
    QFile file(folder.filePath(QStringLiteral("many.npy")));
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QByteArray("\x93NUMPY\x01\x00", 8) + char(header.size()) + char(0) + header);
        for (int i = 0; i < count; ++i)
            file.write(QByteArray(side * side, char(i * 37)));
    }
    return file.fileName();
}

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

    void thumbnailsOfManyImagesDoNotBlockTheWindow_data()
    {
        QTest::addColumn<int>("images");
        QTest::addColumn<int>("scrolls");
        QTest::addRow("10,000, scrolled through") << 10000 << 400;
        QTest::addRow("100,000, in 200 leaps") << 100000 << 200;
    }
    void thumbnailsOfManyImagesDoNotBlockTheWindow()
    {
        QFETCH(int, images);
        QFETCH(int, scrolls);
        const QTemporaryDir folder;
        const QString path = manyImages(folder, images);
        Desk desk;
        desk.window.resize(1280, 720);
        desk.window.show();
        desk.controller.openFiles({path});
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.image(), limitMs);
        QTest::qWait(300);
        int loaded = 0;
        connect(&desk.controller, &Controller::thumbnailLoaded, this, [&loaded] { ++loaded; });
        const Heartbeat idle;
        QTest::qWait(1000);
        const qint64 idleGap = idle.longest();
        ThumbnailList* list = desk.window.views().images->list();
        // Once alone, once while a model predicts the whole set behind it.
        for (const bool predicts : {false, true}) {
            if (predicts) {
                desk.controller.openModel(findExamples().models.first());
                QTRY_VERIFY_WITH_TIMEOUT(desk.controller.predictions().runningJob(), limitMs);
                QTRY_VERIFY_WITH_TIMEOUT(!desk.controller.isRunning(), limitMs);
            }
            const Heartbeat scrolling;
            for (int step = 0; step < scrolls; ++step) {
                list->verticalScrollBar()->setValue(int(qint64(list->verticalScrollBar()->maximum()) * step / scrolls));
                QTest::qWait(15);
            }
            qInfo("%d images%s: idle: longest gap %lld ms; scrolling: longest %lld ms, median %lld ms, %d thumbnails", images,
                predicts ? ", predicted meanwhile" : "", idleGap, scrolling.longest(), scrolling.median(), loaded);
            QVERIFY2(scrolling.longest() <= 50 + 2 * idleGap, qPrintable(QString::number(scrolling.longest())));
        }
        QVERIFY(loaded > scrolls);
        QTRY_VERIFY_WITH_TIMEOUT(desk.controller.predictions().isComplete(), limitMs);
        desk.window.actions().jobLog->trigger();
        for (const QString& line : desk.window.findChild<LogDialog*>()->text().split(QLatin1Char('\n')))
            if (line.contains(QStringLiteral(" after ")))
                qInfo("%s", qPrintable(line));
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
        QTRY_VERIFY_WITH_TIMEOUT(jobs->rows().size() == 1 && jobs->rows().first().state == JobRow::State::Failed, limitMs); // not only begun
        QVERIFY(jobs->rows().first().error.contains(QStringLiteral("broken.pt")));
        Q_EMIT jobs->dismissRequested(jobs->rows().first().id);
        QTRY_VERIFY(jobs->rows().isEmpty());
    }

    void whatWasStoppedStaysAndIsRunAgain()
    {
        Desk desk;
        desk.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        JobList* jobs = desk.window.views().jobs;
        for (int time = 0; time < 2; ++time) { // twice stopped, one row
            desk.startLongRun();
            QTRY_VERIFY_WITH_TIMEOUT(desk.session.resultState() == ResultState::Running && desk.session.result(), limitMs);
            desk.window.actions().stop->trigger();
            QTRY_VERIFY_WITH_TIMEOUT(!desk.controller.isRunning(), limitMs);
        }
        QTRY_VERIFY_WITH_TIMEOUT(jobs->rows().size() == 1 && jobs->rows().first().state == JobRow::State::Stopped, limitMs);
        QVERIFY(jobs->rows().first().canRunAgain);
        // With its own image, whatever is chosen now.
        desk.controller.pickImage(4);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.image()->index == 4, limitMs);
        Q_EMIT jobs->runAgainRequested(jobs->rows().last().id);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.image()->index == 0 && desk.controller.isRunning(), limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(jobs->rows().first().state, JobRow::State::Running, limitMs);
        desk.window.actions().jobLog->trigger();
        const QString log = desk.window.findChild<LogDialog*>()->text();
        QVERIFY2(log.contains(QStringLiteral("stopped after")) && log.contains(QStringLiteral("done after")), qPrintable(log));
    }

    void aFailedLoadIsRunAgainWhenTheFileIsMended()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("late.pt"));
        Desk desk;
        desk.window.show();
        desk.controller.openModel(path);
        JobList* jobs = desk.window.views().jobs;
        QTRY_VERIFY_WITH_TIMEOUT(jobs->rows().size() == 1 && jobs->rows().first().canRunAgain, limitMs); // it has failed, not only begun
        QVERIFY(QFile::copy(findExamples().models.first(), path));
        Q_EMIT jobs->runAgainRequested(jobs->rows().first().id);
        QTRY_COMPARE_WITH_TIMEOUT(desk.session.models().size(), std::size_t(1), limitMs);
        const auto open = [jobs] { return jobs->rows().isEmpty() ? QString() : jobs->rows().first().title + QLatin1Char(' ') + jobs->rows().first().detail; };
        QTRY_COMPARE_WITH_TIMEOUT(open(), QString(), limitMs);
    }
};

QTEST_MAIN(TestWindowLive)
#include "tst_windowlive.moc"
