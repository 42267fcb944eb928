// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/cluster.h"
#include "core/stats/groups.h"
#include "core/stats/stepcurve.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "tests/support/compare.h"

#include <algorithm>
#include <limits>
#include <numeric>

using namespace brink;

namespace {

DistanceMatrix randomDistances(std::size_t n, std::uint64_t seed)
{
    Rng rng(seed);
    DistanceMatrix matrix{n, std::vector<double>(n * n, 0)};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = i + 1; k < n; ++k)
            matrix.values[i * n + k] = matrix.values[k * n + i] = rng.uniform();
    return matrix;
}

double lengthOf(const std::vector<int>& order, const DistanceMatrix& matrix)
{
    double length = 0;
    for (std::size_t i = 1; i < order.size(); ++i)
        length += matrix.at(std::size_t(order[i - 1]), std::size_t(order[i]));
    return length;
}

/// Leaves from left to right when bit k of `turns` swaps the children of merge k.
std::vector<int> orderWith(const Dendrogram& tree, std::size_t leaves, unsigned turns)
{
    std::vector<std::vector<int>> below(leaves);
    for (std::size_t i = 0; i < leaves; ++i)
        below[i] = {int(i)};
    for (std::size_t k = 0; k < tree.merges.size(); ++k) {
        std::vector<int> first = below[std::size_t(tree.merges[k].left)];
        std::vector<int> second = below[std::size_t(tree.merges[k].right)];
        if (turns >> k & 1U)
            std::swap(first, second);
        first.insert(first.end(), second.begin(), second.end());
        below.push_back(std::move(first));
    }
    return below.back();
}

/// Mean distance between the leaves below two nodes, by the definition.
double meanBetween(const Dendrogram& tree, const DistanceMatrix& matrix, const ClusterMerge& merge)
{
    const auto leavesOf = [&](int node, const auto& self) -> std::vector<int> {
        if (std::size_t(node) < matrix.size)
            return {node};
        const ClusterMerge& below = tree.merges[std::size_t(node) - matrix.size];
        std::vector<int> leaves = self(below.left, self);
        for (const int leaf : self(below.right, self))
            leaves.push_back(leaf);
        return leaves;
    };
    double sum = 0;
    int pairs = 0;
    for (const int i : leavesOf(merge.left, leavesOf))
        for (const int k : leavesOf(merge.right, leavesOf)) {
            sum += matrix.at(std::size_t(i), std::size_t(k));
            ++pairs;
        }
    return sum / pairs;
}

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Families of two in which transfer is `within`, else `between`.
SquareMatrix families(int members, double within, double between)
{
    const auto n = std::size_t(members);
    SquareMatrix matrix{n, std::vector<double>(n * n)};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < n; ++k)
            matrix.values[i * n + k] = i == k ? 1.0 : i / 2 == k / 2 ? within : between;
    return matrix;
}

} // namespace

class TestTransferStats : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void heightsAreMeanDistances();
    void noTurnOfTheTreeIsShorter_data();
    void noTurnOfTheTreeIsShorter();
    void smallTrees();
    void asymmetryByHand();
    void groupMeansByHand();
    void permutationCountsPartitions();
    void permutationNeedsBothKinds();
    void survivalByHand();
    void survivalCensorsFailures();
    void refusesBadInput();
};

void TestTransferStats::heightsAreMeanDistances()
{
    for (const std::uint64_t seed : {1, 2, 3}) {
        const DistanceMatrix matrix = randomDistances(9, seed);
        const Dendrogram tree = clusterAverage(matrix);
        QCOMPARE(int(tree.merges.size()), 8);
        double before = 0;
        for (const ClusterMerge& merge : tree.merges) {
            // Weighted means of means: the same number in another order of summation.
            compareClose(merge.height, meanBetween(tree, matrix, merge), 1e-12, 0);
            QVERIFY(merge.height >= before); // average linkage never turns back
            before = merge.height;
        }
    }
}

void TestTransferStats::noTurnOfTheTreeIsShorter_data()
{
    QTest::addColumn<int>("leaves");
    for (const int leaves : {2, 3, 5, 8})
        QTest::addRow("%d leaves", leaves) << leaves;
}

void TestTransferStats::noTurnOfTheTreeIsShorter()
{
    QFETCH(int, leaves);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const DistanceMatrix matrix = randomDistances(std::size_t(leaves), seed);
        const Dendrogram tree = clusterAverage(matrix);
        double shortest = 1e9;
        bool isOfTheTree = false;
        for (unsigned turns = 0; turns < 1U << (leaves - 1); ++turns) {
            const std::vector<int> order = orderWith(tree, std::size_t(leaves), turns);
            shortest = std::min(shortest, lengthOf(order, matrix));
            isOfTheTree |= order == tree.order;
        }
        QVERIFY(isOfTheTree);
        compareClose(lengthOf(tree.order, matrix), shortest, 1e-12, 0);
    }
}

void TestTransferStats::smallTrees()
{
    QVERIFY(clusterAverage({}).order.empty());
    QCOMPARE(clusterAverage({1, {0}}).order, std::vector{0});
    QCOMPARE(clusterAverage({2, {0, 0.5, 0.5, 0}}).merges[0].height, 0.5);
    // All equally far: any order does, but always the same one.
    const DistanceMatrix equal{4, {0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0}};
    QCOMPARE(clusterAverage(equal).order, clusterAverage(equal).order);
}

void TestTransferStats::asymmetryByHand()
{
    QCOMPARE(*asymmetry({2, {3, 1, 1, 5}}), 0.0);
    // Differences 2 and -2, squares of the cells 9 + 1 + 9 + 25.
    compareClose(*asymmetry({2, {3, 1, 3, 5}}), std::sqrt(8.0 / 44.0), 1e-15, 0);
    // A cell missing in one direction leaves the pair out.
    compareClose(*asymmetry({2, {3, missing, 3, 4}}), 0.0, 0, 0);
    QVERIFY(!asymmetry({1, {0}}));
}

void TestTransferStats::groupMeansByHand()
{
    const SquareMatrix matrix{3, {9, 0.8, 0.2, 0.6, 9, missing, 0.1, 0.3, 9}};
    const auto means = groupMeans(matrix, std::vector{0, 0, 1});
    QVERIFY(means);
    compareClose(means->within, 0.7, 1e-15, 0);
    compareClose(means->between, 0.2, 1e-15, 0);
    QCOMPARE(int(means->withinCells), 2);
    QCOMPARE(int(means->betweenCells), 3);
}

void TestTransferStats::permutationCountsPartitions()
{
    // Three pairs: of the 15 ways to pair six members only one is the true one, so the exact p-value is 1/15.
    const SquareMatrix matrix = families(6, 0.9, 0.2);
    const std::vector group{0, 0, 1, 1, 2, 2};
    const double p = *groupPermutationP(matrix, group, 10000, 1);
    // Four standard errors of 10,000 draws.
    compareClose(p, 1.0 / 15, 0, 0.01);
    QCOMPARE(*groupPermutationP(matrix, group, 10000, 1), p);
    // The other way round nothing is smaller, so every draw is at least as large.
    QCOMPARE(*groupPermutationP(families(6, 0.2, 0.9), group, 1000, 1), 1.0);
    QCOMPARE(*groupPermutationP(families(6, 0.5, 0.5), group, 1000, 1), 1.0);
}

void TestTransferStats::permutationNeedsBothKinds()
{
    const SquareMatrix matrix = families(4, 0.9, 0.2);
    QVERIFY(!groupPermutationP(matrix, std::vector{0, 0, 0, 0}, 100, 1));
    QVERIFY(!groupPermutationP(matrix, std::vector{0, 1, 2, 3}, 100, 1));
    QVERIFY(!groupPermutationP(matrix, std::vector{-1, -1, -1, -1}, 100, 1));
    QVERIFY(groupPermutationP(matrix, std::vector{0, 0, -1, -1}, 100, 1));
}

void TestTransferStats::survivalByHand()
{
    const StepCurve curve = survivalCurve(std::vector{0.3, 0.1, 0.3, 0.2}, 0, 0.8);
    QCOMPARE(curve.x, (std::vector{0.0, 0.1, 0.2, 0.3}));
    compareClose(curve.at(0), 0.8, 0, 0);
    compareClose(curve.at(0.0999), 0.8, 0, 0);
    compareClose(curve.at(0.1), 0.6, 1e-15, 0); // an image at exactly eps is lost
    compareClose(curve.at(0.25), 0.4, 1e-15, 0);
    compareClose(curve.at(7), 0.0, 0, 0);
}

void TestTransferStats::survivalCensorsFailures()
{
    const StepCurve curve = survivalCurve(std::vector{0.0, 0.5}, 2, 1);
    QCOMPARE(curve.x, (std::vector{0.0, 0.5}));
    QCOMPARE(curve.y, (std::vector{0.75, 0.5}));
    QCOMPARE(survivalCurve({}, 3, 0.9).y, (std::vector{0.9}));
}

void TestTransferStats::refusesBadInput()
{
    QVERIFY_EXCEPTION_THROWN((void)clusterAverage({2, {0, 1, 2, 0}}), Error);
    QVERIFY_EXCEPTION_THROWN((void)clusterAverage({2, {0, missing, missing, 0}}), Error);
    QVERIFY_EXCEPTION_THROWN((void)groupMeans({2, {0, 1, 1, 0}}, std::vector{1}), Error);
    QVERIFY_EXCEPTION_THROWN((void)survivalCurve({}, 0, 1), Error);
    QVERIFY_EXCEPTION_THROWN((void)survivalCurve(std::vector{-0.1}, 0, 1), Error);
}

QTEST_APPLESS_MAIN(TestTransferStats)
#include "tst_transferstats.moc"
