// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/study/transfertable.h"
#include "tests/support/studysample.h"

#include <QTest>

#include <algorithm>

using namespace brink;

namespace {

/// Two models and one attack. Labels are all 0; each image is one case of the rules.
struct Case {
    std::int32_t sourceClean, targetClean, attackTarget, adversarialClass;
    bool success;
    std::int32_t targetSays;
};

StudyResults handMade(const std::vector<Case>& cases)
{
    StudyResults results;
    results.study.models.resize(2);
    results.study.analyses.resize(1);
    results.models.resize(2);
    results.predicted.resize(2);
    results.transfers.resize(1);
    StudyCell cell;
    StudyTransfer transfer;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Case& each = cases[i];
        results.images.push_back({std::int64_t(i), "image", 0, {}});
        results.predicted[0].push_back(each.sourceClean);
        results.predicted[1].push_back(0);
        StudyAttackRow row;
        row.image = std::int32_t(i);
        row.target = each.attackTarget;
        row.success = each.success;
        row.adversarialClass = each.success ? each.adversarialClass : -1;
        cell.attack.push_back(row);
        transfer.row.push_back(std::int32_t(i));
        transfer.predicted.push_back(each.targetSays);
        transfer.margin.push_back(1);
        transfer.clean.push_back(each.targetClean);
    }
    results.cells = {{std::make_shared<const StudyCell>(cell), std::make_shared<const StudyCell>()}};
    results.transfers[0][{0, 1}] = std::make_shared<const StudyTransfer>(transfer);
    return results;
}

} // namespace

class TestTransferTable : public QObject {
    Q_OBJECT
private slots:
    void everyRuleCountsItsImages_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<int>("hits");
        QTest::addColumn<int>("total");
        QTest::addRow("all images") << "all" << 4 << 6;
        QTest::addRow("what the target says to the converted clean image decides") << "correct-on-target" << 2 << 4;
        QTest::addRow("both right on the clean image") << "correct-on-both" << 1 << 3;
        QTest::addRow("only images that fool the source") << "fooled-source" << 3 << 4;
    }
    void everyRuleCountsItsImages()
    {
        QFETCH(QString, rule);
        QFETCH(int, hits);
        QFETCH(int, total);
        const StudyResults results = handMade({
            {0, 0, -1, 3, true, 5},   // fools the source, transfers
            {0, 0, -1, 3, true, 0},   // does not transfer
            {0, 4, -1, 3, true, 4},   // the target was wrong before
            {0, 0, -1, -1, false, 0}, // failed on the source
            {2, 0, -1, 3, true, 6},   // the source was wrong before
            {2, 5, -1, -1, false, 5}, // both were
        });
        const auto count = transferCount(results, 0, 0, 1, transferRuleFromName(rule.toStdString()));
        QVERIFY(count);
        QCOMPARE(int(count->hits), hits);
        QCOMPARE(int(count->total), total);
    }

    void aTargetedAttackCountsMatchesAlone()
    {
        const StudyResults results = handMade({
            {0, 0, 3, 3, true, 3},   // says the target class
            {0, 0, 3, 3, true, 5},   // wrong, but another class
            {0, 0, 3, 3, true, 0},   // still right
            {0, 3, 3, 3, true, 3},   // said it before
        });
        QCOMPARE(transferCount(results, 0, 0, 1, TransferRule::All), (TransferCount{2, 4}));
        QCOMPARE(transferCount(results, 0, 0, 1, TransferRule::CorrectOnBoth), (TransferCount{1, 3}));
    }

    void aPairInPartComputedCountsWhatIsThere()
    {
        StudyResults results = handMade({{0, 0, -1, 3, true, 5}, {0, 0, -1, 3, true, 0}, {0, 0, -1, 3, true, 7}});
        StudyTransfer partial = *results.transfers[0].at({0, 1});
        partial.row = {2};
        partial.predicted = {7};
        partial.margin = {1};
        partial.clean = {0};
        results.transfers[0][{0, 1}] = std::make_shared<const StudyTransfer>(partial);
        QCOMPARE(transferCount(results, 0, 0, 1, TransferRule::All), (TransferCount{1, 1}));
    }

    void whatIsNotComputedOrRefusedIsAbsent()
    {
        StudyResults results = handMade({{0, 0, -1, 3, true, 5}});
        QVERIFY(!transferCount(results, 0, 1, 0, TransferRule::All));
        QVERIFY(transferCount(results, 0, 0, 1, TransferRule::All));
        results.refusedPairs[{0, 1}] = "The class lists differ.";
        QVERIFY(!transferCount(results, 0, 0, 1, TransferRule::All));
    }

    void theDiagonalIsTheSuccessOfTheAttack_data()
    {
        QTest::addColumn<int>("analysis");
        QTest::addRow("fixed budget") << 0;
        QTest::addRow("minimum norm") << 1;
        QTest::addRow("targeted") << 3;
    }
    void theDiagonalIsTheSuccessOfTheAttack()
    {
        QFETCH(int, analysis);
        const StudyResults results = test::studySample(6, 80, 4);
        const TransferTable table = transferTable(results, analysis, TransferRule::CorrectOnBoth);
        for (int m = 0; m < 5; ++m) {
            const auto& rows = results.cell(analysis, m).attack;
            QVERIFY(!rows.empty());
            QCOMPARE(table[std::size_t(m)][std::size_t(m)],
                (TransferCount{std::ranges::count_if(rows, &StudyAttackRow::success), std::ssize(rows)}));
        }
        QVERIFY(!table[1][2]); // refused
        QVERIFY(!table[5][0]); // a model that does not work
    }

    void ruleNamesAreRead()
    {
        for (const TransferRule rule : {TransferRule::All, TransferRule::CorrectOnTarget, TransferRule::CorrectOnBoth, TransferRule::FooledSource})
            QCOMPARE(transferRuleFromName(transferRuleName(rule)), rule);
        try {
            (void)transferRuleFromName("correct-on-bth");
            QFAIL("read a name that does not exist");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Usage);
            QVERIFY(QString::fromStdString(error.message()).contains("correct-on-both"));
        }
    }

    void theSampleIsTheSameEveryTime()
    {
        const StudyResults a = test::studySample();
        const StudyResults b = test::studySample();
        QCOMPARE(a.predicted, b.predicted);
        QCOMPARE(*a.transfers[0].at({0, 3}), *b.transfers[0].at({0, 3}));
        QCOMPARE(int(a.models.size()), 16);
        QCOMPARE(int(a.study.analyses.size()), 4);
    }
};

QTEST_APPLESS_MAIN(TestTransferTable)
#include "tst_transfertable.moc"
