// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include "core/attack/squarepattern_torch.h"

#include "tests/support/compare.h"

#include <QTest>

#include <algorithm>

using namespace brink;
using namespace brink::test;

class TestSquare : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void maskIsASquareAnywhere_data()
    {
        QTest::addColumn<int>("side");
        for (const int side : {1, 2, 3, 7, 8})
            QTest::addRow("side %d", side) << side;
    }

    void maskIsASquareAnywhere()
    {
        QFETCH(const int, side);
        const at::Tensor like = at::zeros({3, 2, 8, 9});
        const float end = 0.9999999F;
        const at::Tensor mask = squareMask(at::tensor({0.0F, 0.0F, end, end, 0.5F, 0.2F}).view({3, 2}), side, like);
        QCOMPARE(mask.sizes(), at::IntArrayRef({3, 1, 8, 9}));
        QVERIFY(mask.flatten(1).sum(1).eq(side * side).all().item<bool>());
        // From the first to the last row and column.
        QVERIFY(mask[0][0][0][0].item<bool>());
        QVERIFY(mask[1][0][7][8].item<bool>());
    }

    void patternHasTwoHalves()
    {
        for (const std::int64_t side : {2, 3, 5, 7}) {
            const at::Tensor like = at::zeros({2, 1, 7, 7});
            const at::Tensor pattern = squarePattern(at::zeros({2, 2}), at::tensor({0.9F, 0.1F}), side, like);
            QVERIFY(pattern.flatten(1).norm(2, 1).allclose(at::ones({2})));
            const at::Tensor upright = pattern[0][0].narrow(0, 0, side).narrow(1, 0, side);
            QVERIFY(upright.narrow(0, 0, side / 2).gt(0).all().item<bool>());
            QVERIFY(upright.narrow(0, side / 2, side - side / 2).lt(0).all().item<bool>());
            QVERIFY(pattern[1][0].equal(pattern[0][0].t()));
        }
    }

    // Against whole tensors: corners from the first to the last pixel, both signs, values that the box cuts, layouts that are not rows.
    void recolouredSquaresAreThoseOfTheMask()
    {
        at::Tensor random = at::rand({6, 5});
        random[0].fill_(0);
        random[1].fill_(0.9999999F);
        const at::Tensor clean = at::rand({6, 3, 8, 9});
        for (const at::Tensor& x : {at::rand({6, 3, 8, 9}), at::rand({6, 8, 9, 3}).permute({0, 3, 1, 2})})
            for (const int side : {1, 3, 8}) {
                const at::Tensor before = x.clone();
                const at::Tensor colour = at::where(random.narrow(1, 2, 3).lt(0.5), 0.3, -0.3).to(at::kFloat).unsqueeze(2).unsqueeze(3);
                const at::Tensor expected = at::where(squareMask(random.narrow(1, 0, 2), side, x), (clean + colour).clamp(0, 1), x);
                QVERIFY(recoloured(x, clean, random, side, 0.3).equal(expected));
                QVERIFY(x.equal(before));
            }
    }

    // Against whole tensors: squares apart, overlapping and equal, both turns and signs, a budget used up or not, layouts that are not rows.
    void movedSquaresAreThoseOfTheMask()
    {
        at::Tensor random = at::rand({6, 8});
        random[0].narrow(0, 0, 4).fill_(0);
        random[1].narrow(0, 0, 2).fill_(0);
        random[1].narrow(0, 2, 2).fill_(0.9999999F);
        random[2].narrow(0, 0, 4).fill_(0.5);
        random[2][3].fill_(0.7);
        const at::Tensor clean = at::rand({6, 3, 8, 9});
        const at::Tensor change = at::randn({6, 3, 8, 9});
        for (const double length : {0.3, 1.0})
            for (const bool isTransposed : {false, true})
                for (const int side : {3, 5, 7}) {
                    at::Tensor x = clean + change * (length / change.flatten(1).norm(2, 1)).view({6, 1, 1, 1});
                    if (isTransposed)
                        x = x.permute({0, 2, 3, 1}).contiguous().permute({0, 3, 1, 2});
                    const at::Tensor before = x.clone();
                    const at::Tensor next = moved(x, clean, random, side, 1.0);
                    QVERIFY(next.allclose(movedByTensors(x, clean, random, side, 1.0), 1e-5, 1e-6));
                    QVERIFY(!next.allclose(x, 1e-3, 1e-3));
                    QVERIFY(x.equal(before));
                }
    }

    void costsFollowFromTheParameters()
    {
        const auto model = reluNet(3);
        const auto images = randomImages(4, 3);
        const auto items = itemsFor(model, images);
        for (const Norm norm : {Norm::Linf, Norm::L2})
            for (const auto& outcome : run(model, requestFor("square", norm, {"queries=50", "eps=0.0001", "restarts=2"}), items)) {
                QVERIFY(!outcome.success);
                QCOMPARE(outcome.counts, (EvaluationCounts{2 * 51 + 1, 0}));
                QCOMPARE(outcome.steps, 2 * 51);
            }
    }

    // Where rounding hides the gradient, white-box attacks stand still and the random search does not.
    void findsWhatGradientsHide()
    {
        const auto smooth = reluNet(3);
        const auto model = makeClassifier("rounds its input", {1, 8, 8}, 5, [smooth](const at::Tensor& x) {
            return smooth->impl().logits((x * 20).round() / 20);
        });
        const auto images = randomImages(4, 16);
        const auto items = itemsFor(model, images);
        int bySquare = 0, byGradient = 0;
        for (const auto& outcome : run(model, requestFor("square", Norm::Linf, {"eps=0.15", "queries=1000"}), items))
            bySquare += outcome.success;
        for (const auto& outcome : run(model, requestFor("fgsm", Norm::Linf, {"eps=0.15"}), items))
            byGradient += outcome.success;
        QCOMPARE(byGradient, 0);
        QVERIFY2(bySquare >= 12, qPrintable(QStringLiteral("%1 of 16 fooled").arg(bySquare)));
    }

    void moreQueriesAreNeverWorse()
    {
        const auto model = reluNet(5);
        const auto images = randomImages(6, 32);
        const auto items = itemsFor(model, images);
        for (const auto& [norm, eps] : {std::pair(Norm::Linf, "eps=0.06"), std::pair(Norm::L2, "eps=0.5")}) {
            const auto few = run(model, requestFor("square", norm, {eps, "queries=30"}), items);
            const auto many = run(model, requestFor("square", norm, {eps, "queries=600"}), items);
            int byFew = 0, byMany = 0;
            for (std::size_t i = 0; i < items.size(); ++i) {
                QVERIFY(many[i].success || !few[i].success);
                byFew += few[i].success;
                byMany += many[i].success;
            }
            QVERIFY2(byMany > byFew, qPrintable(QStringLiteral("%1 by few, %2 by many").arg(byFew).arg(byMany)));
        }
    }
};

QTEST_APPLESS_MAIN(TestSquare)
#include "tst_square.moc"
