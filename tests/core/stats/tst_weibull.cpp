// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/weibull.h"

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/rng.h"
#include "tests/support/compare.h"
#include "tests/support/realdata.h"

#include <cmath>
#include <fstream>
#include <limits>

using namespace brink;

namespace {

/// n draws of the reverse Weibull law by inversion.
std::vector<double> drawWeibull(double location, double scale, double shape, int n, std::uint64_t seed)
{
    Rng rng(seed);
    std::vector<double> sample;
    for (int i = 0; i < n; ++i)
        sample.push_back(location - scale * std::pow(-std::log(1 - rng.uniform()), 1 / shape));
    return sample;
}

/// Maxima of `batch` draws of N(1, 0.1): a parent without an end point.
std::vector<double> drawNormalMaxima(int n, int batch, std::uint64_t seed)
{
    Rng rng(seed);
    std::vector<double> sample;
    for (int i = 0; i < n; ++i) {
        double top = -1e9;
        for (int k = 0; k < batch; ++k)
            top = std::max(top, 1 + 0.1 * rng.normal());
        sample.push_back(top);
    }
    return sample;
}

Json goldenFits()
{
    std::ifstream file((test::realDataFolder() + QStringLiteral("/golden/stats.json")).toStdString());
    return Json::parse(file).at("reverseWeibull");
}

} // namespace

class TestWeibull : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reachesScipyLikelihood_data();
    void reachesScipyLikelihood();
    void recoversKnownLaw_data();
    void recoversKnownLaw();
    void unboundedParentStillGivesFiniteEndPoint();
    void equalMaximaAreExact();
    void roundingDifferencesAreEqual();
    void shapeOneStaysNearTheMaximum();
    void tiesAtTheMaximumStayFinite();
    void isEquivariantUnderScaleAndShift();
    void multiStartAgreesWithProfile();
    void fallbackIsNamed_data();
    void fallbackIsNamed();
    void intervalHasLikelihoodRatioOfTheQuantile();
    void quantileInvertsCdf();
    void densityIsDerivativeOfCdf();
    void profileHasItsMinimumAtTheFit();
    void refusesBadInput_data();
    void refusesBadInput();
    void fiveHundredMaximaFitInMilliseconds_data();
    void fiveHundredMaximaFitInMilliseconds();
};

void TestWeibull::reachesScipyLikelihood_data()
{
    requireRealData();
    QTest::addColumn<int>("index");
    QTest::addColumn<bool>("isMultiStart");
    const int count = int(goldenFits().size());
    for (int i = 0; i < count; ++i) {
        QTest::addRow("sample %d, profile likelihood", i) << i << false;
        QTest::addRow("sample %d, multi-start", i) << i << true;
    }
}

void TestWeibull::reachesScipyLikelihood()
{
    QFETCH(int, index);
    QFETCH(bool, isMultiStart);
    const Json golden = goldenFits().at(std::size_t(index));
    WeibullOptions options;
    options.method = isMultiStart ? WeibullMethod::MultiStart : WeibullMethod::ProfileLikelihood;
    options.shapePenalty = 0;
    const WeibullFit fit = fitReverseWeibull(golden.at("sample").get<std::vector<double>>(), options);
    const double expected = golden.at("negativeLogLikelihood");
    QVERIFY2(fit.status == WeibullStatus::Ok, fit.reason.c_str());
    // The authors' simplex stops at 1e-4 in each parameter, and picks by p, not by likelihood.
    const double slack = isMultiStart ? 1e-4 : 1e-6;
    QVERIFY2(fit.negativeLogLikelihood <= expected + slack * std::abs(expected),
        qPrintable(QStringLiteral("%1 against %2").arg(fit.negativeLogLikelihood, 0, 'g', 12).arg(expected, 0, 'g', 12)));
    if (isMultiStart)
        return;
    compareClose(fit.location, golden.at("fit").at("location").get<double>(), 1e-3, 0);
    compareClose(fit.shape, golden.at("fit").at("shape").get<double>(), 1e-2, 0);
    // Near shape 1.4 the likelihood is flat in the parameters; the distance of 500 points follows them to 1e-3.
    compareClose(fit.ks, golden.at("ks").get<double>(), 0, 1e-3);
    // SciPy's p is exact for finite N, ours asymptotic with Stephens' correction.
    compareClose(fit.p, golden.at("ksP").get<double>(), 0, 0.05);
    compareClose(fit.sampleMaximum, golden.at("sampleMaximum").get<double>(), 1e-12, 0);
}

void TestWeibull::recoversKnownLaw_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 3; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void TestWeibull::recoversKnownLaw()
{
    QFETCH(int, seed);
    const WeibullFit fit = fitReverseWeibull(drawWeibull(2, 0.5, 5, 500, std::uint64_t(seed)));
    QVERIFY(fit.status == WeibullStatus::Ok);
    // Sampling error of the end point at 500 maxima is about 4 %.
    QVERIFY2(fit.location > 1.88 && fit.location < 2.12, qPrintable(QString::number(fit.location)));
    QVERIFY2(fit.shape > 3.5 && fit.shape < 6.8, qPrintable(QString::number(fit.shape)));
    QVERIFY(fit.locationInterval);
    QVERIFY((*fit.locationInterval)[0] < 2 && 2 < (*fit.locationInterval)[1] + 0.02);
    QVERIFY((*fit.locationInterval)[0] >= fit.sampleMaximum);
    QVERIFY(fit.p > 0.05);
}

void TestWeibull::unboundedParentStillGivesFiniteEndPoint()
{
    const std::vector<double> maxima = drawNormalMaxima(500, 256, 4);
    const WeibullFit penalised = fitReverseWeibull(maxima);
    WeibullOptions free;
    free.shapePenalty = 0;
    const WeibullFit plain = fitReverseWeibull(maxima, free);
    QVERIFY(penalised.status == WeibullStatus::Ok && plain.status == WeibullStatus::Ok);
    QVERIFY(std::isfinite(penalised.location) && std::isfinite(plain.location));
    // The regulariser pulls the end point in: it is part of the answer and must be shown.
    QVERIFY(penalised.location < plain.location);
    QVERIFY2(penalised.location > 1.5 && penalised.location < 1.85, qPrintable(QString::number(penalised.location)));
    QVERIFY(penalised.p > 0.05);
}

void TestWeibull::equalMaximaAreExact()
{
    const WeibullFit fit = fitReverseWeibull(std::vector<double>(50, 3.25));
    QVERIFY(fit.status == WeibullStatus::Degenerate);
    QCOMPARE(fit.location, 3.25);
    QCOMPARE((*fit.locationInterval)[0], 3.25);
    QCOMPARE((*fit.locationInterval)[1], 3.25);
    QVERIFY(fitReverseWeibull(std::vector<double>{1.5}).status == WeibullStatus::Degenerate);
    QCOMPARE(fitReverseWeibull(std::vector<double>(9, 0.0)).location, 0.0);
}

void TestWeibull::roundingDifferencesAreEqual()
{
    std::vector<double> maxima(40, 3.0);
    for (std::size_t i = 0; i < maxima.size(); ++i)
        maxima[i] += 2e-7 * double(i % 5);
    QVERIFY(fitReverseWeibull(maxima).status == WeibullStatus::Degenerate);
}

void TestWeibull::shapeOneStaysNearTheMaximum()
{
    // c = 1 is the edge of the region where the likelihood is unbounded.
    const WeibullFit fit = fitReverseWeibull(drawWeibull(5, 0.005, 1, 500, 7));
    QVERIFY(fit.status == WeibullStatus::Ok);
    compareClose(fit.location, 5.0, 1e-4, 0);
    QVERIFY2(fit.shape > 0.85 && fit.shape < 1.15, qPrintable(QString::number(fit.shape)));
}

void TestWeibull::tiesAtTheMaximumStayFinite()
{
    // Small ReLU nets have few distinct gradient norms.
    std::vector<double> maxima;
    for (int i = 0; i < 200; ++i)
        maxima.push_back(i % 4 == 0 ? 1.9 : 2.0);
    const WeibullFit fit = fitReverseWeibull(maxima);
    QVERIFY(std::isfinite(fit.location));
    QVERIFY(fit.location >= 2.0 && fit.location < 2.01);
    QVERIFY(fit.status == WeibullStatus::Fallback);
    QVERIFY(!fit.reason.empty());
}

void TestWeibull::isEquivariantUnderScaleAndShift()
{
    const std::vector<double> maxima = drawWeibull(2, 0.5, 5, 200, 11);
    std::vector<double> moved;
    for (const double m : maxima)
        moved.push_back(1000 * m + 300);
    const WeibullFit fit = fitReverseWeibull(maxima);
    const WeibullFit other = fitReverseWeibull(moved);
    // The fit works on the rescaled sample, so only the rounding of the shift is left.
    compareClose(other.location, 1000 * fit.location + 300, 1e-8, 0);
    compareClose(other.shape, fit.shape, 1e-6, 0);
    compareClose(other.p, fit.p, 1e-6, 0);
}

void TestWeibull::multiStartAgreesWithProfile()
{
    const std::vector<double> maxima = drawWeibull(2, 0.5, 5, 500, 3);
    WeibullOptions options;
    options.method = WeibullMethod::MultiStart;
    const WeibullFit simplex = fitReverseWeibull(maxima, options);
    const WeibullFit profile = fitReverseWeibull(maxima);
    QVERIFY(simplex.status == WeibullStatus::Ok);
    // Selected by p among seven simplex runs that each stop at 1e-4.
    compareClose(simplex.location, profile.location, 2e-2, 0);
    QVERIFY(simplex.locationInterval);
}

void TestWeibull::fallbackIsNamed_data()
{
    QTest::addColumn<QList<double>>("maxima");
    QTest::addColumn<bool>("isMaximumOnly");
    QTest::addColumn<QString>("word");
    QList<double> twoClusters;
    for (int i = 0; i < 300; ++i)
        twoClusters << (i % 2 ? 1.0 : 9.0) + 1e-3 * (i % 7);
    QTest::addRow("too few") << QList<double>{1, 2, 3, 4} << false << QStringLiteral("fewer than");
    QTest::addRow("two far clusters") << twoClusters << false << QStringLiteral("Kolmogorov");
    QTest::addRow("asked for") << QList<double>{1, 2, 3, 4, 5, 6} << true << QStringLiteral("asked for");
}

void TestWeibull::fallbackIsNamed()
{
    QFETCH(QList<double>, maxima);
    QFETCH(bool, isMaximumOnly);
    QFETCH(QString, word);
    WeibullOptions options;
    if (isMaximumOnly)
        options.method = WeibullMethod::SampleMaximum;
    const WeibullFit fit = fitReverseWeibull(std::vector<double>(maxima.begin(), maxima.end()), options);
    QVERIFY(fit.status == WeibullStatus::Fallback);
    QVERIFY2(QString::fromStdString(fit.reason).contains(word), fit.reason.c_str());
    QCOMPARE(fit.location, *std::ranges::max_element(maxima));
    QVERIFY(!fit.locationInterval);
    QVERIFY_EXCEPTION_THROWN((void)reverseWeibullCdf(fit, 1.0), Error);
}

void TestWeibull::intervalHasLikelihoodRatioOfTheQuantile()
{
    const std::vector<double> maxima = drawWeibull(2, 0.5, 4, 500, 5);
    WeibullOptions options;
    options.shapePenalty = 0;
    const WeibullFit fit = fitReverseWeibull(maxima, options);
    const auto curve = reverseWeibullProfile(maxima, options, 2001);
    for (const double end : *fit.locationInterval) {
        const auto after = std::ranges::find_if(curve, [end](const auto& point) { return point[0] >= end; });
        QVERIFY(after != curve.end());
        // Half the 95 % quantile of chi-square with one degree of freedom; the ends are found to 0.1 % of the gap.
        compareClose((*after)[1] - fit.negativeLogLikelihood, 1.920729, 0, 0.05);
    }
}

void TestWeibull::quantileInvertsCdf()
{
    const WeibullFit fit = fitReverseWeibull(drawWeibull(2, 0.5, 5, 100, 2));
    for (const double probability : {1e-6, 0.01, 0.5, 0.99, 1 - 1e-9})
        compareClose(reverseWeibullCdf(fit, reverseWeibullQuantile(fit, probability)), probability, 1e-9, 1e-12);
    QCOMPARE(reverseWeibullQuantile(fit, 1), fit.location);
    QCOMPARE(reverseWeibullCdf(fit, fit.location + 1), 1.0);
}

void TestWeibull::densityIsDerivativeOfCdf()
{
    const WeibullFit fit = fitReverseWeibull(drawWeibull(2, 0.5, 5, 100, 2));
    for (const double y : {1.2, 1.5, 1.8}) {
        const double h = 1e-5;
        const double slope = (reverseWeibullCdf(fit, y + h) - reverseWeibullCdf(fit, y - h)) / (2 * h);
        compareClose(reverseWeibullDensity(fit, y), slope, 1e-6, 0); // central difference, error of order h^2
    }
    QCOMPARE(reverseWeibullDensity(fit, fit.location + 0.1), 0.0);
}

void TestWeibull::profileHasItsMinimumAtTheFit()
{
    const std::vector<double> maxima = drawWeibull(2, 0.5, 4, 300, 9);
    WeibullOptions options;
    options.shapePenalty = 0;
    const WeibullFit fit = fitReverseWeibull(maxima, options);
    const auto curve = reverseWeibullProfile(maxima, options, 60);
    QCOMPARE(curve.size(), std::size_t(60));
    double lowest = std::numeric_limits<double>::infinity();
    for (const auto& [location, value] : curve) {
        QVERIFY(location > fit.sampleMaximum);
        lowest = std::min(lowest, value);
    }
    QVERIFY(lowest >= fit.negativeLogLikelihood - 1e-6);
    compareClose(lowest, fit.negativeLogLikelihood, 0, 0.02); // 60 points straddle the minimum
}

void TestWeibull::refusesBadInput_data()
{
    QTest::addColumn<QList<double>>("maxima");
    QTest::addColumn<double>("penalty");
    QTest::addRow("no maxima") << QList<double>{} << 0.01;
    QTest::addRow("not a number") << QList<double>{1, std::nan(""), 2} << 0.01;
    QTest::addRow("infinite") << QList<double>{1, std::numeric_limits<double>::infinity(), 2} << 0.01;
    QTest::addRow("negative penalty") << QList<double>{1, 2, 3, 4, 5, 6} << -1.0;
    QTest::addRow("penalty not a number") << QList<double>{1, 2, 3, 4, 5, 6} << std::nan("");
}

void TestWeibull::refusesBadInput()
{
    QFETCH(QList<double>, maxima);
    QFETCH(double, penalty);
    WeibullOptions options;
    options.shapePenalty = penalty;
    try {
        (void)fitReverseWeibull(std::vector<double>(maxima.begin(), maxima.end()), options);
        QFAIL("accepted");
    } catch (const Error& error) {
        QVERIFY(error.code() == ErrorCode::Domain);
    }
}

void TestWeibull::fiveHundredMaximaFitInMilliseconds_data()
{
    QTest::addColumn<bool>("isMultiStart");
    QTest::addColumn<bool>("hasInterval");
    QTest::addRow("profile likelihood with interval") << false << true;
    QTest::addRow("profile likelihood") << false << false;
    QTest::addRow("multi-start") << true << false;
}

void TestWeibull::fiveHundredMaximaFitInMilliseconds()
{
    QFETCH(bool, isMultiStart);
    QFETCH(bool, hasInterval);
    const std::vector<double> maxima = drawWeibull(2, 0.5, 5, 500, 1);
    WeibullOptions options;
    options.method = isMultiStart ? WeibullMethod::MultiStart : WeibullMethod::ProfileLikelihood;
    options.computeInterval = hasInterval;
    WeibullFit fit;
    QBENCHMARK { fit = fitReverseWeibull(maxima, options); }
    QVERIFY(fit.status == WeibullStatus::Ok);
}

QTEST_APPLESS_MAIN(TestWeibull)
#include "tst_weibull.moc"
