// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/inspect.h"
#include "widgets/controls/resulttable.h"

#include <QString>

#include <vector>

namespace brink {

/// The two tables of Inspect: CLEVER by target, and the attacks.

[[nodiscard]] std::vector<TableColumn> targetColumns(const InspectResult* result);
[[nodiscard]] std::vector<TableRow> targetRows(const InspectResult& result);
/// What stands below them: "An estimate, not a certificate. 6 of 9 targets ruled out, 55 % of the gradients saved."
[[nodiscard]] QString targetNote(const InspectResult* result);
[[nodiscard]] std::vector<TableColumn> attackColumns(Norm norm);
[[nodiscard]] std::vector<TableRow> attackRows(const InspectResult& result);

} // namespace brink
