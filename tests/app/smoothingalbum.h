// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/smoothingpage.h"
#include "app/smoothingroom.h"
#include "app/trustroom.h"
#include "app/workspacetabs.h"
#include "tests/app/pictures.h"

#include <QDir>
#include <QTest>

namespace brink::test {

/// Pictures of the page of smoothing: empty, running, complete, and stale.
class SmoothingAlbum {
public:
    SmoothingAlbum(Desk& desk, QDir folder) : m_desk(desk), m_folder(std::move(folder)) {}

    void make()
    {
        m_desk.window.show();
        if (!QTest::qWaitFor([this] { return m_desk.session.classifier() && m_desk.session.dataset(); }, 2 * limitMs))
            return;
        m_desk.window.tabs().setCurrentWidget(m_desk.window.trust().workspace());
        m_desk.window.trust().workspace()->showPage(QStringLiteral("smoothing"));
        shoot("empty");
        room().start();
        shoot("running");
        static_cast<void>(QTest::qWaitFor([this] { return room().state() == ViewState::Complete; }, 10 * limitMs));
        QTest::qWait(200);
        shoot("complete");
        SmoothingChoices choices;
        choices.samples = 2000;
        Q_EMIT room().page()->choicesEdited(choices);
        shoot("stale");
    }

private:
    [[nodiscard]] SmoothingRoom& room() { return m_desk.window.trust().smoothing(); }

    void shoot(const char* what) { shootWindow(m_desk, m_folder, QStringLiteral("smoothing-") + QLatin1String(what)); }

    Desk& m_desk;
    QDir m_folder;
};

} // namespace brink::test
