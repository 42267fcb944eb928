// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/transferpairs.h"

#include "tests/support/studysample.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <set>

using namespace brink;
using namespace brink::test;

namespace {

CellSelection everyCell(const StudyResults& results)
{
    CellSelection cells;
    for (int model = 0; model < int(results.models.size()); ++model) {
        cells.sources.push_back(model);
        cells.targets.push_back(model);
    }
    return cells;
}

void addRules()
{
    QTest::addColumn<int>("rule");
    for (const TransferRule rule : {TransferRule::All, TransferRule::CorrectOnTarget, TransferRule::CorrectOnBoth, TransferRule::FooledSource})
        QTest::addRow("%s", transferRuleName(rule).c_str()) << int(rule);
}

} // namespace

class TestTransferPairs : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_results = studySample(6, 60, 4); }

    /// The gallery's head line and the heatmap must never disagree.
    void everyCellHasThePairsThatItCounts_data() { addRules(); }
    void everyCellHasThePairsThatItCounts()
    {
        QFETCH(int, rule);
        int cells = 0;
        for (int analysis = 0; analysis < 4; ++analysis)
            for (int source = 0; source < 6; ++source)
                for (int target = 0; target < 6; ++target) {
                    const auto count = transferCount(m_results, analysis, source, target, TransferRule(rule));
                    const PairList list = transferPairs(m_results, {analysis, TransferRule(rule), {{source}, {target}}, {}, PairFilter::All, PairSort::Index});
                    QCOMPARE(list.hits, count ? count->hits : 0);
                    QCOMPARE(list.total, count ? count->total : 0);
                    QCOMPARE(std::int64_t(list.pairs.size()), list.total);
                    cells += count.has_value();
                }
        QVERIFY(cells > 50);
    }

    void filtersSplitWhatCounts()
    {
        PairQuery query{0, TransferRule::CorrectOnBoth, everyCell(m_results), {}, PairFilter::Transferring, PairSort::Margin};
        const PairList hits = transferPairs(m_results, query);
        query.filter = PairFilter::Others;
        const PairList others = transferPairs(m_results, query);
        QCOMPARE(std::int64_t(hits.pairs.size()), hits.hits);
        QCOMPARE(std::int64_t(others.pairs.size()), hits.total - hits.hits);
        QVERIFY(std::ranges::all_of(hits.pairs, &TransferPair::hits));
        QVERIFY(std::ranges::none_of(others.pairs, &TransferPair::hits));
        QVERIFY(std::ranges::all_of(hits.pairs, [](const TransferPair& pair) { return pair.margin >= 0; }));
        QVERIFY(std::ranges::all_of(others.pairs, [](const TransferPair& pair) { return pair.margin <= 0; }));
    }

    void sorted_data()
    {
        QTest::addColumn<int>("sort");
        QTest::addRow("by margin, surest first") << int(PairSort::Margin);
        QTest::addRow("by distance, smallest first") << int(PairSort::Distance);
        QTest::addRow("by index") << int(PairSort::Index);
    }
    void sorted()
    {
        QFETCH(int, sort);
        const PairList list = transferPairs(m_results, {0, TransferRule::All, everyCell(m_results), {}, PairFilter::All, PairSort(sort)});
        QVERIFY(list.pairs.size() > 100);
        const auto follows = [sort](const TransferPair& a, const TransferPair& b) {
            return PairSort(sort) == PairSort::Margin ? a.margin >= b.margin : PairSort(sort) == PairSort::Distance ? a.distance <= b.distance : a.image <= b.image;
        };
        for (std::size_t i = 1; i < list.pairs.size(); ++i)
            QVERIFY(follows(list.pairs[i - 1], list.pairs[i]));
    }

    void aFailureHasNoDistance()
    {
        const PairList list = transferPairs(m_results, {2, TransferRule::All, everyCell(m_results), {}, PairFilter::All, PairSort::Distance});
        int failures = 0;
        for (const TransferPair& pair : list.pairs) {
            const StudyAttackRow& row = m_results.cell(2, pair.source).attack[std::size_t(pair.row)];
            QCOMPARE(std::isinf(pair.distance), !row.success);
            failures += !row.success;
        }
        QVERIFY(failures > 0);
    }

    /// Against a plain count: adversarial images of a source that fool one target and not another.
    void contrastIsHereAndNotThere_data() { addRules(); }
    void contrastIsHereAndNotThere()
    {
        QFETCH(int, rule);
        const int source = 0, here = 3, there = 4;
        const auto verdicts = [&](int target) {
            std::map<std::int32_t, bool> hits;
            const auto& transfer = *m_results.transfers[0].at({source, target});
            for (std::size_t entry = 0; entry < transfer.row.size(); ++entry) {
                const TransferVerdict verdict = transferVerdict(m_results, 0, source, target, transfer, entry, TransferRule(rule));
                if (verdict.counts)
                    hits[m_results.cell(0, source).attack[std::size_t(transfer.row[entry])].image] = verdict.hits;
            }
            return hits;
        };
        std::int64_t total = 0;
        std::set<std::int32_t> expected;
        const auto atThere = verdicts(there);
        for (const auto& [image, hits] : verdicts(here)) {
            const auto other = atThere.find(image);
            total += other != atThere.end();
            if (other != atThere.end() && hits && !other->second)
                expected.insert(image);
        }
        const PairList list = transferPairs(m_results, {0, TransferRule(rule), {{source}, {here}}, {{source}, {there}}, PairFilter::All, PairSort::Index});
        QCOMPARE(list.total, total);
        QCOMPARE(list.hits, std::int64_t(expected.size()));
        std::set<std::int32_t> shown;
        for (const TransferPair& pair : list.pairs)
            shown.insert(pair.image);
        QCOMPARE(shown, expected);
    }

    void contrastOfDifferentSourcesIsByImage()
    {
        const PairList list = transferPairs(m_results, {0, TransferRule::All, {{0}, {3}}, {{1}, {3}}, PairFilter::All, PairSort::Index});
        const PairList itself = transferPairs(m_results, {0, TransferRule::All, {{0}, {3}}, {{0}, {3}}, PairFilter::All, PairSort::Index});
        QVERIFY(list.total > 0 && list.hits <= list.total);
        QCOMPARE(itself.hits, 0);
        QVERIFY(itself.pairs.empty());
    }

    void refusedAndMissingCellsAreEmpty()
    {
        QVERIFY(m_results.refusedPairs.contains({1, 2}));
        const PairList list = transferPairs(m_results, {0, TransferRule::All, {{1}, {2}}, {}, PairFilter::All, PairSort::Index});
        QCOMPARE(list.total, 0);
        QCOMPARE(transferPairs(m_results, {}).total, 0);
    }

    /// What a click waits for. The bound is for busy machines; the times are said.
    void alsoLargeStudiesAnswerAtOnce()
    {
        const StudyResults large = studySample(18, 1000, 6);
        const auto measured = [&large](const CellSelection& first, const CellSelection& second) {
            QElapsedTimer clock;
            clock.start();
            const PairList list = transferPairs(large, {0, TransferRule::CorrectOnBoth, first, second, PairFilter::Transferring, PairSort::Margin});
            return std::pair(clock.elapsed(), list.total);
        };
        const auto [cell, cellPairs] = measured({{0}, {3}}, {});
        const auto [block, blockPairs] = measured({{0, 1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11}}, {});
        const auto [contrast, contrastPairs] = measured({{0, 1, 2, 3, 4, 5}, {6, 7, 8}}, {{0, 1, 2, 3, 4, 5}, {9, 10, 11}});
        const auto [all, allPairs] = measured(everyCell(large), {});
        qInfo("one cell %lld ms (%lld pairs), 6 x 6 cells %lld ms (%lld), contrast %lld ms (%lld), all %lld ms (%lld)", cell, (long long)cellPairs, block,
            (long long)blockPairs, contrast, (long long)contrastPairs, all, (long long)allPairs);
        QVERIFY(allPairs > 100000);
        QVERIFY2(cell <= 100 && block <= 100 && contrast <= 200 && all <= 500, "see above");
    }

private:
    StudyResults m_results;
};

QTEST_APPLESS_MAIN(TestTransferPairs)
#include "tst_transferpairs.moc"
