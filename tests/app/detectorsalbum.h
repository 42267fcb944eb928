// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/detectorspage.h"
#include "app/detectorsroom.h"
#include "app/figurepane.h"
#include "app/trustroom.h"
#include "app/workspacetabs.h"
#include "tests/app/pictures.h"

#include <QAbstractItemModel>
#include <QDir>
#include <QTest>

namespace brink::test {

/// Pictures of the page of detectors: empty, running, each figure, and stale.
class DetectorsAlbum {
public:
    DetectorsAlbum(Desk& desk, QDir folder) : m_desk(desk), m_folder(std::move(folder)) {}

    void make()
    {
        m_desk.window.show();
        if (!QTest::qWaitFor([this] { return m_desk.session.classifier() && m_desk.session.dataset(); }, 2 * limitMs))
            return;
        m_desk.window.tabs().setCurrentWidget(m_desk.window.trust().workspace());
        m_desk.window.trust().workspace()->showPage(QStringLiteral("detectors"));
        shoot("empty");
        DetectorsChoices choices;
        choices.clean = 50;
        choices.attacked = 20;
        choices.hasCurvature = true;
        room().desk().setChoices(choices);
        room().start();
        shoot("running");
        static_cast<void>(QTest::qWaitFor([this] { return room().desk().running().empty(); }, 10 * limitMs));
        QTest::qWait(200);
        DetectorsPage& page = *room().page();
        page.table()->setCurrentIndex(page.table()->model()->index(0, 0));
        for (int part = 0; part < int(page.panes().size()); ++part) {
            page.showPart(part);
            shoot(page.panes()[std::size_t(part)]->name().c_str());
        }
        choices.hasFmn = true;
        room().desk().setChoices(choices);
        shoot("stale");
    }

private:
    [[nodiscard]] DetectorsRoom& room() { return m_desk.window.trust().detectors(); }

    void shoot(const char* what) { shootWindow(m_desk, m_folder, QStringLiteral("detectors-") + QLatin1String(what)); }

    Desk& m_desk;
    QDir m_folder;
};

} // namespace brink::test
