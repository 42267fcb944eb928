// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/model/classifier_torch.h"
#include "core/model/head.h"
#include "core/model/inputprobe_torch.h"
#include "core/model/torchruntime.h"
#include "tests/support/realdata.h"

#include <QTest>

#include <fstream>
#include <map>

using namespace brink;

namespace {

/// Models whose logits are no affine map of features, with what they come from: SqueezeNet and one eran net end with a
/// rectifier, nets converted from quantised ones keep the range of their outputs.
const std::map<std::string, std::string>& headless()
{
    static const std::map<std::string, std::string> models{{"mnist_relu_9_200", "relu"}, {"imagenet_squeezenet1_0_dc", "relu"},
        {"imagenet_squeezenet1_1", "relu"}, {"imagenet_mobilenet_v1_025_128", "clamp"}, {"imagenet_mobilenet_v1_05_160", "clamp"},
        {"imagenet_mobilenet_v1_10_224", "clamp"}, {"imagenet_mobilenet_v2_10_224", "clamp"}};
    return models;
}

} // namespace

/// Last layers of real models by others.
class TestHeadReal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        requireRealData();
        configureTorch(1, 1);
    }

    void lastLayersGiveTheLogits_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("path");
        std::ifstream file((test::realDataFolder() + "/models.json").toStdString());
        const Json list = Json::parse(file);
        for (const Json& model : list["models"]) {
            const auto name = model["name"].get<std::string>();
            QTest::addRow("%s", name.c_str()) << QString::fromStdString(name) << QString::fromStdString(model["file"]);
        }
    }
    void lastLayersGiveTheLogits()
    {
        QFETCH(QString, name);
        QFETCH(QString, path);
        const auto model = loadClassifier((test::realDataFolder() + '/' + path).toStdString(), {.calibrateBatch = false});
        const HeadSearch search = classifierHead(*model);
        if (const auto known = headless().find(name.toStdString()); known != headless().end()) {
            QVERIFY(!search.head);
            QVERIFY2(search.refusal.find('"' + known->second + '"') != std::string::npos, search.refusal.c_str());
            return;
        }
        QVERIFY2(search.head, search.refusal.c_str());
        const ClassifierHead& head = *search.head;
        const at::Tensor x = probeImages(model->impl().input, 6, 77);
        const at::Tensor logits = Evaluator(model).logits(x).to(at::kDouble);
        const at::Tensor weights = at::tensor(head.weights, at::kDouble).view({head.classes, head.features});
        const at::Tensor found
            = Evaluator(head.encoder).logits(x).to(at::kDouble).matmul(weights.t()) + at::tensor(head.bias, at::kDouble);
        const double difference = ((found - logits).abs().max() / logits.abs().max()).item<double>();
        QVERIFY2(difference < 1e-4, qPrintable(QString::number(difference)));
        const HeadSummary summary = summaryOf(head);
        QVERIFY(summary.l1.minimum > 0 && summary.l1.maximum >= summary.l1.median);
    }
};

QTEST_GUILESS_MAIN(TestHeadReal)
#include "tst_headreal.moc"
