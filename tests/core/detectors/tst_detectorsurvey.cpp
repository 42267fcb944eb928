// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Thresholds, false alarms and rates of detectors from scores that are known.
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/detectors/detectorsurvey.h"
#include "core/stats/binomial.h"
#include "tests/support/compare.h"
#include "tests/support/detectorsample.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace brink;
using namespace brink::test;

namespace {

/// Central part of the share of `others` values above the rank-th smallest of n, by going through all orders of both kinds.
std::array<double, 2> intervalByEnumeration(int n, int others, int rank, double confidence)
{
    std::vector<double> chance(std::size_t(others) + 1, 0);
    std::vector<int> order(std::size_t(n + others), 0);
    std::fill(order.begin() + n, order.end(), 1);
    double orders = 0;
    do {
        int own = 0, above = 0;
        for (const int each : order) {
            own += each == 0 ? 1 : 0;
            above += each == 1 && own >= rank ? 1 : 0;
        }
        ++chance[std::size_t(above)];
        ++orders;
    } while (std::next_permutation(order.begin(), order.end()));
    const double tail = (1 - confidence) / 2;
    double sum = 0;
    std::array<double, 2> result{-1, -1};
    for (int k = 0; k <= others; ++k) {
        sum += chance[std::size_t(k)] / orders;
        if (result[0] < 0 && sum > tail)
            result[0] = double(k) / others;
        if (result[1] < 0 && sum >= 1 - tail - 1e-12)
            result[1] = double(k) / others;
    }
    return result;
}

} // namespace

class TestDetectorSurvey : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void threshold_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("rank");
        QTest::addRow("20 at 5 %%") << 20 << 0.05 << 19;
        QTest::addRow("21 at 5 %%: rounded up") << 21 << 0.05 << 20;
        QTest::addRow("1000 at 5 %%, a whole number") << 1000 << 0.05 << 950;
        QTest::addRow("1000 at 1 %%") << 1000 << 0.01 << 990;
        QTest::addRow("too few for the rate: the largest") << 10 << 0.05 << 10;
        QTest::addRow("a single one") << 1 << 0.5 << 1;
    }
    void threshold()
    {
        QFETCH(int, count);
        QFETCH(double, rate);
        QFETCH(int, rank);
        std::vector<double> scores;
        for (int i = count; i > 0; --i)
            scores.push_back(i);
        QCOMPARE(thresholdAt(rate, scores), double(rank));
        // Never more than the share asked for lie above.
        QVERIFY(double(count - rank) <= rate * count);
    }

    void wrongThresholds()
    {
        const std::vector<double> one{1};
        QVERIFY_EXCEPTION_THROWN((void)thresholdAt(0.05, {}), Error);
        QVERIFY_EXCEPTION_THROWN((void)thresholdAt(0, one), Error);
        QVERIFY_EXCEPTION_THROWN((void)thresholdAt(1, one), Error);
    }

    void chanceByEnumeration_data()
    {
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("others");
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("rank");
        QTest::addColumn<double>("confidence");
        QTest::addRow("one against one") << 1 << 1 << 0.5 << 1 << 0.9;
        QTest::addRow("five and six") << 5 << 6 << 0.2 << 4 << 0.8;
        QTest::addRow("eight and four") << 8 << 4 << 0.3 << 6 << 0.6;
        QTest::addRow("three and nine") << 3 << 9 << 0.1 << 3 << 0.5;
    }
    void chanceByEnumeration()
    {
        QFETCH(int, n);
        QFETCH(int, others);
        QFETCH(double, rate);
        QFETCH(int, rank);
        QFETCH(double, confidence);
        const auto expected = intervalByEnumeration(n, others, rank, confidence), found = exceedanceInterval(n, others, rate, confidence);
        compareClose(found[0], expected[0], 0, 1e-9);
        compareClose(found[1], expected[1], 0, 1e-9);
    }

    void chanceOfLargeSamples()
    {
        // Normal approximation: sd = sqrt(p (1 - p) (1/n + 1/m)).
        const double sd = std::sqrt(0.05 * 0.95 * 2 / 5000);
        const auto found = exceedanceInterval(5000, 5000, 0.05);
        compareClose(found[0], 0.05 - 1.96 * sd, 0, 6e-4);
        compareClose(found[1], 0.05 + 1.96 * sd, 0, 6e-4);
        QVERIFY_EXCEPTION_THROWN((void)exceedanceInterval(0, 5, 0.05), Error);
    }

    /// Done-when: the rate is kept within a point on held-out images, as far as chance allows.
    void falsePositiveRateIsKept()
    {
        int within = 0, inside = 0;
        constexpr int runs = 40;
        for (int run = 0; run < runs; ++run) {
            DetectorSurvey survey = sampleDetectors();
            survey.attacks.clear();
            survey.seed = std::uint64_t(run);
            survey.clean.clear();
            Rng rng(std::uint64_t(run) + 10);
            std::vector<double> calibration;
            for (int i = 0; i < 8000; ++i) {
                CleanImage image{i, {}, 0, i % 2 == 0, "", "", {std::pow(rng.uniform(), 3), 0}};
                if (image.isCalibration)
                    calibration.push_back(image.scores[0]);
                survey.clean.push_back(image);
            }
            survey.detectors[0].threshold = thresholdAt(0.05, calibration);
            const FalseAlarms alarms = summarise(survey)->falseAlarms[0];
            QCOMPARE(alarms.calibration.hits, 200);
            QCOMPARE(alarms.heldOut.total, 4000);
            within += std::abs(alarms.heldOut.share() - 0.05) <= 0.01 ? 1 : 0;
            inside += alarms.heldOut.share() >= alarms.chanceLow && alarms.heldOut.share() <= alarms.chanceHigh ? 1 : 0;
            QVERIFY(alarms.withinOnePoint > 0.9);
            compareClose(alarms.splitMean, 0.05, 0, 0.005);
            QVERIFY(alarms.splitLow < alarms.splitMean && alarms.splitMean < alarms.splitHigh);
        }
        QVERIFY2(within >= 38, qPrintable(QString::number(within))); // expected 0.96 of them: sd is 0.49 points
        QVERIFY2(inside >= 34, qPrintable(QString::number(inside))); // 95 % of them
    }

    void rates()
    {
        const DetectorSurvey survey = sampleDetectors();
        const auto summary = summarise(survey);
        QVERIFY(summary);
        QCOMPARE(summary->rows.size(), 3U); // FGSM against both, the knowing one against its own
        const DetectorScoreRow& plain = summary->rows[0];
        const double threshold = survey.detectors[0].threshold;
        std::int64_t expected = 0;
        for (int i = 0; i < 8; ++i)
            expected += 0.9 + 0.01 * i > threshold ? 1 : 0;
        QCOMPARE(plain.detected.hits, expected);
        QCOMPARE(plain.detected.total, 8); // failures are not counted
        QCOMPARE(plain.evading.hits, 8 - expected);
        QCOMPARE(plain.evading.total, 10);
        QCOMPARE(plain.attacked, 10);
        compareClose(plain.medianDistance, 0.135, 1e-9, 0);
        QVERIFY(*plain.auroc > 0.85 && plain.aurocLow <= *plain.auroc && *plain.auroc <= plain.aurocHigh && plain.aurocHigh > plain.aurocLow);
        QCOMPARE(plain.truePositiveRate.back(), 1.0);
        const DetectorScoreRow* twin = adaptiveTwin(survey, *summary, plain);
        QVERIFY(twin);
        QCOMPARE(twin->detected.hits, 0);
        QCOMPARE(twin->evading.hits, 8);
        QVERIFY(*twin->auroc < 0.2);
        QVERIFY(!adaptiveTwin(survey, *summary, summary->rows[1])); // nothing knows the curvature
        QVERIFY(!adaptiveTwin(survey, *summary, *twin));
    }

    void fewFooledGiveNoArea()
    {
        DetectorSurvey survey = sampleDetectors();
        for (DetectorAttack& attack : survey.attacks)
            for (std::size_t i = 1; i < attack.images.size(); ++i)
                attack.images[i].isFooled = false;
        const auto summary = summarise(survey);
        QVERIFY(!summary->rows[0].auroc);
        QCOMPARE(summary->rows[0].detected.total, 1);
        survey.clean.resize(150); // none is held out
        QVERIFY(!summarise(survey));
    }

    void words()
    {
        const DetectorSurvey survey = sampleDetectors();
        QCOMPARE(attackTitle(survey.attacks[0]), std::string("FGSM, L∞ ≤ 0.3"));
        QCOMPARE(attackTitle(survey.attacks[1]), std::string("adaptive, L∞ ≤ 0.3"));
        QCOMPARE(attackTitle({"cw", Norm::L2, {}, {}, {}, {}, {}, 0}), std::string("C&W L2"));
        QCOMPARE(attackTitle({"ddn", Norm::L2, {}, {}, {}, {}, {}, 0}), std::string("DDN L2"));
        QCOMPARE(detectorLabel(survey.detectors[0].choice), std::string("Feature squeezing (1 bit, median 2 × 2)"));
        QVERIFY(detectorFromName("curvature") == DetectorKind::Curvature);
        QVERIFY_EXCEPTION_THROWN((void)detectorFromName("squeeze"), Error);
    }

    void json()
    {
        const DetectorSurvey survey = sampleDetectors();
        const Json parameters = parametersJson(survey), items = itemsJson(survey), summary = toJson(survey, *summarise(survey));
        QCOMPARE(parameters["detectors"][0]["squeezers"].get<std::vector<std::string>>(), (std::vector<std::string>{"bit-depth-1", "median-2-2"}));
        QCOMPARE(parameters["attacks"][1]["knowsDetector"].get<int>(), 0);
        QVERIFY(!parameters["attacks"][0].contains("knowsDetector"));
        QCOMPARE(parameters["heldOutImages"].get<int>(), 200);
        QCOMPARE(items.size(), 400U);
        QVERIFY(!items[0].contains("attacks"));
        QCOMPARE(items[200]["attacks"].size(), 2U);
        QVERIFY(items[209]["attacks"][0].contains("failure") && !items[209]["attacks"][0].contains("distance"));
        QCOMPARE(summary["detection"][0]["adaptiveTwin"].get<int>(), 2);
        QVERIFY(summary["note"].get<std::string>().find("adaptive") != std::string::npos);
        // Rates of other networks that could not be checked are not repeated.
        QVERIFY(summary.dump().find("98.2") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestDetectorSurvey)
#include "tst_detectorsurvey.moc"
