// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figureexporter.h"
#include "app/inspectworkspace.h"
#include "app/trustroom.h"
#include "app/workspacetabs.h"
#include "tests/app/detectorsbench.h"
#include "widgets/controls/resulttable.h"
#include "widgets/controls/statementlist.h"
#include "widgets/plot/figureview.h"

#include <QAbstractItemModelTester>
#include <QAbstractSpinBox>
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>

#include <algorithm>
#include <numeric>

using namespace brink;
using namespace brink::test;

class TestWindowDetectors : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { prepareApplication(); }

    void saysWhatIsMissing()
    {
        DetectorsBench bench;
        bench.page().show();
        QTRY_VERIFY(!bench.page().runButton()->isEnabled());
        QTRY_VERIFY(bench.page().runButton()->toolTip().contains(QStringLiteral("model")));
        QVERIFY(bench.room().whyNot().contains(QStringLiteral("model")));
        bench.room().start(); // nothing happens
        QVERIFY(bench.desk.scheduler.jobs().isEmpty());
    }

    void everyControlIsNamed()
    {
        DetectorsBench bench;
        for (QWidget* control : bench.page().findChildren<QWidget*>()) {
            const bool isControl = qobject_cast<QCheckBox*>(control) || qobject_cast<QComboBox*>(control) || qobject_cast<QAbstractSpinBox*>(control) || qobject_cast<QPushButton*>(control);
            const bool isOfFigure = std::ranges::any_of(bench.page().panes(), [control](const FigurePane* pane) { return pane->isAncestorOf(control); });
            if (!isControl || isOfFigure)
                continue;
            QVERIFY2(!control->accessibleName().isEmpty(), control->metaObject()->className());
            if (control != bench.page().runButton())
                QVERIFY2(!control->toolTip().isEmpty(), qPrintable(control->accessibleName()));
        }
        QVERIFY(!bench.page().whatsThis().isEmpty() && !bench.page().table()->whatsThis().isEmpty());
        for (const FigurePane* pane : bench.page().panes())
            QVERIFY(!pane->whatsThis().isEmpty());
    }

    // The same numbers as the survey run by itself, in every view.
    void runsAndShows()
    {
        DetectorsBench bench;
        QVERIFY(bench.open());
        bench.chooseLittle();
        QVERIFY(bench.run());
        const KeptDetectors& kept = bench.room().desk().of(bench.model());
        SurveyImages images{bench.desk.session.dataset(), std::vector<std::int64_t>(100), {}};
        std::iota(images.indices.begin(), images.indices.end(), std::int64_t(0));
        PlainMonitor monitor;
        const auto& model = bench.desk.session.classifier();
        const DetectorSurvey expected
            = surveyDetectors(model, images, detectorsRequest(bench.room().desk().choices(), model->channels(), model->height(), bench.desk.session.settings().seed), monitor);
        QCOMPARE(toJson(*kept.survey, *kept.summary).dump(), toJson(expected, *summarise(expected)).dump());

        DetectorsPage& page = bench.page();
        const QAbstractItemModelTester tester(page.table()->model());
        QTRY_COMPARE(page.table()->model()->rowCount(), 2); // DDN, and the attack that knows the detector
        QTRY_COMPARE(page.findings()->statements().size(), std::size_t(3));
        for (int part = 0; part < 3; ++part) {
            page.showPart(part);
            QTRY_VERIFY(page.panes()[std::size_t(part)]->figure() && page.panes()[std::size_t(part)]->isVisible());
            QCOMPARE(page.images()->isVisible(), part == 2);
        }
        QVERIFY(page.images()->count() > 0);
        QSignalSpy opened(&page, &DetectorsPage::imageOpened);
        for (auto* button : page.findChildren<QPushButton*>())
            if (button->accessibleName().startsWith(QStringLiteral("Open the attacked image")))
                QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened.front().front().toLongLong(), page.images()->currentData().toLongLong());
    }

    void theRowChoosesTheFigures()
    {
        DetectorsBench bench;
        QVERIFY(bench.open());
        bench.chooseLittle();
        QVERIFY(bench.run());
        DetectorsPage& page = bench.page();
        page.showPart(2);
        page.table()->setFocus();
        page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
        QTRY_VERIFY(page.panes()[2]->figure());
        const std::string plain = page.panes()[2]->figure()->caption;
        QTest::keyClick(page.table(), Qt::Key_Down);
        QTRY_VERIFY(page.panes()[2]->figure() && page.panes()[2]->figure()->caption != plain);
        QVERIFY(page.panes()[2]->figure()->caption.find("adaptive") != std::string::npos);
        const std::string first = page.panes()[2]->figure()->caption;
        QVERIFY(page.images()->count() > 1);
        page.images()->setFocus();
        QTest::keyClick(page.images(), Qt::Key_Down);
        QTRY_VERIFY(page.panes()[2]->figure()->caption != first);
    }

    void anotherQuestionMakesItStale()
    {
        DetectorsBench bench;
        QVERIFY(bench.open());
        bench.chooseLittle();
        QVERIFY(bench.run());
        const DetectorsChoices asked = bench.room().desk().choices();
        for (auto* box : bench.page().findChildren<QCheckBox*>())
            if (box->accessibleName() == QStringLiteral("FMN"))
                QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
        QCOMPARE(bench.state(), ViewState::Stale);
        QVERIFY(bench.room().desk().choices().hasFmn);
        bench.room().desk().setChoices(asked);
        QCOMPARE(bench.state(), ViewState::Complete);
    }

    void wrongSqueezersAreSaidAtOnce()
    {
        DetectorsBench bench;
        QVERIFY(bench.open());
        QComboBox* squeezers = nullptr;
        for (auto* box : bench.page().findChildren<QComboBox*>())
            if (box->accessibleName() == QStringLiteral("Squeezers"))
                squeezers = box;
        QVERIFY(squeezers);
        squeezers->lineEdit()->selectAll();
        QTest::keyClicks(squeezers->lineEdit(), QStringLiteral("median-2"));
        QTest::keyClick(squeezers->lineEdit(), Qt::Key_Return);
        QTRY_VERIFY(!bench.page().runButton()->isEnabled());
        QVERIFY(bench.room().whyNot().contains(QStringLiteral("median-2")));
        QVERIFY(!bench.room().commands().canRun());
        squeezers->lineEdit()->selectAll();
        QTest::keyClicks(squeezers->lineEdit(), QStringLiteral("median-2-2,bit-depth-3"));
        QTest::keyClick(squeezers->lineEdit(), Qt::Key_Return);
        QTRY_VERIFY(bench.page().runButton()->isEnabled());
        QCOMPARE(bench.room().desk().choices().squeezers, std::string("median-2-2,bit-depth-3"));
        DetectorsChoices none = bench.room().desk().choices();
        none.hasSqueezing = false;
        bench.room().desk().setChoices(none);
        QTRY_VERIFY(!bench.page().runButton()->isEnabled());
        QVERIFY(bench.room().whyNot().contains(QStringLiteral("detector")));
    }

    void stopsAndStartsAgain()
    {
        DetectorsBench bench;
        QVERIFY(bench.open());
        DetectorsChoices choices;
        choices.clean = 50;
        choices.attacked = 50;
        choices.hasCurvature = true;
        bench.room().desk().setChoices(choices);
        QTest::mouseClick(bench.page().runButton(), Qt::LeftButton);
        QTRY_COMPARE(bench.state(), ViewState::Running);
        QTRY_VERIFY(bench.page().stopButton()->isVisible());
        QVERIFY(bench.room().commands().canStop());
        QTest::mouseClick(bench.page().stopButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(bench.room().desk().running().empty(), limitMs);
        QVERIFY(bench.state() == ViewState::Partial || bench.state() == ViewState::Empty);
        bench.chooseLittle();
        QTRY_VERIFY(bench.page().runButton()->isEnabled());
        QVERIFY(bench.run());
    }

    void anotherSetBeginsEmpty()
    {
        DetectorsBench bench;
        QVERIFY(bench.open());
        bench.chooseLittle();
        QVERIFY(bench.run());
        bench.desk.controller.openFiles({findExamples().images});
        QTRY_COMPARE_WITH_TIMEOUT(bench.state(), ViewState::Empty, limitMs);
        QTRY_COMPARE(bench.page().table()->model()->rowCount(), 0);
    }

    void standsInTheTrustWorkspace()
    {
        Desk desk;
        desk.session.setSettings(quickSettings());
        desk.openExample();
        QVERIFY(QTest::qWaitFor([&desk] { return desk.isComplete(); }, limitMs));
        TrustRoom& trust = desk.window.trust();
        desk.window.tabs().setCurrentWidget(trust.workspace());
        trust.workspace()->showPage(QStringLiteral("detectors"));
        DetectorsRoom& room = trust.detectors();
        QTRY_VERIFY(room.page()->isVisible());
        DetectorsChoices choices;
        choices.clean = 50;
        choices.attacked = 4;
        choices.hasPublished = false;
        room.desk().setChoices(choices);
        QTRY_VERIFY(desk.window.actions().run->isEnabled());
        QVERIFY(!desk.window.exporter().shown("detectors-roc"));
        desk.window.actions().run->trigger(); // F5 is about the page in sight
        QTRY_COMPARE_WITH_TIMEOUT(room.desk().state(desk.session.classifier()->sha256()), ViewState::Complete, limitMs);
        QTRY_VERIFY(desk.window.exporter().shown("detectors-roc"));
        Q_EMIT room.page()->imageOpened(3);
        QCOMPARE(desk.window.tabs().currentWidget(), desk.window.views().inspect);
    }

    void ownerGoesWhileRunning()
    {
        DetectorsBench bench;
        QVERIFY(bench.open());
        {
            DetectorsRoom other(bench.desk.session, bench.desk.scheduler, &bench.desk.window);
            DetectorsChoices choices;
            choices.clean = 50;
            other.desk().setChoices(choices);
            other.start();
            QVERIFY(!other.desk().running().empty());
        }
        bench.desk.scheduler.stopAll();
        QTRY_VERIFY_WITH_TIMEOUT(bench.desk.scheduler.isIdle(), limitMs);
    }
};

QTEST_MAIN(TestWindowDetectors)
#include "tst_windowdetectors.moc"
