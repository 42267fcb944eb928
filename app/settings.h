// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"
#include "widgets/controls/exportdialog.h"

#include <QByteArray>
#include <QString>

namespace brink {

enum class ThemeChoice { System, Light, Dark };

/// What the window remembers between starts (QSettings).
class Settings {
public:
    [[nodiscard]] QByteArray geometry() const;
    [[nodiscard]] QByteArray layout() const;
    void setWindow(const QByteArray& geometry, const QByteArray& layout);

    [[nodiscard]] ThemeChoice theme() const;
    void setTheme(ThemeChoice theme);

    [[nodiscard]] ExportChoice exportChoice() const;
    void setExportChoice(const ExportChoice& choice);

    /// The tour was closed once: it is not shown by itself again.
    [[nodiscard]] bool isTourSeen() const;
    void setTourSeen();

    /// Folder the next file dialog starts in.
    [[nodiscard]] QString folder() const;
    void setFolder(const QString& folder);
};

} // namespace brink
