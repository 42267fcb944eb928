// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clever/clever.h"
#include "core/figure/figure.h"

#include <vector>

namespace brink::report {

/// Adds a curve of CLEVER scores: band of intervals, line, filled markers, and open ones with an arrow where capped.
void addCleverCurve(Panel& panel, const std::vector<CleverCurvePoint>& points);

} // namespace brink::report
