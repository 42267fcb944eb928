// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/edits.h"
#include "app/examples.h"
#include "core/model/torchruntime.h"

#include <QTest>
#include <QUndoStack>

using namespace brink;

namespace {

constexpr int limitMs = 60000;

struct Bench {
    Session session;
    Scheduler scheduler{2};
    Controller controller{session, scheduler, {}};
    Edits edits{session, controller};

    Bench()
    {
        AnalysisSettings quick = standardSettings(Norm::L2, Preset::Preview);
        quick.computesClever = false;
        quick.randomDirections = 2;
        for (AttackChoice& attack : quick.attacks)
            attack.isChosen = attack.name == "fgsm";
        session.setSettings(quick);
    }
    bool open()
    {
        const Examples examples = findExamples();
        controller.openFiles(QStringList{examples.images} + examples.models.mid(0, 2));
        return QTest::qWaitFor([this] { return session.models().size() == 2 && session.image() && session.currentModel() == 0; }, limitMs);
    }
    void setBatches(long long batches)
    {
        AnalysisSettings settings = session.settings();
        settings.clever.set("batches", batches);
        edits.setSettings(settings);
    }
    [[nodiscard]] long long batches() const { return session.settings().clever.integer("batches"); }
};

} // namespace

class TestEdits : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        configureTorch(1, 1);
        QVERIFY(findExamples().isComplete());
    }

    void everyChoiceIsTakenBackAndMadeAgain()
    {
        Bench bench;
        QVERIFY(bench.open());
        const long long batches = bench.batches();
        bench.setBatches(77);
        bench.edits.pickNorm(Norm::Linf);
        bench.edits.pickTarget(3);
        bench.edits.pickModel(1);
        bench.edits.pickImage(5);
        bench.edits.showTarget(4);
        bench.edits.showAttack("fgsm");
        QUndoStack* stack = bench.edits.stack();
        QCOMPARE(stack->count(), 7);
        stack->setIndex(0);
        QCOMPARE(bench.batches(), batches);
        QCOMPARE(bench.session.norm(), Norm::L2);
        QVERIFY(!bench.session.target());
        QCOMPARE(bench.session.currentModel(), 0);
        QCOMPARE(bench.session.imageIndex(), 0);
        QVERIFY(!bench.session.selection().target && !bench.session.selection().attack);
        stack->setIndex(7);
        QCOMPARE(bench.session.norm(), Norm::Linf);
        QCOMPARE(bench.session.target().value_or(-1), 3);
        QCOMPARE(bench.session.currentModel(), 1);
        QCOMPARE(bench.session.imageIndex(), 5);
        QCOMPARE(bench.session.selection().target.value_or(-1), 4);
        QCOMPARE(bench.session.selection().attack.value_or(""), std::string("fgsm"));
    }

    void editsOfOneFieldInARowAreOneStep()
    {
        Bench bench;
        const long long before = bench.batches();
        for (const long long batches : {5, 56, 561})
            bench.setBatches(batches);
        QCOMPARE(bench.edits.stack()->count(), 1);
        QCOMPARE(bench.edits.stack()->undoText(), QStringLiteral("Batches of CLEVER"));
        AnalysisSettings settings = bench.session.settings();
        settings.randomDirections += 1;
        bench.edits.setSettings(settings);
        QCOMPARE(bench.edits.stack()->count(), 2);
        bench.setBatches(7);
        QCOMPARE(bench.edits.stack()->count(), 3);
        bench.edits.stack()->undo();
        QCOMPARE(bench.batches(), 561);
        bench.edits.stack()->setIndex(0);
        QCOMPARE(bench.batches(), before);
    }

    void goingBackByHandLeavesNoStep()
    {
        Bench bench;
        const long long before = bench.batches();
        bench.setBatches(before + 1);
        AnalysisSettings settings = bench.session.settings();
        settings.clever.set("batches", before);
        bench.edits.setSettings(settings);
        QCOMPARE(bench.edits.stack()->count(), 0);
    }

    void choosingWhatIsChosenIsNoStep()
    {
        Bench bench;
        bench.edits.pickNorm(Norm::L2);
        bench.edits.pickTarget(std::nullopt);
        bench.edits.setSettings(bench.session.settings());
        QCOMPARE(bench.edits.stack()->count(), 0);
    }

    void undoOfANormBringsItsResult()
    {
        Bench bench;
        QVERIFY(bench.open());
        QTRY_COMPARE_WITH_TIMEOUT(bench.session.resultState(), ResultState::Complete, limitMs);
        bench.edits.pickNorm(Norm::Linf);
        QTRY_COMPARE_WITH_TIMEOUT(bench.session.resultState(), ResultState::Complete, limitMs);
        bench.edits.stack()->undo();
        QTRY_COMPARE_WITH_TIMEOUT(bench.session.resultState(), ResultState::Complete, limitMs);
        QCOMPARE(bench.session.result()->norm, Norm::L2);
    }

    void undoOfAParameterMakesTheResultFreshAgain()
    {
        Bench bench;
        QVERIFY(bench.open());
        QTRY_COMPARE_WITH_TIMEOUT(bench.session.resultState(), ResultState::Complete, limitMs);
        AnalysisSettings other = bench.session.settings();
        other.randomDirections += 1;
        bench.edits.setSettings(other);
        QCOMPARE(bench.session.resultState(), ResultState::Stale);
        bench.edits.stack()->undo();
        QCOMPARE(bench.session.resultState(), ResultState::Complete);
        bench.edits.stack()->redo();
        QCOMPARE(bench.session.resultState(), ResultState::Stale);
    }

    void anotherSetOrARemovedModelIsNoTrap()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.edits.pickModel(1);
        bench.edits.pickImage(9);
        bench.session.removeModel(0);
        bench.edits.stack()->setIndex(0);
        QCOMPARE(bench.session.imageIndex(), 0);
        QCOMPARE(bench.session.models().size(), std::size_t(1));
        bench.edits.pickImage(3);
        bench.session.setDataset(nullptr);
        QCOMPARE(bench.edits.stack()->count(), 0);
    }

    void wordsSayWhatChanged_data()
    {
        using Change = std::function<void(AnalysisSettings&)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("words");
        QTest::addRow("seed") << Change([](AnalysisSettings& s) { s.seed = 9; }) << QStringLiteral("seed");
        QTest::addRow("directions") << Change([](AnalysisSettings& s) { s.randomDirections = 9; }) << QStringLiteral("random directions");
        QTest::addRow("an attack less") << Change([](AnalysisSettings& s) { s.attacks[0].isChosen = false; }) << QStringLiteral("leaving out DDN");
        QTest::addRow("a parameter of an attack") << Change([](AnalysisSettings& s) { s.attacks[0].params.set("steps", 3LL); })
                                                  << QStringLiteral("Steps of DDN");
        QTest::addRow("CLEVER left out") << Change([](AnalysisSettings& s) { s.computesClever = false; }) << QStringLiteral("leaving out CLEVER");
    }
    void wordsSayWhatChanged()
    {
        QFETCH(std::function<void(AnalysisSettings&)>, change);
        QFETCH(QString, words);
        const AnalysisSettings before = standardSettings(Norm::L2, Preset::Preview);
        AnalysisSettings after = before;
        change(after);
        QCOMPARE(settingsChange(before, after).words, words);
    }
};

QTEST_GUILESS_MAIN(TestEdits)
#include "tst_edits.moc"
