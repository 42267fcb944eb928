// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/margins/consistency.h"

#include "core/base/error.h"
#include "core/base/rng.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

using namespace brink;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int classes = 10;
using Weights = std::array<std::array<double, classes>, classes>;

/// Simplex: 1 on the diagonal, -1/9 elsewhere; all rows equally far from each other.
Weights simplex()
{
    Weights weights{};
    for (int i = 0; i < classes; ++i)
        for (int j = 0; j < classes; ++j)
            weights[std::size_t(i)][std::size_t(j)] = i == j ? 1.0 : -1.0 / 9;
    return weights;
}

double distanceBetween(const Weights& weights, std::size_t i, std::size_t j)
{
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k)
        sum += std::pow(weights[i][k] - weights[j][k], 2);
    return std::sqrt(sum);
}

/// Logit margins beside exact L2 distances of points under a linear classifier.
std::vector<ScoredMargin> linearClassifier(const Weights& weights, int count)
{
    Rng rng(3);
    std::vector<ScoredMargin> points;
    for (int n = 0; n < count; ++n) {
        std::array<double, classes> x{}, logits{};
        for (double& value : x)
            value = rng.normal();
        for (std::size_t i = 0; i < classes; ++i)
            for (std::size_t k = 0; k < classes; ++k)
                logits[i] += weights[i][k] * x[k];
        const auto own = std::size_t(std::ranges::max_element(logits) - logits.begin());
        ScoredMargin point{infinity, infinity};
        for (std::size_t j = 0; j < classes; ++j) {
            if (j == own)
                continue;
            point.score = std::min(point.score, logits[own] - logits[j]);
            point.margin = std::min(point.margin, (logits[own] - logits[j]) / distanceBetween(weights, own, j));
        }
        points.push_back(point);
    }
    return points;
}

/// Ten brittle and ten other images; two scores are tied between the kinds.
std::vector<ScoredMargin> handMade()
{
    std::vector<ScoredMargin> points;
    for (const double score : {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 2.0})
        points.push_back({score, 0.01});
    for (const double score : {0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 2.0, 2.5})
        points.push_back({score, 0.5});
    return points;
}

} // namespace

class TestConsistency : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void equidistantWeightsAreConsistent()
    {
        const std::vector<ScoredMargin> points = linearClassifier(simplex(), 400);
        const auto estimate = consistencyOf(points, 1);
        QVERIFY(estimate);
        QVERIFY(estimate->tau > 0.9999);
        QCOMPARE(estimate->images, 400);
        for (const double eps : {0.02, 0.1, 0.5}) {
            const Detectability found = detectabilityAt(points, eps);
            QVERIFY(found.brittle > 0);
            QVERIFY(*found.auroc > 0.99999);
            QVERIFY(*found.aupr > 0.99999);
            QCOMPARE(*found.fpr95, 0.0);
        }
    }

    void otherWeightsAreNot()
    {
        Weights weights = simplex();
        for (double& value : weights[4])
            value *= 3;
        const auto estimate = consistencyOf(linearClassifier(weights, 400), 1);
        QVERIFY(estimate->tau < 0.97);
        QVERIFY(estimate->tau > 0.3);
        QVERIFY(estimate->interval[0] < estimate->tau && estimate->tau < estimate->interval[1]);
    }

    void falseAlarmsByHand()
    {
        const Detectability found = detectabilityAt(handMade(), 0.1);
        QCOMPARE(found.brittle, 10);
        QCOMPARE(found.images, 20);
        // 95 % of ten are all ten: scores up to 2.0, which nine of the others have too.
        QCOMPARE(*found.fpr95, 0.9);
        // Pairs in order: 8 images below all of 10, 0.9 ties once and beats nine, 2.0 beats one and ties once.
        QCOMPARE(*found.auroc, (80 + 9.5 + 1.5) / 100);
    }

    void oneKindOnlyHasNoRates()
    {
        for (const double eps : {0.001, 10.0}) {
            const Detectability found = detectabilityAt(handMade(), eps);
            QVERIFY(!found.auroc && !found.aupr && !found.fpr95);
            QVERIFY(!bestScoreThreshold(handMade(), eps));
        }
    }

    void infiniteMarginsAreRobustAndNotRanked()
    {
        std::vector<ScoredMargin> points = handMade();
        points.push_back({0.05, infinity});
        QCOMPARE(detectabilityAt(points, 100).brittle, 20);
        QVERIFY(!consistencyOf(std::vector<ScoredMargin>{{1, infinity}, {2, infinity}, {3, infinity}}, 1));
        Rng rng(5);
        std::vector<ScoredMargin> many;
        for (int i = 0; i < 50; ++i)
            many.push_back({rng.uniform(), rng.uniform()});
        const auto without = consistencyOf(many, 1);
        many.push_back({0, infinity});
        const auto with = consistencyOf(many, 1);
        QCOMPARE(with->tau, without->tau);
        QCOMPARE(with->images, 50);
    }

    void theSeedDecidesTheInterval()
    {
        const std::vector<ScoredMargin> points = linearClassifier(simplex(), 60);
        std::vector<ScoredMargin> noisy = points;
        Rng rng(7);
        for (ScoredMargin& point : noisy)
            point.score += 0.3 * rng.normal();
        QCOMPARE(consistencyOf(noisy, 1)->interval, consistencyOf(noisy, 1)->interval);
        QVERIFY(consistencyOf(noisy, 1)->interval != consistencyOf(noisy, 2)->interval);
    }

    void tiedSidesHaveNoTau()
    {
        QVERIFY(!consistencyOf(std::vector<ScoredMargin>{{1, 1}, {1, 2}, {1, 3}}, 1));
        QVERIFY(!consistencyOf(std::vector<ScoredMargin>{{1, 1}, {2, 2}}, 1));
        QVERIFY(!consistencyOf({}, 1));
    }

    void thresholdsAreCounted()
    {
        const std::vector<ScoredMargin> points = handMade();
        const ThresholdTable table(points, 0.1);
        for (double threshold = 0; threshold < 3; threshold += 0.05) {
            ThresholdCounts slow;
            for (const ScoredMargin& point : points) {
                const bool isCalled = point.score <= threshold, isBrittle = point.margin <= 0.1;
                ++(isBrittle ? (isCalled ? slow.found : slow.missed) : (isCalled ? slow.falseAlarms : slow.passed));
            }
            const ThresholdCounts fast = table.at(threshold);
            QCOMPARE(fast.found, slow.found);
            QCOMPARE(fast.missed, slow.missed);
            QCOMPARE(fast.falseAlarms, slow.falseAlarms);
            QCOMPARE(fast.passed, slow.passed);
        }
        const double best = *bestScoreThreshold(points, 0.1);
        const ThresholdCounts counts = table.at(best);
        QVERIFY(counts.found >= 8);
        QVERIFY(counts.falseAlarms <= 1);
    }

    void binsHoldEveryImageBelowTheEnd()
    {
        const std::vector<ScoredMargin> points{{1, 0}, {3, 0.05}, {2, 0.09}, {7, 0.1}, {9, 0.39}, {5, 0.4}, {5, infinity}};
        const std::vector<MarginBin> bins = marginBins(points, 0.4, 4);
        QCOMPARE(bins.size(), 3U);
        QCOMPARE(bins[0].images, 3);
        QCOMPARE(bins[0].median, 2.0);
        QCOMPARE(bins[1].images, 1);
        QCOMPARE(bins[2].low, 0.3);
        QCOMPARE(bins[2].median, 9.0);
        QVERIFY_THROWS_EXCEPTION(Error, (void)marginBins(points, 0, 4));
        QVERIFY_THROWS_EXCEPTION(Error, (void)marginBins(points, 1, 0));
    }

    void tenThousandImagesAreQuick()
    {
        Rng rng(11);
        std::vector<ScoredMargin> points;
        for (int i = 0; i < 10'000; ++i)
            points.push_back({rng.uniform(), rng.uniform()});
        QBENCHMARK { (void)consistencyOf(points, 1, 0); }
        QVERIFY(std::abs(consistencyOf(points, 1, 0)->tau) < 0.05);
    }
};

QTEST_GUILESS_MAIN(TestConsistency)
#include "tst_consistency.moc"
