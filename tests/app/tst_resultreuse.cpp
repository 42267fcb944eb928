// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figurepane.h"
#include "app/inspectworkspace.h"
#include "tests/app/desk.h"
#include "widgets/plot/figureview.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace brink;
using namespace brink::test;

/// What was computed is shown at once when it is chosen again, and never computed again by itself.
class TestResultReuse : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
        QVERIFY(findExamples().isComplete());
    }
    void init()
    {
        m_desk = std::make_unique<Desk>();
        m_desk->session.setSettings(quickSettings());
        const Examples examples = findExamples();
        m_desk->controller.openFiles({examples.images, examples.models[0], examples.models[1]});
        m_desk->window.show();
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->isComplete() && m_desk->session.models().size() == 2, limitMs);
    }
    void cleanup() { m_desk.reset(); }

    void anImageChosenAgain()
    {
        const auto first = m_desk->session.result();
        m_desk->controller.pickImage(1);
        complete();
        const auto second = m_desk->session.result();
        QVERIFY(second != first);
        showsAtOnce([&] { m_desk->controller.pickImage(0); }, first);
        showsAtOnce([&] { m_desk->controller.pickImage(1); }, second);
    }

    void aModelChosenAgain()
    {
        const auto first = m_desk->session.result();
        const int place = m_desk->session.currentModel();
        m_desk->controller.pickModel(1 - place);
        complete();
        showsAtOnce([&] { m_desk->controller.pickModel(place); }, first);
    }

    void aNormChosenAgain()
    {
        m_desk->controller.pickNorm(Norm::Linf);
        complete();
        const auto first = m_desk->session.result();
        m_desk->session.setSettings(quickSettings());
        QVERIFY(m_desk->isComplete());
        showsAtOnce([&] { m_desk->controller.pickNorm(Norm::Linf); }, first);
    }

    void aTargetChosenAgain()
    {
        const auto first = m_desk->session.result();
        m_desk->controller.pickTarget((first->predicted + 1) % first->classes);
        complete();
        showsAtOnce([&] { m_desk->controller.pickTarget(std::nullopt); }, first);
    }

    void settingsSetBack()
    {
        const auto first = m_desk->session.result();
        const AnalysisSettings before = m_desk->session.settings();
        AnalysisSettings edited = before;
        edited.randomDirections += 1;
        m_desk->session.setSettings(edited);
        QCOMPARE(m_desk->session.resultState(), ResultState::Stale);
        m_desk->session.setSettings(before);
        QCOMPARE(m_desk->session.resultState(), ResultState::Complete);
        QCOMPARE(m_desk->session.result(), first);
    }

    /// The settings shown are the paper's: their stored result comes before the stored preview.
    void aFullResultComesBeforeItsPreview()
    {
        AnalysisSettings full = standardSettings(Norm::L2, Preset::Paper, 1);
        full.clever.set("batches", 10LL);
        full.clever.set("samples", 16LL);
        full.randomDirections = 5;
        for (AttackChoice& attack : full.attacks)
            attack.isChosen = attack.name == "ddn";
        m_desk->session.setSettings(full);
        m_desk->controller.run();
        complete();
        const auto result = m_desk->session.result();
        QVERIFY(!m_desk->session.isPreview());
        m_desk->controller.pickImage(2);
        complete();
        QVERIFY2(m_desk->session.isPreview(), "the paper's settings are not run by themselves");
        m_desk->controller.pickImage(0);
        QCOMPARE(m_desk->session.result(), result);
        QVERIFY(!m_desk->session.isPreview());
        m_desk->controller.pickImage(2);
        QVERIFY(m_desk->isComplete() && m_desk->session.isPreview());
    }

    void runComputesAgain()
    {
        const auto first = m_desk->session.result();
        m_desk->controller.run();
        QVERIFY(m_desk->controller.isRunning());
        complete();
        QVERIFY(m_desk->session.result() != first);
    }

    void choosingStopsWhatIsNoLongerWanted()
    {
        const auto first = m_desk->session.result();
        const AnalysisSettings before = m_desk->session.settings();
        m_desk->startLongRun();
        QVERIFY(m_desk->controller.isRunning());
        const JobId job = *m_desk->controller.runningJob();
        m_desk->session.setSettings(before);
        m_desk->controller.pickImage(3);
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk->scheduler.job(job) || m_desk->scheduler.job(job)->isFinished(), limitMs);
        complete();
        showsAtOnce([&] { m_desk->controller.pickImage(0); }, first);
    }

    /// From the choice to the picture; the goal is 50 ms, the bound leaves room for a busy machine.
    void switchingIsFast()
    {
        m_desk->controller.pickImage(1);
        complete();
        qint64 longest = 0, total = 0;
        constexpr int turns = 10;
        for (int i = 0; i < turns; ++i) {
            QElapsedTimer clock;
            clock.start();
            m_desk->controller.pickImage(i % 2);
            const auto wanted = m_desk->session.result();
            QVERIFY(wanted && m_desk->isComplete());
            const auto figureOfWanted = [&] {
                const Figure* figure = nullptr;
                for (const FigurePane* pane : m_desk->window.views().inspect->panes())
                    if (pane->name() == "ladder" && pane->view()->figure())
                        figure = pane->view()->figure().get();
                return figure && figure->provenance["image"]["index"] == i % 2;
            };
            // A look every ten milliseconds would be most of what is measured.
            while (!figureOfWanted() && clock.elapsed() < 5000)
                QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
            QVERIFY(figureOfWanted());
            m_desk->window.grab();
            longest = std::max(longest, clock.elapsed());
            total += clock.elapsed();
        }
        qInfo("switching with stored results: mean %lld ms, longest %lld ms", total / turns, longest);
        QVERIFY2(total / turns < 500, qPrintable(QString::number(total / turns)));
    }

private:
    void complete() { QTRY_VERIFY_WITH_TIMEOUT(m_desk->isComplete() && !m_desk->controller.isRunning(), limitMs); }

    template <typename Choice>
    void showsAtOnce(const Choice& choose, const std::shared_ptr<const InspectResult>& expected)
    {
        QSignalSpy running(&m_desk->controller, &Controller::runningChanged);
        choose();
        QCOMPARE(m_desk->session.result(), expected);
        QVERIFY(m_desk->isComplete());
        QVERIFY(!m_desk->controller.isRunning());
        QTest::qWait(100);
        QVERIFY2(running.isEmpty(), "nothing is computed again");
        QCOMPARE(m_desk->session.result(), expected);
    }

    std::unique_ptr<Desk> m_desk;
};

QTEST_MAIN(TestResultReuse)
#include "tst_resultreuse.moc"
