// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studydesk.h"

#include "tests/support/studysample.h"

#include <QSignalSpy>
#include <QTest>

using namespace brink;
using namespace brink::test;

class TestStudyDesk : public QObject {
    Q_OBJECT
private slots:
    void aViewComesBackFromItsText()
    {
        StudyView view;
        view.analysis = "cw-l2";
        view.transferAnalysis = "bim";
        view.commonSet = true;
        view.logError = false;
        view.statistic = DistanceStatistic::Mean;
        view.rule = TransferRule::FooledSource;
        view.order = ModelOrder::Clustering;
        view.sort = PairSort::Distance;
        view.filter = PairFilter::Others;
        view.models = {"resnet20", "lenet"};
        view.tableColumn = 4;
        view.isTableDescending = true;
        QVERIFY(studyViewFromJson(toJson(view)) == view);
        QVERIFY(studyViewFromJson(Json::object()) == StudyView());
    }

    void whatIsNotKnownKeepsItsStandard_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addRow("a rule of a later version") << QByteArray(R"({"rule":"by-moonlight","order":7})");
        QTest::addRow("no object") << QByteArray("[1,2]");
        QTest::addRow("wrong types") << QByteArray(R"({"analysis":3,"commonSet":"yes","models":"a","tableColumn":"b"})");
        QTest::addRow("names that are none") << QByteArray(R"({"models":[1,2]})");
    }
    void whatIsNotKnownKeepsItsStandard()
    {
        QFETCH(QByteArray, json);
        QVERIFY(studyViewFromJson(Json::parse(json.toStdString())) == StudyView());
    }

    /// In another norm the attacks' images are farther than they need be.
    void marginsBeginInANormTheStudyMeasures()
    {
        auto results = std::make_shared<StudyResults>(studySample(4, 10, 2));
        for (StudyAnalysis& analysis : results->study.analyses)
            analysis.attack.norm = Norm::L2;
        StudyDesk desk;
        desk.setResults(results);
        QCOMPARE(desk.view().margins.norm, Norm::L2);
        StudyView view = desk.view();
        view.margins.norm = Norm::Linf;
        desk.setView(view);
        desk.setResults(std::make_shared<const StudyResults>(*results)); // a choice stays while the study grows
        QCOMPARE(desk.view().margins.norm, Norm::Linf);
    }

    /// A selection may be older than the study.
    void cellsOutsideTheStudyAreLeftOut()
    {
        StudyDesk desk;
        desk.setResults(std::make_shared<const StudyResults>(studySample(4, 10, 2)));
        desk.pickCells({{0, 9}, {-1, 3}});
        QVERIFY(desk.cells() == (CellSelection{{0}, {3}}));
        desk.pickOtherCells({{1}, {6}});
        QVERIFY(desk.otherCells().empty());
        desk.pickModels({2, 17});
        QCOMPARE(desk.view().models.size(), std::size_t(1));
    }

    void settingWhatIsSetEmitsNothing()
    {
        StudyDesk desk;
        desk.setPath(QStringLiteral("/a.brink"));
        desk.setResults(std::make_shared<const StudyResults>(studySample(4, 10, 2)));
        desk.pickCells({{0}, {1}});
        QSignalSpy view(&desk, &StudyDesk::viewChanged), cells(&desk, &StudyDesk::cellsChanged), results(&desk, &StudyDesk::resultsChanged);
        desk.setView(desk.view());
        desk.pickCells({{0}, {1}});
        desk.setResults(desk.results());
        desk.setPath(QStringLiteral("/a.brink"));
        QCOMPARE(view.size() + cells.size() + results.size(), 0);
    }

    void choicesSurviveNewResultsAndAnotherFileTakesThePicks()
    {
        StudyDesk desk;
        desk.setPath(QStringLiteral("/a.brink"));
        desk.setResults(std::make_shared<const StudyResults>(studySample(4, 10, 3)));
        StudyView view = desk.view();
        view.analysis = desk.results()->study.analyses[1].id;
        view.rule = TransferRule::All;
        desk.setView(view);
        desk.pickModels({2, 0});
        desk.pickCells({{0}, {1, 2}});
        desk.setResults(std::make_shared<const StudyResults>(studySample(4, 10, 3)));
        QCOMPARE(desk.analysis(), 1);
        QCOMPARE(desk.selection().models, (std::vector{2, 0}));
        QCOMPARE(desk.cells(), (CellSelection{{0}, {1, 2}}));
        desk.setPath(QStringLiteral("/b.brink"));
        QVERIFY(!desk.results());
        QVERIFY(desk.cells().empty() && desk.view().models.empty());
        QCOMPARE(desk.view().rule, TransferRule::All);
        QCOMPARE(desk.state(), StudyState::Opening);
    }

    void whatHasDistancesToCompareIsShownFirst()
    {
        StudyDesk desk;
        desk.setPath(QStringLiteral("/a.brink"));
        desk.setResults(std::make_shared<const StudyResults>(studySample(4, 10, 3)));
        QCOMPARE(desk.results()->study.analyses[0].attack.name, std::string("bim"));
        QCOMPARE(desk.results()->study.analyses[std::size_t(desk.analysis())].attack.name, std::string("cw"));
        desk.setResults(std::make_shared<const StudyResults>(studySample(4, 10, 1)));
        QCOMPARE(desk.analysis(), 0);
    }

    void theTransferWorkspaceTakesAnAnalysisThatHasTransfers()
    {
        StudyDesk desk;
        QCOMPARE(desk.transferAnalysis(), -1);
        desk.setPath(QStringLiteral("/a.brink"));
        StudyResults results = studySample(4, 10, 3);
        const int clever = int(results.study.analyses.size()) - 1;
        results.transfers[0].clear();
        results.study.analyses[0].transfers = false;
        desk.setResults(std::make_shared<const StudyResults>(results));
        QCOMPARE(desk.transferAnalysis(), 1);
        StudyView view = desk.view();
        view.analysis = view.transferAnalysis = results.study.analyses[std::size_t(clever)].id;
        desk.setView(view);
        QCOMPARE(desk.analysis(), clever);
        QCOMPARE(desk.transferAnalysis(), 1);
        QCOMPARE(*desk.transferSelection().analysis, results.study.analyses[1].id);
    }

    void aNewPickEndsTheContrast()
    {
        StudyDesk desk;
        desk.setResults(std::make_shared<const StudyResults>(studySample(4, 10, 2)));
        desk.pickOtherCells({{0}, {1}}); // nothing to contrast with: it becomes the first
        QCOMPARE(desk.cells(), (CellSelection{{0}, {1}}));
        desk.pickOtherCells({{0}, {2}});
        QCOMPARE(desk.otherCells(), (CellSelection{{0}, {2}}));
        desk.pickCells({{0}, {1}});
        QVERIFY(desk.otherCells().empty());
    }
};

QTEST_GUILESS_MAIN(TestStudyDesk)
#include "tst_studydesk.moc"
