// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The indicators that are read off a trace, on traces made by hand.
#include "core/diagnosis/attackindicators.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace brink;

namespace {

AttackOutcome outcomeOf(const std::vector<float>& margins, bool success)
{
    AttackOutcome outcome;
    outcome.reference = 3;
    outcome.success = success;
    for (const float margin : margins)
        outcome.trace.push_back({int(outcome.trace.size()), margin, margin, 0.1F, margin < 0 ? 5 : 3});
    return outcome;
}

QList<double> listOf(const std::vector<double>& values) { return {values.begin(), values.end()}; }

} // namespace

class TestAttackIndicators : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void unfinishedIsTheFallOfTheLastTenSteps_data()
    {
        QTest::addColumn<QList<double>>("loss");
        QTest::addColumn<double>("unfinished");
        QList<double> line, rest, zigzag;
        for (int i = 0; i <= 100; ++i) {
            line << 100 - i;
            rest << (i < 50 ? 100 - i : 50);
            zigzag << (i % 2 == 0 ? 0 : 10);
        }
        QTest::addRow("empty") << QList<double>{} << 0.0;
        QTest::addRow("constant") << QList<double>{2, 2, 2} << 0.0;
        QTest::addRow("shorter than ten") << QList<double>{4, 3, 2} << 1.0;
        QTest::addRow("straight down") << line << 0.09;
        QTest::addRow("came to rest") << rest << 0.0;
        // Only new least values count: what the attack keeps does not get worse.
        QTest::addRow("back and forth") << zigzag << 0.0;
        QTest::addRow("ever up") << QList<double>{1, 2, 3} << 0.0;
        QTest::addRow("not a number") << QList<double>{1, std::nan(""), 3} << 1.0;
        QTest::addRow("infinite") << QList<double>{std::numeric_limits<double>::infinity(), 1} << 1.0;
    }
    void unfinishedIsTheFallOfTheLastTenSteps()
    {
        QFETCH(const QList<double>, loss);
        QFETCH(const double, unfinished);
        QVERIFY(std::abs(unfinishedShare(std::vector<double>(loss.begin(), loss.end())) - unfinished) < 1e-12);
    }

    void neitherOffsetNorScaleMatters()
    {
        const std::vector<double> loss{5, 4, 4.5, 2, 1, 1.5, 0.5, 0.4, 0.3, 0.3, 0.2, 0.1};
        std::vector<double> other;
        for (const double value : loss)
            other.push_back(1000 * value - 77);
        QVERIFY(std::abs(unfinishedShare(loss) - unfinishedShare(other)) < 1e-12);
        QCOMPARE(listOf(rescaledLoss({{3, 1, 2}})), (QList<double>{1, 0, 0}));
    }

    void silentSuccessIsAFailureThatPassedAnAdversarialImage_data()
    {
        QTest::addColumn<QList<float>>("margins");
        QTest::addColumn<bool>("success");
        QTest::addColumn<bool>("isSilent");
        QTest::addRow("never adversarial") << QList<float>{4, 2, 1} << false << false;
        QTest::addRow("passed one") << QList<float>{4, -1, 1} << false << true;
        QTest::addRow("reported") << QList<float>{4, -1, 1} << true << false;
        // Success at the last iterate is the attack's own word; a fresh pass that disagrees is about repeatability.
        QTest::addRow("the last one only") << QList<float>{4, 1, -1} << false << false;
        QTest::addRow("within roundoff") << QList<float>{4, -1e-6F, 1} << false << false;
        QTest::addRow("no trace") << QList<float>{} << false << false;
    }
    void silentSuccessIsAFailureThatPassedAnAdversarialImage()
    {
        QFETCH(const QList<float>, margins);
        QFETCH(const bool, success);
        QFETCH(const bool, isSilent);
        QCOMPARE(isSilentSuccess(outcomeOf({margins.begin(), margins.end()}, success)), isSilent);
    }

    void successIsCountedUpToEachStep()
    {
        const std::vector<AttackOutcome> outcomes{outcomeOf({4, -1, 1, 1}, true), outcomeOf({4, 3, 2, -1}, true), outcomeOf({4, 3, 2, 1}, false), outcomeOf({-1}, true)};
        QCOMPARE(listOf(successByStep(outcomes)), (QList<double>{0.25, 0.5, 0.5, 0.75}));
        QVERIFY(!fooledAtStep(outcomes[2]));
        QCOMPARE(*fooledAtStep(outcomes[1]), 3);
    }

    void lossPathIsThatOfTheLastWalk()
    {
        const AttackOutcome outcome = outcomeOf({9, 8, 7, 3, 2, 1}, false);
        QCOMPARE(listOf(lossPath(outcome, 2)), (QList<double>{3, 2, 1}));
        QCOMPARE(lossPath(outcome).size(), 6u);
        QVERIFY(lossPath(AttackOutcome{}, 3).empty());
    }
};

QTEST_APPLESS_MAIN(TestAttackIndicators)
#include "tst_attackindicators.moc"
