// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace brink {

/// Which points no other point beats: none has at least as much of both and more of one. Equal points are all on it.
/// Depends on the order of the values alone, so it is the same after any rising change of either scale.
/// @throws Error(Domain) for lists of unequal length or values that are not finite.
[[nodiscard]] std::vector<bool> paretoFrontier(std::span<const double> x, std::span<const double> y);

/// y = intercept + slope x.
struct LineFit {
    double intercept = 0, slope = 0;
    [[nodiscard]] double at(double x) const { return intercept + slope * x; }
};
/// Least squares; absent for fewer than two different x. @throws Error(Domain) as above.
[[nodiscard]] std::optional<LineFit> fitLine(std::span<const double> x, std::span<const double> y);

} // namespace brink
