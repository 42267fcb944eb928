// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/clever.h"
#include "core/clever/cleverscore.h"

#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/model/torchruntime.h"
#include "tests/support/realdata.h"

#include <QFile>

#include <algorithm>
#include <cmath>

using namespace brink;

namespace {

CleverTargetResult scored(std::int64_t target, double low, double score, double high, bool hasInterval = true)
{
    CleverTargetResult result;
    result.target = target;
    result.score = score;
    result.interval = {low, high};
    result.hasInterval = hasInterval;
    return result;
}

const CleverTargetResult& targetOf(const CleverResult& result, std::int64_t target)
{
    return *std::ranges::find(result.targets, target, &CleverTargetResult::target);
}

struct Sum {
    std::int64_t full = 0, anytime = 0, settled = 0;
    int images = 0, ruledOut = 0;
};

/// The full and the anytime run of one image; what must hold is checked, costs are added.
void compareRuns(const std::shared_ptr<const Classifier>& model, const Image& image, CleverRequest request, Sum& sum)
{
    PlainMonitor monitor;
    const CleverResult full = computeClever(model, image, request, monitor);
    request.anytime = true;
    const CleverResult anytime = computeClever(model, image, request, monitor);
    request.intervalWidth = 0.3;
    const CleverResult settled = request.batches > 100 ? computeClever(model, image, request, monitor) : anytime;
    if (!full.score || !full.interval) // refused or not fitted: there is nothing to agree with
        return;
    QVERIFY(anytime.score && settled.score && settled.interval);
    QVERIFY2(*anytime.score >= (*full.interval)[0] && *anytime.score <= (*full.interval)[1], qPrintable(QStringLiteral("anytime %1, full %2 [%3, %4]").arg(*anytime.score).arg(*full.score).arg((*full.interval)[0]).arg((*full.interval)[1])));
    QVERIFY2((*settled.interval)[0] <= (*full.interval)[1] && (*settled.interval)[1] >= (*full.interval)[0], "the intervals do not meet");
    QVERIFY(!anytime.partial && !settled.partial);
    for (const CleverTargetResult& target : anytime.targets) {
        const std::vector<double>& all = targetOf(full, target.target).maxima;
        QVERIFY(target.isRuledOut || target.maxima.size() == all.size());
        QVERIFY(std::equal(target.maxima.begin(), target.maxima.end(), all.begin()));
        sum.ruledOut += target.isRuledOut;
    }
    sum.full += full.counts.backwards;
    sum.anytime += anytime.counts.backwards;
    sum.settled += settled.counts.backwards;
    ++sum.images;
}

} // namespace

class TestAnytime : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }
    void onlyTargetsAboveTheSmallestIntervalAreRuledOut();
    void widthIsOfTheMinimum();
    void sameScoreFromFewerGradients_data();
    void sameScoreFromFewerGradients();
};

void TestAnytime::onlyTargetsAboveTheSmallestIntervalAreRuledOut()
{
    std::vector<CleverTargetResult> targets{scored(0, 1, 2, 3), scored(1, 2.9, 4, 6), scored(2, 3, 5, 7), scored(3, 9, 9, 9, false)};
    QCOMPARE(ruledOut(targets), (std::vector<bool>{false, false, true, false}));
    targets[2].isRefused = true; // its gradients vanish: nothing is known about it
    QCOMPARE(ruledOut(targets), (std::vector<bool>{false, false, false, false}));
    targets[0].hasInterval = false; // then target 1 is the smallest, and 0 stays in question
    QCOMPARE(ruledOut(targets), (std::vector<bool>{false, false, false, false}));
    QCOMPARE(ruledOut({}), std::vector<bool>{});
    // All at the cap: one of them says it all.
    QCOMPARE(ruledOut({scored(0, 5, 5, 5), scored(1, 5, 5, 5)}), (std::vector<bool>{false, true}));
}

void TestAnytime::widthIsOfTheMinimum()
{
    std::vector<CleverTargetResult> targets{scored(0, 1, 2, 3), scored(1, 1.5, 2.5, 2.6), scored(2, 3, 5, 7)};
    QCOMPARE(relativeIntervalWidth(targets).value(), (2.6 - 1) / 2);
    targets[1].isRuledOut = true;
    QCOMPARE(relativeIntervalWidth(targets).value(), 1.0);
    targets[2].hasInterval = false;
    QVERIFY(!relativeIntervalWidth(targets));
}

void TestAnytime::sameScoreFromFewerGradients_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("images");
    QTest::addColumn<int>("batches");
    QTest::addColumn<int>("samples");
    QTest::addColumn<int>("count"); // 20 images of the slower nets take minutes: BRINK_TEST_ALL=1
    const int slow = qEnvironmentVariableIsEmpty("BRINK_TEST_ALL") ? 6 : 20;
    QTest::addRow("mnist_smallcnn_trades") << "mnist_smallcnn_trades" << "mnist/t10k-images-idx3-ubyte.gz" << 200 << 8 << slow;
    QTest::addRow("mnist_sigmoid_6_200") << "mnist_sigmoid_6_200" << "mnist/t10k-images-idx3-ubyte.gz" << 200 << 8 << 20;
    QTest::addRow("cifar10_resnet20") << "cifar10_resnet20" << "cifar10/test_batch.bin" << 100 << 2 << slow;
}

void TestAnytime::sameScoreFromFewerGradients()
{
    requireRealData();
    QFETCH(QString, model);
    QFETCH(QString, images);
    QFETCH(int, batches);
    QFETCH(int, samples);
    QFETCH(int, count);
    const auto classifier = loadClassifier(QStringLiteral("%1/models/%2.pt").arg(test::realDataFolder(), model).toStdString());
    const auto dataset = openDataset((test::realDataFolder() + QLatin1Char('/') + images).toStdString());
    CleverRequest request;
    request.batches = batches;
    request.samples = samples;
    request.radius = model.startsWith(QLatin1String("cifar")) ? 0.5 : 2;
    Sum sum;
    for (std::int64_t i = 0; i < count; ++i) {
        request.seed = std::uint64_t(i);
        compareRuns(classifier, dataset->image(i), request, sum);
        if (QTest::currentTestFailed())
            return;
    }
    qInfo("%s: %lld gradients in full, %.2f of them anytime, %.2f with an early stop; %.1f targets of 9 ruled out", qPrintable(model),
        static_cast<long long>(sum.full), double(sum.anytime) / double(sum.full), double(sum.settled) / double(sum.full),
        double(sum.ruledOut) / sum.images);
    // Seen of 20 images: 0.40, 0.55 and 0.43. The first 20 maxima (50 where the score is the cap) are sampled for every target.
    QVERIFY(10 * sum.anytime <= 6 * sum.full);
    QVERIFY(sum.settled <= sum.anytime);
}

QTEST_GUILESS_MAIN(TestAnytime)
#include "tst_anytime.moc"
