// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/boxedaffine_torch.h"

#include "core/attack/fabstep.h"
#include "core/attack/projection_torch.h"

#include "tests/support/compare.h"

#include <QTest>

#include <algorithm>

using namespace brink;
using namespace brink::test;

class TestFab : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stepIsEquationsEightToTen_data()
    {
        QTest::addColumn<Norm>("norm");
        for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf})
            QTest::addRow("%s", normName(norm).c_str()) << norm;
    }

    // Against the equations in double on projections by sorting; one pull to the clean image is cut at alpha-max and one is not.
    void stepIsEquationsEightToTen()
    {
        QFETCH(const Norm, norm);
        const std::int64_t count = 203;
        at::manual_seed(3);
        for (const double alphaMax : {0.1, 0.9}) {
            const at::Tensor clean = at::rand({1, count}), x = (clean + 0.05 * at::randn({1, count})).clamp(0, 1), normal = at::randn({1, count});
            const float value = 1.5F, eta = 1.05F;
            at::Tensor next = at::empty({1, count});
            const auto values = [&](const at::Tensor& tensor) { return std::span<const float>(tensor.data_ptr<float>(), std::size_t(count)); };
            FabStep(norm).take({values(x), values(clean), values(normal), value, eta, float(alphaMax), {next.data_ptr<float>(), std::size_t(count)}});

            const at::Tensor exact = normal.to(at::kDouble);
            const at::Tensor atClean = value + (exact * (clean - x).to(at::kDouble)).sum(1);
            const auto step = [&](const at::Tensor& from, const at::Tensor& left) {
                return projectOntoHyperplane(from.to(at::kDouble), exact, left, norm).step;
            };
            const at::Tensor ofIterate = step(x, at::full({1}, double(value), at::kDouble)), ofClean = step(clean, atClean);
            const DistanceMetric metric(norm);
            const at::Tensor share = metric.length(ofIterate) / (metric.length(ofIterate) + metric.length(ofClean));
            const double alpha = std::min(share.item<double>(), alphaMax);
            QVERIFY((alpha < alphaMax) == (alphaMax > 0.5));
            const at::Tensor expected = ((1 - alpha) * (x + eta * ofIterate) + alpha * (clean + eta * ofClean)).clamp(0, 1);
            QVERIFY(next.to(at::kDouble).allclose(expected, 0, 2e-6));
        }
    }

    void exactWhereTheBoxDecides_data()
    {
        QTest::addColumn<Norm>("norm");
        QTest::addColumn<int>("seed");
        for (const Norm norm : {Norm::L1, Norm::L2, Norm::Linf})
            for (const int seed : {1, 2, 3})
                QTest::addRow("%s, weights %d", normName(norm).c_str(), seed) << norm << seed;
    }

    void exactWhereTheBoxDecides()
    {
        QFETCH(const Norm, norm);
        QFETCH(const int, seed);
        const BoxedAffine affine{std::uint64_t(seed)};
        const AttackItem item = affine.item();
        const auto outcome = run(affine.model, requestFor("fab", norm, {"restarts=1"}), std::span(&item, 1)).front();
        QVERIFY2(outcome.success, outcome.failure.c_str());
        // Twelve halvings of the way leave 2.5e-4 of it; the rest is float32.
        QVERIFY(outcome.distance->in(norm) >= affine.distance(norm) * (1 - 1e-5));
        compareClose(outcome.distance->in(norm), affine.distance(norm), 1e-3, 0);
    }

    void costsFollowFromTheParameters()
    {
        const auto model = reluNet(3);
        const auto images = randomImages(4, 3);
        const auto items = itemsFor(model, images);
        for (const auto& outcome : run(model, requestFor("fab", Norm::L2, {"restarts=2", "steps=7", "final-search=5"}), items)) {
            QVERIFY(outcome.success);
            QCOMPARE(outcome.steps, 14);
            // Two forwards and K - 1 = 4 gradients a step; the base adds the clean pass and three confirmations.
            QCOMPARE(outcome.counts, (EvaluationCounts{14 * 2 + 5 + 4, 14 * 4}));
        }
        for (const auto& outcome : run(model, requestFor("fab", Norm::L2, {"restarts=1", "steps=7", "candidates=2", "final-search=0"}), items))
            QCOMPARE(outcome.counts.backwards, 14);
    }

    // AutoAttack's form: one class after the other, one boundary a step.
    void towardsEachClass()
    {
        const auto model = reluNet(3);
        const auto images = randomImages(4, 4);
        const auto items = itemsFor(model, images);
        for (const auto& outcome : run(model, requestFor("fab", Norm::L2, {"targets=3", "restarts=2", "steps=7", "final-search=0"}), items)) {
            QCOMPARE(outcome.steps, 42);
            QCOMPARE(outcome.counts, (EvaluationCounts{42 * 2 + 4, 42}));
        }
        // Four of the four rivals are all there are, and the nearest of them is the untargeted distance.
        const auto all = run(model, requestFor("fab", Norm::L2, {"targets=9", "restarts=1"}), items);
        const auto nearest = run(model, requestFor("fab", Norm::L2, {"restarts=1"}), items);
        for (std::size_t i = 0; i < items.size(); ++i) {
            QCOMPARE(all[i].steps, 400);
            compareClose(all[i].distance->l2, nearest[i].distance->l2, 0.05, 0);
        }
    }

    void imagesThatAreNearEnoughLeave()
    {
        const auto model = reluNet(5);
        const auto images = randomImages(6, 32);
        const auto items = itemsFor(model, images);
        const auto free = run(model, requestFor("fab", Norm::L2, {"targets=4", "restarts=1", "final-search=0"}), items);
        std::vector<double> distances;
        for (const auto& outcome : free)
            distances.push_back(outcome.distance->l2);
        std::ranges::nth_element(distances, distances.begin() + 16);
        const double goal = distances[16] * (1 + 1e-6); // of itself, with room for the text
        const auto bound = run(model, requestFor("fab", Norm::L2, {"targets=4", "restarts=1", "final-search=0", "goal=" + std::to_string(goal)}), items);
        for (std::size_t i = 0; i < items.size(); ++i) {
            // The same walk, cut off where it has come near enough.
            QCOMPARE(bound[i].distance->l2 <= goal, free[i].distance->l2 <= goal);
            QVERIFY(bound[i].distance->l2 <= goal ? bound[i].steps < 400 : bound[i].counts == free[i].counts);
        }
    }

    // Two steps from the clean image miss some boundaries that a random start finds; what one start found is never lost.
    void moreStartsAreNeverWorse()
    {
        const auto model = reluNet(5);
        const auto images = randomImages(6, 12);
        const auto items = itemsFor(model, images);
        const auto one = run(model, requestFor("fab", Norm::L1, {"restarts=1", "steps=2", "final-search=0"}), items);
        const auto five = run(model, requestFor("fab", Norm::L1, {"restarts=5", "steps=2", "final-search=0"}), items);
        int foundByOne = 0, foundByFive = 0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            foundByOne += one[i].success;
            foundByFive += five[i].success;
            if (one[i].success)
                QVERIFY(five[i].success && five[i].distance->l1 <= one[i].distance->l1);
        }
        QVERIFY(foundByFive > foundByOne);
    }
};

QTEST_APPLESS_MAIN(TestFab)
#include "tst_fab.moc"
