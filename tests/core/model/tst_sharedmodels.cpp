// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include "core/base/json.h"
#include "core/model/torchruntime.h"
#include "tests/support/realdata.h"

#include <QFile>
#include <QTest>
#include <zlib.h>

#include <algorithm>
#include <fstream>

using namespace brink;

namespace {

constexpr int imageCount = 64;

QString dataFile(const QString& name) { return test::realDataFolder() + '/' + name; }

/// Bytes of a gzip file from `offset` on.
std::vector<unsigned char> unzipped(const QString& name, int offset, int length)
{
    std::vector<unsigned char> bytes(std::size_t(offset + length));
    const gzFile file = gzopen(qPrintable(dataFile(name)), "rb");
    const int read = gzread(file, bytes.data(), unsigned(bytes.size()));
    gzclose(file);
    bytes.resize(std::size_t(std::max(read, 0)));
    bytes.erase(bytes.begin(), bytes.begin() + std::min<std::ptrdiff_t>(offset, std::ptrdiff_t(bytes.size())));
    return bytes;
}

struct Labelled {
    at::Tensor images;
    at::Tensor labels;
};

at::Tensor pixels(std::vector<unsigned char> bytes, std::vector<std::int64_t> shape)
{
    return at::from_blob(bytes.data(), shape, at::kByte).to(at::kFloat) / 255.0;
}

Labelled mnist()
{
    auto labels = unzipped("mnist/t10k-labels-idx1-ubyte.gz", 8, imageCount);
    return {pixels(unzipped("mnist/t10k-images-idx3-ubyte.gz", 16, imageCount * 784), {imageCount, 1, 28, 28}),
        at::from_blob(labels.data(), {imageCount}, at::kByte).to(at::kLong)};
}

Labelled cifar()
{
    QFile file(dataFile("cifar10/test_batch.bin"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray bytes = file.read(qint64(imageCount) * 3073);
    const at::Tensor records = at::from_blob(bytes.data(), {imageCount, 3073}, at::kByte).clone();
    return {records.slice(1, 1).to(at::kFloat).view({imageCount, 3, 32, 32}) / 255.0, records.select(1, 0).to(at::kLong)};
}

} // namespace

/// Real models by others: shapes found by probing, accuracies as published.
class TestSharedModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        requireRealData();
        configureTorch(1, 1);
    }

    void loadsWithTheRightShape_data()
    {
        QTest::addColumn<QString>("entry");
        std::ifstream file(dataFile("models.json").toStdString());
        const Json list = Json::parse(file);
        for (const Json& model : list["models"])
            QTest::addRow("%s", model["name"].get<std::string>().c_str()) << QString::fromStdString(model.dump());
    }
    void loadsWithTheRightShape()
    {
        QFETCH(QString, entry);
        const Json facts = Json::parse(entry.toStdString());
        const auto model = loadClassifier(dataFile(QString::fromStdString(facts["file"])).toStdString(), {.calibrateBatch = false});
        const auto input = facts["input"].get<std::array<int, 3>>();
        // Both sizes fit SqueezeNet, whose last pooling takes any; the caution must then name the choice.
        if (facts["name"] == "imagenet_squeezenet1_0_dc")
            QVERIFY(!model->impl().otherInputs.empty());
        else
            QCOMPARE((std::array{model->channels(), model->height(), model->width()}), input);
        QCOMPARE(model->classes(), facts["classes"].get<int>());
        QCOMPARE(model->impl().batchDifference, 0.0);
        QVERIFY(!model->givesProbabilities());
        if (input[1] > 32)
            return;
        const Labelled set = input[0] == 1 ? mnist() : cifar();
        const at::Tensor predicted = Evaluator(model).logits(set.images).argmax(1);
        const double accuracy = predicted.eq(set.labels).to(at::kDouble).mean().item<double>();
        const double published = facts["accuracy"][0]["top1"].get<double>();
        // 64 images: three standard errors of a proportion.
        QVERIFY2(accuracy >= published - 3 * std::sqrt(published * (1 - published) / imageCount) - 0.02,
            qPrintable(QString::number(accuracy) + " against " + QString::number(published)));
    }

    void anImageAloneAndInABatchGivesTheSameBits_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"mnist_fc_256x4", "mnist_smallcnn_trades", "cifar10_resnet20", "cifar10_conv_small_sigmoid",
                 "cifar10_vit_pgd_2_3_16", "mnist_sigmoid_6_200"})
            QTest::addRow("%s", name) << QString(name);
    }
    void anImageAloneAndInABatchGivesTheSameBits()
    {
        QFETCH(QString, name);
        const auto model = loadClassifier(dataFile("models/" + name + ".pt").toStdString(), {.calibrateBatch = false});
        const Labelled set = model->channels() == 1 ? mnist() : cifar();
        Evaluator evaluator(model);
        const auto gradient = [&](const at::Tensor& x) {
            const ForwardPass pass = evaluator.forward(x);
            return evaluator.gradient(pass, pass.logits.select(1, 3) - pass.logits.select(1, 5));
        };
        const at::Tensor whole = gradient(set.images);
        for (const int begin : {0, 3, 12, 40, 63})
            QVERIFY(gradient(set.images.narrow(0, begin, 1)).equal(whole.narrow(0, begin, 1)));
        for (const int length : {2, 7, 13, 16, 33, 60})
            QVERIFY(gradient(set.images.narrow(0, 64 - length, length)).equal(whole.narrow(0, 64 - length, length)));
    }
};

QTEST_GUILESS_MAIN(TestSharedModels)
#include "tst_sharedmodels.moc"
