// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/controller.h"
#include "app/examples.h"
#include "app/mainwindow.h"
#include "app/session.h"
#include "app/theming.h"
#include "core/jobs/scheduler.h"
#include "core/model/torchruntime.h"

#include <QApplication>
#include <QFileInfo>
#include <QHashFunctions>
#include <QLocale>
#include <QStandardPaths>

#include <algorithm>

namespace brink::test {

constexpr int limitMs = 60000;

/// A preview of little work, for tests that are about something else.
inline AnalysisSettings quickSettings(Norm norm = Norm::L2)
{
    AnalysisSettings settings = standardSettings(norm, Preset::Preview);
    settings.isEdited = true;
    settings.clever.set("batches", 6LL);
    settings.clever.set("samples", 8LL);
    settings.randomDirections = 5;
    for (AttackChoice& attack : settings.attacks)
        attack.isChosen = attack.name == "ddn" || attack.name == "fab";
    return settings;
}

/// The whole window as runWindow() puts it together, with the built-in example.
struct Desk {
    Session session;
    Scheduler scheduler{2};
    Controller controller{session, scheduler, {}};
    Theming theming{*qApp};
    MainWindow window{session, controller, scheduler, theming, QStringLiteral("CPU 1 × 1")};

    void openExample()
    {
        const Examples examples = findExamples();
        controller.openFiles({examples.images, examples.models.first()});
        window.show();
    }
    [[nodiscard]] bool isComplete() const { return session.resultState() == ResultState::Complete; }
    /// No job is left, the quiet ones of the background included: nothing will move in the window by itself.
    [[nodiscard]] bool isIdle() const { return std::ranges::all_of(scheduler.jobs(), &JobSnapshot::isFinished); }

    /// Paper settings keep a job busy for long enough to be stopped.
    void startLongRun()
    {
        session.setSettings(standardSettings(Norm::L2, Preset::Paper));
        window.actions().run->trigger();
    }
};

/// Settings and numbers of a test do not depend on who runs it.
inline void prepareApplication()
{
    QHashSeed::setDeterministicGlobalSeed(); // as main() does
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("BrinkTest"));
    // One a test program: recent files of one that runs beside it are not seen.
    QCoreApplication::setApplicationName(QFileInfo(QCoreApplication::applicationFilePath()).baseName());
    QLocale::setDefault(QLocale::c());
    configureTorch(1, 1);
}

} // namespace brink::test
