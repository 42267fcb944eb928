// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/slice.h"
#include "core/figure/figure.h"

#include <optional>

namespace brink {

/// What of a slice is drawn besides the regions.
struct SliceView {
    std::optional<double> eps{};  ///< radius of the ball around the origin, in the plane's norm; absent: none
    bool hasIsoLines = true;
    bool hasMarkers = true;
    bool operator==(const SliceView&) const = default;
};

/// The plane with its class regions, boundaries, lines of equal margin, and the images marked in it. Panel "slice".
/// @pre the result has a grid.
[[nodiscard]] Figure sliceFigure(const SliceResult& result, const SliceView& view = {});

} // namespace brink
