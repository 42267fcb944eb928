// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/boundary/detection.h"
#include "core/stats/roc.h"
#include "tests/core/boundary/boundarymodels_torch.h"
#include "tests/support/compare.h"
#include "tests/support/detectionsample.h"

#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

DetectionStatistic statisticOf(const std::shared_ptr<const Classifier>& model, const Image& image, const DetectionRequest& request = {})
{
    PlainMonitor monitor;
    return detectionStatistic(model, image, request, monitor).value();
}

Image offCentre(float shift)
{
    Image image = flatToyImage(0.5F);
    image.pixels[3] += shift;
    return image;
}

} // namespace

class TestDetection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The level sets of the ball's F are spheres: at distance a from the centre every tangent curvature is -1/a, and v^T P v is 1 - 1/d
    // in the mean over the sphere. Seen from outside, where the class is the other, the sign flips.
    void sphere_data()
    {
        QTest::addColumn<float>("shift");
        QTest::addColumn<int>("sign");
        QTest::addRow("inside") << 0.15F << -1;
        QTest::addRow("outside") << 0.4F << 1;
    }

    void sphere()
    {
        QFETCH(const float, shift);
        QFETCH(const int, sign);
        DetectionRequest request;
        request.probes = 4000;
        const DetectionStatistic found = statisticOf(ballModel(0.25), offCentre(shift), request);
        QCOMPARE(found.predicted, sign < 0 ? 0 : 1);
        QCOMPARE(found.classes.size(), 1U);
        compareClose(found.statistic, sign / double(shift) * (1 - 1.0 / toyDimension), 5e-3, 0);
    }

    // C3: an affine model has statistic 0.
    void affine()
    {
        compareClose(statisticOf(halfSpaceModel(), flatToyImage(0.6F)).statistic, 0, 0, 1e-5);
    }

    // C4: the scale of the logits does not matter.
    void scaleOfTheLogits()
    {
        const double plain = statisticOf(ballModel(0.25), offCentre(0.1F)).statistic;
        compareClose(statisticOf(ballModel(0.25, 1000), offCentre(0.1F)).statistic, plain, 1e-4, 0);
    }

    void eachClassHasItsOwn()
    {
        // f_0 - f_1 is a ball of level sets, f_0 - f_2 is affine, f_0 - f_3 has no gradient.
        const auto model = makeClassifier("four", {1, toySide, toySide}, 4, [](const at::Tensor& x) {
            const at::Tensor flat = x.flatten(1), zero = flat.select(1, 0) * 0;
            return at::stack({zero + 2, (flat - 0.5).square().sum(1), flat.select(1, 3) - 1, zero}, 1);
        });
        const DetectionStatistic found = statisticOf(model, offCentre(0.2F));
        QCOMPARE(found.predicted, 0);
        QCOMPARE(found.classes, (std::vector<std::int64_t>{1, 2})); // without a gradient there is no curvature
        QVERIFY(found.curvature[0] < -1);
        compareClose(found.curvature[1], 0, 0, 1e-4);
        compareClose(found.statistic, (found.curvature[0] + found.curvature[1]) / 2, 1e-12, 0);
        QCOMPARE(found.recovered(1), 2);
        QCOMPARE(found.recovered(-1), 1);
    }

    void onlyTheLikeliestClasses()
    {
        const auto model = makeClassifier("many", {1, toySide, toySide}, 12, [](const at::Tensor& x) { return x.flatten(1).slice(1, 0, 12).square(); });
        Image image = flatToyImage(0.0F);
        for (int i = 0; i < toyDimension; ++i)
            image.pixels[std::size_t(i)] = 0.05F * float(i);
        DetectionRequest request;
        request.classes = 3;
        const DetectionStatistic found = statisticOf(model, image, request);
        QCOMPARE(found.predicted, 11);
        QCOMPARE(found.classes, (std::vector<std::int64_t>{10, 9, 8}));
        // A gradient a class at the image, and two a class and direction.
        QCOMPARE(found.counts.backwards, std::int64_t(3 + 2 * 3 * request.probes));
    }

    void sameSeedSameNumbers()
    {
        const auto model = ballModel(0.25);
        DetectionRequest request;
        const double first = statisticOf(model, offCentre(0.1F), request).statistic;
        QCOMPARE(statisticOf(model, offCentre(0.1F), request).statistic, first);
        request.seed = 2;
        QVERIFY(statisticOf(model, offCentre(0.1F), request).statistic != first);
    }

    void wrongRequestsAndStops()
    {
        PlainMonitor monitor;
        DetectionRequest request;
        request.reach = 0;
        QVERIFY_EXCEPTION_THROWN((void)detectionStatistic(ballModel(0.2), offCentre(0.1F), request, monitor), Error);
        monitor.requestStop();
        QVERIFY(!detectionStatistic(ballModel(0.2), offCentre(0.1F), {}, monitor));
    }

    void scaling()
    {
        const Image clean = flatToyImage(0.5F), moved = offCentre(0.1F);
        compareClose(double(scaledPerturbation(clean, moved, 3).pixels[3]), 0.8, 1e-6, 0);
        compareClose(double(scaledPerturbation(clean, moved, 10).pixels[3]), 1.0, 1e-6, 0);
        QCOMPARE(scaledPerturbation(clean, moved, 1).pixels, moved.pixels);
    }

    void bestThreshold_data()
    {
        QTest::addColumn<std::vector<double>>("scores");
        QTest::addColumn<double>("threshold");
        QTest::addColumn<double>("accuracy");
        QTest::addRow("separable") << std::vector<double>{1, 2, 3, 7, 8, 9} << 5.0 << 1.0;
        QTest::addRow("one in between") << std::vector<double>{1, 2, 8, 7, 9, 10} << 8.5 << 5.0 / 6;
        QTest::addRow("the wrong way round") << std::vector<double>{9, 8, 7, 3, 2, 1} << 9.0 << 0.5;
    }

    void bestThreshold()
    {
        QFETCH(const std::vector<double>, scores);
        QFETCH(const double, threshold);
        QFETCH(const double, accuracy);
        const std::vector<int> positive{0, 0, 0, 1, 1, 1};
        const RocThreshold best = brink::bestThreshold(positive, scores);
        compareClose(best.balancedAccuracy, accuracy, 1e-12, 0);
        int right = 0;
        for (std::size_t i = 0; i < scores.size(); ++i)
            right += (scores[i] > best.threshold) == (positive[i] == 1);
        compareClose(right / 6.0, accuracy, 1e-12, 0);
        if (accuracy != 5.0 / 6)
            compareClose(best.threshold, threshold, 1e-12, 0);
        const RocCurve curve = rocCurve(positive, scores);
        double area = 0;
        for (std::size_t i = 1; i < curve.falsePositiveRate.size(); ++i)
            area += (curve.falsePositiveRate[i] - curve.falsePositiveRate[i - 1]) * (curve.truePositiveRate[i] + curve.truePositiveRate[i - 1]) / 2;
        compareClose(area, auroc(positive, scores), 1e-12, 0);
    }

    // The sign is learned on the calibration images, the rates are those of the others.
    void summary_data()
    {
        QTest::addColumn<int>("sign");
        QTest::addRow("perturbed higher") << 1;
        QTest::addRow("perturbed lower") << -1;
    }

    void summary()
    {
        QFETCH(const int, sign);
        const DetectionSurvey survey = sampleDetection(sign);
        const auto summary = summarise(survey);
        QVERIFY(summary);
        QCOMPARE(summary->sign, sign);
        QCOMPARE(summary->calibrationImages, 20);
        QCOMPARE(summary->attacks.size(), 2U);
        const DetectionScore& deepfool = summary->attacks.front();
        QCOMPARE(deepfool.fooled, 20);
        QCOMPARE(deepfool.clean, 20);
        QVERIFY(deepfool.auroc > 0.95);
        QVERIFY(deepfool.aurocLow <= deepfool.auroc && deepfool.auroc <= deepfool.aurocHigh);
        // One in four labels is made up wrong, the other attack is not separable, and scaling moves the statistic back.
        compareClose(deepfool.recovered.share(), 0.75, 1e-12, 0);
        QVERIFY(summary->attacks[1].auroc < 0.7);
        QCOMPARE(summary->scales.size(), 3U);
        QVERIFY(summary->scales[2].detected.share() < summary->scales[0].detected.share());
        std::int64_t counted = 0, right = 0;
        for (std::size_t row = 0; row < summary->confusion.size(); ++row)
            for (std::size_t column = 0; column < summary->confusion.size(); ++column) {
                counted += summary->confusion[row][column];
                right += row == column ? summary->confusion[row][column] : 0;
            }
        QCOMPARE(counted, deepfool.recovered.total);
        QCOMPARE(right, deepfool.recovered.hits);
        const Json json = toJson(*summary);
        QCOMPARE(json["note"].get<std::string>(), std::string(detectionNote));
        QCOMPARE(json["published"].size(), 4U);
        QVERIFY(!itemJson(survey.images.front(), sign)["perturbed"].empty());
    }

    void tooFewImages()
    {
        DetectionSurvey survey = sampleDetection(1);
        survey.images.resize(2);
        QVERIFY(!summarise(survey));
        QVERIFY(!summarise(DetectionSurvey()));
        // Perturbations that fool nobody are no positives.
        survey = sampleDetection(1);
        for (DetectionImage& image : survey.images)
            for (PerturbedImage& perturbed : image.perturbed)
                perturbed.isFooled = false;
        QVERIFY(!summarise(survey));
    }
};

QTEST_GUILESS_MAIN(TestDetection)
#include "tst_detection.moc"
