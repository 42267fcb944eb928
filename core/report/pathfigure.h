// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/regionpath.h"
#include "core/figure/figure.h"

#include <string>
#include <vector>

namespace brink {

/// A path beside the straight line: images at its corners, the classes passed, and the margin along the way.
/// @param classNames of the model, by index; numbers where there are none.
[[nodiscard]] Figure pathFigure(const RegionPath& path, const std::vector<std::string>& classNames);

/// Share of convex combinations that stay in the class, against the number of images combined.
[[nodiscard]] Figure convexityFigure(const ConvexityResult& result);

} // namespace brink
