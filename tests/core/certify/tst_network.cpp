// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/network_torch.h"

#include "core/base/error.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"
#include "tests/core/certify/certifymodels_torch.h"

#include <QTest>

#include <algorithm>

using namespace brink;
using namespace brink::certify;
using namespace brink::test;

class TestNetwork : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    void theNetworkGivesTheLogits_data() { addOperatorRows(); }
    void theNetworkGivesTheLogits()
    {
        QFETCH(QString, body);
        const auto classifier = operatorModel(body.toStdString());
        const Network network = readNetwork(*classifier);
        QCOMPARE(network.nodes.front().shape, (std::vector<std::int64_t>{3, 8, 8}));
        const double difference = disagreement(network, *classifier, someImages(17, {3, 8, 8}, 3));
        QVERIFY2(difference < 1e-5, qPrintable(QString::number(difference))); // float32 against double
    }

    /// <W x, a> = <x, W^T a> for every affine node; and |W| is W where W is not negative.
    void adjointsAreAdjoint_data() { addOperatorRows(); }
    void adjointsAreAdjoint()
    {
        QFETCH(QString, body);
        const Network network = readNetwork(*operatorModel(body.toStdString()));
        int tried = 0;
        for (const Node& node : network.nodes) {
            if (node.operation == Operation::Input || node.operation >= Operation::Add)
                continue;
            std::vector<std::int64_t> in{2}, out{2};
            in.insert(in.end(), network.inputShape(node).begin(), network.inputShape(node).end());
            out.insert(out.end(), node.shape.begin(), node.shape.end());
            const at::Tensor x = at::randn(in, at::kDouble), a = at::randn(out, at::kDouble);
            const at::Tensor forward = linearPart(network, node, x), back = adjoint(network, node, a);
            QCOMPARE(forward.sizes().vec(), out);
            QCOMPARE(back.sizes().vec(), in);
            const double left = (forward * a).sum().item<double>(), right = (x * back).sum().item<double>();
            QVERIFY2(std::abs(left - right) < 1e-9 * (1 + std::abs(left)), node.origin.c_str());
            const at::Tensor absolute = linearPart(network, withAbsoluteWeights(node), x.abs());
            QVERIFY2((absolute >= forward.abs() - 1e-12).all().item<bool>(), node.origin.c_str());
            ++tried;
        }
        QVERIFY(tried > 0);
    }

    void otherOperatorsAreNamed_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("reason");
        QTest::addRow("gelu") << "  x = torch.gelu(x)\n  return torch.linear(torch.flatten(x, 1), self.w2)\n" << "aten::gelu";
        QTest::addRow("product of two values") << "  x = x * torch.relu(x)\n  return torch.linear(torch.flatten(x, 1), self.w2)\n" << "both of its factors depend on the image";
        QTest::addRow("softmax in between") << "  x = torch.softmax(torch.flatten(x, 1), 1)\n  return torch.linear(x, self.w2)\n" << "it follows a softmax";
        QTest::addRow("branch on the image")
            << "  if bool(torch.sum(x) > 3.0):\n    x = x * 2.0\n  return torch.linear(torch.flatten(x, 1), self.w2)\n" << "aten::sum";
        QTest::addRow("statistics of the batch") << "  x = x - torch.mean(x, [0])\n  return torch.linear(torch.flatten(x, 1), self.w2)\n" << "it works across the images of a batch";
        QTest::addRow("rounding quotient") << "  x = torch.div(x, 2.0, rounding_mode=\"floor\")\n  return torch.linear(torch.flatten(x, 1), self.w2)\n" << "it rounds";
    }
    void otherOperatorsAreNamed()
    {
        QFETCH(QString, body);
        QFETCH(QString, reason);
        const auto classifier = operatorModel(body.toStdString());
        try {
            (void)readNetwork(*classifier);
            QFAIL("the graph was read");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Unsupported);
            QVERIFY2(QString::fromStdString(error.message()).contains(reason), error.what());
        }
    }

    void aFunctionWithoutGraphIsRefused()
    {
        const auto classifier = makeClassifier("own", {1, 2, 2}, 2, [](const at::Tensor& x) { return x.flatten(1).slice(1, 0, 2); });
        QVERIFY_EXCEPTION_THROWN((void)readNetwork(*classifier), Error);
    }

    /// A card with range, mean, deviation and channel order: the network takes pixels in [0,1] as the classifier does.
    void preprocessingIsRead()
    {
        const std::string body = "  x = torch.relu(torch.conv2d(x, self.w0, self.w1))\n  return torch.linear(torch.flatten(x, 1), self.w3)\n";
        const auto classifier = operatorModel(body, {{"range", {0, 255}}, {"mean", {120.0, 110.0, 100.0}}, {"std", {60.0, 50.0, 40.0}}, {"channelOrder", "bgr"}});
        const Network network = readNetwork(*classifier);
        QVERIFY(disagreement(network, *classifier, someImages(9, {3, 8, 8}, 4)) < 1e-5);
    }

    /// Softmax and its logarithm at the end leave margins as they are.
    void softmaxAtTheEndIsLeftOut_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addRow("softmax") << "softmax";
        QTest::addRow("log-softmax") << "log_softmax";
    }
    void softmaxAtTheEndIsLeftOut()
    {
        QFETCH(QString, name);
        const auto classifier = operatorModel("  x = torch.linear(torch.flatten(x, 1), self.w2)\n  return torch." + name.toStdString() + "(x, 1)\n");
        const Network network = readNetwork(*classifier);
        QVERIFY(network.isUpToConstant);
        QVERIFY(disagreement(network, *classifier, someImages(9, {3, 8, 8}, 4)) < 1e-5);
    }
};

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
