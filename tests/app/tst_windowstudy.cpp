// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/inspecttext.h"
#include "app/studyform.h"
#include "app/studytext.h"
#include "tests/app/studybench.h"
#include "widgets/controls/messagebar.h"
#include "widgets/controls/pairgallery.h"
#include "widgets/controls/resulttable.h"
#include "widgets/plot/figureview.h"

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <utility>

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

} // namespace

/// The Study and Transfer workspaces of a study that is there already.
class TestWindowStudy : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { prepareApplication(); }

    void emptyWorkspacesOfferTheWayOn_data()
    {
        QTest::addColumn<int>("tab");
        QTest::addRow("study") << int(StudyTab);
        QTest::addRow("transfer") << int(TransferTab);
    }
    void emptyWorkspacesOfferTheWayOn()
    {
        QFETCH(int, tab);
        Desk desk;
        desk.window.show();
        desk.window.actions().workspaces[std::size_t(tab)]->trigger();
        QVERIFY(press(*desk.window.tabs().currentWidget(), QStringLiteral("New study...")));
        auto* form = desk.window.findChild<StudyForm*>();
        QVERIFY(form);
        form->reject();
    }

    void theParametersGiveTheirRoom()
    {
        Desk desk;
        desk.window.show();
        // The docks come to rest after some passes of their layouts.
        QByteArray seen;
        QTRY_VERIFY((QTest::qWait(50), std::exchange(seen, desk.window.tabs().layout()) == desk.window.tabs().layout()));
        auto* dock = desk.window.findChild<QDockWidget*>(QStringLiteral("parameters"));
        QVERIFY(dock->isVisible());
        desk.window.tabs().setCurrentIndex(TransferTab);
        QVERIFY(!dock->isVisible());
        const QByteArray layout = desk.window.tabs().layout();
        desk.window.tabs().setCurrentIndex(InspectTab);
        QVERIFY(dock->isVisible());
        QCOMPARE(layout, desk.window.tabs().layout());
        desk.window.tabs().setCurrentIndex(StudyTab);
        dock->show(); // by hand: kept on this side
        desk.window.tabs().setCurrentIndex(InspectTab);
        desk.window.tabs().setCurrentIndex(TransferTab);
        QVERIFY(dock->isVisible());
        dock->hide();
    }

    void everyModelHasARow()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(StudyTab));
        QCOMPARE(bench.study().table()->model()->rowCount(), 8);
        for (const FigurePane* pane : bench.study().panes())
            QVERIFY2(pane->figure().has_value(), pane->name().c_str());
    }

    void columnsWithoutNumbersGiveTheirRoom()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(StudyTab));
        const auto isShown = [&bench](const QString& begin) {
            const ResultTable* table = bench.study().table();
            for (int column = 0; column < table->model()->columnCount(); ++column)
                if (table->model()->headerData(column, Qt::Horizontal).toString().startsWith(begin) && !table->isColumnHidden(column))
                    return true;
            return false;
        };
        QVERIFY(isShown(QStringLiteral("Success")));
        StudyView view = bench.room().desk().view();
        view.analysis = bench.results().study.analyses.back().id; // CLEVER
        bench.room().desk().setView(view);
        QVERIFY(bench.isDrawn());
        QVERIFY(!isShown(QStringLiteral("Success")));
        QVERIFY(isShown(QStringLiteral("CLEVER")));
        view.analysis = bench.results().study.analyses[1].id;
        bench.room().desk().setView(view);
        QVERIFY(bench.isDrawn());
        QVERIFY(isShown(QStringLiteral("Success")) && isShown(QStringLiteral("Median")));
    }

    void aModelPickedInTheTableIsPickedEverywhere()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(StudyTab));
        ResultTable* table = bench.study().table();
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(2, 0)).center());
        const QString name = table->model()->index(2, 0).data(ResultTableModel::KeyRole).toString();
        QCOMPARE(bench.room().desk().view().models, std::vector<std::string>{name.toStdString()});
        QCOMPARE(bench.room().desk().transferSelection().models.size(), std::size_t(1));
        QVERIFY(bench.isDrawn());
        bench.desk.window.studies().actions().clearPicks->trigger();
        QVERIFY(bench.room().desk().view().models.empty());
        QVERIFY(table->pickedKeys().isEmpty());
    }

    void aRectangleInTheParetoFigurePicksItsModels()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(StudyTab));
        FigureView* view = bench.study().panes().front()->view();
        const QRect plot = view->plotWidget()->rect();
        QTest::mousePress(view->plotWidget(), Qt::LeftButton, {}, QPoint(plot.width() / 4, 6));
        QTest::mouseMove(view->plotWidget(), plot.bottomRight() - QPoint(20, 60));
        QTest::mouseRelease(view->plotWidget(), Qt::LeftButton, {}, plot.bottomRight() - QPoint(20, 60));
        QVERIFY(!bench.room().desk().view().models.empty());
        QCOMPARE(bench.study().table()->pickedKeys().size(), qsizetype(bench.room().desk().view().models.size()));
    }

    void choicesAndSortSurviveNewResults()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(StudyTab));
        QVERIFY(press(bench.study(), QStringLiteral("Mean")));
        QVERIFY(press(bench.study(), QStringLiteral("Accuracy")));
        bench.study().table()->horizontalHeader()->setFocus();
        QTest::mouseClick(bench.study().table()->horizontalHeader()->viewport(), Qt::LeftButton, {}, QPoint(bench.study().table()->columnViewportPosition(2) + 10, 8));
        QCOMPARE(bench.study().table()->sortColumn(), 2);
        FigureView* view = bench.study().panes().front()->view();
        view->setFocus();
        QTest::keyClick(view, Qt::Key_Plus);
        QVERIFY(view->isZoomed());
        bench.show(8, 50, 3);
        QVERIFY(bench.isDrawn());
        QCOMPARE(bench.room().desk().view().statistic, DistanceStatistic::Mean);
        QVERIFY(!bench.room().desk().view().logError);
        QCOMPARE(bench.study().table()->sortColumn(), 2);
        QVERIFY(view->isZoomed());
        QCOMPARE(bench.room().desk().view().tableColumn, 2);
    }

    void aClickShowsTheImagesBehindACell()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(TransferTab));
        const auto& order = bench.transfer().drawing();
        QCOMPARE(order.sources.size(), std::size_t(7)); // one does not work
        bench.clickCell(0, 3);
        const auto count = transferCount(bench.results(), bench.room().desk().transferAnalysis(), order.sources[0], order.targets[3], bench.room().desk().view().rule);
        QVERIFY(count && count->total > 0);
        QVERIFY2(bench.transfer().headline().startsWith(QStringLiteral("%1 of %2 pairs transfer, [").arg(count->hits).arg(count->total)), qPrintable(bench.transfer().headline()));
        QCOMPARE(bench.transfer().gallery()->pairs()->rowCount(), int(count->hits));
    }

    void aDragTakesARectangleAndShiftContrasts()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(TransferTab));
        CellPicker* cells = bench.transfer().cells();
        QTest::mousePress(cells, Qt::LeftButton, {}, cells->centreOf({0, 1}).toPoint());
        QTest::mouseMove(cells, cells->centreOf({1, 2}).toPoint());
        QTest::mouseRelease(cells, Qt::LeftButton, {}, cells->centreOf({1, 2}).toPoint());
        QCOMPARE(bench.room().desk().cells().sources.size(), std::size_t(2));
        QCOMPARE(bench.room().desk().cells().targets.size(), std::size_t(2));
        bench.clickCell(0, 4, Qt::ShiftModifier);
        QCOMPARE(bench.room().desk().otherCells().targets, std::vector{bench.transfer().drawing().targets[4]});
        QVERIFY2(bench.transfer().headline().contains(QStringLiteral("transfer here, not there")), qPrintable(bench.transfer().headline()));
        bench.clickCell(2, 2); // a new pick ends it
        QVERIFY(bench.room().desk().otherCells().empty());
    }

    void theContrastButtonNeedsNoShift()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(TransferTab));
        bench.clickCell(0, 1);
        QVERIFY(press(bench.transfer(), QStringLiteral("Contrast")));
        bench.clickCell(0, 2);
        QVERIFY(!bench.room().desk().otherCells().empty());
        QVERIFY(press(bench.transfer(), QStringLiteral("Contrast")));
        QVERIFY(bench.room().desk().otherCells().empty());
        QVERIFY(!bench.room().desk().cells().empty());
    }

    void aNameBesideTheCellsPicksItsModelEverywhere()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(TransferTab));
        CellPicker* cells = bench.transfer().cells();
        const QImage before = cells->grab().toImage();
        QTest::mouseClick(cells, Qt::LeftButton, {}, QPoint(2, int(cells->centreOf({2, 0}).y())));
        const int model = bench.transfer().drawing().sources[2];
        QCOMPARE(bench.room().desk().view().models, std::vector<std::string>{bench.results().study.models[std::size_t(model)].name});
        QCOMPARE(bench.room().desk().cells().sources, std::vector{model});
        QCOMPARE(bench.room().desk().cells().targets.size(), bench.transfer().drawing().targets.size());
        QVERIFY(bench.isDrawn());
        QVERIFY(cells->grab().toImage() != before);
        QVERIFY(bench.goTo(StudyTab));
        QCOMPARE(bench.study().table()->pickedKeys().size(), 1);
    }

    void choicesAreUndone()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(TransferTab));
        const StudyView before = bench.room().desk().view();
        QVERIFY(press(bench.transfer(), QStringLiteral("All images")));
        QVERIFY(press(bench.transfer(), QStringLiteral("Accuracy")));
        QVERIFY(bench.desk.window.actions().undo->text().contains(QStringLiteral("order of the models")));
        bench.desk.window.actions().undo->trigger();
        bench.desk.window.actions().undo->trigger();
        QVERIFY(bench.room().desk().view() == before);
        bench.desk.window.actions().redo->trigger();
        QCOMPARE(bench.room().desk().view().rule, TransferRule::All);
    }

    void everyRuleHasItsOwnCounts()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(TransferTab));
        bench.transfer().cells()->setFocus();
        QTest::keyClick(bench.transfer().cells(), Qt::Key_Down);
        for (const Qt::Key key : {Qt::Key_End, Qt::Key_PageDown})
            QTest::keyClick(bench.transfer().cells(), key, Qt::ShiftModifier);
        const int models = int(bench.transfer().drawing().sources.size());
        QStringList headlines;
        for (const QString& rule : {QStringLiteral("All images"), QStringLiteral("Correct on target"), QStringLiteral("Correct on both"), QStringLiteral("Fooled source")}) {
            QVERIFY(press(bench.transfer(), rule));
            QVERIFY(bench.isDrawn());
            const auto& drawing = bench.transfer().drawing();
            TransferCount sum;
            for (int cell = 0; cell < models * models; ++cell)
                if (const auto count = transferCount(bench.results(), drawing.analysis, drawing.sources[std::size_t(cell / models)], drawing.targets[std::size_t(cell % models)], bench.room().desk().view().rule)) {
                    sum.hits += count->hits;
                    sum.total += count->total;
                }
            QVERIFY2(bench.transfer().headline().startsWith(QStringLiteral("%1 of %2 ").arg(shownCount(sum.hits), shownCount(sum.total))), qPrintable(bench.transfer().headline()));
            headlines << bench.transfer().headline();
        }
        headlines.removeDuplicates();
        QVERIFY(headlines.size() >= 2); // both models enter only what the source gets right
    }

    /// The picked cells are those of the same models, wherever they stand.
    void ordersMoveTheModelsAndKeepThePick_data()
    {
        QTest::addColumn<QString>("button");
        QTest::addRow("accuracy") << QStringLiteral("Accuracy");
        QTest::addRow("clustering") << QStringLiteral("Clustering");
        QTest::addRow("as given") << QStringLiteral("As given");
    }
    void ordersMoveTheModelsAndKeepThePick()
    {
        QFETCH(QString, button);
        StudyBench bench(10, 40, 3);
        QVERIFY(bench.goTo(TransferTab));
        const std::vector<int> before = bench.transfer().drawing().sources;
        bench.clickCell(1, 4);
        const CellSelection picked = bench.room().desk().cells();
        const QString headline = bench.transfer().headline();
        QVERIFY(press(bench.transfer(), button));
        QVERIFY(bench.isDrawn());
        std::vector<int> after = bench.transfer().drawing().sources;
        QVERIFY(after != before);
        QCOMPARE(bench.room().desk().cells(), picked);
        QCOMPARE(bench.transfer().headline(), headline);
        QVERIFY(std::ranges::is_permutation(after, before));
    }

    void keysMoveTheCell()
    {
        StudyBench bench;
        QVERIFY(bench.goTo(TransferTab));
        bench.clickCell(1, 1);
        bench.transfer().cells()->setFocus();
        QTest::keyClick(bench.transfer().cells(), Qt::Key_Right);
        QCOMPARE(bench.room().desk().cells(), (CellSelection{{bench.transfer().drawing().sources[1]}, {bench.transfer().drawing().targets[2]}}));
        QTest::keyClick(bench.transfer().cells(), Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(bench.room().desk().cells().sources.size(), std::size_t(2));
        QVERIFY(!bench.transfer().cells()->accessibleDescription().isEmpty());
    }

    void theTipOfACellSaysAllOfIt()
    {
        StudyBench bench;
        const StudyResults& results = bench.results();
        const QString hint = cellHint(results, 0, 0, 4, TransferRule::CorrectOnBoth);
        const auto count = transferCount(results, 0, 0, 4, TransferRule::CorrectOnBoth);
        for (const QString& part : {modelName(results, 0), modelName(results, 4), QString::number(count->hits), QString::number(count->total), QStringLiteral("Wilson"), QStringLiteral("correct on both")})
            QVERIFY2(hint.contains(part), qPrintable(hint));
        QVERIFY2(cellHint(results, 0, 1, 2, TransferRule::All).contains(QStringLiteral("not compared")), qPrintable(cellHint(results, 0, 1, 2, TransferRule::All)));
        QVERIFY(cellHint(results, 0, 0, 0, TransferRule::All).contains(QStringLiteral("own success")));
        bool hasConversion = false;
        for (int target = 0; target < 7; ++target)
            for (const std::string& conversion : results.transfers[0].contains({0, target}) ? results.transfers[0].at({0, target})->conversions : std::vector<std::string>{})
                hasConversion = hasConversion || cellHint(results, 0, 0, target, TransferRule::All).contains(QString::fromStdString(conversion));
        QVERIFY(hasConversion);
    }

    void everyFigureAndTableIsExported()
    {
        StudyBench bench;
        QTemporaryDir folder;
        QVERIFY(bench.goTo(StudyTab));
        QVERIFY(bench.goTo(TransferTab));
        ExportChoice choice;
        choice.format = QStringLiteral("svg");
        for (const StudyFigureInfo& info : studyFigureInfos()) {
            const auto shown = bench.desk.window.exporter().shown(info.name);
            QVERIFY2(shown, info.name.c_str());
            const QString path = folder.filePath(QString::fromStdString(info.name) + QStringLiteral(".svg"));
            bench.desk.window.exporter().save(*shown, choice, path);
            QVERIFY2(QFileInfo(path).size() > 1000, qPrintable(path));
        }
        QSignalSpy saved(&bench.room(), &StudyRoom::tableSaved);
        for (const char* ending : {"csv", "json", "tex"}) {
            bench.room().saveTable("models", folder.filePath(QStringLiteral("models.%1").arg(QLatin1String(ending))));
            QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, limitMs);
            QVERIFY(QFileInfo(saved.takeFirst()[0].toString()).size() > 100);
        }
        bench.desk.window.messages()->dismissAll();
        bench.room().saveTable("models", folder.filePath(QStringLiteral("no/such/folder/models.csv")));
        QTRY_COMPARE_WITH_TIMEOUT(bench.desk.window.messages()->sentences().size(), 1, limitMs);
        QVERIFY(bench.desk.window.messages()->sentences().first().contains(QStringLiteral("models.csv")));
    }

    void everyControlHasANameAndAToolTip()
    {
        StudyBench bench;
        for (const Tab tab : {StudyTab, TransferTab}) {
            QVERIFY(bench.goTo(tab));
            for (const QWidget* widget : bench.desk.window.tabs().currentWidget()->findChildren<QWidget*>()) {
                const bool isControl = qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget);
                if (!isControl || !widget->isVisible() || widget->objectName().startsWith(QStringLiteral("qt_")) || QLatin1String(widget->metaObject()->className()) == QLatin1String("QTableCornerButton"))
                    continue;
                QVERIFY2(!widget->accessibleName().isEmpty() && !widget->toolTip().isEmpty(), widget->metaObject()->className());
                QVERIFY2(widget->focusPolicy() != Qt::NoFocus, qPrintable(widget->accessibleName()));
            }
        }
    }

    void fitsItsScreen_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addRow("small") << QSize(1280, 720);
        QTest::addRow("usual") << QSize(1440, 900);
    }
    void fitsItsScreen()
    {
        QFETCH(QSize, size);
        StudyBench bench(16, 60, 6);
        bench.desk.window.resize(size);
        for (const Tab tab : {StudyTab, TransferTab}) {
            QVERIFY(bench.goTo(tab));
            QCOMPARE(bench.desk.window.size(), size);
            for (const QWidget* widget : bench.desk.window.tabs().currentWidget()->findChildren<QWidget*>()) {
                const auto* label = qobject_cast<const QLabel*>(widget);
                const auto* button = qobject_cast<const QAbstractButton*>(widget);
                if (!(button || (label && !label->wordWrap())) || !widget->isVisible() || widget->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored)
                    continue;
                const QString text = label ? label->text() : button->text();
                QVERIFY2(widget->width() >= widget->fontMetrics().horizontalAdvance(text), qPrintable(text));
                QVERIFY2(bench.desk.window.rect().contains(QRect(widget->mapTo(&bench.desk.window, QPoint()), widget->size())), qPrintable(text));
            }
        }
        QVERIFY(bench.transfer().pane()->width() >= 0.6 * bench.desk.window.tabs().width());
    }

    /// From the click to the gallery, with everything in between.
    void aClickIsAnsweredAtOnce()
    {
        StudyBench bench(18, 1000, 6);
        QVERIFY(bench.goTo(TransferTab));
        qint64 longest = 0;
        for (int cell = 0; cell < 12; ++cell) {
            QElapsedTimer clock;
            clock.start();
            bench.clickCell(cell, (cell * 5 + 1) % 16);
            bench.transfer().gallery()->repaint();
            bench.transfer().cells()->repaint();
            longest = std::max(longest, clock.elapsed());
        }
        QElapsedTimer clock;
        clock.start();
        CellPicker* cells = bench.transfer().cells();
        QTest::mousePress(cells, Qt::LeftButton, {}, cells->centreOf({0, 0}).toPoint());
        QTest::mouseMove(cells, cells->centreOf({16, 16}).toPoint());
        QTest::mouseRelease(cells, Qt::LeftButton, {}, cells->centreOf({16, 16}).toPoint());
        bench.transfer().gallery()->repaint();
        qInfo("18 models x 1000 images: a cell at most %lld ms, all cells %lld ms", longest, clock.elapsed());
        QVERIFY2(longest <= 100 && clock.elapsed() <= 300, "see above");
    }
};

QTEST_MAIN(TestWindowStudy)
#include "tst_windowstudy.moc"
