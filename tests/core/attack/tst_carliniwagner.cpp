// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/attack/boxedaffine_torch.h"

#include "core/attack/constantsearch_torch.h"
#include "core/attack/tanhstep.h"

#include "tests/support/compare.h"

#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

/// Rounds of two steps; which c was tried in each, when exactly the constants from `threshold` on hold an adversarial. The
/// first step crosses whatever c is, as a long one does, and must not count.
std::vector<double> constantsTried(double threshold, int rounds)
{
    ConstantSearch search(1, {1e-3, rounds, 2, false}, at::TensorOptions());
    std::vector<double> tried;
    for (;;) {
        const double constant = search.constants().item<double>();
        tried.push_back(constant);
        const at::Tensor found = at::full({1}, constant >= threshold, at::kBool);
        ConstantSearch::Ended ended = search.advance(at::ones({1}), at::ones({1}, at::kBool));
        ended = search.advance(at::ones({1}), found);
        if (!ended.finished.empty())
            return tried;
        if (ended.restarted.empty())
            return {};
    }
}

/// Three steps on a loss whose gradient is `gradient`, by tanhStep; returns w.
at::Tensor stepped(const at::Tensor& start, const at::Tensor& clean, const at::Tensor& gradient)
{
    at::Tensor w = start.clone(), mean = at::zeros_like(w), square = at::zeros_like(w);
    for (int step = 1; step <= 3; ++step) {
        const at::Tensor t = w.tanh();
        const at::Tensor delta = 0.5 + 0.55 * t - clean;
        const double root = std::sqrt(1 - std::pow(0.999, step));
        tanhStep({w.numel(), w.data_ptr<float>(), mean.data_ptr<float>(), square.data_ptr<float>(), t.data_ptr<float>(),
                     delta.data_ptr<float>(), gradient.data_ptr<float>()},
            {0.55F, 1.4F, 0.1F, 0.999F, float(0.05 * root / (1 - std::pow(0.9, step))), float(1e-8 * root)});
    }
    return w;
}

} // namespace

class TestCarliniWagner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void constantGrowsTenfoldThenIsBracketed()
    {
        const std::vector<double> tried = constantsTried(0.3, 8);
        const std::vector<double> expected{0.001, 0.01, 0.1, 1, 0.55, 0.325, 0.2125, 0.26875};
        QCOMPARE(tried.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            compareClose(tried[i], expected[i], 1e-6, 0); // kept as float32 for the device
    }

    // Kingma and Ba 2015, algorithm 1, as it is printed, in double, with the chain rule by autograd.
    void fusedStepIsAdam()
    {
        const at::Tensor start = at::linspace(-1.4, 1.4, 1003), clean = at::linspace(0.0, 1.0, 1003).flip(0).contiguous();
        const at::Tensor gradient = at::linspace(-2.0, 3.0, 1003).sin();
        at::Tensor w = start.to(at::kDouble), mean = at::zeros_like(w), square = at::zeros_like(w);
        for (int step = 1; step <= 3; ++step) {
            const at::Tensor variable = w.detach().clone().requires_grad_(true);
            const at::Tensor x = 0.5 + 0.55 * variable.tanh();
            ((x * gradient).sum() + (x - clean).square().sum()).backward();
            mean = 0.9 * mean + 0.1 * variable.grad();
            square = 0.999 * square + 0.001 * variable.grad().square();
            const at::Tensor unbiased = (square / (1 - std::pow(0.999, step))).sqrt();
            w = (w - 0.05 * (mean / (1 - std::pow(0.9, step))) / (unbiased + 1e-8)).clamp(-1.4, 1.4);
        }
        const double error = (stepped(start, clean, gradient) - w).abs().max().item<double>();
        QVERIFY2(error < 2e-6, qPrintable(QString::number(error)));
    }

    // The values that do not fill a vector get the bits that they would have inside one.
    void fusedStepDoesNotDependOnThePosition()
    {
        const at::Tensor start = at::linspace(-1.3, 1.3, 64), clean = at::linspace(0.1, 0.9, 64), gradient = at::linspace(-1.0, 1.0, 64).exp();
        const at::Tensor all = stepped(start, clean, gradient);
        for (std::int64_t from = 0; from < 9; ++from) {
            for (std::int64_t count = 1; count < 18; ++count) {
                const auto part = [&](const at::Tensor& values) { return values.narrow(0, from, count).clone(); };
                QVERIFY(stepped(part(start), part(clean), part(gradient)).equal(part(all)));
            }
        }
    }

    // Each image has its own clock: the one whose loss stalls starts its next round while the other goes on.
    void abortsEarlyPerImage()
    {
        ConstantSearch search(2, {1e-3, 3, 20, true}, at::TensorOptions());
        const at::Tensor none = at::zeros({2}, at::kBool);
        std::vector<std::int64_t> restarted;
        for (int step = 0; step < 4; ++step) {
            const at::Tensor loss = at::tensor({float(10 - step), 5.0F});
            const ConstantSearch::Ended ended = search.advance(loss, none);
            restarted.insert(restarted.end(), ended.restarted.begin(), ended.restarted.end());
            QVERIFY(ended.finished.empty());
        }
        QCOMPARE(restarted, std::vector<std::int64_t>{1});
        compareClose(search.constants()[0].item<double>(), 1e-3, 1e-6, 0);
        compareClose(search.constants()[1].item<double>(), 1e-2, 1e-6, 0);
        QCOMPARE(search.steps()[0].item<std::int64_t>(), 4);
        QCOMPARE(search.steps()[1].item<std::int64_t>(), 0);
    }

    // The background of a digit: a third of the pixels black, a third white, and the box decides the distance.
    void saturatedPixelsChange()
    {
        const BoxedAffine affine(1);
        const AttackItem item = affine.item();
        const auto outcome = run(affine.model, requestFor("cw", Norm::L2, {"steps=400"}), std::span(&item, 1)).front();
        QVERIFY2(outcome.success, outcome.failure.c_str());
        QVERIFY(outcome.distance->l2 >= affine.distance(Norm::L2) * (1 - 1e-5));
        // An optimiser with a finite step, stopped: the tolerance the project asks of C&W.
        compareClose(outcome.distance->l2, affine.distance(Norm::L2), 0.02, 0);
    }

    // More images than a device batch holds: those that end make room for waiting ones, and nobody's numbers change.
    void waitingImagesTakeThePlacesOfEndedOnes()
    {
        const auto net = reluNet(5);
        const std::vector<Image> images = randomImages(8, net->bestBatch() + 20);
        const at::Tensor predicted = Evaluator(net).logits(tensorFromImages(images)).argmax(1);
        std::vector<AttackItem> items;
        for (std::size_t i = 0; i < images.size(); ++i)
            items.push_back({&images[i], {predicted[std::int64_t(i)].item<std::int64_t>(), {}, 0}, i});
        const auto request = requestFor("cw", Norm::L2, {"steps=40", "searches=3", "constant=1"});
        const auto together = run(net, request, items);
        QCOMPARE(together.size(), items.size());
        for (const std::size_t i : {std::size_t(0), images.size() - 21, images.size() - 20, images.size() - 1}) {
            const auto alone = run(net, request, std::span(&items[i], 1)).front();
            QVERIFY2(alone.success, alone.failure.c_str());
            QCOMPARE(together[i].adversarial->pixels, alone.adversarial->pixels);
            QCOMPARE(together[i].counts.backwards, alone.counts.backwards);
            QCOMPARE(together[i].trace.size(), alone.trace.size());
        }
    }

    void confidenceIsALogitLead()
    {
        const BoxedAffine affine(1);
        const AttackItem plain = affine.item(), sure = affine.item(0.5);
        const auto request = requestFor("cw", Norm::L2, {"steps=200"});
        const auto near = run(affine.model, request, std::span(&plain, 1)).front();
        const auto far = run(affine.model, request, std::span(&sure, 1)).front();
        QVERIFY(near.success && far.success);
        Evaluator evaluator(affine.model);
        const at::Tensor logits = evaluator.logits(tensorFromImages(std::span(&*far.adversarial, 1)));
        QVERIFY(logits[0][1].item<double>() - logits[0][0].item<double>() >= 0.5 - 1e-5);
        QVERIFY(far.distance->l2 > near.distance->l2);
        const auto byParameter = run(affine.model, requestFor("cw", Norm::L2, {"steps=200", "confidence=0.5"}), std::span(&plain, 1)).front();
        QCOMPARE(byParameter.adversarial->pixels, far.adversarial->pixels);
    }
};

QTEST_APPLESS_MAIN(TestCarliniWagner)
#include "tst_carliniwagner.moc"
