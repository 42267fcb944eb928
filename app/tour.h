// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/tourpanel.h"

class QMenuBar;

namespace brink {

class InspectWorkspace;

/// The three steps of the tour: the ladder, the Weibull fit, the export.
[[nodiscard]] QList<TourStep> tourSteps(const InspectWorkspace& inspect, QMenuBar* menus);

} // namespace brink
