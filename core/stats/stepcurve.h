// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace brink {

/// Corners of a step function that holds its value to the right: y[i] from x[i] to x[i + 1].
struct StepCurve {
    std::vector<double> x, y;
    /// Value at x, which must not lie before the first corner.
    [[nodiscard]] double at(double x) const;
};

/// Share of images still classified correctly at each budget: `start` times those whose smallest distance is larger. Images on which
/// the attack failed are censored: they stay in at every distance.
/// @param distances of the successes, finite, not negative. @param start at zero budget, the clean accuracy.
/// @throws Error(Domain) for no images at all or a distance outside.
[[nodiscard]] StepCurve survivalCurve(std::span<const double> distances, std::int64_t failures, double start);

} // namespace brink
