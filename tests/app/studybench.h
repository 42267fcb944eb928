// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studyroom.h"
#include "app/studyworkspace.h"
#include "app/transferworkspace.h"
#include "app/workspacetabs.h"
#include "tests/app/desk.h"
#include "tests/support/studysample.h"

#include <QTest>

#include <memory>

namespace brink::test {

enum Tab { InspectTab, BoundaryTab, StudyTab, TransferTab };

/// The window with an invented study in it.
struct StudyBench {
    Desk desk;

    explicit StudyBench(int models = 8, int images = 40, int attacks = 3)
    {
        desk.window.show();
        show(models, images, attacks);
    }
    void show(int models, int images, int attacks)
    {
        room().desk().setPath(QStringLiteral("/nowhere/sample.brink"));
        room().desk().setResults(std::make_shared<const StudyResults>(studySample(models, images, attacks)));
        room().desk().setState(StudyState::Complete);
    }
    [[nodiscard]] StudyRoom& room() { return desk.window.studies(); }
    [[nodiscard]] const StudyResults& results() { return *room().desk().results(); }
    [[nodiscard]] TransferWorkspace& transfer() { return *room().transfer(); }
    [[nodiscard]] StudyWorkspace& study() { return *room().study(); }
    /// Whether the workspace has been drawn in time.
    [[nodiscard]] bool goTo(Tab tab)
    {
        desk.window.tabs().setCurrentIndex(tab);
        QTest::qWait(60); // the redraw begins a moment later
        return isDrawn();
    }
    [[nodiscard]] bool isDrawn()
    {
        const bool ended = QTest::qWaitFor([this] { return room().isDrawn(); }, limitMs);
        QTest::qWait(60); // and the queued replot
        return ended;
    }
    void clickCell(int row, int column, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(transfer().cells(), Qt::LeftButton, modifiers, transfer().cells()->centreOf({row, column}).toPoint());
    }
};

/// A study of a few seconds: the nets and glyphs that come with Brink.
inline Study exampleStudy(const QString& name, int models = 3)
{
    const Examples examples = findExamples();
    Json json{{"name", name.toStdString()}, {"images", examples.images.toStdString() + "#0:20"}, {"models", Json::array()}};
    for (int i = 0; i < models; ++i)
        json["models"].push_back(examples.models[i].toStdString());
    json["analyses"].push_back({{"attack", "bim"}, {"norm", "linf"}, {"set", {{"eps", 0.1}, {"steps", {3, 6}}}}, {"transfers", true}});
    json["block"] = 5;
    return studyFromJson(json, {});
}

} // namespace brink::test
