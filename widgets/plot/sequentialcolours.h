// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace brink {

/// cividis: from dark blue to yellow, lightness rising evenly, alike for readers with and without red-green vision.
/// Source: Nunez, Anderton and Renslow 2018, PLoS ONE 13. @param share 0 to 1, clamped.
[[nodiscard]] QColor sequentialColour(double share);

/// Black or white, whichever can be read better on the colour (contrast at least 4.5 to 1 on every one).
[[nodiscard]] QColor textColourOn(const QColor& background);

} // namespace brink
