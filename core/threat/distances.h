// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"
#include "core/data/image.h"

namespace brink {

/// All four distances of one perturbation, pixel units [0,1]; l0 counts changed values (not pixels).
struct Distances {
    double l0 = 0;
    double l1 = 0;
    double l2 = 0;
    double linf = 0;

    [[nodiscard]] double in(Norm norm) const;
    bool operator==(const Distances&) const = default;
};

/// @pre same shape.
[[nodiscard]] Distances distancesBetween(const Image& a, const Image& b);

} // namespace brink
