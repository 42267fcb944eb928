// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include "core/base/error.h"
#include "core/model/torchruntime.h"
#include "tests/core/model/tinymodels_torch.h"
#include "tests/support/compare.h"

#include <QTemporaryDir>
#include <QTest>

#include <QElapsedTimer>

#include <array>
#include <atomic>
#include <ctime>
#include <new>
#include <thread>

using namespace brink;
using namespace brink::test;

namespace {

class NotingMonitor : public PlainMonitor {
public:
    void note(std::string_view text) override { notes.emplace_back(text); }
    std::vector<std::string> notes;
};

} // namespace

class TestClassifier : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    void factsOfASmallModel()
    {
        const auto model = load(smallConvolutional());
        QCOMPARE(model->channels(), 1);
        QCOMPARE(model->height(), 28);
        QCOMPARE(model->width(), 28);
        QCOMPARE(model->dimension(), 784);
        QCOMPARE(model->classes(), 10);
        QCOMPARE(model->parameterCount(), 80 + 45 + 980 * 50 + 50 + 510);
        QCOMPARE(model->card().origin, std::string("probed"));
        QCOMPARE(model->sha256().size(), 64u);
        QVERIFY(!model->givesProbabilities());
        QVERIFY(!model->isSmooth());
        QVERIFY(model->bestBatch() >= 1 && model->bestBatch() <= 512);
    }

    void gradientIsTheOneOfTheOriginalModule()
    {
        torch::jit::Module module = smallConvolutional();
        module.eval();
        const auto model = load(module);
        const at::Tensor x = at::rand({5, 1, 28, 28});
        Evaluator evaluator(model);
        const ForwardPass pass = evaluator.forward(x);
        const at::Tensor gradient = evaluator.gradient(pass, pass.logits.select(1, 3) - pass.logits.select(1, 7));
        const at::Tensor leaf = x.clone().requires_grad_(true);
        const at::Tensor logits = module.forward({leaf}).toTensor();
        const at::Tensor expected = torch::autograd::grad({(logits.select(1, 3) - logits.select(1, 7)).sum()}, {leaf})[0];
        // Two orders of summation in float32.
        QVERIFY(pass.logits.allclose(logits, 1e-4, 1e-5));
        QVERIFY(gradient.allclose(expected, 1e-4, 1e-5));
        QCOMPARE(evaluator.counts(), (EvaluationCounts{5, 5}));
    }

    void rangeMeanAndChannelOrderAreDifferentiated()
    {
        torch::jit::Module module = linearModule();
        const at::Tensor weights = module.attr("w0").toTensor();
        const auto model = load(module, {{"input", {3, 8, 8}}, {"range", {0, 255}}, {"mean", {10, 20, 30}}, {"std", {2, 4, 5}}, {"channelOrder", "bgr"}});
        const at::Tensor x = at::rand({2, 3, 8, 8});
        Evaluator evaluator(model);
        const ForwardPass pass = evaluator.forward(x);
        const at::Tensor mean = at::tensor({10.F, 20.F, 30.F}).view({1, 3, 1, 1});
        const at::Tensor deviation = at::tensor({2.F, 4.F, 5.F}).view({1, 3, 1, 1});
        const at::Tensor input = (x.flip(1) * 255 - mean) / deviation;
        // Values near 100 in float32.
        QVERIFY(pass.logits.allclose(at::matmul(input.flatten(1), weights.t()), 1e-4, 1e-3));
        const at::Tensor expected = (weights[1].view({1, 3, 8, 8}) * 255 / deviation).flip(1).expand_as(x);
        QVERIFY(evaluator.gradient(pass, pass.logits.select(1, 1)).allclose(expected, 1e-5, 1e-5));
    }

    void probabilitiesBecomeLogProbabilities()
    {
        const auto model = load(moduleOf("def forward(self, x):\n  return torch.softmax(torch.flatten(x, 1)[:, :6] * 5.0, 1)\n"));
        QVERIFY(model->givesProbabilities());
        const at::Tensor x = at::rand({3, 1, 28, 28});
        const at::Tensor expected = at::log_softmax(x.flatten(1).slice(1, 0, 6) * 5.0, 1);
        QVERIFY(Evaluator(model).logits(x).allclose(expected, 1e-5, 1e-5));
    }

    void smoothnessFollowsTheActivation_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<bool>("isSmooth");
        QTest::addRow("softplus") << "torch.softplus(y)" << true;
        QTest::addRow("tanh and sigmoid") << "torch.tanh(y) * torch.sigmoid(y)" << true;
        QTest::addRow("gelu") << "torch.gelu(y)" << true;
        QTest::addRow("nothing") << "y" << true;
        QTest::addRow("relu") << "torch.relu(y)" << false;
        QTest::addRow("clamp") << "torch.clamp(y, -1.0, 1.0)" << false;
        QTest::addRow("absolute value") << "torch.abs(y)" << false;
        QTest::addRow("elu has a jump in its second derivative") << "torch.elu(y)" << false;
        QTest::addRow("maximum") << "torch.maximum(y, y * 0.1)" << false;
    }
    void smoothnessFollowsTheActivation()
    {
        QFETCH(QString, expression);
        QFETCH(bool, isSmooth);
        const auto model = load(moduleOf(("def forward(self, x):\n  y = torch.flatten(x, 1)[:, :6]\n  return " + expression + "\n").toStdString()),
            {{"input", {1, 28, 28}}});
        QCOMPARE(model->isSmooth(), isSmooth);
    }

    void secondDerivativesAreExact()
    {
        // z = tanh(W x): d2 z / dx2 along u is -2 tanh (1 - tanh^2) (W u)^2.
        const auto model = load(moduleOf("def forward(self, x):\n  return torch.tanh(torch.linear(torch.flatten(x, 1), self.w0))\n",
                                    {fixedNormal({4, 784}, 3, 0.03)}),
            {{"input", {1, 28, 28}}});
        const at::Tensor weights = fixedNormal({4, 784}, 3, 0.03);
        const at::Tensor x = at::rand({1, 1, 28, 28}).requires_grad_(true);
        const at::Tensor u = at::randn({1, 1, 28, 28});
        Evaluator evaluator(model);
        const at::Tensor z = evaluator.logitsOnGraph(x).select(1, 2).sum();
        const at::Tensor gradient = torch::autograd::grad({z}, {x}, {}, true, true)[0];
        const at::Tensor product = torch::autograd::grad({(gradient * u).sum()}, {x})[0];
        const double t = z.item<double>();
        const double slope = at::dot(weights[2], u.flatten()).item<double>();
        compareClose((product * u).sum().item<double>(), -2 * t * (1 - t * t) * slope * slope, 1e-3, 1e-5); // float32
    }

    void manyThreadsGiveTheBitsOfOne()
    {
        const auto model = load(smallConvolutional());
        const at::Tensor x = at::rand({6, 1, 28, 28});
        const auto gradientOf = [&] {
            Evaluator evaluator(model);
            const ForwardPass pass = evaluator.forward(x);
            return evaluator.gradient(pass, pass.logits.select(1, 1));
        };
        const at::Tensor expected = gradientOf();
        std::array<int, 4> equal{};
        {
            std::vector<std::jthread> threads;
            for (int& count : equal)
                threads.emplace_back([&] {
                    for (int i = 0; i < 50; ++i)
                        count += gradientOf().equal(expected);
                });
        }
        QCOMPARE(equal, (std::array{50, 50, 50, 50}));
    }

    void statefulModelsRunOneCallAtATime()
    {
        torch::jit::Module module("Counter");
        module.register_attribute("calls", c10::IntType::get(), 0);
        module.define("def forward(self, x):\n  self.calls += 1\n  return torch.flatten(x, 1)[:, :5]\n");
        const auto model = load(module);
        const at::Tensor x = at::rand({2, 1, 28, 28});
        std::atomic<int> good = 0;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    for (int call = 0; call < 50; ++call)
                        good += Evaluator(model).logits(x).equal(x.flatten(1).slice(1, 0, 5));
                });
        }
        QCOMPARE(good.load(), 200);
    }

    void trainingModeIsSwitchedOff()
    {
        torch::jit::Module module("Dropping");
        module.register_attribute("training", c10::BoolType::get(), true);
        module.define("def forward(self, x):\n  return torch.dropout(torch.flatten(x, 1)[:, :5], 0.5, self.training)\n");
        const auto model = load(module);
        QVERIFY(model->impl().wasTraining);
        const at::Tensor x = at::rand({2, 1, 28, 28});
        QVERIFY(Evaluator(model).logits(x).equal(x.flatten(1).slice(1, 0, 5)));
    }

    void longBatchesAreSplit()
    {
        const auto model = load(smallConvolutional());
        const at::Tensor x = at::rand({70, 1, 28, 28}); // longer than the uncalibrated batch of 64
        Evaluator evaluator(model);
        const at::Tensor logits = evaluator.logits(x);
        QCOMPARE(logits.size(0), 70);
        QCOMPARE(evaluator.counts().forwards, 70);
        QVERIFY(evaluator.logits(x.slice(0, 65, 66)).equal(logits.slice(0, 65, 66)));
    }

    void batchIsHalvedWhenMemoryRunsOut()
    {
        NotingMonitor monitor;
        std::vector<int> tried;
        withBatchHalving(64, monitor, [&](int batch) {
            tried.push_back(batch);
            if (batch == 64)
                throw std::bad_alloc();
            if (batch > 16)
                TORCH_CHECK(false, "DefaultCPUAllocator: not enough memory: you tried to allocate 1 bytes.");
        });
        QCOMPARE(tried, (std::vector{64, 32, 16}));
        QCOMPARE(monitor.notes.size(), 2u);
        QVERIFY(monitor.notes.back().find("16") != std::string::npos);
    }

    void outOfMemoryForOneImageIsAnError()
    {
        PlainMonitor monitor;
        try {
            withBatchHalving(2, monitor, [](int) { throw std::bad_alloc(); });
            QFAIL("no error");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Resource);
        }
    }

    void otherErrorsAreNotRetried()
    {
        PlainMonitor monitor;
        int calls = 0;
        try {
            withBatchHalving(8, monitor, [&](int) {
                ++calls;
                throw Error(ErrorCode::Domain, "no");
            });
            QFAIL("no error");
        } catch (const Error&) {
        }
        QCOMPARE(calls, 1);
    }

    void imagesSurviveTheWayThroughATensor()
    {
        Image image{3, 2, 2, {0, .1F, .2F, .3F, .4F, .5F, .6F, .7F, .8F, .9F, 1, .05F}, "a.png", {}};
        const at::Tensor batch = tensorFromImages(std::array{image, image});
        QCOMPARE(batch.sizes().vec(), (std::vector<std::int64_t>{2, 3, 2, 2}));
        QCOMPARE(imageFromTensor(batch[1]).pixels, image.pixels);
        Image other{1, 1, 1, {0}, {}, {}};
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(tensorFromImages(std::array{image, other})), Error);
    }

    void oneInnerThreadUsesOneCore()
    {
        const at::Tensor a = at::rand({600, 600});
        const auto cpuNow = [] { return double(std::clock()) / CLOCKS_PER_SEC; };
        const double cpu = cpuNow();
        QElapsedTimer wall;
        wall.start();
        for (int i = 0; i < 20; ++i)
            static_cast<void>(at::mm(a, a));
        // A second busy thread would double the processor time.
        QVERIFY(cpuNow() - cpu < 1.3 * double(wall.nsecsElapsed()) * 1e-9 + 0.02);
    }

private:
    [[nodiscard]] std::shared_ptr<const Classifier> load(const torch::jit::Module& module, Json overrides = Json::object()) const
    {
        const auto file = m_folder.filePath("model.pt").toStdString();
        module.save(file);
        return loadClassifier(file, {.cardOverrides = std::move(overrides), .calibrateBatch = false});
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestClassifier)
#include "tst_classifier.moc"
