// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/app/desk.h"

#include <QDir>
#include <QTest>

#include <concepts>
#include <vector>

namespace brink::test {

/// The window sizes that pictures are taken in; with BRINK_PICTURES=few, as a test takes them, the smallest only.
inline std::vector<QSize> pictureSizes()
{
    if (qEnvironmentVariable("BRINK_PICTURES") == QStringLiteral("few"))
        return {{1280, 720}};
    return {{1280, 720}, {1440, 900}, {2560, 1440}};
}

/// Quick to write; smaller files would take most of the time of an album.
inline void savePicture(QWidget& widget, const QDir& folder, const QString& name)
{
    constexpr int lightlyCompressed = 80;
    widget.grab().save(folder.filePath(name + QStringLiteral(".png")), "PNG", lightlyCompressed);
}

/// Calls @p work with the name of each theme, while it is the window's.
template <std::invocable<QString> Work> void inEachTheme(Desk& desk, const Work& work)
{
    for (const auto& [theme, name] : {std::pair{ThemeChoice::Light, "light"}, std::pair{ThemeChoice::Dark, "dark"}}) {
        desk.theming.setChoice(theme);
        work(QLatin1String(name));
    }
}

/// The window in each theme and size, as NAME-WIDTH-THEME.png, once @p isSettled and drawn.
template <std::predicate IsSettled> void shootWindow(Desk& desk, const QDir& folder, const QString& name, const IsSettled& isSettled)
{
    inEachTheme(desk, [&](const QString& theme) {
        for (const QSize& size : pictureSizes()) {
            desk.window.resize(size);
            QTest::qWait(100);
            (void)QTest::qWaitFor(isSettled, limitMs);
            QTest::qWait(200); // two ticks of the presenter and the last redraw
            savePicture(desk.window, folder, QStringLiteral("%1-%2-%3").arg(name).arg(size.width()).arg(theme));
        }
    });
}

inline void shootWindow(Desk& desk, const QDir& folder, const QString& name)
{
    shootWindow(desk, folder, name, [] { return true; });
}

} // namespace brink::test
