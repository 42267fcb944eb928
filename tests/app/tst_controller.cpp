// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/controller.h"
#include "app/examples.h"
#include "app/session.h"
#include "core/jobs/scheduler.h"
#include "core/model/torchruntime.h"

#include <QFile>
#include <QLocale>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace brink;

namespace {

constexpr int limitMs = 60000;

/// Session, scheduler and controller without a window, as runWindow() puts them together.
struct Bench {
    Session session;
    Scheduler scheduler{2};
    Controller controller{session, scheduler, {}};

    explicit Bench()
    {
        // Cheap enough to be over at once.
        session.setSettings(quick());
    }
    void openExample()
    {
        const Examples examples = findExamples();
        controller.openFiles({examples.images, examples.models.first()});
    }
    [[nodiscard]] bool isComplete() const { return session.resultState() == ResultState::Complete; }

    static AnalysisSettings quick()
    {
        AnalysisSettings settings = standardSettings(Norm::L2, Preset::Preview);
        settings.computesClever = false;
        settings.randomDirections = 2;
        for (AttackChoice& attack : settings.attacks)
            attack.isChosen = attack.name == "ddn";
        return settings;
    }
    /// Busy until it is stopped.
    void startLongRun()
    {
        session.setSettings(standardSettings(Norm::L2, Preset::Paper));
        controller.run();
    }
};

QString writtenFile(const QTemporaryDir& folder, const QString& name, const QByteArray& content)
{
    QFile file(folder.filePath(name));
    if (file.open(QIODevice::WriteOnly))
        file.write(content);
    return file.fileName();
}

} // namespace

class TestController : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        configureTorch(1, 1);
        QVERIFY(findExamples().isComplete());
    }

    void nothingRunsWithoutAModelOrAnImage()
    {
        Bench bench;
        bench.controller.run();
        bench.controller.stop();
        QVERIFY(!bench.controller.isRunning());
        bench.controller.openImages(findExamples().images);
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.image(), limitMs);
        bench.controller.run();
        QVERIFY(!bench.controller.isRunning());
        QCOMPARE(bench.session.resultState(), ResultState::None);
    }

    void modelAndImageStartAPreview()
    {
        Bench bench;
        QSignalSpy running(&bench.controller, &Controller::runningChanged);
        bench.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(bench.isComplete(), limitMs);
        QVERIFY(!bench.controller.isRunning());
        QCOMPARE(running.last().first().toBool(), false);
        QCOMPARE(bench.session.result()->attacks.size(), std::size_t(1));
    }

    void theNewerRunSupersedesTheOlder()
    {
        Bench bench;
        bench.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(bench.isComplete(), limitMs);
        bench.startLongRun();
        const auto older = bench.controller.runningJob();
        bench.session.setSettings(Bench::quick());
        bench.controller.run();
        QVERIFY(bench.controller.runningJob() != older);
        QTRY_VERIFY_WITH_TIMEOUT(bench.isComplete(), limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(bench.scheduler.isIdle(), limitMs);
        QVERIFY2(bench.isComplete(), "the end of the older run must not touch the result");
        QCOMPARE(bench.session.result()->attacks.size(), std::size_t(1));
        QCOMPARE(bench.scheduler.job(*older)->status, JobStatus::Stopped);
    }

    void abandonedRunsLeaveNoResult()
    {
        Bench bench;
        bench.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(bench.isComplete(), limitMs);
        bench.startLongRun();
        // Another set: what runs is about an image that is no longer there.
        bench.session.setDataset(nullptr);
        QVERIFY(!bench.controller.isRunning());
        QVERIFY(!bench.controller.takeSnapshot());
        QTRY_VERIFY_WITH_TIMEOUT(bench.scheduler.isIdle(), limitMs);
        QVERIFY(!bench.session.result());
        QCOMPARE(bench.session.resultState(), ResultState::None);
    }

    void anotherImageIsAnalysedInsteadOfTheOneBefore()
    {
        Bench bench;
        bench.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(bench.isComplete(), limitMs);
        for (const std::int64_t index : {1, 2, 3, 4, 5})
            bench.controller.pickImage(index);
        QTRY_VERIFY_WITH_TIMEOUT(bench.isComplete() && bench.scheduler.isIdle(), limitMs);
        QCOMPARE(bench.session.image()->index, 5);
        QCOMPARE(bench.session.result()->index, 5);
    }

    void stopKeepsWhatIsThereAndRunsAgain()
    {
        Bench bench;
        bench.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(bench.isComplete(), limitMs);
        bench.startLongRun();
        std::shared_ptr<const InspectResult> snapshot;
        const auto hasSnapshot = [&] {
            if (auto newest = bench.controller.takeSnapshot())
                snapshot = std::move(newest);
            return snapshot != nullptr;
        };
        QTRY_VERIFY_WITH_TIMEOUT(hasSnapshot(), limitMs);
        bench.controller.stop();
        bench.controller.stop(); // once more does no harm
        QTRY_VERIFY_WITH_TIMEOUT(!bench.controller.isRunning(), limitMs);
        QCOMPARE(bench.session.resultState(), ResultState::Partial);
        QVERIFY(bench.session.result()->partial);
        bench.session.setSettings(Bench::quick());
        bench.controller.run();
        QTRY_VERIFY_WITH_TIMEOUT(bench.isComplete(), limitMs);
    }

    void stopBeforeTheStartGivesNoResult()
    {
        Bench bench;
        bench.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.image() && bench.session.classifier(), limitMs);
        bench.controller.run();
        bench.controller.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!bench.controller.isRunning(), limitMs);
        QVERIFY(bench.session.resultState() == ResultState::None || bench.session.resultState() == ResultState::Partial);
    }

    void aFailingLoadSaysSoAndKeepsTheRest_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addRow("model") << QStringLiteral("broken.pt");
        QTest::addRow("image") << QStringLiteral("broken.png");
        QTest::addRow("missing model") << QStringLiteral("missing.pt");
    }
    void aFailingLoadSaysSoAndKeepsTheRest()
    {
        QFETCH(QString, name);
        const QTemporaryDir folder;
        const QString path
            = name.startsWith(QStringLiteral("missing")) ? folder.filePath(name) : writtenFile(folder, name, QByteArray("no such thing"));
        Bench bench;
        bench.openExample();
        QTRY_VERIFY_WITH_TIMEOUT(bench.isComplete(), limitMs);
        const auto result = bench.session.result();
        QSignalSpy failed(&bench.controller, &Controller::failed);
        bench.controller.openFiles({path});
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, limitMs);
        QVERIFY2(failed.first().first().toString().contains(name), qPrintable(failed.first().first().toString()));
        QCOMPARE(bench.session.result(), result);
        QCOMPARE(bench.session.models().size(), std::size_t(1));
    }

    void aRangeSaysWhereToBegin()
    {
        const Examples examples = findExamples();
        Bench bench;
        bench.controller.openFiles({examples.images + QStringLiteral("#7:20")});
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.image() && bench.session.image()->index == 7, limitMs);
        QCOMPARE(bench.session.dataset()->size(), std::int64_t(100)); // the set is whole
        QSignalSpy failed(&bench.controller, &Controller::failed);
        bench.controller.openFiles({examples.images + QStringLiteral("#100")});
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, limitMs);
        QCOMPARE(bench.session.imageIndex(), std::int64_t(7));
        bench.controller.openFiles({examples.images + QStringLiteral("#3"), examples.images});
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 2, limitMs);
        QVERIFY2(failed.last().first().toString().contains(QStringLiteral("Open it alone")), qPrintable(failed.last().first().toString()));
    }

    void aFailingFirstModelGivesWayToTheNext()
    {
        const QTemporaryDir folder;
        Bench bench;
        bench.controller.openFiles({writtenFile(folder, QStringLiteral("broken.pt"), QByteArray("no model")), findExamples().models.first()});
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.classifier(), limitMs);
        QCOMPARE(bench.session.currentModel(), 0);
    }

    void destroyedWhileRunning()
    {
        auto session = std::make_unique<Session>();
        session->setSettings(Bench::quick());
        Scheduler scheduler(2);
        auto controller = std::make_unique<Controller>(*session, scheduler, LoadOptions{});
        const Examples examples = findExamples();
        controller->openFiles({examples.images, examples.models.first()});
        QTRY_VERIFY_WITH_TIMEOUT(session->resultState() == ResultState::Complete, limitMs);
        session->setSettings(standardSettings(Norm::L2, Preset::Paper));
        controller->run();
        controller->openFiles({examples.models.value(1)});
        controller.reset();
        session.reset();
        scheduler.stopAll();
        QTRY_VERIFY_WITH_TIMEOUT(scheduler.isIdle(), limitMs);
    }

    void thumbnailsOfAnOlderRequestAreSkippedNotLost()
    {
        Bench bench;
        bench.controller.openImages(findExamples().images);
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.dataset(), limitMs);
        QSet<int> seen;
        connect(&bench.controller, &Controller::thumbnailLoaded, this, [&seen](const Thumbnail& made) { seen.insert(made.row); });
        connect(&bench.controller, &Controller::thumbnailsSkipped, this, [&seen](const QList<int>& rows) { seen.unite(QSet<int>(rows.begin(), rows.end())); });
        QList<int> first, second;
        for (int row = 0; row < 50; ++row)
            first << row, second << row + 50;
        bench.controller.loadThumbnails(first);
        bench.controller.loadThumbnails(second);
        QTRY_COMPARE_WITH_TIMEOUT(seen.size(), 100, limitMs);
    }

    void thumbnailsOfAnotherSetAreDropped()
    {
        Bench bench;
        bench.controller.openImages(findExamples().images);
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.dataset(), limitMs);
        QSignalSpy loaded(&bench.controller, &Controller::thumbnailLoaded);
        QSignalSpy skipped(&bench.controller, &Controller::thumbnailsSkipped);
        bench.controller.loadThumbnails({0, 1, 2});
        bench.session.setDataset(nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(bench.scheduler.isIdle(), limitMs);
        QVERIFY(loaded.isEmpty());
        QVERIFY(skipped.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestController)
#include "tst_controller.moc"
