// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "core/smoothing/smoothing.h"

#include <optional>
#include <vector>

namespace brink {

/// Certified accuracy of the smoothed classifier against radius, one curve a survey (sigma), each with the ceiling that its samples
/// can reach. Absent without images.
[[nodiscard]] std::optional<Figure> smoothingFigure(const std::vector<SmoothingSurvey>& surveys);

} // namespace brink
