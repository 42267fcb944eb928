// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"

#include <QPointF>
#include <QString>

#include <optional>
#include <vector>

class QLocale;
class QRectF;

namespace brink {

struct PanelPlot;

/// What the pointer is on: the nearest point that stands for something, within reach.
struct Pick {
    DataRef ref;
    QString label;  ///< the point's direct label, may be empty
    double x = 0, y = 0;
};

/// @param reachPixels how far the pointer may be from a point.
[[nodiscard]] std::optional<Pick> pickAt(const PanelPlot& panel, QPointF position, double reachPixels = 8);
/// What the points inside a rectangle stand for, each once.
[[nodiscard]] std::vector<DataRef> refsIn(const PanelPlot& panel, const QRectF& area);
/// Coordinates under the pointer with the panel's units, and what is there; for pictures the pixel and its value.
[[nodiscard]] QString cursorText(const PanelPlot& panel, QPointF position, const QLocale& locale);

} // namespace brink
