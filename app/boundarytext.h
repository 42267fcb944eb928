// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"
#include "widgets/controls/resulttable.h"

#include <QString>

#include <vector>

namespace brink {

/// Words and tables of the Boundary workspace.

/// Behind the state: "64 × 64 of 256 × 256", or why it failed.
[[nodiscard]] QString sliceDetail(const BoundaryDesk& desk);
/// "3 classes in 5 regions · 31 % of the points computed · 82 % inside the pixel box".
[[nodiscard]] QString sliceSummary(const SliceResult& slice);
/// "cat · 93.2 % · margin 2.31".
[[nodiscard]] QString pointTitle(const SliceResult& slice, const SlicePoint& point);
/// "at 0.12, −0.30 · 0.32 from the centre (L2) · outside of the pixel box".
[[nodiscard]] QString pointPlace(const SliceResult& slice, const BoundaryPlace& place, const SlicePoint& point);
[[nodiscard]] std::vector<TableColumn> pointColumns();
/// The most likely classes, largest first.
[[nodiscard]] std::vector<TableRow> pointRows(const SliceResult& slice, const SlicePoint& point);
/// "images 3 and 8 of class cat: 4 corners, 1.08 times as long, smallest margin 0.21, verified at 1,024 points".
[[nodiscard]] QString pathSummary(const RegionPath& path);

} // namespace brink
