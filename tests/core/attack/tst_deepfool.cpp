// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/boxedaffine_torch.h"

#include "tests/support/compare.h"

#include <QTest>

using namespace brink;
using namespace brink::test;

class TestDeepFool : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void overshootAndFinalSearch_data()
    {
        QTest::addColumn<Norm>("norm");
        QTest::addRow("l2") << Norm::L2;
        QTest::addRow("linf") << Norm::Linf;
    }

    // One step reaches an affine boundary, so without the search the distance is 1.02 times the truth.
    void overshootAndFinalSearch()
    {
        QFETCH(const Norm, norm);
        const auto model = affineModel();
        const Image image = affineImage();
        const AttackItem item{&image, {0, {}, 0}, 1};
        const double truth = affineDistance(norm);
        const auto plain = run(model, requestFor("deepfool", norm, {"final-search=0"}), std::span(&item, 1)).front();
        QCOMPARE(plain.steps, 1);
        compareClose(plain.distance->in(norm), 1.02 * truth, 1e-4, 0); // it aims 1e-5 of the logits beyond the boundary
        QCOMPARE(plain.counts, (EvaluationCounts{1 + 2 + 3, 2})); // clean; step; three confirmations; two rival classes
        const auto searched = run(model, requestFor("deepfool", norm, {"final-search=12"}), std::span(&item, 1)).front();
        compareClose(searched.distance->in(norm), truth, 3e-4, 0); // 1.02 / 2^12
        QVERIFY(searched.distance->in(norm) >= truth * (1 - 1e-5));
        QCOMPARE(searched.counts, (EvaluationCounts{1 + 2 + 12 + 3, 2}));
    }

    void candidatesLimitTheGradients()
    {
        const auto model = reluNet(3);
        const auto images = randomImages(4, 6);
        const auto items = itemsFor(model, images);
        for (const int candidates : {2, 4, 10}) {
            const auto request = requestFor("deepfool", Norm::L2, {"candidates=" + std::to_string(candidates)});
            for (const AttackOutcome& outcome : run(model, request, items)) {
                QVERIFY(outcome.success);
                QCOMPARE(outcome.counts.backwards, std::int64_t(outcome.steps) * std::min(candidates - 1, 4));
            }
        }
    }

    void saturatedPixelsStayInTheBox()
    {
        for (const Norm norm : {Norm::L2, Norm::Linf}) {
            const BoxedAffine affine(2);
            const AttackItem item = affine.item();
            const auto outcome = run(affine.model, requestFor("deepfool", norm), std::span(&item, 1)).front();
            QVERIFY2(outcome.success, outcome.failure.c_str());
            // Steps that are clipped and repeated tend to the projection inside the box; overshoot is searched away.
            QVERIFY(outcome.distance->in(norm) >= affine.distance(norm) * (1 - 1e-5));
            compareClose(outcome.distance->in(norm), affine.distance(norm), 1e-3, 0);
        }
    }

    // The box cuts every step, so that each leaves a share of the way; without an overshoot the last step is cut, too.
    void lastStepIsNotCutByTheBox()
    {
        for (const Norm norm : {Norm::L2, Norm::Linf}) {
            const BoxedAffine affine(2);
            const AttackItem item = affine.item();
            const auto cut = run(affine.model, requestFor("deepfool", norm, {"overshoot=0"}), std::span(&item, 1)).front();
            const auto whole = run(affine.model, requestFor("deepfool", norm, {"overshoot=0.02"}), std::span(&item, 1)).front();
            QVERIFY2(whole.success, whole.failure.c_str());
            QVERIFY2(whole.steps + 3 <= cut.steps, qPrintable(QStringLiteral("%1 and %2 steps").arg(whole.steps).arg(cut.steps)));
        }
    }

    void zeroGradientEndsAtOnce()
    {
        const auto flat = makeClassifier("flat", {1, 8, 8}, 3, [](const at::Tensor& x) {
            return x.flatten(1).sum(1, true) * 0 + at::tensor({3.0F, 1.0F, 2.0F});
        });
        const auto images = randomImages(4, 2);
        for (const AttackOutcome& outcome : run(flat, requestFor("deepfool", Norm::L2), itemsFor(flat, images))) {
            QVERIFY(!outcome.success);
            QCOMPARE(outcome.steps, 1);
        }
    }
};

QTEST_APPLESS_MAIN(TestDeepFool)
#include "tst_deepfool.moc"
