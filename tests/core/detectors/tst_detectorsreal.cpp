// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Feature squeezing in its published configuration on a real net and real images.
#include "core/data/dataset.h"
#include "core/detectors/detectorrun.h"
#include "core/model/torchruntime.h"
#include "tests/support/realdata.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace brink;

class TestDetectorsReal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    /// The false positive rate is kept within a point on images that had no part in the threshold, C&W with confidence is mostly found, and
    /// the attack in the same norm that knows the detector is not.
    void mnist()
    {
        requireRealData();
        const std::string folder = brink::test::realDataFolder().toStdString();
        const auto model = loadClassifier(folder + "/models/mnist_conv_maxpool.pt");
        SurveyImages images{openDataset(folder + "/mnist/t10k-images-idx3-ubyte.gz"), std::vector<std::int64_t>(10'000), "mnist"};
        std::iota(images.indices.begin(), images.indices.end(), std::int64_t(0));
        DetectorRunRequest request;
        request.detectors.push_back({DetectorKind::Squeezing, squeezersFromText("mnist"), 10, 9, 0.5});
        request.calibration = request.heldOut = 4000;
        request.attacked = 20;
        request.attacks = {publishedAttacks("mnist", Preset::Preview).back()};
        request.isAdaptive = true;
        request.adaptiveSteps = 100;
        PlainMonitor monitor;
        const DetectorSurvey survey = surveyDetectors(model, images, request, monitor);
        const auto summary = summarise(survey);
        QVERIFY(summary);
        const FalseAlarms& alarms = summary->falseAlarms.front();
        QCOMPARE(alarms.calibration.hits, 200); // 5 % of 4,000: no ties at the threshold
        QVERIFY2(std::abs(alarms.heldOut.share() - 0.05) <= 0.01, qPrintable(QString::number(alarms.heldOut.share())));
        QVERIFY2(alarms.withinOnePoint > 0.9, qPrintable(QString::number(alarms.withinOnePoint)));
        const DetectorScoreRow& plain = summary->rows.front();
        const DetectorScoreRow* knowing = adaptiveTwin(survey, *summary, plain);
        QVERIFY(knowing);
        QCOMPARE(plain.detected.total, 20);
        QVERIFY2(plain.detected.hits >= 14, qPrintable(QString::number(plain.detected.hits))); // 90 of 100 were measured
        QVERIFY2(knowing->evading.hits >= 19, qPrintable(QString::number(knowing->evading.hits))); // all of 100
    }
};

QTEST_GUILESS_MAIN(TestDetectorsReal)
#include "tst_detectorsreal.moc"
