// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace brink {

/// Points in cells of a grid, [rows,columns] with row 0 on top: x from 0 to columns to the right, y from 0 to rows downwards.
/// Closed where the first point is the last again.
using GridLine = std::vector<std::array<double, 2>>;

/// Lines along the edges between cells of different labels, joined where two meet; they end where more than two do.
[[nodiscard]] std::vector<GridLine> labelEdges(std::span<const std::int16_t> labels, int rows, int columns);

/// Lines where the values, taken to be at the middles of the cells, reach a level: marching squares between four middles,
/// linear along their sides. Only between cells of one label. A saddle is split by the mean of its corners.
[[nodiscard]] std::vector<GridLine> isoLines(
    std::span<const double> values, std::span<const std::int16_t> labels, int rows, int columns, double level);

/// For each label the middle of the cell that is farthest from cells of other labels and from the border: where its name
/// fits best. Distance in cells, counted along rows and columns and diagonals alike.
struct LabelPlace {
    int label = 0;
    double x = 0, y = 0;
    int distance = 0; ///< cells to the nearest other label or border
};
[[nodiscard]] std::vector<LabelPlace> labelPlaces(std::span<const std::int16_t> labels, int rows, int columns);

} // namespace brink
