// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plot/layerrenderers_qcp.h"

namespace brink {

/// Adds the words of a panel: text layers where they say, direct labels of points, rules and spans wherever there is
/// room, with leader lines. Placed anew at every draw, so zoom, window and print size each get their own layout.
void addPanelLabels(PanelPlot& target, const RenderStyle& style);

} // namespace brink
