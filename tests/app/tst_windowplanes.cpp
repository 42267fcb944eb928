// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a plane is laid through and what is marked on it, and what Run and Stop mean there.
#include "app/boundarytools.h"
#include "app/commandbar.h"
#include "app/curvaturepanel.h"
#include "app/imagemenu.h"
#include "app/surveypanel.h"
#include "app/trustroom.h"
#include "tests/app/boundarybench.h"
#include "widgets/controls/imagespanel.h"
#include "widgets/controls/segmented.h"
#include "widgets/controls/thumbnaillist.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>

#include <algorithm>

using namespace brink;
using namespace brink::test;

namespace {

QSpinBox* imageBox(Bench& bench, const QString& name)
{
    for (auto* box : bench.space().tools()->findChildren<QSpinBox*>())
        if (box->accessibleName() == name)
            return box;
    return nullptr;
}

std::vector<std::string> markerNames(const SliceResult& slice)
{
    std::vector<std::string> names;
    for (const PlaneMarker& marker : slice.plane->markers)
        names.push_back(marker.name);
    return names;
}

} // namespace

class TestWindowPlanes : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { prepareApplication(); }

    void imagesByIndex()
    {
        Bench bench;
        QVERIFY(bench.open());
        QSpinBox* third = imageBox(bench, QStringLiteral("Third image of the plane"));
        QVERIFY(third && !third->isVisible()); // only this plane has them
        bench.press(QStringLiteral("Three images"));
        QTRY_VERIFY_WITH_TIMEOUT(third->isVisible() && bench.slice().plane->kind == PlaneKind::Images, limitMs);
        QVERIFY(bench.isComplete());
        QCOMPARE(markerNames(bench.slice()), (std::vector<std::string>{"original", "image 1", "image 2"}));
        third->setValue(17);
        QTRY_COMPARE_WITH_TIMEOUT(markerNames(bench.slice()), (std::vector<std::string>{"original", "image 1", "image 17"}), limitMs);
        imageBox(bench, QStringLiteral("Second image of the plane"))->setValue(17); // the same image twice spans no plane
        QTRY_COMPARE_WITH_TIMEOUT(bench.room().desk().state(), ViewState::Failed, limitMs);
        QVERIFY(bench.room().desk().failure().contains(QStringLiteral("three different images")));
        bench.desk.window.actions().undo->trigger();
        QVERIFY(bench.isComplete());
        QCOMPARE(markerNames(bench.slice()).size(), std::size_t(3));
    }

    // The right button asks and does not choose; the menu lays the plane and shows it.
    void imagesByMenu()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.desk.window.tabs().setCurrentIndex(0);
        ThumbnailList* list = bench.desk.window.views().images->list();
        QSignalSpy wanted(list, &ThumbnailList::menuWanted);
        const QPoint place = list->visualRect(list->model()->index(5, 0)).center();
        QTest::mouseClick(list->viewport(), Qt::RightButton, {}, place);
        QContextMenuEvent event(QContextMenuEvent::Mouse, place, list->viewport()->mapToGlobal(place));
        QApplication::sendEvent(list->viewport(), &event);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().first().toInt(), 5);
        QCOMPARE(bench.desk.session.imageIndex(), std::int64_t(0));
        auto* menu = bench.desk.window.findChild<ImageMenu*>();
        QVERIFY(menu);
        menu->actions().first()->trigger();
        menu->close();
        QCOMPARE(bench.desk.window.tabs().currentWidget(), &bench.space());
        QTRY_VERIFY_WITH_TIMEOUT(bench.room().desk().slice() && bench.slice().plane->kind == PlaneKind::Images, limitMs);
        QCOMPARE(markerNames(bench.slice()).at(1), std::string("image 5"));
    }

    void twoPrincipalDirections()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.press(QStringLiteral("Curved"));
        QTRY_VERIFY_WITH_TIMEOUT(bench.slice().plane->kind == PlaneKind::Directions, limitMs);
        QVERIFY(bench.isComplete());
        QVERIFY(bench.slice().plane->names[1].find("normal") != std::string::npos);
        QComboBox* against = bench.space().curvature()->against();
        QCOMPARE(against->currentIndex(), 0);
        Q_EMIT against->activated(3);
        QTRY_VERIFY_WITH_TIMEOUT(bench.slice().plane->names[1].find("curvature") != std::string::npos, limitMs);
        QVERIFY(bench.isComplete());
        // Both directions are tangent to the boundary: its point is the middle, and the image lies off the plane.
        QVERIFY(bench.slice().plane->markers[1].at.residual > 0);
        QCOMPARE(against->currentIndex(), 3);
    }

    // The steps of the attack that Inspect shows, each with its distance from the plane.
    void stepsAreMarked()
    {
        Bench bench;
        QVERIFY(bench.open());
        QTRY_VERIFY_WITH_TIMEOUT(bench.desk.isComplete(), limitMs);
        const auto isStep = [](const PlaneMarker& marker) { return marker.kind == PlaneMarkerKind::Iterate; };
        QVERIFY(std::ranges::none_of(bench.slice().plane->markers, isStep));
        for (auto* box : bench.space().tools()->findChildren<QCheckBox*>())
            if (box->text() == QStringLiteral("Attack steps"))
                box->click();
        QTRY_VERIFY_WITH_TIMEOUT(std::ranges::any_of(bench.slice().plane->markers, isStep), limitMs);
        QVERIFY(bench.isComplete());
        const auto& markers = bench.slice().plane->markers;
        QVERIFY(std::ranges::count_if(markers, isStep) <= 40);
        for (const PlaneMarker& marker : markers)
            if (isStep(marker)) {
                QVERIFY(marker.name.find(", step ") != std::string::npos);
                const PlanePoint expected = placeIn(*bench.slice().plane, *marker.image);
                QCOMPARE(marker.at.residual, expected.residual);
            }
        bench.desk.window.actions().undo->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(std::ranges::none_of(bench.slice().plane->markers, isStep), limitMs);
    }

    // Run does what the tab in sight is about; Stop stops that.
    void runMeansTheTabInSight_data()
    {
        QTest::addColumn<int>("tab");
        QTest::addRow("path") << 1;
        QTest::addRow("curvature") << 2;
        QTest::addRow("many images") << 3;
    }
    void runMeansTheTabInSight()
    {
        QFETCH(const int, tab);
        Bench bench;
        QVERIFY(bench.open());
        QTRY_VERIFY_WITH_TIMEOUT(bench.desk.isComplete(), limitMs);
        const Actions& actions = bench.desk.window.actions();
        bench.space().tabs()->setCurrentIndex(tab);
        QVERIFY(actions.run->isEnabled() && !actions.stop->isEnabled());
        QSignalSpy analyses(&bench.desk.controller, &Controller::runningChanged);
        const auto isBusy = [&] {
            return tab == 1 ? bench.room().desk().pathState() == ViewState::Running
                : tab == 2  ? bench.room().desk().curvatureState() == ViewState::Running
                            : bench.room().surveys().desk().running().has_value();
        };
        actions.run->trigger();
        QVERIFY(isBusy());
        QVERIFY(actions.stop->isEnabled());
        actions.stop->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!isBusy() && !actions.stop->isEnabled(), limitMs);
        QVERIFY2(analyses.isEmpty(), "the analysis of Inspect is not meant");
    }

    void runComputesTheSliceAgain()
    {
        Bench bench;
        QVERIFY(bench.open());
        const auto before = bench.room().desk().slice();
        bench.desk.window.actions().run->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(bench.room().desk().slice() != before, limitMs);
        QVERIFY(bench.isComplete());
        QCOMPARE(bench.slice().grid->labels, before->grid->labels);
    }

    // What has no meaning in a workspace is disabled there, and says why.
    void whatHasNoMeaningSaysWhy()
    {
        Bench bench;
        QVERIFY(bench.open());
        auto* bar = bench.desk.window.findChild<CommandBar*>();
        auto* target = bar->findChild<QComboBox*>();
        auto* norm = bar->findChild<Segmented*>();
        const Actions& actions = bench.desk.window.actions();
        QVERIFY(!target->isEnabled() && target->toolTip().contains(QStringLiteral("Inspect")));
        QVERIFY(norm->isEnabled() && actions.norms.at(Norm::L1)->isEnabled());
        bench.desk.window.tabs().showWorkspace(QStringLiteral("transfer"));
        QVERIFY(!target->isEnabled() && !norm->isEnabled() && norm->toolTip().contains(QStringLiteral("analysis")));
        QVERIFY(!actions.norms.at(Norm::L1)->isEnabled());
        QVERIFY(!actions.run->isEnabled() && actions.run->toolTip().contains(QStringLiteral("No study")));
        // Each page of Trust has its own.
        bench.desk.window.tabs().showWorkspace(QStringLiteral("trust"));
        QVERIFY(!target->isEnabled() && norm->isEnabled());
        bench.desk.window.trust().workspace()->showPage(QStringLiteral("smoothing"));
        QVERIFY(!target->isEnabled() && !norm->isEnabled() && norm->toolTip().contains(QStringLiteral("L2")));
        bench.desk.window.trust().workspace()->showPage(QStringLiteral("detectors"));
        QVERIFY(!norm->isEnabled() && norm->toolTip().contains(QStringLiteral("own norm")));
        bench.desk.window.tabs().showWorkspace(QStringLiteral("inspect"));
        QVERIFY(target->isEnabled() && norm->isEnabled() && actions.run->isEnabled());
    }
};

QTEST_MAIN(TestWindowPlanes)
#include "tst_windowplanes.moc"
