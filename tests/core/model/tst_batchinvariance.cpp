// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include "core/model/torchruntime.h"
#include "tests/core/model/tinymodels_torch.h"

#include <QTemporaryDir>
#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

struct Answer {
    at::Tensor logits;
    at::Tensor gradient;
};

Answer answer(const std::shared_ptr<const Classifier>& model, const at::Tensor& x)
{
    Evaluator evaluator(model);
    const ForwardPass pass = evaluator.forward(x);
    return {pass.logits.detach(), evaluator.gradient(pass, pass.logits.select(1, 0) - pass.logits.select(1, 1))};
}

torch::jit::Module chain(int steps, const char* activation)
{
    std::string code = "def forward(self, x):\n  x = torch.flatten(x, 1)\n";
    std::vector<at::Tensor> weights;
    for (int i = 0; i < steps; ++i) {
        code.append("  x = ").append(activation).append("(torch.linear(x, self.w").append(std::to_string(i)).append("))\n");
        weights.push_back(fixedNormal({i + 1 == steps ? 7 : 33, i == 0 ? 784 : 33}, i, i == 0 ? 0.04 : 0.2));
    }
    return moduleOf(code + "  return x\n", weights);
}

/// Layers that our operators do not replace: the tile must serve.
torch::jit::Module softmaxAttention()
{
    return moduleOf(R"(
        def forward(self, x):
            y = torch.reshape(x, [-1, 28, 28])
            a = torch.softmax(torch.matmul(y, y.transpose(1, 2)) * 0.1, -1)
            return torch.matmul(torch.flatten(torch.matmul(a, torch.sigmoid(y)), 1), self.w0)
    )",
        {fixedNormal({784, 5}, 4, 0.05)});
}

} // namespace

/// An image alone, first, last, in the middle and in batches of every size gives the same bits.
class TestBatchInvariance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    void imagesDoNotFeelTheirBatch_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addRow("convolutions, 1x1 convolution and linear layers") << 0;
        QTest::addRow("relu layers of odd width") << 1;
        QTest::addRow("sigmoid layers of odd width") << 2;
        QTest::addRow("attention") << 3;
    }
    void imagesDoNotFeelTheirBatch()
    {
        QFETCH(int, kind);
        const std::array modules{smallConvolutional(), chain(4, "torch.relu"), chain(4, "torch.sigmoid"), softmaxAttention()};
        const QTemporaryDir folder;
        const auto file = folder.filePath("model.pt").toStdString();
        modules[std::size_t(kind)].save(file);
        const auto model = loadClassifier(file, {.calibrateBatch = false});
        QCOMPARE(model->impl().batchDifference, 0.0);
        const at::Tensor x = at::rand({64, 1, 28, 28});
        const Answer whole = answer(model, x);
        for (const int length : {1, 2, 3, 5, 12, 13, 16, 17, 31, 63}) {
            for (const int begin : {0, 1, 64 - length}) {
                const Answer part = answer(model, x.narrow(0, begin, length));
                QVERIFY(part.logits.equal(whole.logits.narrow(0, begin, length)));
                QVERIFY(part.gradient.equal(whole.gradient.narrow(0, begin, length)));
            }
        }
        const at::Tensor order = at::randperm(64);
        const Answer shuffled = answer(model, x.index_select(0, order));
        QVERIFY(shuffled.gradient.equal(whole.gradient.index_select(0, order)));
    }

    /// Many signed steps amplify any last bit, as iterated attacks do.
    void iteratedStepsStayTogether()
    {
        const QTemporaryDir folder;
        const auto file = folder.filePath("model.pt").toStdString();
        smallConvolutional().save(file);
        const auto model = loadClassifier(file, {.calibrateBatch = false});
        const at::Tensor start = at::rand({7, 1, 28, 28});
        at::Tensor together = start;
        at::Tensor alone = start.narrow(0, 4, 1);
        for (int step = 0; step < 300; ++step) {
            together = (together + 0.02 * answer(model, together).gradient.sign()).clamp(0, 1);
            alone = (alone + 0.02 * answer(model, alone).gradient.sign()).clamp(0, 1);
        }
        QVERIFY(alone.equal(together.narrow(0, 4, 1)));
    }
};

QTEST_GUILESS_MAIN(TestBatchInvariance)
#include "tst_batchinvariance.moc"
