// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/checks.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"
#include "tests/core/model/tinymodels_torch.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace brink;
using namespace brink::test;

namespace {

/// Class scores are affine in y, which a step makes from the image x: their gradient in y is known.
torch::jit::Module steppedModule(const std::string& step)
{
    return moduleOf("def forward(self, x):\n  y = x * 7.0\n" + step + "  f = torch.flatten(z, 1)\n"
                    "  return torch.stack([f[:, 0] - 2.0 * f[:, 5], 3.0 * f[:, 1], f[:, 2] + f[:, 3]], 1)\n");
}

/// d(first logit)/dy by those scores.
at::Tensor expectedGradient(double slope)
{
    at::Tensor gradient = at::zeros({1, 784});
    gradient[0][0] = slope;
    gradient[0][5] = -2 * slope;
    return gradient.view({1, 1, 28, 28});
}

at::Tensor gradientOf(const std::shared_ptr<const Classifier>& model, const at::Tensor& x)
{
    Evaluator evaluator(model);
    const ForwardPass pass = evaluator.forward(x);
    return evaluator.gradient(pass, pass.logits.select(1, 0));
}

std::shared_ptr<const Classifier> load(const torch::jit::Module& module, Json overrides = Json::object())
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath("model.pt").toStdString();
    module.save(path);
    return loadClassifier(path, {.cardOverrides = std::move(overrides), .calibrateBatch = false});
}

const ModelCheck* checkNamed(const ModelReport& report, const std::string& code)
{
    const auto found = std::ranges::find(report.checks, code, &ModelCheck::code);
    return found == report.checks.end() ? nullptr : &*found;
}

} // namespace

/// Known answer: forward bits of the file, and the gradient of the same net without the step.
class TestBpda : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    void stepsKeepTheirValuesAndPassTheGradient_data()
    {
        QTest::addColumn<QByteArray>("step");
        QTest::addColumn<QByteArray>("found");
        // Types by their numbers: 3 int32, 6 float32, 13 quint8.
        const auto row = [](const char* name, const char* step, const char* found) { QTest::addRow("%s", name) << QByteArray(step) << QByteArray(found); };
        row("round", "  z = torch.round(y)\n", "round");
        row("floor", "  z = torch.floor(y)\n", "floor");
        row("ceiling", "  z = torch.ceil(y)\n", "ceil");
        row("truncation", "  z = torch.trunc(y)\n", "trunc");
        row("sign", "  z = torch.sign(y - 3.0)\n", "sign");
        row("in place", "  z = torch.round_(y)\n", "round");
        row("whole numbers and back", "  z = y.to(3).to(6)\n", "cast to whole numbers");
        row("int() and float()", "  z = y.int().float()\n", "cast to whole numbers");
        row("quantised", "  z = torch.dequantize(torch.quantize_per_tensor(y, 0.5, 0, 13))\n", "quantize");
        row("detached", "  z = y.detach()\n", "detach");
    }
    void stepsKeepTheirValuesAndPassTheGradient()
    {
        QFETCH(QByteArray, step);
        QFETCH(QByteArray, found);
        const torch::jit::Module module = steppedModule(step.toStdString());
        const auto plain = load(module);
        const auto bpda = load(module, {{"bpda", true}});
        const at::Tensor x = at::rand({1, 1, 28, 28});
        QVERIFY(Evaluator(plain).logits(x).equal(Evaluator(bpda).logits(x)));
        QVERIFY(gradientOf(plain, x).eq(0).all().item<bool>());
        QVERIFY(gradientOf(bpda, x).equal(expectedGradient(7)));
        QCOMPARE(bpda->impl().bpdaSteps.size(), std::size_t(1));
        QCOMPARE(QByteArray::fromStdString(bpda->impl().bpdaSteps.front()), found);
        QCOMPARE(checkNamed(checkModel(bpda), "bpda")->state, CheckState::Good);
        QVERIFY(!checkNamed(checkModel(plain), "bpda"));
    }

    /// Rounded on one branch, seen unrounded on another: the gradients of both arrive.
    void onlyTheStepIsPassed()
    {
        const auto model = load(steppedModule("  z = torch.round(y) + 2.0 * y\n"), {{"bpda", true}});
        QVERIFY(gradientOf(model, at::rand({1, 1, 28, 28})).equal(expectedGradient(21)));
    }

    void anotherThatReadsWhatIsOverwrittenIsLeftAlone()
    {
        const auto model = load(steppedModule("  w = y * 1.0\n  z = torch.round_(w) + w\n"), {{"bpda", true}});
        const at::Tensor x = at::rand({1, 1, 28, 28});
        QVERIFY(Evaluator(model).logits(x).equal(Evaluator(load(steppedModule("  w = y * 1.0\n  z = torch.round_(w) + w\n"))).logits(x)));
        QVERIFY(model->impl().bpdaSteps.empty());
    }

    void aModelWithoutSuchAStepSaysSo()
    {
        const auto model = load(smallConvolutional(), {{"bpda", true}});
        const ModelReport report = checkModel(model);
        QCOMPARE(checkNamed(report, "bpda")->state, CheckState::Caution);
        QVERIFY(!checkNamed(report, "bpda")->remedy.empty());
        const at::Tensor x = at::rand({3, 1, 28, 28});
        QVERIFY(Evaluator(model).logits(x).equal(Evaluator(load(smallConvolutional())).logits(x)));
    }
};

QTEST_APPLESS_MAIN(TestBpda)
#include "tst_bpda.moc"
