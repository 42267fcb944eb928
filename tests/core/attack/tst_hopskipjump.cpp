// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include "tests/support/compare.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace brink;
using namespace brink::test;

class TestHopSkipJump : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void distanceByDecisionsAlone_data()
    {
        QTest::addColumn<Norm>("norm");
        QTest::addColumn<int>("target");
        for (const Norm norm : {Norm::L2, Norm::Linf})
            for (const int target : {-1, 1})
                QTest::addRow("%s target %d", normName(norm).c_str(), target) << norm << target;
    }

    void distanceByDecisionsAlone()
    {
        QFETCH(const Norm, norm);
        QFETCH(const int, target);
        const Image image = affineImage();
        const AttackItem item{&image, {0, target < 0 ? std::nullopt : std::optional<std::int64_t>(target), 0}, 1};
        // Only the largest logit is let through: decisions are all there is.
        const auto affine = affineModel();
        const auto decisions = makeClassifier("decisions", {1, 2, 2}, 3, [affine](const at::Tensor& x) {
            return at::one_hot(affine->impl().logits(x).argmax(1), 3).to(at::kFloat) + x.flatten(1).sum(1, true) * 0;
        });
        const auto outcome = run(decisions, requestFor("hop-skip-jump", norm), std::span(&item, 1)).front();
        QVERIFY2(outcome.success, outcome.failure.c_str());
        QCOMPARE(outcome.counts.backwards, 0);
        QVERIFY(outcome.distance->in(norm) >= affineDistance(norm) * (1 - 1e-5));
        compareClose(outcome.distance->in(norm), affineDistance(norm), 0.03, 0); // estimated normals
    }

    // As the white-box attacks on the same net, with a few thousand queries: within a half of their distance.
    void nearWhatGradientsFind()
    {
        const auto model = reluNet(3);
        const auto images = randomImages(4, 8);
        const auto items = itemsFor(model, images);
        const auto blind = run(model, requestFor("hop-skip-jump", Norm::L2, {"steps=30"}), items);
        const auto seeing = run(model, requestFor("ddn", Norm::L2), items);
        double ratio = 0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            QVERIFY(blind[i].success);
            ratio += blind[i].distance->l2 / seeing[i].distance->l2 / double(items.size());
        }
        QVERIFY2(ratio < 1.5, qPrintable(QString::number(ratio)));
    }

    void moreStepsAreNeverWorse()
    {
        const auto model = reluNet(3);
        const auto images = randomImages(4, 8);
        const auto items = itemsFor(model, images);
        const auto few = run(model, requestFor("hop-skip-jump", Norm::Linf, {"steps=3"}), items);
        const auto many = run(model, requestFor("hop-skip-jump", Norm::Linf, {"steps=12"}), items);
        for (std::size_t i = 0; i < items.size(); ++i)
            QVERIFY(many[i].distance->linf <= few[i].distance->linf);
    }

    // Where no noise is of another class there is nothing to begin with, and the image says so.
    void withoutAStart()
    {
        const auto model = makeClassifier("all one class", {1, 2, 2}, 2, [](const at::Tensor& x) {
            const at::Tensor sum = x.flatten(1).sum(1);
            return at::stack({sum + 1, sum}, 1);
        });
        const Image image = affineImage();
        const AttackItem item{&image, {0, {}, 0}, 1};
        const auto outcome = run(model, requestFor("hop-skip-jump", Norm::L2, {"start-tries=7"}), std::span(&item, 1)).front();
        QVERIFY(!outcome.success && !outcome.failure.empty());
        QCOMPARE(outcome.counts, (EvaluationCounts{1 + 7 + 1, 0}));
    }
};

QTEST_APPLESS_MAIN(TestHopSkipJump)
#include "tst_hopskipjump.moc"
