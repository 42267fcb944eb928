// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/detectorspage.h"
#include "app/detectorsroom.h"
#include "app/figurepane.h"
#include "tests/app/desk.h"

#include <QPushButton>
#include <QTest>

namespace brink::test {

/// The page of detectors by itself, on the built-in example.
struct DetectorsBench {
    Desk desk;
    DetectorsRoom own{desk.session, desk.scheduler, &desk.window};

    DetectorsBench() { page().setWindowFlag(Qt::Window); }

    [[nodiscard]] bool open()
    {
        desk.session.setSettings(quickSettings());
        desk.openExample();
        page().resize(900, 620);
        page().show();
        return QTest::qWaitForWindowExposed(&page()) && QTest::qWaitFor([this] { return desk.isComplete() && page().runButton()->isEnabled(); }, limitMs);
    }
    [[nodiscard]] DetectorsRoom& room() { return own; }
    [[nodiscard]] DetectorsPage& page() { return *room().page(); }
    [[nodiscard]] std::string model() const { return desk.session.classifier()->sha256(); }
    [[nodiscard]] ViewState state() { return room().desk().state(model()); }

    /// Little work: half of the example's hundred images choose the threshold.
    void chooseLittle()
    {
        DetectorsChoices choices;
        choices.clean = 50;
        choices.attacked = 4;
        choices.hasPublished = false;
        room().desk().setChoices(choices);
    }
    [[nodiscard]] bool run()
    {
        QTest::mouseClick(page().runButton(), Qt::LeftButton);
        return QTest::qWaitFor([this] { return state() == ViewState::Complete && page().runButton()->isEnabled(); }, limitMs);
    }
};

} // namespace brink::test
