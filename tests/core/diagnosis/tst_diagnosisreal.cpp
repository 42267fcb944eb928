// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Nets trained by others, with gradients that attacks can use: no light may be raised on them.
#include "core/diagnosis/diagnosis.h"

#include "core/data/dataset.h"
#include "core/model/torchruntime.h"
#include "tests/support/realdata.h"

#include <QTest>

#include <algorithm>

using namespace brink;
using namespace brink::test;

class TestDiagnosisReal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        requireRealData();
        configureTorch(1, 1);
    }

    void soundNetsRaiseNothing_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("norm");
        QTest::addColumn<double>("eps");
        QTest::addColumn<int>("preset");
        const auto add = [](const char* model, Norm norm, double eps, Preset preset) {
            QTest::addRow("%s, %s, %s", model, normName(norm).c_str(), preset == Preset::Paper ? "paper" : "preview") << QString::fromLatin1(model) << int(norm) << eps << int(preset);
        };
        for (const char* model : {"mnist_cnn_a_adv", "mnist_conv_maxpool", "mnist_kw_certified", "cifar10_cnn_a_adv", "cifar10_oval_base_kw"})
            add(model, Norm::Linf, 8.0 / 255, Preset::Preview);
        add("cifar10_cnn_a_adv", Norm::L2, 0.5, Preset::Preview);
        add("mnist_cnn_a_adv", Norm::Linf, 0.2, Preset::Paper);
    }
    void soundNetsRaiseNothing()
    {
        QFETCH(QString, model);
        QFETCH(int, norm);
        QFETCH(double, eps);
        QFETCH(int, preset);
        const std::string folder = realDataFolder().toStdString();
        DiagnosisRequest request;
        request.model = loadClassifier(folder + "/models/" + model.toStdString() + ".pt", {.calibrateBatch = false});
        const auto images = openDataset(folder + (model.startsWith("mnist") ? "/mnist/t10k-images-idx3-ubyte.gz" : "/cifar10/test_batch.bin"));
        for (std::int64_t i = 0; i < 16; ++i)
            request.images.push_back({images->image(i), i, images->label(i)});
        request.preset = Preset(preset);
        request.attack = standardScrutiny(Norm(norm), eps, Preset::Paper);
        PlainMonitor monitor;
        const Diagnosis diagnosis = diagnose(request, monitor);
        QCOMPARE(diagnosis.lights.size(), lightInfos().size());
        QVERIFY(diagnosis.attacked.size() >= 10);
        int judged = 0;
        for (const Light& light : diagnosis.lights) {
            QVERIFY2(!light.isRaised(), (light.code + ": " + light.finding).c_str());
            judged += light.state == LightState::Good;
        }
        QVERIFY2(judged >= 15, "checks were left out");
    }
};

QTEST_GUILESS_MAIN(TestDiagnosisReal)
#include "tst_diagnosisreal.moc"
