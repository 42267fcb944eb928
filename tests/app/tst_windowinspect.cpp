// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/edits.h"
#include "app/figurepane.h"
#include "app/inspectworkspace.h"
#include "tests/app/desk.h"
#include "widgets/controls/resulttable.h"
#include "widgets/controls/stepscrubber.h"
#include "widgets/controls/whatifpanel.h"
#include "widgets/image/histogrambrush.h"
#include "widgets/image/imagecompare.h"
#include "widgets/plot/figureview.h"

#include <QAction>
#include <QCheckBox>
#include <QElapsedTimer>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <set>

using namespace brink;
using namespace brink::test;

namespace {

FigurePane* paneOf(Desk& desk, std::string_view name)
{
    const auto& panes = desk.window.views().inspect->panes();
    return *std::ranges::find(panes, name, &FigurePane::name);
}

template <typename T>
T* childNamed(QWidget& parent, const QString& name)
{
    const auto all = parent.findChildren<T*>();
    const auto found = std::ranges::find_if(all, [&name](T* each) { return each->accessibleName() == name || each->text() == name; });
    return found == all.end() ? nullptr : *found;
}

/// Clicks the choice of a segmented switch or any other button by its words.
void press(Desk& desk, const QString& text)
{
    for (auto* button : desk.window.findChildren<QToolButton*>())
        if (button->text() == text && button->isVisible())
            return button->click();
    QFAIL(qPrintable(QStringLiteral("no button \"%1\"").arg(text)));
}

QImage seen(QWidget* widget) { return widget->grab().toImage(); }

} // namespace

/// The Inspect workspace in the real window, used as a researcher would.
class TestWindowInspect : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        prepareApplication();
        QVERIFY(findExamples().isComplete());
        m_desk = std::make_unique<Desk>();
        m_desk->openExample();
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->isComplete(), limitMs);
    }
    void cleanupTestCase() { m_desk.reset(); }

    void theFitFillsWhileTheUserZooms()
    {
        Desk& desk = *m_desk;
        FigureView* view = paneOf(desk, "weibull")->view();
        desk.startLongRun();
        std::set<std::size_t> sizes;
        const auto maxima = [&] {
            const auto& result = desk.session.result();
            return result && result->clever && !result->clever->targets.empty() ? result->clever->targets.front().maxima.size() : 0;
        };
        // The picture of the run before stays until this one has a first result, and goes then.
        const auto last = desk.session.result();
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.result() != last && maxima() > 0, limitMs);
        QTRY_VERIFY_WITH_TIMEOUT(view->figure() != nullptr, limitMs);
        QTest::qWait(200);
        const std::array<double, 4> near{1, 9, 0, 0.5};
        view->setZoom({{"density", near}});
        QElapsedTimer clock;
        clock.start();
        while (sizes.size() < 4 && clock.elapsed() < limitMs) {
            sizes.insert(maxima());
            QTest::qWait(50);
        }
        QVERIFY2(sizes.size() >= 4, "the fit did not change three times");
        QVERIFY(view->isZoomed());
        QCOMPARE(view->ranges("density"), near);
        clock.restart();
        desk.window.actions().stop->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!desk.controller.isRunning(), limitMs);
        qInfo("stopped after %lld ms", clock.elapsed());
        QCOMPARE(desk.session.resultState(), ResultState::Partial);
        view->resetZoom();
    }

    /// Measured, not bounded in time: the first picture of the fit comes long before the run ends.
    void theFirstFitComesSoon()
    {
        Desk& desk = *m_desk;
        desk.session.setSettings(standardSettings(Norm::L2, Preset::Preview));
        const auto last = desk.session.result();
        QElapsedTimer clock;
        qint64 first = -1;
        const auto watch = connect(&desk.session, &Session::resultChanged, this, [&] {
            const auto& result = desk.session.result();
            const bool hasFit = result != last && result && result->clever && result->clever->batchesDone > 0
                && result->clever->batchesDone < result->clever->batches;
            if (first < 0 && hasFit)
                first = clock.elapsed();
        });
        clock.start();
        desk.window.actions().run->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        disconnect(watch);
        qInfo("first fit after %lld ms of %lld ms", first, clock.elapsed());
        QVERIFY(first >= 0 && 2 * first < clock.elapsed());
    }

    void aTraceIsScrubbed()
    {
        Desk& desk = *m_desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete(), limitMs);
        press(desk, QStringLiteral("Trace"));
        auto* scrubber = desk.window.findChild<StepScrubber*>();
        auto* slider = scrubber->findChild<QSlider*>();
        QVERIFY(slider->isVisible() && slider->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(desk.isIdle(), limitMs); // the row of a job that ends leaves its height to the images
        QTest::qWait(200);                                // the pane settles
        ImageView* middle = desk.window.views().inspect->images()->view(1);
        const QImage kept = seen(middle);
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Home);
        QTRY_COMPARE(desk.session.selection().step, std::optional(0));
        QTRY_VERIFY(seen(middle) != kept);
        QVERIFY(desk.session.result()->attacks[*desk.session.result()->best].iterates);
        QTest::mouseClick(childNamed<QToolButton>(*scrubber, QStringLiteral("Best step")), Qt::LeftButton);
        QTRY_VERIFY(desk.session.selection().step.value_or(0) > 0);
        QTest::mouseClick(childNamed<QToolButton>(*scrubber, QStringLiteral("Kept image")), Qt::LeftButton);
        QTRY_VERIFY(!desk.session.selection().step);
        QTRY_COMPARE(seen(middle), kept);
        press(desk, QStringLiteral("Weibull"));
    }

    void thePenaltyIsTakenOutOfTheFitInSight()
    {
        Desk& desk = *m_desk;
        FigureView* view = paneOf(desk, "weibull")->view();
        const std::string with = figureText(*view->figure());
        auto* box = childNamed<QCheckBox>(*paneOf(desk, "weibull"), QStringLiteral("Fit with the shape penalty"));
        QVERIFY(box && box->isEnabled());
        box->click();
        QTRY_VERIFY(desk.session.selection().isUnpenalised);
        QTRY_VERIFY(figureText(*view->figure()) != with);
        box->click();
        QTRY_COMPARE(figureText(*view->figure()), with);
    }

    // Estimate and proof of the same quantity stand side by side, and the proof is the larger.
    void theCertifiedSlopeStandsBesideTheEstimate()
    {
        Desk& desk = *m_desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && !desk.controller.isRunning(), limitMs);
        const auto tables = desk.window.findChildren<ResultTable*>();
        const auto targets = std::ranges::find(tables, QStringLiteral("CLEVER per target"), &ResultTable::accessibleName);
        QVERIFY(targets != tables.end());
        const QAbstractItemModel& model = *(*targets)->model();
        QTRY_COMPARE(model.columnCount(), 6);
        QCOMPARE(model.headerData(5, Qt::Horizontal).toString(), QStringLiteral("slope ≤"));
        QVERIFY(model.rowCount() > 0);
        const InspectResult& result = *desk.session.result();
        for (int row = 0; row < model.rowCount(); ++row) {
            const double proved = model.index(row, 5).data(ResultTableModel::OrderRole).toDouble();
            const auto& target = result.clever->targets[std::size_t(row)];
            QVERIFY(proved >= *std::ranges::max_element(target.maxima));
            QVERIFY(model.index(row, 2).data(Qt::ToolTipRole).toString().contains(QStringLiteral("proves")));
        }
    }

    void whatIfIsFollowedByAPreviewAndUndone()
    {
        Desk& desk = *m_desk;
        desk.session.setSettings(quickSettings());
        const std::vector<float> before = desk.session.result()->image.pixels;
        auto* button = desk.window.findChild<WhatIfButton*>();
        WhatIfValues values;
        values.bits = 1;
        button->setValues(values);
        Q_EMIT button->valuesEdited(values);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && desk.session.result()->image.pixels != before, limitMs);
        for (const float value : desk.session.result()->image.pixels)
            QVERIFY(value == 0.0F || value == 1.0F);
        QVERIFY(std::ranges::find(desk.session.result()->conversions, "what if: 1 bit a channel") != desk.session.result()->conversions.end());
        desk.window.actions().undo->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isComplete() && desk.session.result()->image.pixels == before, limitMs);
        QTRY_COMPARE(button->text(), QStringLiteral("What if"));
    }

    void theHistogramLightsUpPixels()
    {
        Desk& desk = *m_desk;
        ImageCompare* compare = desk.window.views().inspect->images();
        compare->showHistogram(true);
        QTRY_VERIFY(compare->histogram()->isVisible() && compare->histogram()->isEnabled());
        const QImage plain = seen(compare->view(0));
        QTest::keyClick(compare->histogram(), Qt::Key_Right);
        QVERIFY(seen(compare->view(0)) != plain);
        compare->showHistogram(false);
        QTRY_COMPARE(seen(compare->view(0)).size().width() > 0, true);
        QVERIFY(!compare->histogram()->brush());
    }

private:
    std::unique_ptr<Desk> m_desk;
};

QTEST_MAIN(TestWindowInspect)
#include "tst_windowinspect.moc"
