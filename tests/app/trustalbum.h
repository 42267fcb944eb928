// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/trustroom.h"
#include "app/workspacetabs.h"
#include "tests/app/pictures.h"

#include <QAction>
#include <QDir>
#include <QTest>

namespace brink::test {

/// Pictures of the Trust workspace: empty, running, and lights of several kinds with their evidence.
class TrustAlbum {
public:
    TrustAlbum(Desk& desk, QDir folder) : m_desk(desk), m_folder(std::move(folder)) {}

    void make()
    {
        m_desk.window.show();
        if (!QTest::qWaitFor([this] { return m_desk.session.classifier() && m_desk.session.dataset(); }, 2 * limitMs))
            return;
        m_desk.window.actions().workspaces.back()->trigger();
        shoot("empty");
        room().start();
        if (QTest::qWaitFor([this] { return room().diagnosis() && room().diagnosis()->lights.size() > 5; }, limitMs))
            shoot("running");
        finish();
        for (const char* light : {"slope", "scale", "budgets", "losses"})
            shootLight("good", light);
        DiagnosisChoices choices = room().choices();
        choices.attack.parameters.set("steps", 3LL);
        choices.attack.parameters.set("step-size", choices.attack.parameters.real("eps") / 10);
        room().setChoices(choices);
        shoot("stale");
        room().start();
        finish();
        for (const char* light : {"incomplete", "single-step", "more-steps"})
            shootLight("steps", light);
    }

private:
    [[nodiscard]] DiagnosisRoom& room() { return m_desk.window.trust().diagnosis(); }
    void finish() { static_cast<void>(QTest::qWaitFor([this] { return !room().isRunning(); }, 10 * limitMs)); }

    void shootLight(const char* state, const char* light)
    {
        room().panel()->showLight(light);
        shoot(QStringLiteral("%1-%2").arg(QLatin1String(state), QLatin1String(light)).toLatin1().constData());
    }

    void shoot(const char* what) { shootWindow(m_desk, m_folder, QStringLiteral("trust-") + QLatin1String(what)); }

    Desk& m_desk;
    QDir m_folder;
};

} // namespace brink::test
