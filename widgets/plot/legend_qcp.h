// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plot/layerrenderers_qcp.h"

namespace brink {

/// Lists the named layers inside the panel, in the corner asked for; LegendPlace::Inside takes the emptiest.
void addLegend(PanelPlot& target, const RenderStyle& style);

} // namespace brink
