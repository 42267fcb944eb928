// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Trust workspace as a user works with it.
#include <torch/script.h>

#include "app/commandbar.h"
#include "app/diagnosistext.h"
#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/inspectworkspace.h"
#include "app/trustroom.h"
#include "app/workspacetabs.h"
#include "core/model/classifier_torch.h"
#include "tests/app/desk.h"
#include "widgets/controls/lightlist.h"

#include <QAbstractButton>
#include <QAction>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

using namespace brink;
using namespace brink::test;

namespace {

/// The window with the example and its diagnosis page in sight; few images.
struct TrustBench {
    Desk desk;

    [[nodiscard]] bool open(int images = 6)
    {
        desk.openExample();
        if (!QTest::qWaitFor([this] { return desk.session.classifier() && desk.session.dataset() && desk.session.result(); }, limitMs))
            return false;
        desk.controller.stop();
        desk.window.actions().workspaces.back()->trigger();
        DiagnosisChoices choices = room().choices();
        choices.images = images;
        room().setChoices(choices);
        return desk.window.tabs().workspace() == QStringLiteral("trust") && panel().isVisible();
    }
    [[nodiscard]] DiagnosisRoom& room() { return desk.window.trust().diagnosis(); }
    [[nodiscard]] DiagnosisPanel& panel() { return *room().panel(); }
    [[nodiscard]] bool isDone() { return QTest::qWaitFor([this] { return !room().isRunning(); }, 3 * limitMs); }
    [[nodiscard]] bool diagnose()
    {
        desk.window.actions().run->trigger();
        return room().isRunning() && isDone() && room().state() == ViewState::Complete;
    }
    [[nodiscard]] QAbstractButton* button(const QString& name)
    {
        for (auto* each : panel().findChildren<QAbstractButton*>())
            if (each->accessibleName() == name && each->isVisible())
                return each;
        return nullptr;
    }
    void setFewSteps()
    {
        DiagnosisChoices choices = room().choices();
        choices.attack.parameters.set("steps", 3LL);
        choices.attack.parameters.set("step-size", 0.05);
        room().setChoices(choices);
    }
};

/// The example net behind a staircase, as a TorchScript file.
std::string writeStaircase(const QString& folder)
{
    const torch::jit::Module original = torch::jit::load(findExamples().models.first().toStdString());
    torch::jit::Module module("Stairs");
    module.register_module("net", original);
    module.define("def forward(self, x):\n    return self.net.forward(torch.round(x * 8.0) / 8.0)\n");
    const std::string path = (folder + QStringLiteral("/stairs.pt")).toStdString();
    module.save(path);
    return path;
}

} // namespace

class TestWindowTrust : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { prepareApplication(); }

    void emptyPageSaysWhatItWillShow()
    {
        Desk desk;
        desk.window.show();
        desk.window.actions().workspaces.back()->trigger();
        DiagnosisPanel& panel = *desk.window.trust().diagnosis().panel();
        QVERIFY(panel.isVisible());
        QVERIFY(!desk.window.actions().run->isEnabled());
        bool saysWhat = false;
        for (const auto* label : panel.findChildren<QLabel*>())
            saysWhat = saysWhat || (label->isVisible() && label->text().contains(QStringLiteral("Open a model")));
        QVERIFY(saysWhat);
    }

    // Every check has a row; each row its evidence; and the window adds nothing to what the checks say.
    void everyLightIsShown()
    {
        TrustBench bench;
        QVERIFY(bench.open());
        QCOMPARE(bench.room().state(), ViewState::Empty);
        QVERIFY(bench.diagnose());
        QCOMPARE(bench.panel().list()->lights().size(), lightInfos().size());
        const auto found = bench.room().diagnosis();
        int figures = 0;
        for (const Light& light : found->lights) {
            bench.panel().showLight(light.code);
            QCOMPARE(bench.panel().light(), light.code);
            QCOMPARE(bench.panel().pane()->figure().has_value(), light.plot.has_value() && !light.plot->series.empty());
            figures += bench.panel().pane()->figure().has_value();
        }
        QVERIFY(figures > 8);
        DiagnosisRequest request;
        request.model = bench.desk.session.classifier();
        request.attack = bench.room().choices().attack;
        request.preset = Preset::Preview;
        request.seed = bench.desk.session.settings().seed;
        for (const std::int64_t index : found->attacked)
            request.images.push_back({bench.desk.session.dataset()->image(index), index, bench.desk.session.dataset()->label(index)});
        PlainMonitor monitor;
        const Diagnosis alone = brink::diagnose(request, monitor);
        for (std::size_t i = 0; i < alone.lights.size(); ++i)
            QCOMPARE(found->lights[i].finding, alone.lights[i].finding);
    }

    void evidenceIsExported()
    {
        TrustBench bench;
        QVERIFY(bench.open() && bench.diagnose());
        bench.panel().showLight("scale");
        const auto shown = bench.desk.window.exporter().shown("diagnosis");
        QVERIFY(shown && !shown->figure.caption.empty());
        const QTemporaryDir folder;
        ExportChoice choice;
        choice.format = QStringLiteral("svg");
        bench.desk.window.exporter().save(*shown, choice, folder.filePath("a.svg"));
        QVERIFY(QFileInfo(folder.filePath("a.svg")).size() > 1000);
    }

    void stopKeepsWhatIsDone()
    {
        TrustBench bench;
        QVERIFY(bench.open(60));
        DiagnosisChoices choices = bench.room().choices();
        choices.preset = Preset::Paper;
        bench.room().setChoices(choices);
        bench.desk.window.actions().run->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(bench.room().diagnosis() && bench.room().diagnosis()->lights.size() >= 3, limitMs);
        QCOMPARE(bench.room().state(), ViewState::Running);
        bench.desk.window.actions().stop->trigger();
        QVERIFY(bench.isDone());
        QCOMPARE(bench.room().state(), ViewState::Partial);
        QVERIFY(bench.desk.window.actions().run->isEnabled() && !bench.desk.window.actions().stop->isEnabled());
        QVERIFY(bench.room().diagnosis()->lights.size() < lightInfos().size());
    }

    // Too few steps: one light, whose remedy turns it green.
    void remedyCanBeStarted()
    {
        TrustBench bench;
        QVERIFY(bench.open(12));
        bench.setFewSteps();
        QVERIFY(bench.diagnose());
        bench.panel().showLight("incomplete");
        QVERIFY(findLight(*bench.room().diagnosis(), "incomplete")->isRaised());
        QAbstractButton* more = bench.button(QStringLiteral("Diagnose with more steps"));
        QVERIFY(more);
        more->click();
        QVERIFY(bench.room().isRunning() && bench.isDone());
        QCOMPARE(bench.room().choices().attack.parameters.integer("steps"), 100LL);
        QVERIFY(!findLight(*bench.room().diagnosis(), "incomplete")->isRaised());
        QVERIFY(!bench.button(QStringLiteral("Diagnose with more steps")));
    }

    void remedyGoesToInspect()
    {
        TrustBench bench;
        QVERIFY(bench.open(12));
        bench.setFewSteps();
        QVERIFY(bench.diagnose());
        bench.panel().showLight("incomplete");
        QAbstractButton* use = bench.button(QStringLiteral("Use in Inspect"));
        QVERIFY(use);
        use->click();
        QCOMPARE(bench.desk.window.tabs().workspace(), QStringLiteral("inspect"));
        const auto& attacks = bench.desk.session.settings().attacks;
        const auto pgd = std::ranges::find(attacks, "pgd", &AttackChoice::name);
        QVERIFY(pgd != attacks.end() && pgd->isChosen);
        QCOMPARE(pgd->params.integer("steps"), 100LL);
        QVERIFY(bench.desk.controller.isRunning());
    }

    void causeIsShownFromTheConsequence()
    {
        TrustBench bench;
        QVERIFY(bench.open(12));
        bench.setFewSteps();
        QVERIFY(bench.diagnose());
        const Light* follower = nullptr;
        for (const Light& light : bench.room().diagnosis()->lights)
            if (!light.follows.empty())
                follower = &light;
        QVERIFY(follower);
        bench.panel().showLight(follower->code);
        QAbstractButton* cause = bench.button(QStringLiteral("Show “%1”").arg(QString::fromStdString(lightInfo(follower->follows).title)));
        QVERIFY(cause);
        const std::string expected = follower->follows;
        cause->click();
        QCOMPARE(bench.panel().light(), expected);
    }

    void bpdaIsLoadedFromTheLight()
    {
        const QTemporaryDir folder;
        const std::string path = writeStaircase(folder.path());
        TrustBench bench;
        QVERIFY(bench.open(12));
        bench.desk.controller.openFiles({QString::fromStdString(path)});
        QTRY_VERIFY_WITH_TIMEOUT(bench.desk.session.models().size() > 1, limitMs);
        bench.desk.controller.pickModel(int(bench.desk.session.models().size()) - 1);
        QTRY_COMPARE_WITH_TIMEOUT(bench.desk.session.classifier()->path(), path, limitMs);
        QVERIFY(bench.diagnose());
        bench.panel().showLight("gradients");
        QVERIFY(findLight(*bench.room().diagnosis(), "gradients")->isRaised());
        QAbstractButton* load = bench.button(QStringLiteral("Load with BPDA and diagnose"));
        QVERIFY(load);
        load->click();
        QTRY_VERIFY_WITH_TIMEOUT(bench.desk.session.classifier()->card().usesBpda && bench.room().isRunning(), limitMs);
        QVERIFY(bench.isDone());
        QVERIFY(!findLight(*bench.room().diagnosis(), "gradients")->isRaised());
    }

    // With another open model as surrogate and a few images for CLEVER no check is left out.
    void surrogateAndCleverAreJudged()
    {
        TrustBench bench;
        QVERIFY(bench.open());
        bench.desk.controller.openFiles({findExamples().models.last()});
        QTRY_VERIFY_WITH_TIMEOUT(bench.desk.session.models().size() > 1, limitMs);
        DiagnosisChoices choices = bench.room().choices();
        for (const LoadedModel& loaded : bench.desk.session.models())
            if (loaded.classifier != bench.desk.session.classifier())
                choices.surrogate = loaded.classifier->path();
        choices.cleverImages = 1;
        bench.room().setChoices(choices);
        QVERIFY(bench.diagnose());
        for (const char* code : {"clever", "transfer", "transfer-failure"})
            QVERIFY2(findLight(*bench.room().diagnosis(), code)->value.has_value(), code);
    }

    void choicesFollowTheNorm()
    {
        TrustBench bench;
        QVERIFY(bench.open() && bench.diagnose());
        const Norm before = bench.desk.session.norm();
        bench.desk.controller.pickNorm(Norm::Linf);
        QCOMPARE(bench.room().choices().attack.norm, Norm::Linf);
        QCOMPARE(bench.room().choices().attack.parameters.real("eps"), 8.0 / 255);
        QCOMPARE(bench.room().choices().images, 6);
        QCOMPARE(bench.room().state(), ViewState::Stale);
        bench.desk.controller.pickNorm(before);
        QCOMPARE(bench.room().state(), ViewState::Complete);
    }

    void otherModelEndsTheRun()
    {
        TrustBench bench;
        QVERIFY(bench.open(60));
        bench.desk.window.actions().run->trigger();
        QVERIFY(bench.room().isRunning());
        bench.desk.session.removeModel(bench.desk.session.currentModel());
        QVERIFY(bench.isDone());
        QCOMPARE(bench.room().state(), ViewState::Empty);
        QVERIFY(!bench.room().diagnosis());
    }

    void failureIsASentence()
    {
        TrustBench bench;
        QVERIFY(bench.open());
        DiagnosisChoices choices = bench.room().choices();
        choices.attack.parameters.set("eps", 1000.0);
        bench.room().setChoices(choices);
        bench.desk.window.actions().run->trigger();
        QVERIFY(bench.isDone());
        QCOMPARE(bench.room().state(), ViewState::Failed);
        QVERIFY(!bench.room().diagnosis());
    }

    void alarmOfTheLadderLeadsHere()
    {
        TrustBench bench;
        QVERIFY(bench.open());
        bench.desk.window.tabs().showWorkspace(QStringLiteral("inspect"));
        auto* diagnose = [&]() -> QAbstractButton* {
            for (auto* each : bench.desk.window.views().inspect->findChildren<QAbstractButton*>())
                if (each->accessibleName() == QStringLiteral("Diagnose the model"))
                    return each;
            return nullptr;
        }();
        QVERIFY(diagnose && !diagnose->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(bench.desk.scheduler.isIdle(), limitMs);
        auto result = std::make_shared<InspectResult>(*bench.desk.session.result());
        result->alarms = {LadderAlarm::GradientFreeBest};
        bench.desk.session.setResult(result, ResultState::Complete);
        QTRY_VERIFY_WITH_TIMEOUT(diagnose->isVisible(), limitMs);
        diagnose->click();
        QCOMPARE(bench.desk.window.tabs().workspace(), QStringLiteral("trust"));
        QVERIFY(bench.room().isRunning());
        QVERIFY(bench.isDone());
    }

    void imageOfAFindingIsOpened()
    {
        TrustBench bench;
        QVERIFY(bench.open());
        Q_EMIT bench.panel().imagePicked(3);
        QCOMPARE(bench.desk.window.tabs().workspace(), QStringLiteral("inspect"));
        QCOMPARE(bench.desk.session.imageIndex(), std::int64_t(3));
    }

    void attacksOfTheFormAreThoseInsideABudget()
    {
        QVERIFY(scrutinisedAttacks(Norm::Linf).contains(QStringLiteral("pgd")) && scrutinisedAttacks(Norm::Linf).contains(QStringLiteral("square")));
        QVERIFY(!scrutinisedAttacks(Norm::Linf).contains(QStringLiteral("ddn")));
        QVERIFY(!scrutinisedAttacks(Norm::L1).contains(QStringLiteral("square")));
        AttackRequest attack = standardScrutiny(Norm::L2, 0.5, Preset::Paper);
        attack.parameters.set("restarts", 7LL);
        QCOMPARE(attackSummary(attack), QStringLiteral("ε 0.5, steps 40, restarts 7"));
    }
};

QTEST_MAIN(TestWindowTrust)
#include "tst_windowtrust.moc"
