// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/data/filebytes.h"
#include "core/examples/trainexamples.h"
#include "core/model/torchruntime.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace brink;

namespace {

/// A few steps only: what is tested here is the machinery, not the accuracy.
TrainingEffort fewSteps(std::vector<std::string> only = {})
{
    TrainingEffort effort;
    effort.trainingImages = 150;
    effort.testImages = 20;
    effort.epochs = 1;
    effort.only = std::move(only);
    return effort;
}

Bytes trainedBytes(const QTemporaryDir& folder, std::uint64_t seed, const std::string& name)
{
    PlainMonitor monitor;
    const auto trained = trainExamples(folder.path().toStdString(), seed, monitor, fewSteps({name}));
    return readFile(trained.at(0).path, 10 << 20);
}

class StoppingMonitor : public PlainMonitor {
public:
    explicit StoppingMonitor(double share) : m_share(share) {}
    void progress(std::int64_t done, std::int64_t total) override
    {
        PlainMonitor::progress(done, total);
        if (double(done) >= m_share * double(total))
            requestStop();
    }

private:
    double m_share;
};

ErrorCode codeOf(const std::string& folder, const TrainingEffort& effort)
{
    PlainMonitor monitor;
    try {
        trainExamples(folder, 1, monitor, effort);
    } catch (const Error& error) {
        return error.code();
    }
    throw std::logic_error("no error was thrown");
}

} // namespace

class TestTrainExamples : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }
    void writesEveryNet();
    void dependsOnTheSeedOnly_data();
    void dependsOnTheSeedOnly();
    void stopsInTheMiddle();
    void refusesBadRequests();
};

void TestTrainExamples::writesEveryNet()
{
    const QTemporaryDir folder;
    PlainMonitor monitor;
    const auto trained = trainExamples(folder.path().toStdString(), 3, monitor, fewSteps());
    QCOMPARE(trained.size(), std::size_t(6));
    QCOMPARE(monitor.done(), monitor.total());
    for (const TrainedExample& example : trained) {
        const auto classifier = loadClassifier(example.path);
        QCOMPARE(classifier->classes(), 10);
        QCOMPARE(classifier->dimension(), std::int64_t(28 * 28));
        QCOMPARE(classifier->card().name, example.name);
        QCOMPARE(classifier->className(3), std::string("plus"));
        QCOMPARE(classifier->isSmooth(), example.name == "cnn-smooth");
        QVERIFY(!classifier->givesProbabilities());
        QCOMPARE(example.storedImages, std::int64_t(20));
        QCOMPARE(double(example.storedCorrect) / 20, example.accuracy); // here all test images are stored
    }
    const auto images = openDataset(folder.filePath(QStringLiteral("example-images-idx3-ubyte.gz")).toStdString());
    QCOMPARE(images->size(), std::int64_t(20));
    QCOMPARE(*images->label(13), std::int64_t(3));
    QCOMPARE(images->classNames().size(), std::size_t(10));
}

void TestTrainExamples::dependsOnTheSeedOnly_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char* name : {"mlp", "cnn-distilled", "cnn-pgd"})
        QTest::newRow(name) << QByteArray(name);
}

void TestTrainExamples::dependsOnTheSeedOnly()
{
    QFETCH(QByteArray, name);
    const QTemporaryDir first, second;
    const Bytes bytes = trainedBytes(first, 1, name.toStdString());
    QVERIFY(trainedBytes(second, 1, name.toStdString()) == bytes);
    QVERIFY(trainedBytes(second, 2, name.toStdString()) != bytes);
}

void TestTrainExamples::stopsInTheMiddle()
{
    const QTemporaryDir folder;
    StoppingMonitor monitor(0.6);
    const auto trained = trainExamples(folder.path().toStdString(), 1, monitor, fewSteps({"mlp", "cnn"}));
    QCOMPARE(trained.size(), std::size_t(1));
    const QStringList models = QDir(folder.path()).entryList({QStringLiteral("*.pt")});
    QCOMPARE(models, QStringList{QStringLiteral("mlp.pt")});
}

void TestTrainExamples::refusesBadRequests()
{
    const QTemporaryDir folder;
    TrainingEffort noEpochs = fewSteps();
    noEpochs.epochs = 0;
    QCOMPARE(int(codeOf(folder.path().toStdString(), noEpochs)), int(ErrorCode::Domain));
    QCOMPARE(int(codeOf(folder.path().toStdString(), fewSteps({"cnm"}))), int(ErrorCode::Usage));
    QCOMPARE(int(codeOf("/dev/null/folder", fewSteps())), int(ErrorCode::Io));
    QVERIFY(QDir(folder.path()).isEmpty());
}

QTEST_GUILESS_MAIN(TestTrainExamples)
#include "tst_trainexamples.moc"
