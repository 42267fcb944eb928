// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include "core/attack/budgetsearch_torch.h"
#include "core/attack/randomdirections.h"
#include "core/base/error.h"

#include "tests/support/compare.h"

#include <QTest>

#include <algorithm>

using namespace brink;
using namespace brink::test;

/// The searches behind two attacks: the survey's budget search against an oracle, and the crossings of random directions.
class TestSearches : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void budgetSearchBracketsTheOracle();
    void budgetSearchFollowsTheSurveyRule();
    void budgetNeverLeavesTheBox();
    void crossingsAreOnTheBoundary_data();
    void crossingsAreOnTheBoundary();
    void crossingsStopAtTheBox();
    void crossingsRepeatAndAgreeWithTheAttack();
    void l0HasNoRandomDirections();
};

/// "Succeeds iff eps >= e*": the kept budget is at least e* and within the last bracket.
void TestSearches::budgetSearchBracketsTheOracle()
{
    const at::Tensor truth = at::tensor({0.001F, 0.0193F, 0.02F, 0.0201F, 0.05F, 0.3F, 0.9F});
    BudgetSearch search(at::full({7}, 0.02), 1.0);
    at::Tensor largestFailure = at::zeros({7});
    for (int attempt = 0; attempt < 9; ++attempt) {
        const at::Tensor isSuccess = search.eps().ge(truth);
        largestFailure = at::where(isSuccess, largestFailure, at::maximum(largestFailure, search.eps()));
        search.update(isSuccess);
    }
    QVERIFY((search.lastSuccess() >= truth).all().item<bool>());
    QVERIFY((largestFailure < truth).all().item<bool>());
    // After k doublings or halvings 9 - k - 1 bisections are left: at most six doublings of 0.02 reach 1.
    const at::Tensor bracket = search.lastSuccess() - largestFailure;
    QVERIFY((bracket <= at::maximum(truth / 4, at::full({7}, 0.0021))).all().item<bool>());
}

void TestSearches::budgetSearchFollowsTheSurveyRule()
{
    BudgetSearch search(at::full({1}, 0.02), 1.0);
    struct Attempt {
        bool isSuccess;
        double next;
    };
    // Never succeeded: double. Then middle to the last failure, 0.04, and after a failure to the last success, 0.06.
    for (const Attempt attempt : {Attempt{false, 0.04}, {false, 0.08}, {true, 0.06}, {true, 0.05}, {false, 0.055}}) {
        search.update(at::full({1}, attempt.isSuccess, at::kBool));
        compareClose(search.eps().item<float>(), attempt.next, 1e-6, 0);
    }
    compareClose(search.lastSuccess().item<float>(), 0.06, 1e-6, 0);
    BudgetSearch other(at::full({1}, 0.02), 1.0);
    other.update(at::full({1}, true, at::kBool));
    compareClose(other.eps().item<float>(), 0.01, 1e-6, 0); // never failed: halve
}

void TestSearches::budgetNeverLeavesTheBox()
{
    BudgetSearch search(at::full({1}, 0.4), 1.0);
    for (int attempt = 0; attempt < 5; ++attempt) {
        search.update(at::zeros({1}, at::kBool));
        QVERIFY(search.eps().item<float>() <= 1.0F);
    }
    QVERIFY(at::isinf(search.lastSuccess()).all().item<bool>());
}

void TestSearches::crossingsAreOnTheBoundary_data()
{
    QTest::addColumn<Norm>("norm");
    for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf})
        QTest::addRow("%s", normName(norm).c_str()) << norm;
}

/// No direction is shorter than the distance; about half point away from an affine boundary and never cross.
void TestSearches::crossingsAreOnTheBoundary()
{
    QFETCH(Norm, norm);
    PlainMonitor monitor;
    EvaluationCounts counts;
    const auto distances = crossingDistances(affineModel(), affineImage(), {0, {}, 0}, norm, 200, 5, monitor, counts);
    QCOMPARE(distances.size(), std::size_t(200));
    int crossings = 0;
    double nearest = 1e9;
    for (const auto& distance : distances)
        if (distance) {
            ++crossings;
            nearest = std::min(nearest, *distance);
        }
    QVERIFY2(crossings > 60 && crossings < 160, qPrintable(QString::number(crossings)));
    QVERIFY(nearest >= affineDistance(norm) * (1 - 1e-5));
    QVERIFY(nearest < 1.5 * affineDistance(norm)); // 200 directions in four dimensions come this near
    QVERIFY(counts.forwards > 200 && counts.backwards == 0);
}

/// A boundary outside the box is never crossed.
void TestSearches::crossingsStopAtTheBox()
{
    const auto model = makeClassifier("out of reach", {1, 2, 2}, 2, [](const at::Tensor& x) {
        const at::Tensor sum = x.flatten(1).sum(1);
        return at::stack({sum * 0 + 4.5, sum}, 1);
    });
    PlainMonitor monitor;
    EvaluationCounts counts;
    for (const auto& distance : crossingDistances(model, affineImage(), {0, {}, 0}, Norm::L2, 20, 5, monitor, counts))
        QVERIFY(!distance);
}

void TestSearches::crossingsRepeatAndAgreeWithTheAttack()
{
    const auto model = reluNet(3);
    const auto images = randomImages(4, 1);
    const auto items = itemsFor(model, images);
    PlainMonitor monitor;
    EvaluationCounts first, second;
    const auto distances = crossingDistances(model, images[0], items[0].criterion, Norm::L2, 40, items[0].seed, monitor, first);
    QCOMPARE(distances, crossingDistances(model, images[0], items[0].criterion, Norm::L2, 40, items[0].seed, monitor, second));
    QCOMPARE(first, second);
    double nearest = 1e9;
    for (const auto& distance : distances)
        nearest = std::min(nearest, distance.value_or(1e9));
    const auto outcome = run(model, requestFor("random-directions", Norm::L2, {"directions=40"}), items).front();
    QVERIFY(outcome.success);
    compareClose(outcome.distance->l2, nearest, 1e-5, 0);
}

void TestSearches::l0HasNoRandomDirections()
{
    PlainMonitor monitor;
    EvaluationCounts counts;
    QVERIFY_THROWS_EXCEPTION(Error,
        (void)crossingDistances(affineModel(), affineImage(), {0, {}, 0}, Norm::L0, 10, 1, monitor, counts));
}

QTEST_APPLESS_MAIN(TestSearches)
#include "tst_searches.moc"
