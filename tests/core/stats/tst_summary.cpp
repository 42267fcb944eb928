// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/summary.h"

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/rng.h"
#include "core/stats/kstest.h"
#include "tests/support/compare.h"
#include "tests/support/realdata.h"

#include <cmath>
#include <fstream>
#include <vector>

using namespace brink;

namespace {

Json golden(const char* key)
{
    std::ifstream file((test::realDataFolder() + QStringLiteral("/golden/stats.json")).toStdString());
    return Json::parse(file).at(key);
}

} // namespace

class TestSummary : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void quantilesInterpolate();
    void clopperPearsonAgreesWithScipy();
    void clopperPearsonUpperMirrorsLower();
    void wilsonAgreesWithScipy();
    void bootstrapOfTheMeanHasTheKnownWidth();
    void bootstrapRepeats();
    void ksDistanceOfAHandCase();
    void ksPHasTheTabulatedValues_data();
    void ksPHasTheTabulatedValues();
    void refusesBadInput();
};

void TestSummary::quantilesInterpolate()
{
    const std::vector<double> values{4, 1, 3, 2};
    QCOMPARE(quantile(values, 0), 1.0);
    QCOMPARE(quantile(values, 1), 4.0);
    QCOMPARE(quantile(values, 0.25), 1.75);
    QCOMPARE(median(values), 2.5);
    QCOMPARE(mean(values), 2.5);
    QCOMPARE(median(std::vector<double>{7}), 7.0);
}

void TestSummary::clopperPearsonAgreesWithScipy()
{
    requireRealData();
    const Json rows = golden("clopperPearsonLower");
    QVERIFY(!rows.empty());
    for (const Json& row : rows)
        compareClose(clopperPearsonLower(row.at("k"), row.at("n"), row.at("alpha")), row.at("value").get<double>(), 1e-9, 0);
}

void TestSummary::clopperPearsonUpperMirrorsLower()
{
    QCOMPARE(clopperPearsonLower(0, 10, 0.05), 0.0);
    QCOMPARE(clopperPearsonUpper(10, 10, 0.05), 1.0);
    // All of n succeed: the lower limit is alpha^(1/n).
    compareClose(clopperPearsonLower(20, 20, 0.025), std::pow(0.025, 1 / 20.0), 1e-10, 0);
    compareClose(clopperPearsonUpper(0, 20, 0.025), 1 - std::pow(0.025, 1 / 20.0), 1e-10, 0);
}

void TestSummary::wilsonAgreesWithScipy()
{
    requireRealData();
    const Json rows = golden("wilson95");
    QVERIFY(!rows.empty());
    for (const Json& row : rows) {
        const auto interval = wilsonInterval(row.at("k"), row.at("n"));
        compareClose(interval[0], row.at("interval")[0].get<double>(), 1e-9, 1e-12);
        compareClose(interval[1], row.at("interval")[1].get<double>(), 1e-9, 1e-12);
    }
}

void TestSummary::bootstrapOfTheMeanHasTheKnownWidth()
{
    Rng rng(3);
    std::vector<double> values;
    for (int i = 0; i < 400; ++i)
        values.push_back(rng.normal());
    const auto interval = bootstrapInterval(values, mean, 2000, 1);
    // 2 * 1.96 / sqrt(400) = 0.196; the width varies by a few per cent with the sample and the resamples.
    compareClose(interval[1] - interval[0], 0.196, 0.15, 0);
    QVERIFY(interval[0] < mean(values) && mean(values) < interval[1]);
}

void TestSummary::bootstrapRepeats()
{
    const std::vector<double> values{1, 5, 2, 8, 3};
    QCOMPARE(bootstrapInterval(values, median, 50, 9), bootstrapInterval(values, median, 50, 9));
}

void TestSummary::ksDistanceOfAHandCase()
{
    // Uniform law, sample {0.3, 0.4}: steps to 0.5 at 0.3 and to 1 at 0.4, so D = 1 - 0.4.
    const std::vector<double> sorted{0.3, 0.4};
    compareClose(ksDistance(sorted, [](double y) { return y; }), 0.6, 1e-12, 0);
}

void TestSummary::ksPHasTheTabulatedValues_data()
{
    QTest::addColumn<double>("lambda");
    QTest::addColumn<double>("p");
    QTest::addRow("ten per cent") << 1.2238 << 0.10;
    QTest::addRow("five per cent") << 1.3581 << 0.05;
    QTest::addRow("one per cent") << 1.6276 << 0.01;
    QTest::addRow("median") << 0.82757 << 0.50;
    QTest::addRow("just below the change of series") << 0.999999 << 0.2699997;
    QTest::addRow("just above") << 1.000001 << 0.2699997;
}

void TestSummary::ksPHasTheTabulatedValues()
{
    QFETCH(double, lambda);
    QFETCH(double, p);
    const double root = 1000;
    compareClose(ksAsymptoticP(lambda / (root + 0.12 + 0.11 / root), 1000000), p, 0, 5e-5); // tables have five digits
}

void TestSummary::refusesBadInput()
{
    const std::vector<double> none;
    const std::vector<double> one{1};
    QVERIFY_EXCEPTION_THROWN((void)mean(none), Error);
    QVERIFY_EXCEPTION_THROWN((void)quantile(one, 1.5), Error);
    QVERIFY_EXCEPTION_THROWN((void)quantile(one, std::nan("")), Error);
    QVERIFY_EXCEPTION_THROWN((void)wilsonInterval(3, 2), Error);
    QVERIFY_EXCEPTION_THROWN((void)wilsonInterval(0, 0), Error);
    QVERIFY_EXCEPTION_THROWN((void)clopperPearsonLower(1, 2, 0), Error);
    QVERIFY_EXCEPTION_THROWN((void)bootstrapInterval(one, mean, 0, 1), Error);
}

QTEST_APPLESS_MAIN(TestSummary)
#include "tst_summary.moc"
