// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"

namespace brink {

/// The corner of the panel with the least data in it: where a legend goes.
[[nodiscard]] LegendPlace emptiestCorner(const Panel& panel);

} // namespace brink
