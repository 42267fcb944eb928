// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/rank.h"

#include "core/base/rng.h"
#include "core/stats/roc.h"

#include "core/base/error.h"
#include "core/base/json.h"
#include "tests/support/compare.h"
#include "tests/support/realdata.h"

#include <QElapsedTimer>

#include <cmath>
#include <fstream>

using namespace brink;

namespace {

Json golden()
{
    std::ifstream file((test::realDataFolder() + QStringLiteral("/golden/stats.json")).toStdString());
    return Json::parse(file).at("rankAndDetection");
}

} // namespace

class TestRank : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithScipy_data();
    void agreesWithScipy();
    void handCases();
    void perfectDetectorIsPerfect();
    void constantScoreKnowsNothing();
    void tauOfManyPairsIsQuick();
    void refusesBadInput();
};

void TestRank::agreesWithScipy_data()
{
    requireRealData();
    QTest::addColumn<int>("index");
    const int count = int(golden().size());
    for (int i = 0; i < count; ++i)
        QTest::addRow("sample %d", i) << i;
}

void TestRank::agreesWithScipy()
{
    QFETCH(int, index);
    const Json row = golden().at(std::size_t(index));
    const auto x = row.at("x").get<std::vector<double>>();
    const auto y = row.at("y").get<std::vector<double>>();
    const auto positive = row.at("positive").get<std::vector<int>>();
    const auto score = row.at("score").get<std::vector<double>>();
    // The same arithmetic in double, in another order.
    compareClose(kendallTauB(x, y), row.at("kendallTauB").get<double>(), 1e-12, 1e-13);
    compareClose(spearmanRho(x, y), row.at("spearman").get<double>(), 1e-12, 1e-13);
    compareClose(auroc(positive, score), row.at("auroc").get<double>(), 1e-12, 0);
    compareClose(auprTrapezoid(positive, score), row.at("auprTrapezoid").get<double>(), 1e-12, 0);
    compareClose(averagePrecision(positive, score), row.at("averagePrecision").get<double>(), 1e-12, 0);
    compareClose(falsePositiveRateAt(0.95, positive, score), row.at("fprAt95").get<double>(), 1e-12, 0);
}

void TestRank::handCases()
{
    const std::vector<double> x{1, 2, 3, 4};
    const std::vector<double> y{1, 3, 2, 4};
    compareClose(kendallTauB(x, y), 4.0 / 6.0, 1e-12, 0); // one of six pairs is discordant
    compareClose(spearmanRho(x, y), 0.8, 1e-12, 0);       // 1 - 6 * 2 / (4 * 15)
    const std::vector<double> tied{5, 5, 1};
    const std::vector<double> expected{2.5, 2.5, 1};
    QCOMPARE(midRanks(tied), expected);
}

void TestRank::perfectDetectorIsPerfect()
{
    const std::vector<int> positive{1, 0, 1, 0};
    const std::vector<double> score{4, 1, 3, 2};
    QCOMPARE(auroc(positive, score), 1.0);
    QCOMPARE(auprTrapezoid(positive, score), 1.0);
    QCOMPARE(averagePrecision(positive, score), 1.0);
    QCOMPARE(falsePositiveRateAt(0.95, positive, score), 0.0);
}

void TestRank::constantScoreKnowsNothing()
{
    const std::vector<int> positive{1, 0, 0, 0};
    const std::vector<double> score{2, 2, 2, 2};
    QCOMPARE(auroc(positive, score), 0.5);
    QCOMPARE(averagePrecision(positive, score), 0.25);
    QCOMPARE(falsePositiveRateAt(0.95, positive, score), 1.0);
}

void TestRank::tauOfManyPairsIsQuick()
{
    Rng rng(5);
    std::vector<double> x, y;
    for (int i = 0; i < 10'000; ++i) {
        x.push_back(std::round(1000 * rng.normal())); // with ties
        y.push_back(x.back() + 500 * rng.normal());
    }
    QElapsedTimer timer;
    timer.start();
    constexpr int repeats = 20;
    double tau = 0;
    for (int i = 0; i < repeats; ++i)
        tau = kendallTauB(x, y);
    const double ms = double(timer.nsecsElapsed()) / 1e6 / repeats;
    QVERIFY(tau > 0.6 && tau < 0.8);
    qInfo("Kendall's tau-b of 10,000 pairs: %.2f ms", ms);
#ifdef NDEBUG
    QVERIFY2(ms < 100, "n log n: the goal is 10 ms on a machine that does nothing else");
#endif
}

void TestRank::refusesBadInput()
{
    const std::vector<double> one{1};
    const std::vector<double> two{1, 2};
    const std::vector<double> same{3, 3};
    const std::vector<double> broken{1, std::nan("")};
    const std::vector<int> onlyPositive{1, 1};
    const std::vector<int> both{1, 0};
    QVERIFY_EXCEPTION_THROWN((void)kendallTauB(one, two), Error);
    QVERIFY_EXCEPTION_THROWN((void)kendallTauB(same, two), Error);
    QVERIFY_EXCEPTION_THROWN((void)spearmanRho(two, same), Error);
    QVERIFY_EXCEPTION_THROWN((void)spearmanRho(two, broken), Error);
    QVERIFY_EXCEPTION_THROWN((void)auroc(onlyPositive, two), Error);
    QVERIFY_EXCEPTION_THROWN((void)auroc(both, broken), Error);
    QVERIFY_EXCEPTION_THROWN((void)falsePositiveRateAt(0, both, two), Error);
}

QTEST_APPLESS_MAIN(TestRank)
#include "tst_rank.moc"
