// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/pareto.h"
#include "core/stats/paretobootstrap.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/stats/summary.h"
#include "tests/support/compare.h"

#include <QElapsedTimer>

#include <limits>

using namespace brink;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Models whose robustness falls on a + b ln(error) up to noise that averages out over images.
std::vector<ModelImages> survey(int models, int images, double noise)
{
    std::vector<ModelImages> made;
    for (int m = 0; m < models; ++m) {
        Rng rng(combineSeeds({42, std::uint64_t(m)}));
        const int wrong = int((0.05 + 0.4 * m / std::max(1, models - 1)) * images + 0.5);
        ModelImages model;
        for (int i = 0; i < images; ++i) {
            const bool isRight = i >= wrong;
            model.correct.push_back(isRight);
            model.robustness.push_back(isRight ? 1 + 0.2 * std::log(double(wrong) / images) + noise * rng.normal() : none);
        }
        made.push_back(std::move(model));
    }
    return made;
}

} // namespace

class TestPareto : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void frontierByHand_data();
    void frontierByHand();
    void frontierIgnoresTheScale();
    void frontierAgreesWithTheDefinition();
    void lineByHand();
    void linesFindTheirCoefficients();
    void weightedMedianIsTheMedianOfTheResample_data();
    void weightedMedianIsTheMedianOfTheResample();
    void intervalsCoverTheTruth();
    void modelsWithoutErrorsStayOffTheLines();
    void incompleteModelsStayOut();
    void aSurveyIsBootstrappedAtOnce();
    void refusesBadInput();
};

void TestPareto::frontierByHand_data()
{
    QTest::addColumn<QList<double>>("x");
    QTest::addColumn<QList<double>>("y");
    QTest::addColumn<QList<bool>>("expected");
    QTest::addRow("none") << QList<double>{} << QList<double>{} << QList<bool>{};
    QTest::addRow("one") << QList<double>{1} << QList<double>{1} << QList<bool>{true};
    QTest::addRow("a falling chain") << QList<double>{1, 2, 3} << QList<double>{3, 2, 1} << QList<bool>{true, true, true};
    QTest::addRow("a rising chain has one") << QList<double>{1, 2, 3} << QList<double>{1, 2, 3} << QList<bool>{false, false, true};
    QTest::addRow("equal in one, less in the other") << QList<double>{1, 1, 2} << QList<double>{5, 4, 4} << QList<bool>{true, false, true};
    QTest::addRow("equal points are both on it") << QList<double>{1, 1, 0} << QList<double>{2, 2, 1} << QList<bool>{true, true, false};
}

void TestPareto::frontierByHand()
{
    QFETCH(QList<double>, x);
    QFETCH(QList<double>, y);
    QFETCH(QList<bool>, expected);
    const std::vector<bool> isOn = paretoFrontier(std::vector(x.begin(), x.end()), std::vector(y.begin(), y.end()));
    QCOMPARE(QList<bool>(isOn.begin(), isOn.end()), expected);
}

void TestPareto::frontierIgnoresTheScale()
{
    Rng rng(3);
    std::vector<double> accuracy, distance, logError, square;
    for (int i = 0; i < 40; ++i) {
        accuracy.push_back(0.98 * rng.uniform());
        distance.push_back(rng.uniform());
        logError.push_back(-std::log(1 - accuracy.back()));
        square.push_back(distance.back() * distance.back());
    }
    QCOMPARE(paretoFrontier(logError, square), paretoFrontier(accuracy, distance));
}

void TestPareto::frontierAgreesWithTheDefinition()
{
    // Few values, so that ties are common. Sorting by accuracy and keeping the running maximum is the other definition.
    Rng rng(5);
    for (int round = 0; round < 200; ++round) {
        std::vector<double> x, y;
        for (int i = 0; i < 12; ++i) {
            x.push_back(double(rng.below(5)));
            y.push_back(double(rng.below(5)));
        }
        const std::vector<bool> isOn = paretoFrontier(x, y);
        for (std::size_t i = 0; i < x.size(); ++i) {
            double bestOfBetter = -1, bestOfEqual = -1;
            for (std::size_t k = 0; k < x.size(); ++k) {
                if (x[k] > x[i])
                    bestOfBetter = std::max(bestOfBetter, y[k]);
                if (x[k] == x[i])
                    bestOfEqual = std::max(bestOfEqual, y[k]);
            }
            QCOMPARE(bool(isOn[i]), y[i] > bestOfBetter && y[i] == bestOfEqual);
        }
    }
}

void TestPareto::lineByHand()
{
    // Normal equations of (0,1) (1,3) (2,2) (3,5): slope 11/10, intercept 11/10.
    const auto line = fitLine(std::vector{0.0, 1.0, 2.0, 3.0}, std::vector{1.0, 3.0, 2.0, 5.0});
    QVERIFY(line);
    compareClose(line->slope, 1.1, 1e-14, 0);
    compareClose(line->intercept, 1.1, 1e-14, 0);
    QVERIFY(!fitLine(std::vector{1.0}, std::vector{1.0}));
    QVERIFY(!fitLine(std::vector{0.3, 0.3, 0.3}, std::vector{1.0, 2.0, 3.0}));
}

void TestPareto::linesFindTheirCoefficients()
{
    std::vector<ModelImages> models = survey(6, 1000, 0);
    // A model below all others: it bends the line over all, not the one over the frontier.
    ModelImages poor = models[3];
    for (double& value : poor.robustness)
        value *= 0.5;
    models.push_back(poor);
    const ParetoFits fits = fitPareto(modelPoints(models, Centre::Median));
    QVERIFY(fits.frontier && fits.all);
    compareClose(fits.frontier->intercept, 1.0, 1e-9, 0);
    compareClose(fits.frontier->slope, 0.2, 1e-9, 0);
    QVERIFY(fits.all->intercept < 0.99);
    QCOMPARE(fits.isOnFrontier, (std::vector<bool>{true, true, true, true, true, true, false}));
}

void TestPareto::weightedMedianIsTheMedianOfTheResample_data()
{
    QTest::addColumn<int>("images");
    QTest::addRow("odd") << 9;
    QTest::addRow("even") << 10;
    QTest::addRow("one") << 1;
    QTest::addRow("many") << 501;
}

void TestPareto::weightedMedianIsTheMedianOfTheResample()
{
    QFETCH(int, images);
    Rng values(11);
    ModelImages model;
    for (int i = 0; i < images; ++i) {
        model.correct.push_back(1);
        model.robustness.push_back(values.uniform());
    }
    const std::vector models{model};
    const ParetoBootstrap fast = bootstrapPareto(models, Centre::Median, {}, 500, 8);
    const auto expected = bootstrapInterval(model.robustness, [](std::span<const double> sample) { return median(sample); }, 500, 8);
    // The same draws in the same order, so the same medians up to the rounding of a midpoint.
    compareClose((*fast.robustness[0])[0], expected[0], 1e-14, 0);
    compareClose((*fast.robustness[0])[1], expected[1], 1e-14, 0);
}

void TestPareto::intervalsCoverTheTruth()
{
    const std::vector<ModelImages> models = survey(8, 400, 0.3);
    const std::vector<double> grid{std::log(0.05), std::log(0.2), std::log(0.45)};
    const ParetoBootstrap bootstrap = bootstrapPareto(models, Centre::Mean, grid, 2000, 1);
    QVERIFY(bootstrap.all && bootstrap.frontier);
    QVERIFY(bootstrap.all->intercept[0] < 1.0 && 1.0 < bootstrap.all->intercept[1]);
    QVERIFY(bootstrap.all->slope[0] < 0.2 && 0.2 < bootstrap.all->slope[1]);
    for (std::size_t i = 0; i < grid.size(); ++i) {
        const double truth = 1 + 0.2 * grid[i];
        QVERIFY(bootstrap.all->low[i] < truth && truth < bootstrap.all->high[i]);
    }
    for (std::size_t m = 0; m < models.size(); ++m) {
        // Standard error of a mean of n values with deviation 0.3; 1.96 of them each side.
        const double n = 400 * *modelPoints(models, Centre::Mean)[m].accuracy;
        const double half = 1.96 * 0.3 / std::sqrt(n);
        compareClose(((*bootstrap.robustness[m])[1] - (*bootstrap.robustness[m])[0]) / 2, half, 0.2, 0);
    }
    QCOMPARE(bootstrap.all->resamples, 2000);
}

void TestPareto::modelsWithoutErrorsStayOffTheLines()
{
    std::vector<ModelImages> models = survey(4, 200, 0);
    ModelImages perfect;
    perfect.correct.assign(200, 1);
    perfect.robustness.assign(200, 9.0);
    models.push_back(perfect);
    const ParetoFits fits = fitPareto(modelPoints(models, Centre::Median));
    QCOMPARE(fits.isOnFrontier, (std::vector<bool>{false, false, false, false, true}));
    QVERIFY(!fits.frontier);
    compareClose(fits.all->slope, 0.2, 1e-9, 0);
    const ParetoBootstrap bootstrap = bootstrapPareto(models, Centre::Median, {}, 200, 1);
    QVERIFY(bootstrap.all);
    QVERIFY(!bootstrap.frontier);
    QCOMPARE(bootstrap.frontierShare[4], 1.0);
}

void TestPareto::incompleteModelsStayOut()
{
    std::vector<ModelImages> models = survey(3, 50, 0);
    models[1].robustness.assign(50, none);
    ModelImages unknown;
    unknown.correct.assign(50, -1);
    unknown.robustness.assign(50, none);
    models.push_back(unknown);
    const std::vector<ModelPoint> points = modelPoints(models, Centre::Mean);
    QVERIFY(points[1].accuracy && !points[1].robustness);
    QVERIFY(!points[3].accuracy);
    QCOMPARE(fitPareto(points).isOnFrontier, (std::vector<bool>{true, false, true, false}));
    const ParetoBootstrap bootstrap = bootstrapPareto(models, Centre::Mean, {}, 100, 1);
    QVERIFY(!bootstrap.robustness[1] && !bootstrap.accuracy[3] && bootstrap.accuracy[1]);
}

void TestPareto::aSurveyIsBootstrappedAtOnce()
{
    const std::vector<ModelImages> models = survey(18, 1000, 0.3);
    std::vector<double> grid;
    for (int i = 0; i < 50; ++i)
        grid.push_back(-3 + 0.05 * i);
    QElapsedTimer timer;
    timer.start();
    const ParetoBootstrap bootstrap = bootstrapPareto(models, Centre::Median, grid, 2000, 1);
    const qint64 ms = timer.elapsed();
    qInfo("2,000 resamples of 18 models and 1,000 images: %lld ms", (long long)ms);
    QVERIFY(bootstrap.frontier);
#ifdef NDEBUG
    QVERIFY2(ms < 1500, "it should take 0.3 s; a busy machine is allowed five times that");
#endif
}

void TestPareto::refusesBadInput()
{
    QVERIFY_EXCEPTION_THROWN((void)paretoFrontier(std::vector{1.0}, std::vector<double>{}), Error);
    QVERIFY_EXCEPTION_THROWN((void)fitLine(std::vector{1.0, none}, std::vector{1.0, 2.0}), Error);
    std::vector<ModelImages> models = survey(2, 10, 0);
    models[1].correct.pop_back();
    QVERIFY_EXCEPTION_THROWN((void)bootstrapPareto(models, Centre::Mean, {}, 100, 1), Error);
    QVERIFY_EXCEPTION_THROWN((void)bootstrapPareto(survey(2, 10, 0), Centre::Mean, {}, 1, 1), Error);
}

QTEST_APPLESS_MAIN(TestPareto)
#include "tst_pareto.moc"
