// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/boxedaffine_torch.h"

#include "tests/support/compare.h"

#include <QTest>

using namespace brink;
using namespace brink::test;

class TestEad : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // EAD is no L1 minimiser: a step of size a shrinks by beta, so it minimises |d|_2^2 + (beta / a) |d|_1, and only the last
    // steps, where a falls to 0, come near the L1 minimum. Hence the wide tolerances, with the L1 rule.
    void nearTheL1DistanceOfTheAffineModel()
    {
        const auto model = affineModel();
        const Image image = affineImage();
        const AttackItem item{&image, {0, {}, 0}, 1};
        const auto outcome = run(model, requestFor("ead", Norm::L1, {"steps=400", "searches=4", "constant=0.1"}), std::span(&item, 1)).front();
        QVERIFY2(outcome.success, outcome.failure.c_str());
        QVERIFY(outcome.distance->l1 >= affineDistance(Norm::L1) * (1 - 1e-5));
        compareClose(outcome.distance->l1, affineDistance(Norm::L1), 0.1, 0);
    }

    void nearTheL1DistanceWhereTheBoxDecides()
    {
        const BoxedAffine affine(1);
        const AttackItem item = affine.item();
        const auto outcome = run(affine.model, requestFor("ead", Norm::L1, {"steps=500", "searches=5", "constant=0.1"}), std::span(&item, 1)).front();
        QVERIFY2(outcome.success, outcome.failure.c_str());
        QVERIFY(outcome.distance->l1 >= affine.distance(Norm::L1) * (1 - 1e-5));
        compareClose(outcome.distance->l1, affine.distance(Norm::L1), 0.25, 0);
    }

    // Only x_k, after shrinkage, has values that are exactly those of the clean image; the momentum point has none.
    void reportsTheShrunkIterate()
    {
        const BoxedAffine affine(1);
        const AttackItem item = affine.item();
        const auto outcome = run(affine.model, requestFor("ead", Norm::L1, {"steps=300", "searches=5", "constant=0.1"}), std::span(&item, 1)).front();
        QVERIFY(outcome.success);
        QVERIFY2(outcome.distance->l0 <= 32, qPrintable(QString::number(outcome.distance->l0)));
        QVERIFY(outcome.distance->l0 >= 1);
    }

    // Each rule is best by its own measure, over the same iterates.
    void rulesRankTheSameIterates()
    {
        constexpr double beta = 1e-2;
        const auto model = reluNet(3);
        const auto images = randomImages(4, 6);
        const auto items = itemsFor(model, images);
        const auto with = [&](const char* rule) {
            return run(model, requestFor("ead", Norm::L1, {std::string("rule=") + rule, "beta=0.01", "steps=60", "searches=4",
                                      "constant=0.1", "final-search=0"}), items);
        };
        const auto byL1 = with("l1"), byNet = with("en");
        const auto elasticNet = [](const Distances& d) { return d.l2 * d.l2 + beta * d.l1; };
        int different = 0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            QCOMPARE(byL1[i].success, byNet[i].success);
            if (!byL1[i].success)
                continue;
            // Ranks are float32 sums.
            QVERIFY(byL1[i].distance->l1 <= byNet[i].distance->l1 * (1 + 1e-5));
            QVERIFY(elasticNet(*byNet[i].distance) <= elasticNet(*byL1[i].distance) * (1 + 1e-5));
            different += *byL1[i].distance != *byNet[i].distance;
        }
        QVERIFY(different > 0);
    }
};

QTEST_APPLESS_MAIN(TestEad)
#include "tst_ead.moc"
