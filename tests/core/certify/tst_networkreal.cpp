// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/network_torch.h"

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/model/classifier_torch.h"
#include "core/model/torchruntime.h"
#include "tests/core/certify/certifymodels_torch.h"
#include "tests/support/realdata.h"

#include <QDir>
#include <QTest>

using namespace brink;
using namespace brink::certify;
using namespace brink::test;

namespace {

/// Models whose graph has an operator without bounds, and its name. All others of the folder are read.
const std::map<std::string, std::string>& refused()
{
    static const std::map<std::string, std::string> names{{"cifar10_vit_pgd_2_3_16", "aten::expand"}, {"imagenet_squeezenet1_0_dc", "aten::max_pool2d"}};
    return names;
}

at::Tensor realImages(const std::string& model, const Classifier& classifier)
{
    const std::string folder = realDataFolder().toStdString();
    const bool isMnist = model.starts_with("mnist"), isCifar = model.starts_with("cifar");
    const auto images = openDataset(folder + (isMnist ? "/mnist/t10k-images-idx3-ubyte.gz" : isCifar ? "/cifar10/test_batch.bin" : "/imagenet/images"));
    std::vector<Image> chosen;
    for (std::int64_t i = 0; i < (isMnist || isCifar ? 50 : 4); ++i)
        chosen.push_back(prepareImage(images->image(i), classifier.channels(), classifier.height(), classifier.width(), resizeRuleFromName("crop-centre")).image);
    return tensorFromImages(chosen);
}

} // namespace

class TestNetworkReal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        requireRealData();
        configureTorch(1, 1);
    }

    void theNetworkGivesTheLogits_data()
    {
        QTest::addColumn<QString>("model");
        for (const QString& file : QDir(realDataFolder() + "/models").entryList({"*.pt"}, QDir::Files, QDir::Name))
            QTest::addRow("%s", qPrintable(file.chopped(3))) << file.chopped(3);
    }
    void theNetworkGivesTheLogits()
    {
        QFETCH(QString, model);
        const std::string name = model.toStdString();
        const auto classifier = loadClassifier((realDataFolder() + "/models/" + model + ".pt").toStdString(), {.calibrateBatch = false});
        const auto reason = refused().find(name);
        try {
            const Network network = readNetwork(*classifier);
            QVERIFY2(reason == refused().end(), "a graph was read that should be refused");
            const std::vector<std::int64_t> shape{classifier->channels(), classifier->height(), classifier->width()};
            const double random = disagreement(network, *classifier, someImages(4, shape, 7));
            const double real = disagreement(network, *classifier, realImages(name, *classifier));
            qInfo("%zu nodes, random %.2g, real %.2g", network.nodes.size(), random, real);
            QVERIFY(random < 1e-4);
            QVERIFY(real < 1e-4);
        } catch (const Error& error) {
            qInfo("%s", error.what());
            QVERIFY2(reason != refused().end() && error.message().find(reason->second) != std::string::npos, error.what());
        }
    }
};

QTEST_GUILESS_MAIN(TestNetworkReal)
#include "tst_networkreal.moc"
