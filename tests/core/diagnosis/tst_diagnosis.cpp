// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Faults planted around a trained net, in real TorchScript files: each raises exactly its light, and the net itself none.
#include "core/diagnosis/diagnosis.h"

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/model/torchruntime.h"

#include <torch/script.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace brink;

namespace {

std::string examplePath(const QString& name) { return QDir(QStringLiteral(BRINK_SOURCE_EXAMPLES)).filePath(name).toStdString(); }

/// The example CNN again, written from C++, with lines of code around and inside it.
torch::jit::Module cnnWith(const std::string& before, const std::string& inside, const std::string& after)
{
    const torch::jit::Module original = torch::jit::load(examplePath(QStringLiteral("cnn.pt")));
    torch::jit::Module module("Planted");
    for (const auto& parameter : original.named_parameters())
        module.register_parameter(parameter.name, parameter.value, false);
    module.define("def forward(self, x):\n"
        + before
        + "    h = torch.max_pool2d(torch.relu(torch.conv2d(x, self.convolution0_weight, self.convolution0_bias, [1, 1], [2, 2])), [2, 2])\n"
          "    h = torch.max_pool2d(torch.relu(torch.conv2d(h, self.convolution1_weight, self.convolution1_bias, [1, 1], [1, 1])), [2, 2])\n"
          "    h = torch.relu(torch.linear(torch.flatten(h, 1), self.linear1_weight, self.linear1_bias))\n"
        + inside + "    z = torch.linear(h, self.linear2_weight, self.linear2_bias)\n" + after + "    return z\n");
    return module;
}

QString raisedLights(const Diagnosis& diagnosis)
{
    QStringList raised;
    for (const Light& light : diagnosis.lights)
        if (light.isRaised())
            raised << QString::fromStdString(light.code);
    return raised.join(QLatin1Char(' '));
}

/// For the message of a failing test.
QByteArray reportOf(const Diagnosis& diagnosis)
{
    QString text;
    for (const Light& light : diagnosis.lights)
        text += QString::fromStdString("\n" + lightStateName(light.state) + " " + light.code + ": " + light.finding + (light.follows.empty() ? "" : " -> " + light.follows));
    return text.toUtf8();
}

} // namespace

class TestDiagnosis : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::vector<DiagnosisImage> m_images;

    std::shared_ptr<const Classifier> load(const torch::jit::Module& module) const
    {
        const std::string path = m_folder.filePath("planted.pt").toStdString();
        module.save(path);
        return loadClassifier(path);
    }
    DiagnosisRequest requestFor(const std::shared_ptr<const Classifier>& model, Norm norm, double eps) const
    {
        DiagnosisRequest request;
        request.model = model;
        request.images = m_images;
        request.preset = Preset::Preview;
        request.attack = standardScrutiny(norm, eps, Preset::Paper);
        return request;
    }
    static Diagnosis run(const DiagnosisRequest& request)
    {
        PlainMonitor monitor;
        return diagnose(request, monitor);
    }

private Q_SLOTS:
    void initTestCase()
    {
        configureTorch(1, 1);
        const auto dataset = openDataset(examplePath(QStringLiteral("example-images-idx3-ubyte.gz")));
        for (std::int64_t i = 0; i < 16; ++i)
            m_images.push_back({dataset->image(i), i, dataset->label(i)});
    }

    void plantedFaultRaisesItsLight_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("inside");
        QTest::addColumn<QString>("after");
        QTest::addColumn<long long>("steps");
        QTest::addColumn<QString>("light");
        QTest::addColumn<QString>("remedy");
        QTest::addRow("nothing") << "" << "" << "" << 40LL << "" << "";
        QTest::addRow("staircase in front") << "    x = torch.round(x * 8.0) / 8.0\n" << "" << "" << 40LL << "gradients" << "bpda";
        QTest::addRow("logits times 1000") << "" << "" << "    z = z * 1000.0\n" << 40LL << "scale" << "scale-logits";
        QTest::addRow("dropout left on") << "" << "    h = torch.dropout(h, 0.3, True)\n" << "" << 40LL << "repeatable" << "eot";
        QTest::addRow("softmax at the end") << "" << "" << "    z = torch.softmax(z, 1)\n" << 40LL << "outputs" << "logits";
        QTest::addRow("stopped gradient") << "    x = x.detach()\n" << "" << "" << 40LL << "gradients" << "bpda";
        QTest::addRow("too few steps") << "" << "" << "" << 3LL << "incomplete" << "more-steps";
    }
    void plantedFaultRaisesItsLight()
    {
        QFETCH(const QString, before);
        QFETCH(const QString, inside);
        QFETCH(const QString, after);
        QFETCH(const long long, steps);
        QFETCH(const QString, light);
        QFETCH(const QString, remedy);
        DiagnosisRequest request = requestFor(load(cnnWith(before.toStdString(), inside.toStdString(), after.toStdString())), Norm::Linf, 0.06);
        request.attack.parameters.set("steps", steps);
        if (steps < 10)
            request.attack.parameters.set("step-size", 0.005);
        const Diagnosis found = run(request);
        QVERIFY2(raisedLights(found) == light, reportOf(found).constData());
        QCOMPARE(found.lights.size(), lightInfos().size());
        QVERIFY(!found.partial);
        if (light.isEmpty())
            return;
        const Light* raised = findLight(found, light.toStdString());
        QCOMPARE(QString::fromStdString(remedyKindName(raised->remedy.kind)), remedy);
        // What follows from it says so, and keeps what was measured.
        for (const Light& each : found.lights)
            if (!each.follows.empty()) {
                QCOMPARE(QString::fromStdString(each.follows), light);
                QVERIFY(each.state == LightState::NotJudged && each.measured != LightState::NotJudged && !each.finding.empty());
            }
    }

    void stoppedGradientsAreNamed_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("words");
        QTest::addRow("detached") << "    x = x.detach()\n" << "" << "does not lead from the input";
        QTest::addRow("rounded") << "    x = torch.round(x * 8.0) / 8.0\n" << "" << "staircase";
        QTest::addRow("saturated") << "" << "    z = torch.clamp(z + 100.0, -1.0, 1.0) * torch.arange(1.0, 11.0)\n" << "saturated";
    }
    void stoppedGradientsAreNamed()
    {
        QFETCH(const QString, before);
        QFETCH(const QString, after);
        QFETCH(const QString, words);
        DiagnosisRequest request = requestFor(load(cnnWith(before.toStdString(), "", after.toStdString())), Norm::Linf, 0.06);
        request.checks = {"gradients"};
        for (DiagnosisImage& image : request.images)
            image.label.reset();
        const Diagnosis found = run(request);
        QVERIFY2(QString::fromStdString(found.lights.front().finding).contains(words), reportOf(found).constData());
        QCOMPARE(found.lights.front().state, LightState::Alarm);
    }

    void remedyOfFewStepsTurnsTheLightGreen()
    {
        DiagnosisRequest request = requestFor(load(cnnWith("", "", "")), Norm::Linf, 0.06);
        request.attack.parameters.set("steps", 3LL);
        request.attack.parameters.set("step-size", 0.005);
        request.checks = {"incomplete"};
        const Diagnosis ill = run(request);
        QVERIFY(ill.lights.front().isRaised() && ill.lights.front().remedy.attack);
        request.attack = *ill.lights.front().remedy.attack;
        const Diagnosis well = run(request);
        QVERIFY2(well.lights.front().state == LightState::Good, reportOf(well).constData());
    }

    void cleanNetRaisesNone_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("norm");
        QTest::addColumn<double>("eps");
        QTest::addColumn<int>("seed");
        const auto add = [](const char* model, Norm norm, double eps, int seed) {
            QTest::addRow("%s, %s %g, seed %d", model, normName(norm).c_str(), eps, seed) << QString::fromLatin1(model) << int(norm) << eps << seed;
        };
        for (const double eps : {0.02, 0.06, 0.15})
            add("cnn", Norm::Linf, eps, 1);
        for (const double eps : {0.3, 0.8, 2.0})
            add("cnn", Norm::L2, eps, 2);
        for (const double eps : {2.0, 8.0})
            add("cnn", Norm::L1, eps, 3);
        add("mlp", Norm::Linf, 0.04, 4);
        add("cnn-pgd", Norm::Linf, 0.1, 6);
        add("cnn-smooth", Norm::Linf, 0.06, 7);
    }
    void cleanNetRaisesNone()
    {
        QFETCH(const QString, model);
        QFETCH(const int, norm);
        QFETCH(const double, eps);
        QFETCH(const int, seed);
        DiagnosisRequest request = requestFor(loadClassifier(examplePath(model + ".pt")), Norm(norm), eps);
        request.seed = std::uint64_t(seed);
        const Diagnosis found = run(request);
        QVERIFY2(raisedLights(found).isEmpty(), reportOf(found).constData());
        QVERIFY(overallState(found) == LightState::Good);
    }

    /// Bounded units without a slope at one of the images: a caution, and no staircase.
    void saturatedImageIsNoStaircase()
    {
        const Diagnosis found = run(requestFor(loadClassifier(examplePath(QStringLiteral("cnn-brelu.pt"))), Norm::L2, 0.8));
        QVERIFY2(raisedLights(found) == "gradients", reportOf(found).constData());
        const Light* light = findLight(found, "gradients");
        QCOMPARE(light->state, LightState::Caution);
        QCOMPARE(light->flagged.size(), 1u);
        QVERIFY(light->finding.find("saturated") != std::string::npos && !light->remedy.setsBpda);
    }

    /// With the identity on the way back the attack sees through the staircase.
    void bpdaTurnsTheLightGreen()
    {
        const std::string path = m_folder.filePath("stairs.pt").toStdString();
        cnnWith("    x = torch.round(x * 8.0) / 8.0\n", "", "").save(path);
        LoadOptions options;
        options.cardOverrides["bpda"] = true;
        const Diagnosis closed = run(requestFor(loadClassifier(path), Norm::Linf, 0.1)), open = run(requestFor(loadClassifier(path, options), Norm::Linf, 0.1));
        QVERIFY(findLight(closed, "gradients")->isRaised() && findLight(closed, "gradients")->finding.find("round") != std::string::npos);
        QVERIFY2(findLight(open, "gradients")->state == LightState::Good, reportOf(open).constData());
        QVERIFY2(open.success.value() > closed.success.value() + 0.5, reportOf(open).constData());
    }

    void distilledNetSaturates()
    {
        const Diagnosis found = run(requestFor(loadClassifier(examplePath(QStringLiteral("cnn-distilled.pt"))), Norm::Linf, 0.06));
        QVERIFY2(raisedLights(found) == "scale", reportOf(found).constData());
    }

    void sameRequestSameResult()
    {
        DiagnosisRequest request = requestFor(loadClassifier(examplePath(QStringLiteral("cnn.pt"))), Norm::Linf, 0.06);
        request.checks = {"stability", "noise", "restarts"};
        const Diagnosis one = run(request), two = run(request);
        QCOMPARE(one.lights.size(), 3u);
        for (std::size_t i = 0; i < one.lights.size(); ++i) {
            QCOMPARE(one.lights[i].finding, two.lights[i].finding);
            QVERIFY(one.lights[i].plot == two.lights[i].plot);
        }
        QVERIFY(one.counts == two.counts && one.counts.forwards > 0);
    }

    void stopKeepsFinishedLights()
    {
        PlainMonitor monitor;
        const auto stopAfterThree = [&](const std::shared_ptr<const Diagnosis>& seen) {
            if (seen->lights.size() == 3)
                monitor.requestStop();
        };
        const Diagnosis found = diagnose(requestFor(loadClassifier(examplePath(QStringLiteral("cnn.pt"))), Norm::Linf, 0.06), monitor, stopAfterThree);
        QVERIFY(found.partial);
        QCOMPARE(found.lights.size(), 3u);
        QVERIFY(!found.success); // the attack has not run yet: 0 % would be a figure that nobody measured
    }

    void eachFinishedCheckIsPublished()
    {
        DiagnosisRequest request = requestFor(loadClassifier(examplePath(QStringLiteral("cnn.pt"))), Norm::Linf, 0.06);
        request.checks = {"outputs", "gradients", "slope"};
        std::vector<std::size_t> seen;
        PlainMonitor monitor;
        const Diagnosis found = diagnose(request, monitor, [&](const std::shared_ptr<const Diagnosis>& snapshot) { seen.push_back(snapshot->lights.size()); });
        QCOMPARE(seen, (std::vector<std::size_t>{0, 1, 2, 3, 3}));
        QVERIFY(!found.partial);
        QCOMPARE(monitor.done(), monitor.total());
    }

    void wrongRequestsAreRefused_data()
    {
        QTest::addColumn<QString>("fault");
        for (const char* fault : {"no images", "no model", "nearest image", "unknown check", "wrong labels", "budget"})
            QTest::addRow("%s", fault) << QString::fromLatin1(fault);
    }
    void wrongRequestsAreRefused()
    {
        QFETCH(const QString, fault);
        DiagnosisRequest request = requestFor(loadClassifier(examplePath(QStringLiteral("cnn.pt"))), Norm::Linf, 0.06);
        if (fault == "no images")
            request.images.clear();
        if (fault == "no model")
            request.model.reset();
        if (fault == "nearest image")
            request.attack = {"deepfool", Norm::Linf, {}};
        if (fault == "unknown check")
            request.checks = {"gradeints"};
        if (fault == "wrong labels")
            for (DiagnosisImage& image : request.images)
                image.label = (*image.label + 1) % 10;
        if (fault == "budget")
            request.attack.parameters.set("eps", 3.0);
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(run(request)), Error);
    }
};

QTEST_GUILESS_MAIN(TestDiagnosis)
#include "tst_diagnosis.moc"
