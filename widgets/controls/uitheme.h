// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QString>

class QWidget;

namespace brink {

/// Colours of the window (not of figures) in one theme.
struct UiColours {
    QColor background, panel, line, text, muted, accent, accentSoft, good, caution, alarm;
};

[[nodiscard]] const UiColours& uiColours(bool isDark);
/// The theme a palette belongs to, by the lightness of its window colour.
[[nodiscard]] const UiColours& uiColours(const QPalette& palette);
[[nodiscard]] bool isDark(const QPalette& palette);
[[nodiscard]] QPalette uiPalette(bool isDark);
[[nodiscard]] QString uiStyleSheet(bool isDark);

/// The role of a label in the style sheet, "heading", "muted", "caps", "good", "caution" or "alarm": its colour follows the theme.
void setTextRole(QWidget* widget, const QString& role);

/// An icon of the outline set (":/brink/icons/NAME.svg"), drawn in the given colour at any size.
[[nodiscard]] QIcon tintedIcon(const QString& name, const QColor& colour);

} // namespace brink
