// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/attackfixtures_torch.h"

#include "core/attack/common_torch.h"
#include "core/attack/constantsearch_torch.h"
#include "core/attack/dlr_torch.h"

#include <QTest>

#include <functional>

using namespace brink;
using namespace brink::test;

namespace {

using Loss = std::function<at::Tensor(const at::Tensor& own, const at::Tensor& others)>;

/// Four images of five classes; the first two untargeted.
struct Batch {
    at::Tensor logits = at::tensor({3.0F, 1.0F, 2.5F, -4.0F, 0.0F, 0.1F, 0.2F, 0.3F, 0.4F, 0.5F, //
                            190.0F, -20.0F, 7.0F, 0.0F, 1.0F, -1.0F, -2.0F, -3.0F, -4.0F, -5.0F})
                            .view({4, 5});
    at::Tensor classes = at::tensor({0L, 3L, 2L, 4L});
    at::Tensor sign = at::tensor({1.0F, 1.0F, -1.0F, -1.0F});
    Anchors anchors{classes, sign, 5};
};

/// Value and derivative by automatic differentiation of the definition.
LogitLoss reference(const Batch& batch, const Loss& loss)
{
    const at::AutoGradMode grad(true);
    const at::Tensor logits = batch.logits.clone().requires_grad_(true);
    const at::Tensor index = batch.classes.unsqueeze(1);
    const at::Tensor own = logits.gather(1, index).squeeze(1);
    const at::Tensor others = logits.scatter(1, index, -std::numeric_limits<double>::infinity());
    const at::Tensor value = batch.sign * loss(own, others);
    return {value.detach(), torch::autograd::grad({value.sum()}, {logits})[0]};
}

void compare(const LogitLoss& actual, const LogitLoss& expected)
{
    // A few sums in float32.
    QVERIFY(actual.value.allclose(expected.value, 1e-6, 1e-6));
    QVERIFY(actual.weights.allclose(expected.weights, 1e-6, 1e-7));
}

} // namespace

/// What the loops of the attacks are made of, against the definitions.
class TestLosses : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesAndDerivatives()
    {
        const Batch batch;
        compare(batch.anchors.margin(batch.logits), reference(batch, [](const auto& own, const auto& others) { return own - others.amax(1); }));
        compare(batch.anchors.logOdds(batch.logits), reference(batch, [](const auto& own, const auto& others) { return own - others.logsumexp(1); }));
        compare(batch.anchors.anchorLogit(batch.logits), reference(batch, [](const auto& own, const auto&) { return own; }));
    }

    void ratioOfDifferences_data()
    {
        QTest::addColumn<int>("classes");
        for (const int classes : {2, 3, 4, 5})
            QTest::addRow("%d classes", classes) << classes;
    }

    // Value and derivative by automatic differentiation of the definition, for untargeted and targeted rows.
    void ratioOfDifferences()
    {
        QFETCH(const int, classes);
        const at::AutoGradMode grad(true);
        const at::Tensor logits = Batch().logits.narrow(1, 0, classes).clone().requires_grad_(true);
        const at::Tensor own = at::tensor({0L, 1L, 1L, 0L}), sign = at::tensor({1.0F, 1.0F, -1.0F, -1.0F});
        const at::Tensor wanted = at::tensor({1L, 0L, 0L, 1L}); // not looked at in the targeted rows
        const Anchors anchors(own, sign, classes);
        const auto sorted = std::get<0>(logits.sort(1, true));
        const auto at = [&](int place) { return sorted.select(1, place); };
        const at::Tensor plain = classes < 3 ? at::ones({4}) : at(0) - at(2) + 1e-12;
        const at::Tensor fourth = classes < 4 ? at::ones({4}) : at(0) - (at(2) + at(3)) / 2 + 1e-12;
        const at::Tensor others = logits.scatter(1, own.unsqueeze(1), -std::numeric_limits<double>::infinity()).amax(1);
        const at::Tensor lead = sign * (logits.gather(1, own.unsqueeze(1)).squeeze(1) - others);
        const at::Tensor isTargeted = sign.lt(0);
        const at::Tensor expected = lead / at::where(isTargeted, fourth, plain);
        const at::Tensor gradient = torch::autograd::grad({expected.sum()}, {logits}, {}, true)[0];
        compare(dlr(anchors, logits.detach()), {expected.detach(), gradient});

        const at::Tensor difference = (logits.gather(1, own.unsqueeze(1)) - logits.gather(1, wanted.unsqueeze(1))).squeeze(1);
        const at::Tensor towards = at::where(isTargeted, lead, difference) / fourth;
        const at::Tensor slope = torch::autograd::grad({towards.sum()}, {logits}, {}, true)[0];
        compare(dlrTowards(anchors, logits.detach(), wanted), {towards.detach(), slope});
    }

    void selectionKeepsTheRows()
    {
        const Batch batch;
        const at::Tensor rows = at::tensor({3L, 0L});
        const LogitLoss all = batch.anchors.margin(batch.logits);
        const LogitLoss some = batch.anchors.select(rows).margin(batch.logits.index_select(0, rows));
        QVERIFY(some.value.equal(all.value.index_select(0, rows)));
        QVERIFY(some.weights.equal(all.weights.index_select(0, rows)));
    }

    // The cross-entropy of the third image, 183 logits ahead, has no gradient left in float32; its log odds have.
    void confidentImagesKeepAGradient()
    {
        const Batch batch;
        const LogitLoss odds = Anchors(at::tensor({0L, 0L, 0L, 0L}), at::ones({4}), 5).logOdds(batch.logits);
        QVERIFY(at::one_hot(at::tensor({0L}), 5).to(at::kFloat).sub(batch.logits[2].softmax(0)).abs().max().item<float>() == 0.0F);
        QCOMPARE(odds.weights[2][0].item<float>(), 1.0F);
        QVERIFY(odds.weights[2][2].item<float>() < -0.99F);
    }

    void hingeStopsAtTheLead()
    {
        const ConstantSearch search(3, {0.5, 1, 1, false}, at::TensorOptions());
        const LogitLoss margin{at::tensor({2.0F, -0.5F, -3.0F}), at::ones({3, 2})};
        const LogitLoss hinge = search.hinge(margin, at::full({3}, 1.0));
        QVERIFY(hinge.value.equal(at::tensor({1.5F, 0.25F, 0.0F})));
        QVERIFY(hinge.weights.equal(at::tensor({0.5F, 0.5F, 0.5F, 0.5F, 0.0F, 0.0F}).view({3, 2})));
    }

    // A row with a gradient too small to square, one with none, and an ordinary one: none changes with its mates.
    void stepsAlongTinyGradients()
    {
        const at::Tensor from = at::full({3, 1, 1, 2}, 0.5);
        const at::Tensor gradient = at::tensor({3e-30F, 4e-30F, 0.0F, 0.0F, 30.0F, -40.0F}).view({3, 1, 1, 2});
        const at::Tensor fallback = at::tensor({0.0F, 7.0F}).view({1, 1, 1, 2}).repeat({3, 1, 1, 1});
        const at::Tensor length = at::tensor({1.0F, 2.0F, 10.0F});
        const at::Tensor expected = at::tensor({-0.1F, -0.3F, 0.5F, -1.5F, -5.5F, 8.5F}).view({3, 1, 1, 2});
        const at::Tensor stepped = stepDown(from, gradient, length, fallback);
        QVERIFY(stepped.allclose(expected, 1e-6, 1e-6));
        for (std::int64_t row = 0; row < 3; ++row)
            QVERIFY(stepDown(from.narrow(0, row, 1), gradient.narrow(0, row, 1), length.narrow(0, row, 1), fallback.narrow(0, row, 1))
                        .equal(stepped.narrow(0, row, 1)));
    }

    void pullbackIsTheGradientOfTheWeightedSum()
    {
        const auto model = reluNet(3);
        const auto images = randomImages(4, 6);
        Evaluator evaluator(model);
        const ForwardPass pass = evaluator.forward(tensorFromImages(images));
        const at::Tensor weights = at::linspace(-1, 1, 30).view({6, 5});
        const at::Tensor expected = evaluator.gradient(pass, (pass.logits * weights).sum(1), true);
        QVERIFY(evaluator.pullback(pass, weights).allclose(expected, 1e-5, 1e-6));
        QCOMPARE(evaluator.counts(), (EvaluationCounts{6, 12}));
    }
};

QTEST_APPLESS_MAIN(TestLosses)
#include "tst_losses.moc"
