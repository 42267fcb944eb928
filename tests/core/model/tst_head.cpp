// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/head.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"
#include "core/stats/rank.h"
#include "tests/core/model/tinymodels_torch.h"
#include "tests/support/compare.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace brink;
using namespace brink::test;

namespace {

constexpr int classes = 5;
constexpr int width = 6; ///< features, or channels before the last convolution

std::shared_ptr<const Classifier> loaded(const torch::jit::Module& module, std::array<int, 3> input)
{
    const QTemporaryDir folder;
    const auto file = folder.filePath("model.pt").toStdString();
    module.save(file);
    return loadClassifier(file, {.cardOverrides = {{"input", input}}, .calibrateBatch = false});
}

/// 1x8x8 -> 5 logits: a convolution and relu to 6 channels x, then `end` with w2 and w3.
std::shared_ptr<const Classifier> endingWith(const std::string& end, const at::Tensor& weights)
{
    const std::string code = "def forward(self, x):\n  x = torch.relu(torch.conv2d(x, self.w0, self.w1, [1, 1], [1, 1]))\n" + end;
    return loaded(moduleOf(code, {fixedNormal({width, 1, 3, 3}, 1, 0.4), fixedNormal({width}, 2, 0.2), weights, fixedNormal({classes}, 4, 1.0)}),
        {1, 8, 8});
}

at::Tensor someImages(int count) { return at::rand({count, 1, 8, 8}, at::make_generator<at::CPUGeneratorImpl>(std::uint64_t(3))); }

/// weights * features + bias in double precision.
at::Tensor headOutput(const ClassifierHead& head, const at::Tensor& x)
{
    const at::Tensor features = Evaluator(head.encoder).logits(x).to(at::kDouble);
    return features.matmul(at::tensor(head.weights, at::kDouble).view({head.classes, head.features}).t()) + at::tensor(head.bias, at::kDouble);
}

/// A head of its own weights and features = pixels.
std::shared_ptr<const Classifier> linearModel(const at::Tensor& weights)
{
    return loaded(moduleOf("def forward(self, x):\n  return torch.linear(torch.flatten(x, 1), self.w0)\n", {weights}),
        {1, 1, int(weights.size(1))});
}

/// Ten rows, all pairs of them at L1 distance 2 and L2 distance sqrt(2): the simplex of methods 5.6 M1.
at::Tensor simplexRows() { return at::eye(10) - 0.1; }

} // namespace

class TestHead : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    void lastLayersAreFound_data()
    {
        QTest::addColumn<QString>("end");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<QString>("layer");
        QTest::addColumn<bool>("isUpToConstant");
        const QString pooled = "  x = torch.flatten(torch.adaptive_avg_pool2d(x, [1, 1]), 1)\n";
        const QString linear = "linear layer", point = "1x1 convolution";
        QTest::addRow("linear") << pooled + "  return torch.linear(x, self.w2, self.w3)\n" << "rows" << linear << false;
        QTest::addRow("linear without bias") << pooled + "  return torch.linear(x, self.w2)\n" << "rows" << linear << false;
        QTest::addRow("addmm") << pooled + "  return torch.addmm(self.w3, x, self.w2)\n" << "columns" << linear << false;
        QTest::addRow("product and sum") << pooled + "  return torch.matmul(x, self.w2) + self.w3\n" << "columns" << linear << false;
        QTest::addRow("sum and product, turned") << pooled + "  return self.w3 + torch.matmul(x, self.w2)\n" << "columns" << linear << false;
        QTest::addRow("dropout and reshaping behind")
            << pooled + "  x = torch.dropout(torch.linear(x, self.w2, self.w3), 0.5, False)\n  return torch.reshape(x, [-1, 5])\n" << "rows"
            << linear << false;
        QTest::addRow("temperature and offset behind")
            << pooled + "  return (torch.linear(x, self.w2, self.w3) / 2.5 - self.w3) * 0.5\n" << "rows" << linear << false;
        QTest::addRow("scale of each class behind")
            << pooled + "  return torch.linear(x, self.w2) * self.w3\n" << "rows" << linear << false;
        QTest::addRow("a background class left out behind")
            << pooled + "  x = torch.linear(x, self.w2, self.w3)\n  return x[:, 1:] * 2.0\n"
            << "rows" << linear << false;
        QTest::addRow("classes in another order behind")
            << pooled + "  x = torch.linear(x, self.w2, self.w3)\n  return torch.index_select(x, 1, torch.tensor([3, 0, 4, 1]))\n" << "rows"
            << linear << false;
        QTest::addRow("log-softmax behind")
            << pooled + "  return torch.log_softmax(torch.linear(x, self.w2, self.w3), 1)\n" << "rows" << linear << true;
        QTest::addRow("softmax behind")
            << pooled + "  return torch.softmax(torch.linear(x, self.w2, self.w3), 1)\n" << "rows" << linear << true;
        QTest::addRow("1x1 convolution of pooled features")
            << "  x = torch.conv2d(torch.adaptive_avg_pool2d(x, [1, 1]), self.w2, self.w3)\n  return torch.squeeze(torch.squeeze(x, 3), 2)\n"
            << "points" << point << false;
        QTest::addRow("1x1 convolution before pooling")
            << "  return torch.mean(torch.conv2d(x, self.w2, self.w3), [2, 3])\n" << "points" << point << false;
        QTest::addRow("convolution of the whole picture")
            << "  return torch.flatten(torch.conv2d(x, self.w2, self.w3), 1)\n" << "pictures" << "8x8 convolution" << false;
        QTest::addRow("linear at each place before pooling")
            << "  x = torch.linear(torch.transpose(torch.flatten(x, 2), 1, 2), self.w2, self.w3)\n  return torch.mean(x, 1)\n" << "rows"
            << linear << false;
    }
    void lastLayersAreFound()
    {
        QFETCH(QString, end);
        QFETCH(QString, shape);
        QFETCH(QString, layer);
        QFETCH(bool, isUpToConstant);
        at::Tensor weights = fixedNormal({classes, width}, 3, 0.8);
        if (shape == "columns")
            weights = weights.t().contiguous();
        if (shape == "points")
            weights = weights.view({classes, width, 1, 1});
        if (shape == "pictures")
            weights = fixedNormal({classes, width, 8, 8}, 3, 0.1);
        const auto model = endingWith(end.toStdString(), weights);
        const HeadSearch search = classifierHead(*model);
        QVERIFY2(search.head, search.refusal.c_str());
        QVERIFY(search.refusal.empty());
        const ClassifierHead& head = *search.head;
        QCOMPARE(QString::fromStdString(head.layer), layer);
        QCOMPARE(head.classes, model->classes());
        QCOMPARE(head.features, shape == "pictures" ? width * 64 : width);
        QCOMPARE(head.isUpToConstant, isUpToConstant);
        at::Tensor found = headOutput(head, someImages(7));
        at::Tensor logits = Evaluator(model).logits(someImages(7)).to(at::kDouble);
        if (isUpToConstant) {
            found = found - found.mean(1, true);
            logits = logits - logits.mean(1, true);
        }
        // Single precision over at most 384 summands.
        QVERIFY(at::allclose(found, logits, 1e-5, 1e-5));
    }

    void otherModelsAreRefusedWithTheReason_data()
    {
        QTest::addColumn<QString>("end");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<QString>("reason");
        const QString pooled = "  x = torch.flatten(torch.adaptive_avg_pool2d(x, [1, 1]), 1)\n";
        QTest::addRow("rectified logits") << pooled + "  return torch.relu(torch.linear(x, self.w2, self.w3))\n" << "rows" << "\"relu\"";
        QTest::addRow("weights made of the image")
            << pooled + "  return torch.matmul(x, self.w2 * torch.sum(x))\n" << "columns" << "\"matmul\"";
        QTest::addRow("a convolution that sees places twice")
            << "  return torch.mean(torch.conv2d(x, self.w2, self.w3, [1, 1], [1, 1]), [2, 3])\n" << "kernels" << "more than one place";
        QTest::addRow("running sums of logits") << pooled + "  return torch.cumsum(torch.linear(x, self.w2, self.w3), 1)\n" << "rows"
                                                << "\"cumsum\"";
        QTest::addRow("a constant less the logits")
            << pooled + "  return self.w3 - torch.linear(x, self.w2)\n" << "rows" << "\"sub\"";
        QTest::addRow("softmax of each place before pooling")
            << "  return torch.mean(torch.softmax(torch.conv2d(x, self.w2, self.w3), 1), [2, 3])\n" << "points"
            << "does not give the logits";
    }
    void otherModelsAreRefusedWithTheReason()
    {
        QFETCH(QString, end);
        QFETCH(QString, shape);
        QFETCH(QString, reason);
        at::Tensor weights = fixedNormal({classes, width}, 3, 0.8);
        if (shape == "columns")
            weights = weights.t().contiguous();
        if (shape == "points")
            weights = weights.view({classes, width, 1, 1});
        if (shape == "kernels")
            weights = fixedNormal({classes, width, 3, 3}, 3, 0.2);
        const HeadSearch search = classifierHead(*endingWith(end.toStdString(), weights));
        QVERIFY(!search.head);
        QVERIFY2(QString::fromStdString(search.refusal).contains(reason), search.refusal.c_str());
        QVERIFY(search.refusal.ends_with('.'));
    }

    void modelsWithoutAGraphAreRefused()
    {
        const auto model = makeClassifier("function", {1, 8, 8}, 2, [](const at::Tensor& x) { return x.flatten(1).narrow(1, 0, 2); });
        const HeadSearch search = classifierHead(*model);
        QVERIFY(!search.head);
        QVERIFY(search.refusal.find("no TorchScript graph") != std::string::npos);
    }

    void featuresDoNotFeelTheirBatch()
    {
        const auto model = loaded(smallConvolutional(), {1, 28, 28});
        const HeadSearch search = classifierHead(*model);
        QVERIFY2(search.head, search.refusal.c_str());
        QCOMPARE(search.head->features, 50);
        std::vector<Image> images;
        Rng rng(5);
        for (int i = 0; i < 70; ++i) {
            Image image{1, 28, 28, std::vector<float>(784), "noise", {}};
            rng.fillUniform(image.pixels, 0.0F, 1.0F);
            images.push_back(std::move(image));
        }
        PlainMonitor monitor;
        const std::vector<float> all = penultimateFeatures(*search.head, images, monitor);
        QCOMPARE(all.size(), std::size_t(70 * 50));
        QCOMPARE(monitor.done(), std::int64_t(70));
        for (const std::size_t i : {0, 13, 69}) {
            const std::vector<float> alone = penultimateFeatures(*search.head, std::span(images).subspan(i, 1), monitor);
            QVERIFY(std::equal(alone.begin(), alone.end(), all.begin() + std::ptrdiff_t(i * 50)));
        }
        monitor.requestStop();
        QVERIFY(penultimateFeatures(*search.head, images, monitor).empty());
    }

    void preprocessingOfTheCardComesFirst()
    {
        const QTemporaryDir folder;
        const auto file = folder.filePath("model.pt").toStdString();
        moduleOf("def forward(self, x):\n  return torch.linear(torch.flatten(x, 1), self.w0)\n", {fixedNormal({3, 192}, 9, 0.1)}).save(file);
        const auto model = loadClassifier(file,
            {.cardOverrides = {{"input", {3, 8, 8}}, {"mean", {0.1, 0.5, 0.9}}, {"std", {0.5, 0.25, 0.125}}, {"channelOrder", "bgr"}},
                .calibrateBatch = false});
        const HeadSearch search = classifierHead(*model);
        QVERIFY2(search.head, search.refusal.c_str());
        const at::Tensor x = at::rand({4, 3, 8, 8});
        QVERIFY(at::allclose(headOutput(*search.head, x), Evaluator(model).logits(x).to(at::kDouble), 1e-5, 1e-5));
    }

    /// Methods 5.6 M1: rows of one distance.
    void equallyDistantRowsAreSeen()
    {
        const HeadSearch search = classifierHead(*linearModel(simplexRows()));
        QVERIFY2(search.head, search.refusal.c_str());
        const HeadSummary summary = summaryOf(*search.head);
        for (const double value : {summary.l1.minimum, summary.l1.lowerQuartile, summary.l1.median, summary.l1.upperQuartile, summary.l1.maximum})
            compareClose(value, 2.0, 1e-6, 0.0); // float weights
        compareClose(summary.l2.median, std::sqrt(2.0), 1e-6, 0.0);
        compareClose(*summary.l1.ratio(), 1.0, 1e-6, 0.0);
        const Json json = toJson(summary);
        QCOMPARE(json["layer"].get<std::string>(), std::string("linear layer"));
        QCOMPARE(json["rowDistances"]["l1"]["median"].get<double>(), summary.l1.median);
    }

    void oneLongRowStandsOut()
    {
        at::Tensor rows = at::eye(4);
        rows[2] *= 3.0;
        const HeadSummary summary = summaryOf(*classifierHead(*linearModel(rows)).head);
        // Three pairs at 2 and three at 4.
        QCOMPARE(summary.l1, (PairLengths{2, 2, 3, 4, 4}));
        compareClose(*summary.l2.ratio(), std::sqrt(10.0 / 2.0), 1e-12, 0.0);
        rows[3] = rows[2];
        const HeadSummary twins = summaryOf(*classifierHead(*linearModel(rows)).head);
        QCOMPARE(twins.l2.minimum, 0.0);
        QVERIFY(!twins.l2.ratio());
        QVERIFY(!toJson(twins)["rowDistances"]["l2"].contains("ratio"));
    }

    void scoresAreByHand()
    {
        ClassifierHead head{3, 2, {1, 0, 0, 1, -3, 0}, {0, 0, 0}, "linear layer", false, nullptr};
        const HeadScores scores = headScores(head, std::array{5.0, 4.0, 3.0});
        QCOMPARE(scores.top, std::int64_t(0));
        QCOMPARE(scores.runnerUp, std::int64_t(1));
        QCOMPARE(scores.logitMargin, 1.0);
        QCOMPARE(scores.outputDistance, 0.5);
        QCOMPARE(scores.nearestBoundary, 0.5);
        // The runner-up is not the nearest boundary: 1 / 2 against 1.5 / 4.
        const HeadScores farther = headScores(head, std::array{5.0, 4.0, 3.5});
        QCOMPARE(farther.outputDistance, 0.5);
        QCOMPARE(farther.nearestBoundary, 1.5 / 4);
        QCOMPARE(headScores(head, std::array{2.0, 2.0, 1.0}).runnerUp, std::int64_t(1));
        head.weights = {1, 0, 1, 0, 0, 0};
        QVERIFY(std::isinf(headScores(head, std::array{5.0, 4.0, 3.0}).outputDistance));
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(headScores(head, std::array{1.0, 2.0})), Error);
    }

    /// M1: with equidistant rows the logit margin orders images as their exact Linf margin does; with one row three times as
    /// long it no longer does, but the output distance still does.
    void outputDistanceKeepsTheOrderWhereTheLogitMarginDoesNot()
    {
        for (const double factor : {1.0, 3.0}) {
            at::Tensor rows = simplexRows();
            rows[4] *= factor;
            const auto model = linearModel(rows);
            const ClassifierHead head = *classifierHead(*model).head;
            const at::Tensor logits = Evaluator(model).logits(at::rand({200, 1, 1, 10}, at::make_generator<at::CPUGeneratorImpl>(std::uint64_t(8)))).to(at::kDouble);
            std::vector<double> logitMargin, nearest, exact;
            for (int n = 0; n < 200; ++n) {
                const at::Tensor z = logits[n].contiguous();
                const HeadScores scores = headScores(head, std::span(z.data_ptr<double>(), 10));
                logitMargin.push_back(scores.logitMargin);
                nearest.push_back(scores.nearestBoundary);
                const at::Tensor g = z[scores.top] - z;
                const at::Tensor length = (rows[scores.top] - rows).abs().sum(1).to(at::kDouble);
                exact.push_back(at::where(length > 0, g / length, at::full_like(g, 1e9)).min().item<double>());
            }
            compareClose(kendallTauB(nearest, exact), 1.0, 0.001, 0.0); // pairs within single precision may swap
            const double tau = kendallTauB(logitMargin, exact);
            if (factor == 1.0)
                compareClose(tau, 1.0, 0.001, 0.0);
            else
                QVERIFY2(tau < 0.95, qPrintable(QString::number(tau)));
        }
    }
};

QTEST_GUILESS_MAIN(TestHead)
#include "tst_head.moc"
