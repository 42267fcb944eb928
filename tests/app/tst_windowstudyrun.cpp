// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysisform.h"
#include "app/sessionkeeper.h"
#include "app/studyexport.h"
#include "app/studyform.h"
#include "core/store/studyreading.h"
#include "core/store/studyrun.h"
#include "tests/app/studybench.h"
#include "widgets/controls/joblist.h"
#include "widgets/controls/listparamform.h"
#include "widgets/controls/messagebar.h"
#include "widgets/controls/pairgallery.h"
#include "widgets/controls/resulttable.h"

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace brink;
using namespace brink::test;

namespace {

bool press(QWidget& place, const QString& text)
{
    for (auto* button : place.findChildren<QAbstractButton*>())
        if (button->text() == text && button->isVisible() && button->isEnabled()) {
            QTest::mouseClick(button, Qt::LeftButton);
            return true;
        }
    return false;
}

QComboBox* named(const QWidget& place, const QString& name)
{
    for (auto* box : place.findChildren<QComboBox*>())
        if (box->accessibleName() == name)
            return box;
    return nullptr;
}

/// Stops when it is told to, as another process would.
class Elsewhere {
public:
    Elsewhere(QString path, Study study) : m_thread([this, path = path.toStdString(), study = std::move(study)] { runStudy(path, study, {}, m_monitor); }) {}
    ~Elsewhere()
    {
        m_monitor.requestStop();
        m_thread.join();
    }

private:
    PlainMonitor m_monitor;
    std::thread m_thread;
};

Study slowStudy(const QString& name)
{
    Study study = exampleStudy(name);
    for (StudyAnalysis& analysis : study.analyses)
        analysis.attack.parameters.set("steps", 400LL);
    study.analyses.resize(1);
    return study;
}

} // namespace

/// Studies from the form to the picture: run, watch, stop, continue, open elsewhere.
class TestWindowStudyRun : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
        QVERIFY(findExamples().isComplete());
    }

    void fromTheFormToTheImagesBehindACell()
    {
        const QTemporaryDir folder;
        Desk desk;
        const Examples examples = findExamples();
        desk.controller.openFiles({examples.images, examples.models[0], examples.models[1]});
        desk.window.show();
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.models().size() == 2 && desk.session.dataset(), limitMs);
        StudyRoom& room = desk.window.studies();
        room.actions().create->trigger();
        auto* form = desk.window.findChild<StudyForm*>();
        QVERIFY(form);
        for (auto* line : form->findChildren<QLineEdit*>()) {
            if (line->accessibleName() == QStringLiteral("Range"))
                line->setText(QStringLiteral("0:20"));
            if (line->accessibleName() == QStringLiteral("Result file"))
                line->setText(folder.filePath(QStringLiteral("two.brink")));
        }
        QLineEdit* steps = form->analysis()->parameters()->editor("steps");
        steps->selectAll();
        QTest::keyClicks(steps, QStringLiteral("3, 6"));
        while (form->findChild<QListWidget*>()->count() > 1) { // one attack is enough
            form->findChild<QListWidget*>()->setCurrentRow(1);
            QVERIFY(press(*form, QStringLiteral("Remove")));
        }
        QTRY_VERIFY_WITH_TIMEOUT(form->estimate().contains(QStringLiteral("20 images × 2 analyses")), limitMs);
        QVERIFY(press(*form, QStringLiteral("Run")));
        QCOMPARE(desk.window.tabs().currentIndex(), int(StudyTab));
        QTRY_COMPARE_WITH_TIMEOUT(room.desk().state(), StudyState::Complete, limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(!room.studies().isRunning(), limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(room.study()->table()->model()->rowCount(), 2, limitMs);
        QVERIFY(desk.window.messages()->sentences().join(QLatin1Char(' ')).contains(QStringLiteral("two.brink is complete")));

        desk.window.tabs().setCurrentIndex(TransferTab);
        QTRY_COMPARE_WITH_TIMEOUT(room.transfer()->drawing().sources.size(), std::size_t(2), limitMs);
        QTest::qWait(100);
        PairGallery* gallery = room.transfer()->gallery();
        room.desk().pickCells({{0}, {0, 1}});
        StudyView view = room.desk().view();
        view.filter = PairFilter::All;
        room.desk().setView(view);
        QVERIFY(gallery->pairs()->rowCount() > 0);
        const auto isPictured = [gallery](int role) { return !gallery->pairs()->index(0).data(role).value<QImage>().isNull(); };
        QTRY_VERIFY_WITH_TIMEOUT(isPictured(PairModel::BeforeRole) && isPictured(PairModel::AfterRole), limitMs);
        QVERIFY(gallery->pairs()->index(0).data(PairModel::BeforeRole).value<QImage>() != gallery->pairs()->index(0).data(PairModel::AfterRole).value<QImage>());

        const TransferPair pair = room.transfer()->pair(0);
        const QPoint place = gallery->visualRect(gallery->pairs()->index(0)).center();
        QTest::mouseClick(gallery->viewport(), Qt::LeftButton, {}, place);
        QTest::mouseDClick(gallery->viewport(), Qt::LeftButton, {}, place);
        QCOMPARE(desk.window.tabs().currentIndex(), int(InspectTab));
        QTRY_COMPARE_WITH_TIMEOUT(desk.session.imageIndex(), room.desk().results()->images[std::size_t(pair.image)].index, limitMs);
        QTRY_COMPARE_WITH_TIMEOUT(desk.session.classifier()->path(), room.desk().results()->study.models[std::size_t(pair.target)].path, limitMs);
    }

    void aDroppedDefinitionIsRunOnlyWhenAsked()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("dropped.json"));
        writeStudyDefinition(toJson(exampleStudy(QStringLiteral("dropped"), 2)), path);
        Desk desk;
        desk.window.show();
        desk.controller.openFiles({path});
        QCOMPARE(desk.window.messages()->sentences(), QStringList{QStringLiteral("dropped.json describes a study of 2 models and 2 analyses.")});
        QVERIFY(!desk.window.studies().studies().isRunning());
        QVERIFY(press(*desk.window.messages(), QStringLiteral("Run into dropped.brink")));
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.studies().desk().state(), StudyState::Complete, limitMs);
        QVERIFY(fileKindIsStudy(folder.filePath(QStringLiteral("dropped.brink"))));
    }

    void aDefinitionThatIsWrongIsOneSentence()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("wrong.json"));
        writeStudyDefinition({{"models", "a.pt"}, {"analyses", 3}}, path);
        Desk desk;
        desk.window.show();
        desk.controller.openFiles({path});
        QCOMPARE(desk.window.messages()->sentences().size(), 1);
        QVERIFY(!desk.window.messages()->sentences().first().contains('\n'));
    }

    void aPairIsInspectedWithoutItsModelOpen()
    {
        const QTemporaryDir folder;
        PlainMonitor monitor;
        const QString path = folder.filePath(QStringLiteral("a.brink"));
        runStudy(path.toStdString(), exampleStudy(QStringLiteral("a"), 2), {}, monitor);
        Desk desk;
        desk.window.show();
        desk.controller.openFiles({path});
        StudyRoom& room = desk.window.studies();
        QTRY_COMPARE_WITH_TIMEOUT(room.desk().state(), StudyState::Complete, limitMs);
        QCOMPARE(desk.window.tabs().currentIndex(), int(StudyTab));
        Q_EMIT room.transfer()->pairOpened({0, 1, 0, 7, 0, 0, 0, true}, false);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.classifier() && desk.session.image() && desk.session.image()->index == 7, limitMs);
        QCOMPARE(desk.session.classifier()->path(), room.desk().results()->study.models[1].path);
    }

    void stoppedInTheMiddleItIsContinued()
    {
        const QTemporaryDir folder;
        Desk desk;
        desk.window.show();
        StudyRoom& room = desk.window.studies();
        desk.window.tabs().setCurrentIndex(StudyTab);
        room.studies().run(folder.filePath(QStringLiteral("slow.brink")), slowStudy(QStringLiteral("slow")));
        QVERIFY(room.actions().stop->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(room.desk().results() && room.desk().results()->unitsDone > 2, limitMs);
        QCOMPARE(room.desk().state(), StudyState::Running);
        QVERIFY(press(*room.study(), QStringLiteral("Stop study")));
        QTRY_COMPARE_WITH_TIMEOUT(room.desk().state(), StudyState::Incomplete, limitMs);
        const auto done = room.desk().results()->unitsDone;
        QVERIFY(done < room.desk().results()->unitsTotal);
        QVERIFY(press(*room.study(), QStringLiteral("Continue study")));
        QTRY_COMPARE_WITH_TIMEOUT(room.desk().state(), StudyState::Complete, 3 * limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(!room.studies().isRunning(), limitMs);
        const QString sentence = desk.window.messages()->sentences().first();
        const auto total = room.desk().results()->unitsTotal;
        QVERIFY2(sentence.contains(QStringLiteral("%1 of %1 units").arg(total)), qPrintable(sentence));
        QVERIFY2(sentence.contains(QStringLiteral(" %1 of them computed now").arg(total - done)) || total - done < 30, qPrintable(sentence));
        QVERIFY(!room.actions().resume->isEnabled());
    }

    /// What another process writes arrives by itself; what the user chose stays.
    void aFileThatGrowsElsewhereFillsTheViews()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("elsewhere.brink"));
        const Elsewhere elsewhere(path, slowStudy(QStringLiteral("elsewhere")));
        QTRY_VERIFY_WITH_TIMEOUT(fileKindIsStudy(path), limitMs);
        Desk desk;
        desk.window.show();
        desk.controller.openFiles({path});
        StudyRoom& room = desk.window.studies();
        QTRY_VERIFY_WITH_TIMEOUT(room.desk().results(), limitMs);
        const auto first = room.desk().results()->unitsDone;
        StudyView view = room.desk().view();
        view.rule = TransferRule::All;
        room.desk().setView(view);
        room.desk().pickModels({1});
        QTRY_VERIFY_WITH_TIMEOUT(room.desk().results()->unitsDone > first + 1, limitMs);
        QCOMPARE(room.desk().state(), StudyState::Growing);
        QCOMPARE(room.desk().view().rule, TransferRule::All);
        QCOMPARE(room.desk().view().models.size(), std::size_t(1));
    }

    void theWindowMayBeClosedAndOpenedAgain()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("again.brink"));
        std::int64_t done = 0;
        {
            Desk desk;
            desk.window.show();
            desk.window.studies().studies().run(path, slowStudy(QStringLiteral("again")));
            StudyDesk& study = desk.window.studies().desk();
            QTRY_VERIFY_WITH_TIMEOUT(study.results() && study.results()->unitsDone > 1, limitMs);
            done = study.results()->unitsDone;
            QVERIFY(desk.window.close());
        }
        Desk desk;
        desk.window.show();
        desk.controller.openFiles({path});
        StudyRoom& room = desk.window.studies();
        QTRY_COMPARE_WITH_TIMEOUT(room.desk().state(), StudyState::Incomplete, limitMs);
        QVERIFY(room.desk().results()->unitsDone >= done);
        QVERIFY(room.actions().resume->isEnabled());
    }

    void aSessionRemembersWhatWasShown()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("b.brink"));
        const QString session = folder.filePath(QStringLiteral("session.brink"));
        PlainMonitor monitor;
        runStudy(path.toStdString(), exampleStudy(QStringLiteral("b"), 2), {}, monitor);
        StudyView view;
        {
            Desk desk;
            desk.window.show();
            desk.controller.openFiles({path});
            StudyRoom& room = desk.window.studies();
            QTRY_COMPARE_WITH_TIMEOUT(room.desk().state(), StudyState::Complete, limitMs);
            view = room.desk().view();
            view.order = ModelOrder::Accuracy;
            view.rule = TransferRule::FooledSource;
            view.transferAnalysis = room.desk().results()->study.analyses[1].id;
            view.tableColumn = 4;
            room.desk().setView(view);
            desk.window.tabs().setCurrentIndex(TransferTab);
            desk.window.keeper().saveAs(session);
            QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(session), limitMs);
            QTRY_COMPARE_WITH_TIMEOUT(desk.window.keeper().path(), session, limitMs);
        }
        Desk desk;
        desk.window.show();
        desk.controller.openFiles({session});
        StudyRoom& room = desk.window.studies();
        QTRY_COMPARE_WITH_TIMEOUT(room.desk().state(), StudyState::Complete, limitMs);
        QCOMPARE(desk.window.tabs().currentIndex(), int(TransferTab));
        QVERIFY(room.desk().view() == view);
        QCOMPARE(room.desk().transferAnalysis(), 1);
    }

    void whatCannotBeReadIsOneSentence_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addRow("no database") << QByteArray("just words");
        QTest::addRow("the beginning of one") << QByteArray("SQLite format 3\0", 16);
    }
    void whatCannotBeReadIsOneSentence()
    {
        QFETCH(QByteArray, content);
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("broken.brink")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        Desk desk;
        desk.window.show();
        desk.controller.openFiles({file.fileName()});
        QTRY_COMPARE_WITH_TIMEOUT(desk.window.messages()->sentences().size(), 1, limitMs);
        QVERIFY2(desk.window.messages()->sentences().first().contains(QStringLiteral("broken.brink")), qPrintable(desk.window.messages()->sentences().first()));
    }

    void aTruncatedStudyIsOneSentence()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("cut.brink"));
        PlainMonitor monitor;
        runStudy(path.toStdString(), exampleStudy(QStringLiteral("cut"), 2), {}, monitor);
        QVERIFY(QFile::resize(path, QFileInfo(path).size() / 2));
        Desk desk;
        desk.window.show();
        desk.controller.openFiles({path});
        QTRY_VERIFY_WITH_TIMEOUT(!desk.window.messages()->sentences().isEmpty(), limitMs);
        QVERIFY2(desk.window.messages()->sentences().first().contains(QStringLiteral("cut.brink")), qPrintable(desk.window.messages()->sentences().first()));
    }

    void theFormSaysWhatIsMissing()
    {
        Desk desk;
        desk.window.show();
        const Examples examples = findExamples();
        StudyForm* form = desk.window.studies().openForm();
        QVERIFY(!form->study());
        QVERIFY(form->problem().contains(QStringLiteral("model")));
        form->addModels({examples.models[0], examples.models[1]});
        QVERIFY(form->problem().contains(QStringLiteral("image set")));
        form->setImages(QStringLiteral("/no/such/set"), {});
        QTRY_VERIFY_WITH_TIMEOUT(form->problem().contains(QStringLiteral("cannot be used")), limitMs);
        form->setImages(examples.images, QStringLiteral("0:5000"));
        QTRY_VERIFY_WITH_TIMEOUT(form->problem().contains(QStringLiteral("cannot be used")), limitMs);
        form->setImages(examples.images, QStringLiteral("0:10"));
        QTRY_VERIFY_WITH_TIMEOUT(form->problem().isEmpty() && form->estimate().contains(QStringLiteral("2 models × 10 images")), limitMs);
        QVERIFY(form->study());
        QLineEdit* steps = form->analysis()->parameters()->editor("steps");
        steps->selectAll();
        QTest::keyClicks(steps, QStringLiteral("10, x"));
        QVERIFY(!form->study());
        form->addModels({examples.models[0]}); // a second of the same name
        steps->selectAll();
        QTest::keyClicks(steps, QStringLiteral("10, 30"));
        QVERIFY2(form->problem().contains(QStringLiteral("name")) || form->study(), qPrintable(form->problem()));
        form->reject();
    }

    void theFormWritesWhatRunReads()
    {
        StudyDraft draft;
        const Examples examples = findExamples();
        draft.name = QStringLiteral("written");
        draft.models = {{examples.models[0], QStringLiteral("a"), QStringLiteral("MLP")}, {examples.models[1], QStringLiteral("b"), {}, 1}, {examples.models[2], QStringLiteral("c"), {}, 0, false}};
        draft.images = examples.images;
        draft.range = QStringLiteral("0:10");
        draft.seed = 7;
        draft.entry = EntryRule::CorrectOnAll;
        AnalysisDraft attack = usualAnalyses()[0];
        attack.texts = {{"steps", QStringLiteral("10, 30")}, {"eps", QStringLiteral("0.1, 0.2")}};
        attack.targets = {"untargeted", "random"};
        draft.analyses = {attack, usualAnalyses()[2]};
        const Study study = studyFromJson(studyJson(draft), {});
        QCOMPARE(study.models.size(), std::size_t(2));
        QCOMPARE(study.models[0].family, std::string("MLP"));
        QCOMPARE(study.models[1].classOffset, 1);
        QCOMPARE(study.seed, std::uint64_t(7));
        QCOMPARE(study.entry, EntryRule::CorrectOnAll);
        QCOMPARE(study.images.range, std::string("0:10"));
        QCOMPARE(study.analyses.size(), std::size_t(2 * 2 * 2 + 1));
        QVERIFY(study.analyses.front().transfers);
        QCOMPARE(study.analyses.back().kind, AnalysisKind::Clever);
        QCOMPARE(study.analyses.back().images, 10);
        // 8 attacks on 2 models in 1 block and as many pairs twice, CLEVER an image at a time, and the predictions.
        QCOMPARE(estimateOf(study, 10).units, 2 + 8 * (2 + 2 * 2) + 2 * 10);
    }

    void surveysOfTheBoundaryAreAnalyses()
    {
        AnalysisForm form;
        AnalysisDraft attack = usualAnalyses()[0];
        attack.targets = {"untargeted", "random"};
        form.setDraft(attack);
        auto* kind = named(form, QStringLiteral("Analysis"));
        auto* norm = named(form, QStringLiteral("Norm"));
        QVERIFY(kind && norm);
        const int place = kind->findText(QStringLiteral("Curvature"));
        QVERIFY(place >= 0);
        kind->setCurrentIndex(place);
        Q_EMIT kind->activated(place);
        QCOMPARE(form.draft().boundary, std::string("curvature"));
        QVERIFY(form.draft().attack.empty() && !form.draft().transfers);
        QCOMPARE(form.draft().targets, std::vector<std::string>{"untargeted"}); // it has none to aim at
        QCOMPARE(norm->count(), 1);
        QVERIFY(form.parameters()->isValid());
        form.setDraft(form.draft());
        QCOMPARE(kind->currentText(), QStringLiteral("Curvature"));
        StudyDraft draft;
        const Examples examples = findExamples();
        draft.models = {{examples.models[0], QStringLiteral("a"), {}}};
        draft.images = examples.images;
        draft.analyses = {form.draft()};
        draft.analyses[0].texts = {{"probes", QStringLiteral("3, 5")}};
        const Study study = studyFromJson(studyJson(draft), {});
        QCOMPARE(study.analyses.size(), std::size_t(2));
        QCOMPARE(study.analyses[1].kind, AnalysisKind::Curvature);
        QCOMPARE(study.analyses[1].boundary.integer("probes"), 5LL);
        QCOMPARE(estimateOf(study, 10).units, 1 + 2); // predictions, and one unit a survey
    }

private:
    static bool fileKindIsStudy(const QString& path) { return QFile::exists(path) && isStudyFile(path.toStdString()); }
};

QTEST_MAIN(TestWindowStudyRun)
#include "tst_windowstudyrun.moc"
