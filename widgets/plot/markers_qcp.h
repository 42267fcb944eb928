// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "widgets/plot/qcp.h"
#include "widgets/plot/renderstyle.h"

namespace brink {

/// A marker as it looks in points, legends and keys.
[[nodiscard]] QCPScatterStyle markerStyle(Marker marker, bool isOpen, ColourRole role, double sizePt, const RenderStyle& style);

} // namespace brink
