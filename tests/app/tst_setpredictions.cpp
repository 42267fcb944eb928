// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/controller.h"
#include "app/examples.h"
#include "core/data/npyfile.h"
#include "core/model/torchruntime.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace brink;

namespace {

constexpr int limitMs = 60000;

/// Models and images without a window.
struct Bench {
    Session session;
    Scheduler scheduler{2};
    Controller controller{session, scheduler, {}};

    Bench()
    {
        // Over at once, so that the predictions have their turn.
        AnalysisSettings quick = standardSettings(Norm::L2, Preset::Preview);
        quick.computesClever = false;
        quick.randomDirections = 0;
        for (AttackChoice& attack : quick.attacks)
            attack.isChosen = attack.name == "fgsm";
        session.setSettings(quick);
    }

    SetPredictions& predictions() { return controller.predictions(); }
    [[nodiscard]] Accuracy accuracy(std::size_t model)
    {
        predictions().takeSnapshot();
        return predictions().accuracy(session.models()[model].classifier).value_or(Accuracy{});
    }
    [[nodiscard]] bool areAllDone()
    {
        const std::size_t count = session.models().size();
        for (std::size_t i = 0; i < count; ++i)
            if (!accuracy(i).isComplete() || accuracy(i).images == 0)
                return false;
        return count > 0;
    }
};

/// Enough images to keep the job busy for a while.
QString manyImages(const QTemporaryDir& folder, int count)
{
    std::vector<Image> images;
    for (int i = 0; i < count; ++i)
        images.push_back({1, 28, 28, std::vector<float>(784, float(i % 256) / 255.0F), {}, {}});
    const QString path = folder.filePath(QStringLiteral("many-%1.npy").arg(count));
    writeNpy(path.toStdString(), images);
    return path;
}

} // namespace

class TestSetPredictions : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        configureTorch(1, 1);
        QVERIFY(findExamples().isComplete());
    }

    void everyModelGetsItsAccuracy()
    {
        Bench bench;
        const Examples examples = findExamples();
        bench.controller.openFiles(QStringList{examples.images} + examples.models.mid(0, 3));
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.models().size() == 3 && bench.areAllDone(), limitMs);
        for (std::size_t i = 0; i < 3; ++i) {
            const Accuracy accuracy = bench.accuracy(i);
            QCOMPARE(accuracy.labelled, 100);
            QVERIFY2(accuracy.right >= 80, qPrintable(QString::number(accuracy.right)));
        }
        QVERIFY(bench.predictions().isComplete());
        QCOMPARE(bench.predictions().current()->size(), std::size_t(100));
    }

    void modelsStandInTheOrderAskedFor()
    {
        Bench bench;
        const Examples examples = findExamples();
        bench.controller.openFiles(examples.models);
        QTRY_COMPARE_WITH_TIMEOUT(bench.session.models().size(), std::size_t(examples.models.size()), limitMs);
        for (std::size_t i = 0; i < bench.session.models().size(); ++i)
            QCOMPARE(QString::fromStdString(bench.session.models()[i].classifier->path()), examples.models[qsizetype(i)]);
        QCOMPARE(bench.session.currentModel(), 0);
    }

    void anotherSetBeginsAnew()
    {
        const QTemporaryDir folder;
        Bench bench;
        const Examples examples = findExamples();
        bench.controller.openFiles({manyImages(folder, 20000), examples.models.first()});
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.image() && !bench.controller.isRunning() && bench.predictions().runningJob(), limitMs);
        const JobId first = *bench.predictions().runningJob();
        bench.controller.openFiles({examples.images});
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.dataset()->size() == 100 && bench.areAllDone(), limitMs);
        QCOMPARE(bench.accuracy(0).images, 100);
        QVERIFY(bench.predictions().runningJob() != first);
    }

    void whatTheUserStopsStaysStoppedUntilTheModelIsPickedAgain()
    {
        const QTemporaryDir folder;
        Bench bench;
        const Examples examples = findExamples();
        bench.controller.openFiles({manyImages(folder, 60000), examples.models.first()});
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.image() && !bench.controller.isRunning() && bench.predictions().runningJob(), limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(bench.accuracy(0).done > 0, limitMs);
        bench.controller.stopJob(*bench.predictions().runningJob());
        QTRY_VERIFY_WITH_TIMEOUT(!bench.predictions().runningJob(), limitMs);
        const Accuracy stopped = bench.accuracy(0);
        QVERIFY(stopped.done > 0 && !stopped.isComplete());
        bench.predictions().resume();
        QVERIFY(bench.predictions().runningJob());
        QTRY_VERIFY_WITH_TIMEOUT(bench.accuracy(0).done > stopped.done, limitMs);
    }

    void anAnalysisHasTheThreadsToItself()
    {
        const QTemporaryDir folder;
        Bench bench;
        bench.controller.openFiles({manyImages(folder, 60000), findExamples().models.first()});
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.image() && !bench.controller.isRunning() && bench.predictions().runningJob(), limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(bench.accuracy(0).done > 0, limitMs);
        bench.session.setSettings(standardSettings(Norm::L2, Preset::Paper));
        bench.controller.run();
        QVERIFY(!bench.predictions().runningJob());
        const auto done = bench.accuracy(0).done;
        bench.controller.stop();
        QTRY_VERIFY_WITH_TIMEOUT(bench.predictions().runningJob(), limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(bench.accuracy(0).done > done, limitMs);
    }

    void aLongAnalysisDoesNotKeepThemForEver()
    {
        const QTemporaryDir folder;
        Bench bench;
        bench.controller.openFiles({manyImages(folder, 60000), findExamples().models.first()});
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.image() && !bench.controller.isRunning(), limitMs);
        bench.session.setSettings(standardSettings(Norm::L2, Preset::Paper));
        bench.controller.run();
        QTRY_VERIFY_WITH_TIMEOUT(bench.predictions().runningJob(), limitMs);
        QVERIFY(bench.controller.isRunning());
    }

    void nextWrongFollowsTheFilterOfTheBrowser()
    {
        Bench bench;
        const Examples examples = findExamples();
        bench.controller.openFiles({examples.images, examples.models.last()}); // the MLP is wrong now and then
        QTRY_VERIFY_WITH_TIMEOUT(bench.session.classifier() && bench.areAllDone() && bench.session.image(), limitMs);
        const int wrong = int(bench.accuracy(0).labelled - bench.accuracy(0).right);
        ImageBrowser& browser = bench.controller.browser();
        QCOMPARE(browser.shown(), 100);
        browser.setQuery({ImageFilter::Wrong, -1, ImageSort::SmallestMargin});
        QCOMPARE(browser.shown(), wrong);
        int steps = 0;
        for (auto next = browser.wrongNeighbour(1); next; next = browser.wrongNeighbour(1), ++steps)
            bench.controller.pickImage(*next);
        QVERIFY2(steps >= wrong - 1 && steps <= wrong, qPrintable(QString::number(steps)));
        browser.setQuery({});
        QCOMPARE(browser.neighbour(1).value_or(-1), int(bench.session.imageIndex()) + 1);
    }

    void theOwnerMayGoWhileItRuns()
    {
        const QTemporaryDir folder;
        const QString many = manyImages(folder, 20000);
        auto bench = std::make_unique<Bench>();
        bench->controller.openFiles({many, findExamples().models.first()});
        QTRY_VERIFY_WITH_TIMEOUT(bench->session.classifier() && bench->predictions().runningJob(), limitMs);
        bench.reset();
    }
};

QTEST_GUILESS_MAIN(TestSetPredictions)
#include "tst_setpredictions.moc"
