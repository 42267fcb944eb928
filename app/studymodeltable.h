// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/studytables.h"
#include "widgets/controls/resulttable.h"

#include <QString>

#include <vector>

namespace brink {

/// What the model table of the Study workspace shows, ready to be turned into rows.
struct ModelTable {
    int analysis = -1;       ///< of the summaries
    int cleverAnalysis = -1; ///< whose estimates stand beside them: the analysis itself, or a CLEVER of the same norm, of the same target if there is one
    StudySelection selection;
    std::vector<ModelSummary> summaries;
    std::vector<ModelSummary> clever;
};

/// Slow: has bootstrap intervals. For a job.
[[nodiscard]] ModelTable modelTable(const StudyResults& results, int analysis, const StudySelection& selection);

[[nodiscard]] std::vector<TableColumn> modelColumns(const StudyResults* results, const ModelTable& table);
/// Models that do not work come last, with the reason. Keys are the models' names.
[[nodiscard]] std::vector<TableRow> modelRows(const StudyResults& results, const ModelTable& table);
/// Columns that have nothing to show: those of attacks for CLEVER, those of CLEVER where there is none.
[[nodiscard]] std::vector<int> emptyColumns(const StudyResults& results, const ModelTable& table);
/// The numbers of one model in a few lines, for a tool tip.
[[nodiscard]] QString modelHint(const StudyResults& results, const ModelTable& table, int model);

} // namespace brink
