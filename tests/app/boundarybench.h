// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundaryroom.h"
#include "app/boundaryworkspace.h"
#include "app/figurepane.h"
#include "app/workspacetabs.h"
#include "tests/app/desk.h"
#include "widgets/plot/figureview.h"

#include <QAbstractButton>
#include <QAction>
#include <QTest>

namespace brink::test {

/// The window with the example's first image on the Boundary workspace.
struct Bench {
    Desk desk;

    [[nodiscard]] bool open()
    {
        desk.session.setSettings(quickSettings());
        desk.openExample();
        desk.window.resize(1280, 720);
        show();
        return QTest::qWaitForWindowExposed(&desk.window) && isComplete();
    }
    void show() { desk.window.tabs().setCurrentWidget(&space()); }
    [[nodiscard]] bool isComplete()
    {
        return QTest::qWaitFor([this] { return room().desk().state() == ViewState::Complete && !room().jobs().sliceJob() && drawn() == room().desk().slice()->grid->size; }, limitMs);
    }
    /// Resolution of the picture in sight.
    [[nodiscard]] int drawn()
    {
        const auto figure = view()->figure();
        if (!figure)
            return 0;
        const auto* layer = std::get_if<RegionLayer>(&figure->panels.front().layers.front());
        return layer ? layer->rows : 0;
    }
    [[nodiscard]] BoundaryRoom& room() { return desk.window.boundary(); }
    [[nodiscard]] BoundaryWorkspace& space() { return *room().workspace(); }
    [[nodiscard]] FigureView* view() { return space().slicePane()->view(); }
    [[nodiscard]] const SliceResult& slice() { return *room().desk().slice(); }

    void press(const QString& text)
    {
        for (auto* button : space().findChildren<QAbstractButton*>())
            if (button->text() == text && button->isVisible())
                return QTest::mouseClick(button, Qt::LeftButton);
        QFAIL(qPrintable(text));
    }
    void moveOver(double a, double b) { QTest::mouseMove(view()->plotWidget(), view()->pixelOf("slice", a, b).toPoint()); }
    void click(double a, double b) { QTest::mouseClick(view()->plotWidget(), Qt::LeftButton, {}, view()->pixelOf("slice", a, b).toPoint()); }
};

} // namespace brink::test
