// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <vector>

namespace brink {

/// A density at the middles of cells, [rows,columns] with row 0 on top, as shares of all points per cell.
struct DensityGrid {
    int rows = 0, columns = 0;
    std::vector<double> values{};
};

/// Gaussian kernel estimate of the points' density over a frame {left, right, bottom, top}. The bandwidth along each axis is the smaller of the
/// standard deviation and the normalised interquartile range, times n^(-1/6) (Scott 1992, section 6.3), and times sqrt(1 - rho^2), at least 0.3, so that
/// points along a line are not smeared across it; rho is their correlation. Kernels are mirrored at the left and at the
/// bottom edge, where non-negative quantities end.
/// @throws Error(Domain) for fewer than two points, lists of unequal length, no cells or an empty frame.
[[nodiscard]] DensityGrid densityOver(std::span<const double> x, std::span<const double> y, const std::array<double, 4>& frame, int rows, int columns);

/// The density from which on cells hold `share` of the mass inside the frame: the edge of the smallest region that does (Hyndman 1996).
/// @throws Error(Domain) for a share outside (0,1) or no mass.
[[nodiscard]] double levelHolding(const DensityGrid& density, double share);

} // namespace brink
