// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/marginsroom.h"
#include "app/marginsworkspace.h"
#include "app/marginthreshold.h"
#include "app/session.h"
#include "tests/app/studybench.h"
#include "widgets/controls/messagebar.h"
#include "widgets/controls/resulttable.h"
#include "widgets/plot/draghandle.h"
#include "widgets/plot/figureview.h"
#include "widgets/plot/theme.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QFontInfo>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace brink;
using namespace brink::test;

namespace {

struct MarginBench {
    StudyBench bench;

    explicit MarginBench(int models = 6, int images = 120) : bench(models, images, 3) {}
    [[nodiscard]] MarginsWorkspace& space() { return *bench.desk.window.margins().workspace(); }
    [[nodiscard]] bool isDrawn()
    {
        QTest::qWait(60); // the redraw begins a moment later
        const bool ended = QTest::qWaitFor([this] { return bench.desk.window.margins().isDrawn(); }, limitMs);
        QTest::qWait(60); // and the queued replot
        return ended;
    }
    [[nodiscard]] bool go()
    {
        bench.desk.window.tabs().setCurrentWidget(&space());
        return isDrawn();
    }
    template <typename T> [[nodiscard]] T* named(const char* name)
    {
        for (T* widget : space().findChildren<T*>())
            if (widget->accessibleName() == QString::fromUtf8(name))
                return widget;
        return nullptr;
    }
    /// What the side shows where it has room for one figure.
    void choose(const char* figure)
    {
        for (auto* button : space().findChildren<QToolButton*>())
            if (button->isVisible() && button->text() == QString::fromUtf8(figure))
                return button->click();
        QFAIL("no such choice");
    }
    /// In L2, where the invented distances fall on both sides of the customary budget.
    [[nodiscard]] bool pickModel(int model)
    {
        StudyView view = bench.room().desk().view();
        view.models = {bench.results().study.models[std::size_t(model)].name};
        view.margins.norm = Norm::L2;
        view.margins.eps = 0.3;
        bench.room().desk().setView(view);
        return isDrawn();
    }
    [[nodiscard]] MarginQuery query() { return bench.room().desk().view().margins; }
};

} // namespace

class TestWindowMargins : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { prepareApplication(); }

    void emptyWorkspaceSaysWhatItWillShow()
    {
        Desk desk;
        desk.window.show();
        desk.window.tabs().setCurrentWidget(desk.window.margins().workspace());
        QVERIFY(desk.window.actions().workspaces[4]->text().contains(QStringLiteral("Margins")));
        desk.window.tabs().setCurrentIndex(InspectTab);
        desk.window.actions().workspaces[4]->trigger();
        QCOMPARE(desk.window.tabs().currentWidget(), desk.window.margins().workspace());
    }

    void everyFigureIsDrawn()
    {
        MarginBench bench;
        QVERIFY(bench.go());
        QVERIFY(bench.pickModel(0));
        for (const FigurePane* pane : bench.space().panes())
            QVERIFY2(pane->figure().has_value(), pane->name().c_str());
        QVERIFY(bench.space().table()->model()->rowCount() > 30);
        QCOMPARE(bench.space().drawing().models.size(), std::size_t(1));
    }

    // With a key of eight models, too.
    void theSmallestWindowLeavesRoomForTheRoc()
    {
        MarginBench bench(17, 60);
        StudyView view = bench.bench.room().desk().view();
        view.margins.norm = Norm::L2;
        view.margins.eps = 0.3;
        bench.bench.room().desk().setView(view);
        bench.bench.desk.window.resize(1280, 720);
        QVERIFY(bench.go());
        const FigurePane* pane = bench.space().panes()[1];
        QVERIFY(pane->isVisible() && pane->figure());
        QTRY_VERIFY(pane->view()->pixelOf("roc", 0, 0).y() - pane->view()->pixelOf("roc", 0, 100).y() > 100);
        bench.bench.desk.window.resize(1920, 1080);
        QTRY_VERIFY(bench.space().panes()[2]->isVisible()); // below, not instead
        QVERIFY(pane->isVisible());
    }

    // One line a model needs its height; in a low pane the figure scrolls.
    void theOverviewKeepsItsLinesApart()
    {
        MarginBench bench;
        bench.bench.desk.window.resize(1280, 720);
        QVERIFY(bench.go());
        bench.choose("All models");
        const FigurePane* pane = bench.space().panes()[2];
        QTRY_VERIFY(pane->view()->height() >= int(fixedHeightEm(*pane->figure()) * QFontInfo(pane->view()->font()).pixelSize()));
        QVERIFY(pane->view()->height() > pane->height());
        // On the ground of the others, although a scroll area is transparent.
        QCOMPARE(themeKindOf(pane->view()->palette()), themeKindOf(bench.space().panes()[1]->view()->palette()));
    }

    void theBudgetDecidesWhoIsBrittle()
    {
        MarginBench bench;
        QVERIFY(bench.go() && bench.pickModel(0));
        auto* slider = bench.named<QSlider>("Budget ε");
        auto* number = bench.named<QDoubleSpinBox>("Budget ε, as a number");
        QVERIFY(slider && number);
        const auto brittle = [&bench] {
            const double eps = epsOf(bench.query());
            return std::ranges::count_if(bench.space().drawing().models.front().points, [eps](const ScoredMargin& each) { return each.margin <= eps; });
        };
        const auto before = brittle();
        number->setValue(0.6);
        QVERIFY(bench.isDrawn());
        QCOMPARE(epsOf(bench.query()), 0.6);
        QVERIFY(brittle() > before);
        slider->setValue(slider->minimum());
        QVERIFY(bench.isDrawn());
        QVERIFY(epsOf(bench.query()) < 0.05);
        QVERIFY(brittle() < before);
    }

    void theThresholdIsDragged()
    {
        MarginBench bench;
        QVERIFY(bench.go() && bench.pickModel(0));
        MarginThreshold* threshold = bench.space().threshold();
        DragHandle* handle = threshold->handle();
        QVERIFY(handle->isVisible());
        const double before = *threshold->value();
        const QString said = threshold->countsText();
        QVERIFY(said.contains(QStringLiteral("brittle")));
        const QPoint start = handle->rect().center();
        QTest::mousePress(handle, Qt::LeftButton, {}, start);
        QTest::mouseMove(handle, start - QPoint(0, 30));
        QVERIFY(*threshold->value() > before);
        QVERIFY(threshold->countsText() != said);
        QVERIFY(!bench.query().threshold); // not before it is let go
        QTest::mouseRelease(handle, Qt::LeftButton, {}, start);
        QVERIFY(bench.query().threshold.has_value());
        QVERIFY(bench.isDrawn());
        QCOMPARE(*threshold->value(), *bench.query().threshold);
        // The table's counts are those of the whole sample.
        const ThresholdCounts counts = countsAt(bench.space().drawing().models.front().points, epsOf(bench.query()), *threshold->value());
        QVERIFY(threshold->countsText().contains(QStringLiteral("finds %1 of %2").arg(counts.found).arg(counts.found + counts.missed)));
        handle->setFocus();
        const double dragged = *threshold->value();
        QTest::keyClick(handle, Qt::Key_Down);
        QVERIFY(*bench.query().threshold < dragged);
    }

    void draggingIsQuickWithManyImages()
    {
        std::vector<ScoredMargin> points;
        for (int i = 0; i < 10'000; ++i)
            points.push_back({double(i % 977), double(i % 31)});
        const ThresholdTable table(points, 7);
        QElapsedTimer timer;
        timer.start();
        std::int64_t found = 0;
        for (int i = 0; i < 1000; ++i)
            found += table.at(double(i)).found;
        QVERIFY(found > 0);
        QVERIFY2(timer.elapsed() < 100, "a thousand moves of the handle"); // at 60 a second each has 16 ms
    }

    void choicesAreThere()
    {
        MarginBench bench;
        QVERIFY(bench.go() && bench.pickModel(1));
        auto* attack = bench.named<QComboBox>("Input margin");
        auto* score = bench.named<QComboBox>("Score");
        QVERIFY(attack && score);
        QCOMPARE(attack->count(), 1 + 3);
        attack->setCurrentIndex(2);
        Q_EMIT attack->activated(2);
        QVERIFY(bench.isDrawn());
        QCOMPARE(bench.query().analyses, std::vector<std::string>{bench.bench.results().study.analyses[1].id});
        score->setCurrentIndex(1);
        Q_EMIT score->activated(1);
        QVERIFY(bench.isDrawn());
        QVERIFY(bench.query().score == MarginScore::ProbabilityMargin);
        bench.space().findChild<QCheckBox*>()->click();
        QVERIFY(bench.isDrawn());
        QVERIFY(bench.query().correctOnly);
    }

    void choicesSurviveASession()
    {
        MarginBench bench;
        QVERIFY(bench.go() && bench.pickModel(2));
        StudyView view = bench.bench.room().desk().view();
        view.margins.threshold = 1.5;
        view.margins.score = MarginScore::MaxProbability;
        QCOMPARE(studyViewFromJson(toJson(view)), view);
        QCOMPARE(studyViewFromJson(Json::parse(R"({"margins": {"norm": "l9", "score": 4, "eps": "x"}})")).margins, MarginQuery{});
    }

    void aPointIsFoundInTheTable()
    {
        MarginBench bench;
        QVERIFY(bench.go() && bench.pickModel(0));
        const MarginImage& nearest = bench.space().drawing().images.front();
        Q_EMIT bench.space().panes()[0]->picked({imageRefKind, std::to_string(nearest.model) + "," + std::to_string(nearest.image)});
        QCOMPARE(bench.space().table()->currentKey(), QStringLiteral("%1,%2").arg(nearest.model).arg(nearest.image));
    }

    void figuresAndTablesAreExported()
    {
        MarginBench bench;
        QVERIFY(bench.go() && bench.pickModel(0));
        const QTemporaryDir folder;
        for (const std::string& name : marginFigureNames()) {
            const QString path = folder.filePath(QString::fromStdString(name) + QStringLiteral(".svg"));
            const auto shown = bench.bench.desk.window.exporter().shown(name);
            QVERIFY2(shown, name.c_str());
            ExportChoice choice;
            choice.format = QStringLiteral("svg");
            bench.bench.desk.window.exporter().save(*shown, choice, path);
            QVERIFY(QFileInfo(path).size() > 2000);
        }
        const QString table = folder.filePath(QStringLiteral("margins.csv"));
        bench.bench.room().saveTable("margins", table);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(table), limitMs);
    }

    void anOlderFileSaysWhatToDo()
    {
        MarginBench bench;
        StudyResults older = bench.bench.results();
        older.scores.clear();
        bench.bench.room().desk().setResults(std::make_shared<const StudyResults>(std::move(older)));
        QVERIFY(bench.go());
        QVERIFY(!bench.space().panes()[0]->figure());
        QVERIFY(!bench.space().drawing().hasScores);
        QVERIFY(!bench.space().threshold()->handle()->isVisible());
    }

    void aPseudoMarginIsLearned()
    {
        const Examples examples = findExamples();
        const QTemporaryDir folder;
        Study study = exampleStudy(QStringLiteral("learned"), 1);
        study.images.range = "0:60";
        study.entry = EntryRule::All;
        study.analyses.front().attack = {"fmn", Norm::Linf, Params(attackInfo("fmn").parameters, Preset::Preview), false};
        study.analyses.resize(1);
        Desk desk;
        desk.window.show();
        desk.window.studies().studies().run(folder.filePath(QStringLiteral("s.brink")), study);
        QTRY_VERIFY_WITH_TIMEOUT(desk.window.studies().desk().state() == StudyState::Complete, limitMs);
        MarginsWorkspace* space = desk.window.margins().workspace();
        desk.window.tabs().setCurrentWidget(space);
        QTRY_COMPARE_WITH_TIMEOUT(space->drawing().models.size(), std::size_t(1), limitMs);
        Q_EMIT space->learningWanted(0, PseudoMarginInput::Features);
        QTRY_VERIFY_WITH_TIMEOUT(space->learnedPane()->figure().has_value(), limitMs);
        QVERIFY(desk.window.exporter().shown("pseudo-margin"));
        const auto input = [&] { return QString::fromStdString(space->learnedPane()->figure()->provenance["pseudoMargin"]["input"].get<std::string>()); };
        QCOMPARE(input(), QStringLiteral("features"));
        Q_EMIT space->learningWanted(0, PseudoMarginInput::Leads);
        QTRY_VERIFY_WITH_TIMEOUT(space->learnedPane()->figure() && input() == QLatin1String("leads"), limitMs);
        StudyView view = desk.window.studies().desk().view();
        view.margins.norm = Norm::L2; // other margins: what was learned is of no use
        desk.window.studies().desk().setView(view);
        QVERIFY(!space->learnedPane()->figure());
    }

    void anImageOpensInInspect()
    {
        const Examples examples = findExamples();
        const QTemporaryDir folder;
        Desk desk;
        desk.window.show();
        desk.window.studies().studies().run(folder.filePath(QStringLiteral("s.brink")), exampleStudy(QStringLiteral("margins")));
        QTRY_VERIFY_WITH_TIMEOUT(desk.window.studies().desk().state() == StudyState::Complete, limitMs);
        MarginsWorkspace* space = desk.window.margins().workspace();
        desk.window.tabs().setCurrentWidget(space);
        QTRY_VERIFY_WITH_TIMEOUT(space->table()->model()->rowCount() > 0, limitMs);
        const MarginImage wanted = space->drawing().images.front();
        const Norm norm = space->drawing().selection.margins.norm;
        desk.session.setNorm(norm == Norm::L2 ? Norm::L1 : Norm::L2);
        space->table()->setCurrentKey(QStringLiteral("%1,%2").arg(wanted.model).arg(wanted.image));
        Q_EMIT space->table()->activated(space->table()->currentIndex());
        QCOMPARE(desk.window.tabs().currentIndex(), int(InspectTab));
        QCOMPARE(desk.session.norm(), norm); // that of the margins
        const auto& results = *desk.window.studies().desk().results();
        QTRY_COMPARE_WITH_TIMEOUT(desk.session.imageIndex(), results.images[std::size_t(wanted.image)].index, limitMs);
    }
};

QTEST_MAIN(TestWindowMargins)
#include "tst_windowmargins.moc"
