// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include "core/base/error.h"
#include "core/model/checks.h"
#include "core/model/torchruntime.h"
#include "tests/core/model/tinymodels_torch.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace brink;
using namespace brink::test;

Q_DECLARE_METATYPE(brink::CheckState)

class TestChecks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { configureTorch(1, 1); }

    void goodModelIsGreen()
    {
        const auto model = load(smallConvolutional());
        const ModelReport report = checkModel(model);
        QCOMPARE(report.checks.size(), 7u);
        for (const ModelCheck& check : report.checks) {
            QVERIFY2(check.state == CheckState::Good, check.finding.c_str());
            QVERIFY(check.remedy.empty());
        }
        QCOMPARE(report.zeroGradientShare, 0.0);
        QVERIFY(report.forwardSecondsPerImage > 0 && report.gradientSecondsPerImage > report.forwardSecondsPerImage);
    }

    void faultsAreFound_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("check");
        QTest::addColumn<CheckState>("state");
        QTest::addRow("probabilities") << "return torch.softmax(torch.flatten(x, 1)[:, :6] * 5.0, 1)" << "logits" << CheckState::Caution;
        QTest::addRow("noise") << "return torch.flatten(x, 1)[:, :6] + torch.rand([1, 6])" << "repeatable" << CheckState::Alarm;
        QTest::addRow("batch statistics") << "return torch.flatten(x, 1)[:, :6] - torch.mean(torch.flatten(x, 1)[:, :6], 0, True)"
                                          << "batch-invariant" << CheckState::Alarm;
        QTest::addRow("rounded") << "return torch.round(torch.flatten(x, 1)[:, :6] * 9.0)" << "gradients" << CheckState::Alarm;
        QTest::addRow("no gradient") << "return torch.flatten(x, 1)[:, :6].detach()" << "gradients" << CheckState::Alarm;
        QTest::addRow("gradient of a root at zero") << "return torch.sqrt(torch.relu(torch.flatten(x, 1)[:, :6] - 2.0))" << "gradients" << CheckState::Alarm;
        QTest::addRow("saturated") << "return torch.flatten(x, 1)[:, :6] * 0.0 + torch.arange(6)" << "range" << CheckState::Alarm;
        QTest::addRow("any size fits") << "return torch.mean(x, [2, 3]).repeat([1, 2]) * torch.arange(1, 3)" << "shape" << CheckState::Caution;
    }
    void faultsAreFound()
    {
        QFETCH(QString, code);
        QFETCH(QString, check);
        QFETCH(CheckState, state);
        const auto model = load(moduleOf(("def forward(self, x):\n  " + code + "\n").toStdString()));
        const ModelReport report = checkModel(model);
        const auto found = std::ranges::find(report.checks, check.toStdString(), &ModelCheck::code);
        QVERIFY(found != report.checks.end());
        QVERIFY2(found->state == state, found->finding.c_str());
        QVERIFY(!found->remedy.empty());
    }

    void trainingModeIsTold()
    {
        torch::jit::Module module = smallConvolutional();
        module.register_attribute("training", c10::BoolType::get(), true);
        const ModelReport report = checkModel(load(module));
        QCOMPARE(report.checks.back().code, std::string("frozen"));
        QCOMPARE(report.checks.back().state, CheckState::Caution);
    }

    void givenImagesMustFit()
    {
        const auto model = load(smallConvolutional());
        const Image image{1, 28, 28, std::vector<float>(784, 0.5F), {}, {}};
        QCOMPARE(checkModel(model, std::array{image}).checks.size(), 7u);
        const Image wrong{3, 1, 1, {0, 0, 0}, {}, {}};
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(checkModel(model, std::array{wrong})), Error);
    }

    void jsonHasCardAndChecks()
    {
        const auto model = load(smallConvolutional());
        const Json json = toJson(checkModel(model), *model);
        QCOMPARE(json["card"]["input"].dump(), std::string("[1,28,28]"));
        QCOMPARE(json["model"]["classes"].get<int>(), 10);
        QCOMPARE(json["checks"].size(), 7u);
        QCOMPARE(json["checks"][0]["state"].get<std::string>(), std::string("good"));
        QVERIFY(!json["checks"][0].contains("remedy"));
    }

private:
    [[nodiscard]] std::shared_ptr<const Classifier> load(const torch::jit::Module& module) const
    {
        const auto file = m_folder.filePath("model.pt").toStdString();
        module.save(file);
        return loadClassifier(file, {.calibrateBatch = false});
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestChecks)
#include "tst_checks.moc"
