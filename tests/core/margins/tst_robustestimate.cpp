// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/margins/robustestimate.h"

#include "core/base/error.h"
#include "core/base/rng.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace brink;

namespace {

/// Scores that follow the margins but for noise, in steps so that there are ties; every `every`th image is measured.
std::vector<ScoredImage> someImages(int count, double noise, int every, std::uint64_t seed)
{
    Rng rng(seed);
    std::vector<ScoredImage> images;
    for (int i = 0; i < count; ++i) {
        const double margin = 0.1 * rng.uniform();
        const double score = std::round(200 * (margin + noise * rng.normal()));
        images.push_back({score, rng.uniform() < 0.8, i % every == 0 ? std::optional(margin) : std::nullopt});
    }
    return images;
}

struct Counts {
    std::int64_t wrong = 0, surplus = 0;
    auto operator<=>(const Counts&) const = default;
};

Counts countsAt(const std::vector<ScoredImage>& images, double eps, double threshold)
{
    Counts counts;
    for (const ScoredImage& image : images) {
        if (!image.margin)
            continue;
        const bool isRobust = *image.margin > eps, isCalled = image.score > threshold;
        counts.wrong += isRobust != isCalled;
        counts.surplus += int(isCalled) - int(isRobust);
    }
    counts.surplus = std::abs(counts.surplus);
    return counts;
}

} // namespace

class TestRobustEstimate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Every threshold that makes a difference, tried one by one.
    void thresholdIsTheBestOfAll()
    {
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            const double noise = 0.002 * double(seed);
            const std::vector<ScoredImage> images = someImages(37, noise, 1 + int(seed % 3), seed);
            const double eps = 0.01 * double(seed % 11);
            const RobustAccuracyEstimate estimate = estimateRobustAccuracy(images, eps, 1, 0);
            Counts best{1000, 1000};
            for (double threshold = -100; threshold <= 100; threshold += 0.25) // scores are whole numbers within
                best = std::min(best, countsAt(images, eps, threshold));
            QCOMPARE(estimate.disagreements, best.wrong);
            QVERIFY(countsAt(images, eps, estimate.threshold) == best);
            const auto robust = std::ranges::count_if(images, [&](const ScoredImage& image) { return image.isCorrect && image.score > estimate.threshold; });
            QCOMPARE(estimate.robustAccuracy, double(robust) / 37);
            QCOMPARE(estimate.measured, std::ranges::count_if(images, [](const ScoredImage& image) { return image.margin.has_value(); }));
        }
    }

    void aPerfectScoreGivesTheTruth()
    {
        std::vector<ScoredImage> images = someImages(1000, 0.0, 1, 3);
        for (ScoredImage& image : images)
            image.score = *image.margin; // no ties
        const double eps = 0.04;
        const auto robust = std::ranges::count_if(images, [&](const ScoredImage& image) { return image.isCorrect && *image.margin > eps; });
        const RobustAccuracyEstimate whole = estimateRobustAccuracy(images, eps, 1);
        QCOMPARE(whole.robustAccuracy, double(robust) / 1000);
        QCOMPARE(whole.disagreements, std::int64_t(0));
        QVERIFY(whole.interval[0] <= whole.robustAccuracy && whole.robustAccuracy <= whole.interval[1]);
        // From every tenth: as near as the gap between two measured scores is wide.
        for (std::size_t i = 0; i < images.size(); ++i)
            if (i % 10 != 0)
                images[i].margin.reset();
        const RobustAccuracyEstimate tenth = estimateRobustAccuracy(images, eps, 1);
        QCOMPARE(tenth.measured, std::int64_t(100));
        QVERIFY2(std::abs(tenth.robustAccuracy - double(robust) / 1000) < 0.03, qPrintable(QString::number(tenth.robustAccuracy)));
        QVERIFY(tenth.interval[1] - tenth.interval[0] > whole.interval[1] - whole.interval[0]);
    }

    void imagesOfOneKind_data()
    {
        QTest::addColumn<double>("margin");
        QTest::addColumn<double>("robustAccuracy");
        QTest::addRow("all brittle") << 0.01 << 0.0;
        QTest::addRow("brittle at exactly the budget") << 0.05 << 0.0;
        QTest::addRow("all robust") << 0.06 << 0.75;
        QTest::addRow("nothing found by any attack") << std::numeric_limits<double>::infinity() << 0.75;
    }
    void imagesOfOneKind()
    {
        QFETCH(double, margin);
        QFETCH(double, robustAccuracy);
        const std::vector<ScoredImage> images{{3, true, margin}, {1, false, margin}, {2, true, margin}, {5, true, std::nullopt}};
        const RobustAccuracyEstimate estimate = estimateRobustAccuracy(images, 0.05, 1);
        QCOMPARE(estimate.robustAccuracy, robustAccuracy);
        QCOMPARE(estimate.interval, (std::array{robustAccuracy, robustAccuracy}));
        QVERIFY(!toJson(estimate).contains("threshold"));
    }

    void moreImagesGiveNearerEstimates()
    {
        std::vector<ScoredImage> images = someImages(2000, 0.01, 1, 9);
        const std::array<std::int64_t, 3> sizes{20, 200, 2000};
        const auto efficiency = sampleEfficiency(images, 0.04, sizes, 40, 5);
        std::vector<double> errors;
        for (const SampleEfficiency& each : efficiency) {
            QCOMPARE(each.estimates.size(), std::size_t(40));
            double sum = 0;
            for (const double estimate : each.estimates)
                sum += std::abs(estimate - each.truth);
            errors.push_back(sum / 40);
        }
        QVERIFY2(errors[1] < 0.6 * errors[0], qPrintable(QString::number(errors[1]) + " " + QString::number(errors[0])));
        QCOMPARE(std::ranges::count(efficiency[2].estimates, efficiency[2].estimates.front()), 40); // all of them, each time
        QCOMPARE(efficiency[2].estimates.front(), estimateRobustAccuracy(images, 0.04, 1, 0).robustAccuracy);
        QCOMPARE(sampleEfficiency(images, 0.04, sizes, 40, 5)[0].estimates, efficiency[0].estimates);
        QVERIFY(sampleEfficiency(images, 0.04, sizes, 40, 6)[0].estimates != efficiency[0].estimates);
    }

    void wrongRequestsAreRefused()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const auto refuses = [](const std::vector<ScoredImage>& images, double eps) {
            try {
                static_cast<void>(estimateRobustAccuracy(images, eps, 1));
                return false;
            } catch (const Error& error) {
                return error.code() == ErrorCode::Domain && std::string(error.what()).ends_with('.');
            }
        };
        QVERIFY(!refuses({{1, true, 0.1}}, 0.05));
        QVERIFY(refuses({}, 0.05));
        QVERIFY(refuses({{1, true, std::nullopt}}, 0.05));
        QVERIFY(refuses({{nan, true, 0.1}}, 0.05));
        QVERIFY(refuses({{1, true, nan}}, 0.05));
        QVERIFY(refuses({{1, true, -0.1}}, 0.05));
        QVERIFY(refuses({{1, true, 0.1}}, nan));
        const std::vector<ScoredImage> images{{1, true, 0.1}, {2, true, std::nullopt}};
        const std::array<std::int64_t, 1> one{1}, three{3};
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(sampleEfficiency(images, 0.05, one, 2, 1)), Error);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(sampleEfficiency(std::span(images).first(1), 0.05, three, 2, 1)), Error);
    }
};

QTEST_GUILESS_MAIN(TestRobustEstimate)
#include "tst_robustestimate.moc"
