// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Boundary workspace, driven as a user does.
#include "app/boundaryroom.h"
#include "app/boundarytools.h"
#include "app/boundaryworkspace.h"
#include "app/curvaturepanel.h"
#include "app/edits.h"
#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/pathpanel.h"
#include "app/pointpanel.h"
#include "app/workspacetabs.h"
#include "core/report/pathfigure.h"
#include "tests/app/boundarybench.h"
#include "widgets/controls/resulttable.h"
#include "widgets/controls/segmented.h"
#include "widgets/image/imageview.h"
#include "widgets/plot/draghandle.h"
#include "widgets/plot/figureview.h"

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QUndoStack>

#include <cmath>

using namespace brink;
using namespace brink::test;

class TestWindowBoundary : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { prepareApplication(); }

    void saysWhatItNeeds()
    {
        Desk desk;
        desk.window.show();
        desk.window.tabs().setCurrentWidget(desk.window.boundary().workspace());
        QTest::qWait(100);
        QCOMPARE(desk.window.tabs().currentWidget(), desk.window.boundary().workspace());
        QVERIFY(!desk.window.boundary().desk().slice());
        QVERIFY(!desk.window.boundary().workspace()->slicePane()->isVisible());
    }

    // From coarse to fine without being asked; the original is marked, the axes have their norm.
    void comesBySelf()
    {
        Bench bench;
        std::vector<int> sizes;
        connect(&bench.room().desk(), &BoundaryDesk::sliceChanged, &bench.room(), [&] {
            if (bench.room().desk().slice())
                sizes.push_back(bench.slice().grid->size);
        });
        QVERIFY(bench.open());
        QVERIFY(std::ranges::is_sorted(sizes));
        QCOMPARE(sizes.back(), 256);
        const Panel& panel = bench.view()->figure()->panels.front();
        QVERIFY(panel.x.label.find("L2") != std::string::npos);
        QVERIFY(panel.keepsAspect);
        QCOMPARE(bench.slice().plane->markers.front().name, std::string("original"));
        QVERIFY(bench.slice().classes.size() > 1);
    }

    void everyPlane_data()
    {
        QTest::addColumn<QString>("button");
        QTest::addColumn<PlaneKind>("kind");
        QTest::addRow("sign") << QStringLiteral("Sign") << PlaneKind::Sign;
        QTest::addRow("adversarials") << QStringLiteral("Adversarials") << PlaneKind::Adversarials;
        QTest::addRow("images") << QStringLiteral("Three images") << PlaneKind::Images;
        QTest::addRow("tangent") << QStringLiteral("Tangent") << PlaneKind::Tangent;
    }
    void everyPlane()
    {
        QFETCH(const QString, button);
        QFETCH(const PlaneKind, kind);
        Bench bench;
        QVERIFY(bench.open());
        bench.press(button);
        QTRY_VERIFY_WITH_TIMEOUT(bench.room().desk().slice() && bench.slice().plane->kind == kind, limitMs);
        QVERIFY(bench.isComplete());
        if (kind == PlaneKind::Images || kind == PlaneKind::Adversarials)
            QCOMPARE(bench.slice().plane->markers.size(), std::size_t(3));
        bench.desk.window.actions().undo->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(bench.slice().plane->kind, PlaneKind::Gradient, limitMs);
    }

    // The pointer reads the model there; a click keeps the place; it can become the centre, and undo takes that back.
    void pointAndCentre()
    {
        Bench bench;
        QVERIFY(bench.open());
        const SliceFrame frame = bench.slice().frame;
        const double a = frame.left + 0.8 * frame.width(), b = frame.bottom + 0.3 * frame.height();
        const auto isThere = [&] { // the layout may still settle under the pointer
            bench.moveOver(a, b);
            const auto place = bench.room().desk().place();
            return place && std::abs(place->a - a) < 0.01 * frame.width() && std::abs(place->b - b) < 0.01 * frame.height();
        };
        QTRY_VERIFY_WITH_TIMEOUT(isThere(), limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(bench.room().desk().point() != nullptr, limitMs);
        bench.click(a, b);
        QVERIFY(bench.room().desk().pinned());
        QTRY_COMPARE_WITH_TIMEOUT(bench.space().point()->logits()->model()->rowCount(), 10, limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(bench.room().jobs().isIdle(), limitMs);
        const std::int64_t label = bench.room().desk().point()->label;
        const auto before = bench.slice().plane;
        bench.press(QStringLiteral("Make it the centre"));
        QTRY_VERIFY_WITH_TIMEOUT(bench.slice().plane != before && bench.room().desk().choices().centre, limitMs);
        QVERIFY(bench.isComplete());
        const SliceGrid& grid = *bench.slice().grid;
        const SliceFrame now = bench.slice().frame; // holds the original, too, so the new centre is not in its middle
        const int row = int(now.top / now.height() * grid.size), column = int(-now.left / now.width() * grid.size);
        QCOMPARE(std::int64_t(grid.labels[grid.at(row, column)]), label);
        QVERIFY(std::ranges::any_of(bench.slice().plane->markers, [](const PlaneMarker& marker) { return marker.name == "original" && marker.kind == PlaneMarkerKind::Original; }));
        bench.desk.window.actions().undo->trigger();
        QVERIFY(!bench.room().desk().choices().centre);
        QTRY_VERIFY_WITH_TIMEOUT(bench.isComplete() && bench.slice().plane->markers.size() == 1, limitMs);
    }

    // What is dragged into sight is computed; the last place wins, and the whole drag is one step back.
    void draggingThePicture()
    {
        Bench bench;
        QVERIFY(bench.open());
        const SliceFrame before = bench.slice().frame;
        QWidget* plot = bench.view()->plotWidget();
        const QPoint start = bench.view()->pixelOf("slice", 0, 0).toPoint() + QPoint(30, 30);
        QTest::mousePress(plot, Qt::LeftButton, {}, start);
        for (int i = 1; i <= 20; ++i) {
            QTest::mouseMove(plot, start + QPoint(4 * i, 2 * i));
            QTest::qWait(5);
        }
        QTest::mouseRelease(plot, Qt::LeftButton, {}, start + QPoint(80, 40));
        QVERIFY(bench.room().desk().choices().frame);
        QTRY_VERIFY_WITH_TIMEOUT(bench.slice().frame != before, limitMs);
        QVERIFY(bench.isComplete());
        const SliceFrame after = bench.slice().frame;
        QVERIFY(after.left < before.left);
        QVERIFY(after.top > before.top);
        QVERIFY(std::abs(after.width() - before.width()) < 1e-6 * before.width());
        const auto [left, right, bottom, top] = bench.view()->ranges("slice");
        QCOMPARE(left, after.left);
        QCOMPARE(top, after.top);
        bench.desk.window.actions().undo->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(bench.slice().frame, before, limitMs);
        QVERIFY(bench.isComplete());
        QCOMPARE(bench.view()->ranges("slice")[0], before.left);
    }

    // Slices begin and end all the time while the handle is dragged; the event loop never waits for one.
    void staysAliveWhileTurning()
    {
        Bench bench;
        QVERIFY(bench.open());
        std::vector<double> gaps;
        QElapsedTimer clock;
        clock.start();
        QTimer timer;
        timer.setInterval(1);
        connect(&timer, &QTimer::timeout, &timer, [&] { gaps.push_back(double(clock.nsecsElapsed()) / 1e6); clock.restart(); });
        timer.start();
        DragHandle* turn = bench.space().turnHandle();
        QTest::mousePress(turn, Qt::LeftButton, {}, turn->rect().center());
        for (int i = 1; i <= 100; ++i) {
            QTest::mouseMove(turn, turn->rect().center() + QPoint(i, 0));
            QTest::qWait(10);
        }
        QTest::mouseRelease(turn, Qt::LeftButton);
        timer.stop();
        std::ranges::sort(gaps);
        const double usual = gaps[gaps.size() / 2], late = gaps[gaps.size() * 99 / 100];
        qInfo("pauses of the event loop while turning: median %.1f ms, 99 %% below %.1f ms, longest %.1f ms", usual, late, gaps.back());
        QVERIFY2(late < 100, qPrintable(QString::number(late))); // 33 ms on a machine with nothing else to do
        QVERIFY(bench.isComplete());
        QVERIFY(bench.room().desk().choices().turn != 0);
        bench.desk.window.actions().undo->trigger(); // the whole drag
        QCOMPARE(bench.room().desk().choices().turn, 0.0);
    }

    void handlesTurnAndScale()
    {
        Bench bench;
        QVERIFY(bench.open());
        const auto second = bench.slice().plane->directions[1];
        const double width = bench.slice().frame.width();
        DragHandle* turn = bench.space().turnHandle();
        QTest::mousePress(turn, Qt::LeftButton, {}, turn->rect().center());
        QTest::mouseMove(turn, turn->rect().center() + QPoint(60, 0));
        QTest::mouseRelease(turn, Qt::LeftButton);
        QCOMPARE(bench.room().desk().choices().turn, 30.0);
        QTRY_VERIFY_WITH_TIMEOUT(bench.slice().plane->directions[1] != second, limitMs);
        QVERIFY(bench.isComplete());
        QTest::keyClick(turn, Qt::Key_Left);
        QCOMPARE(bench.room().desk().choices().turn, 25.0);
        QTest::keyClick(bench.space().extentHandle(), Qt::Key_Up);
        QTRY_VERIFY_WITH_TIMEOUT(bench.slice().frame.width() > 1.1 * width, limitMs);
        QVERIFY(bench.isComplete());
        QVERIFY(bench.slice().plane->directions[1] != second);
    }

    void normAndModelChangeThePicture()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.desk.window.actions().norms.at(Norm::Linf)->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(bench.room().desk().slice() && bench.slice().plane->norm == Norm::Linf, limitMs);
        QVERIFY(bench.isComplete());
        const std::string first = bench.slice().modelSha256;
        bench.desk.controller.openFiles({findExamples().models.at(1)});
        QTRY_COMPARE_WITH_TIMEOUT(bench.desk.session.models().size(), std::size_t(2), limitMs);
        bench.desk.controller.pickModel(1 - bench.desk.session.currentModel());
        QTRY_VERIFY_WITH_TIMEOUT(bench.room().desk().slice() && (bench.slice().modelSha256 != first || bench.desk.session.classifier()->sha256() == first), limitMs);
        QVERIFY(bench.isComplete());
        QCOMPARE(bench.slice().modelSha256, bench.desk.session.classifier()->sha256());
    }

    void findsAPath()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.space().tabs()->setCurrentIndex(1);
        bench.press(QStringLiteral("Find path"));
        QTRY_VERIFY_WITH_TIMEOUT(bench.room().desk().path() != nullptr, limitMs);
        QVERIFY(bench.space().path()->pane()->figure());
        QCOMPARE(bench.space().path()->pane()->figure()->name, std::string("path"));
        QVERIFY(bench.desk.window.actions().exports.size() > 0);
        // An image of another class cannot be reached, and the reason is said.
        const std::int64_t own = bench.room().desk().path()->label;
        std::int64_t other = 0;
        while (bench.desk.session.dataset()->label(other) == own)
            ++other;
        BoundaryChoices choices = bench.room().desk().choices();
        choices.partner = other;
        bench.room().desk().setChoices(choices);
        bench.press(QStringLiteral("Find path"));
        QTRY_COMPARE_WITH_TIMEOUT(bench.room().desk().pathState(), ViewState::Failed, limitMs);
        QVERIFY(bench.room().desk().pathFailure().contains(QStringLiteral("classes")));
    }

    /// Measured, looked at, and the slice laid along a curved direction, which shows the boundary bend; another image starts anew.
    void measuresCurvatureAndStepsAlongADirection()
    {
        Bench bench;
        QVERIFY(bench.open());
        QUndoStack undo;
        bench.room().setUndoStack(&undo);
        bench.space().tabs()->setCurrentIndex(2);
        CurvaturePanel& panel = *bench.space().curvature();
        QVERIFY(!panel.directions()->isEnabled());
        bench.press(QStringLiteral("Measure"));
        QTRY_COMPARE_WITH_TIMEOUT(bench.room().desk().curvatureState(), ViewState::Complete, limitMs);
        QCOMPARE(panel.panes()[0]->figure()->name, std::string("curvature-directions"));
        QVERIFY(panel.panes()[1]->figure());
        const CurvatureResult& result = *bench.room().desk().curvature()->images.front().result;
        QCOMPARE(panel.directions()->count(), int(result.lowest.size() + result.highest.size()));
        QVERIFY(bench.desk.window.exporter().shown("curvature-directions"));

        const int mostPositive = int(result.lowest.size());
        panel.directions()->setCurrentIndex(mostPositive);
        Q_EMIT panel.directions()->activated(mostPositive);
        QTRY_VERIFY_WITH_TIMEOUT(bench.slice().plane->kind == PlaneKind::Directions, limitMs);
        QVERIFY(bench.isComplete());
        QCOMPARE(bench.slice().plane->markers.size(), std::size_t(2));
        QCOMPARE(panel.directions()->currentIndex(), mostPositive);
        // The image stands above the boundary point, at its distance from it.
        QVERIFY(std::abs(bench.slice().plane->markers[1].at.b - result.point.distance) < 0.1 * result.point.distance);
        undo.undo();
        QTRY_VERIFY_WITH_TIMEOUT(bench.slice().plane->kind == PlaneKind::Gradient, limitMs);
        QCOMPARE(panel.directions()->currentIndex(), -1);

        bench.desk.session.setImageIndex(1);
        QTRY_COMPARE_WITH_TIMEOUT(bench.room().desk().curvatureState(), ViewState::Empty, limitMs);
        QVERIFY(!bench.room().desk().curvature());
        bench.room().setUndoStack(nullptr);
    }

    /// The plane needs the curvature, and has it measured.
    void aCurvedPlaneMeasuresByItself()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.press(QStringLiteral("Curved"));
        QTRY_VERIFY_WITH_TIMEOUT(bench.slice().plane->kind == PlaneKind::Directions, limitMs);
        QVERIFY(bench.isComplete());
        QVERIFY(bench.room().desk().curvature());
        // A direction that is not there is said, and nothing is measured again and again.
        const auto curvature = bench.room().desk().curvature();
        BoundaryChoices choices = bench.room().desk().choices();
        choices.direction = 99;
        bench.room().desk().setChoices(choices);
        QTRY_COMPARE_WITH_TIMEOUT(bench.room().desk().state(), ViewState::Failed, limitMs);
        QTest::qWait(100);
        QVERIFY(bench.room().jobs().isIdle());
        QCOMPARE(bench.room().desk().curvature(), curvature);
    }

    void exportsWhatIsShown()
    {
        Bench bench;
        QVERIFY(bench.open());
        QTemporaryDir folder;
        const auto shown = bench.desk.window.exporter().shown("slice");
        QVERIFY(shown);
        ExportChoice choice;
        for (const char* format : {"pdf", "svg", "png", "csv"}) {
            choice.format = QLatin1String(format);
            const QString path = folder.filePath(QStringLiteral("slice.%1").arg(choice.format));
            bench.desk.window.exporter().save(*shown, choice, path);
            QTRY_VERIFY_WITH_TIMEOUT(QFile(path).size() > 2000, limitMs);
        }
    }

    // Work does not begin behind other workspaces.
    void restsOutOfSight()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.desk.window.tabs().setCurrentIndex(0);
        bench.desk.session.setImageIndex(2);
        QTRY_VERIFY_WITH_TIMEOUT(bench.desk.session.image() && bench.desk.session.image()->index == 2, limitMs);
        QTest::qWait(200);
        QVERIFY(!bench.room().jobs().sliceJob());
        bench.show();
        QVERIFY(bench.isComplete());
        QCOMPARE(bench.slice().imageIndex, std::int64_t(2));
    }
};

QTEST_MAIN(TestWindowBoundary)
#include "tst_windowboundary.moc"
