// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/margins/margins.h"

#include "core/base/error.h"
#include "tests/support/studysample.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace brink;

namespace {

const StudyResults& sample()
{
    static const StudyResults results = test::studySample(6, 80, 4);
    return results;
}

} // namespace

class TestMargins : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theNearestCounts()
    {
        const ModelMargins margins = marginsOf(sample(), 0, {Norm::L2});
        QVERIFY(margins.rows.size() > 30);
        std::int64_t unbroken = 0;
        for (const MarginRow& row : margins.rows) {
            double nearest = std::numeric_limits<double>::infinity();
            std::int64_t forwards = 0;
            for (int a = 0; a < 4; ++a)
                for (const StudyAttackRow& each : sample().cell(a, 0).attack)
                    if (each.image == row.image) {
                        forwards += each.forwards;
                        if (each.success)
                            nearest = std::min(nearest, each.distance.l2);
                    }
            QCOMPARE(row.margin.value_or(std::numeric_limits<double>::infinity()), nearest);
            QCOMPARE(row.forwards, forwards);
            QCOMPARE(row.foundBy >= 0, row.margin.has_value());
            unbroken += row.margin ? 0 : 1;
        }
        QCOMPARE(margins.unbroken, unbroken);
    }

    void chosenAttacksOnly()
    {
        MarginQuery query{Norm::L2};
        query.analyses = {sample().study.analyses[1].id};
        for (const MarginRow& row : marginsOf(sample(), 1, query).rows)
            QVERIFY(row.foundBy == 1 || row.foundBy == -1);
        query.analyses = {"nothing"};
        QVERIFY_THROWS_EXCEPTION(Error, (void)marginsOf(sample(), 1, query));
        query.analyses = {"clever-l2"};
        QVERIFY_THROWS_EXCEPTION(Error, (void)marginsOf(sample(), 1, query));
    }

    void onlyKnownScoresAreCompared()
    {
        StudyResults results = sample();
        const ModelMargins all = marginsOf(results, 0, {Norm::L2});
        results.scores[0][std::size_t(all.rows.front().image)] = {};
        const ModelMargins margins = marginsOf(results, 0, {Norm::L2});
        std::vector<std::size_t> places;
        const std::vector<ScoredMargin> scored = scoredMargins(margins, MarginScore::LogitMargin, &places);
        QCOMPARE(scored.size() + 1, margins.rows.size());
        QCOMPARE(places.size(), scored.size());
        QCOMPARE(places.front(), 1U);
        results.scores.clear();
        QVERIFY(scoredMargins(marginsOf(results, 0, {Norm::L2}), MarginScore::LogitMargin).empty());
    }

    void robustAccuracyIsCounted()
    {
        const ModelMargins margins = marginsOf(sample(), 0, {Norm::L2});
        double before = 1;
        for (const double eps : {0.0, 0.1, 0.3, 1.0, 100.0}) {
            const auto robust = robustAccuracyAt(sample(), margins, eps);
            QVERIFY(robust);
            std::int64_t safe = 0;
            for (const MarginRow& row : margins.rows)
                safe += row.margin.value_or(1e9) > eps ? 1 : 0; // all that were attacked are right
            QCOMPARE(*robust, double(safe) / double(sample().images.size()));
            QVERIFY(*robust <= before);
            before = *robust;
        }
    }

    void whatIsNotMeasuredIsEstimated()
    {
        StudyResults results = sample();
        const MarginQuery query{Norm::L2};
        const ModelMargins whole = marginsOf(results, 0, query);
        const double eps = *std::ranges::find_if(whole.rows, [](const MarginRow& row) { return row.margin.has_value(); })->margin;
        QVERIFY(!estimatedRobustAccuracyAt(results, whole, MarginScore::LogitMargin, eps)); // nothing to estimate: only wrong images are left out
        ModelMargins part = whole;
        part.rows.resize(20);
        const auto estimate = estimatedRobustAccuracyAt(results, part, MarginScore::LogitMargin, eps);
        QVERIFY(estimate);
        QCOMPARE(estimate->measured, std::int64_t(20));
        QCOMPARE(estimate->images, std::int64_t(results.images.size()));
        std::vector<ScoredImage> byHand;
        for (int image = 0; image < int(results.images.size()); ++image) {
            const auto row = std::ranges::find(part.rows, image, &MarginRow::image);
            byHand.push_back({scoreOf(results.outputScores(0, image), MarginScore::LogitMargin), results.isCorrect(0, image), {}});
            if (row != part.rows.end())
                byHand.back().margin = row->margin.value_or(std::numeric_limits<double>::infinity());
        }
        QVERIFY(*estimate == estimateRobustAccuracy(byHand, eps, results.study.seed));
        part.rows.clear();
        QVERIFY(!estimatedRobustAccuracyAt(results, part, MarginScore::LogitMargin, eps));
    }

    void namesGoBothWays()
    {
        for (const MarginScore score : marginScores())
            QCOMPARE(marginScoreFromName(marginScoreName(score)), score);
        QVERIFY_THROWS_EXCEPTION(Error, (void)marginScoreFromName("logitmargin"));
    }
};

QTEST_GUILESS_MAIN(TestMargins)
#include "tst_margins.moc"
