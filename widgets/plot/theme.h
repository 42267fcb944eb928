// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"

#include <QColor>

#include <array>

class QPalette;

namespace brink {

enum class ThemeKind { Light, Dark, Print };

/// What the colour roles of a figure look like. The category colours are the Okabe-Ito order in every theme.
struct Theme {
    ThemeKind kind = ThemeKind::Light;
    QColor background, panel, line, text, muted, accent, good, caution, alarm;
    std::array<QColor, 8> series;

    [[nodiscard]] QColor colour(ColourRole role) const;
    /// The role's colour for words: moved towards the text colour until it has a contrast of 4.5 to 1.
    [[nodiscard]] QColor textColour(ColourRole role) const;
    /// The role's colour mixed into the background (share 0 to 1), opaque: fills that print and overlap well.
    [[nodiscard]] QColor tint(ColourRole role, double share) const;
};

[[nodiscard]] Theme theme(ThemeKind kind);
/// Light or dark, whichever the palette's window colour is.
[[nodiscard]] ThemeKind themeKindOf(const QPalette& palette);
/// WCAG contrast ratio, 1 to 21.
[[nodiscard]] double contrast(const QColor& a, const QColor& b);

} // namespace brink
