// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/report/studyfigures.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// A number with a central interval, absent where it cannot be given.
struct Estimate {
    double value = 0;
    std::optional<std::array<double, 2>> interval;
};

/// What the study found about one model with one analysis.
struct ModelSummary {
    int model = 0;
    std::optional<Estimate> accuracy;      ///< of the study's images, Wilson interval
    std::int64_t correct = 0, images = 0;
    std::int64_t entered = 0;              ///< rows that this analysis has
    std::optional<Estimate> success;       ///< attacks: share of the entered, Wilson
    std::int64_t successes = 0;
    std::optional<Estimate> distance;      ///< attacks: over successes only; bootstrap interval over images
    std::optional<Estimate> clever;        ///< CLEVER: over scores that are not refused; capped ones enter as the radius
    std::int64_t capped = 0, refused = 0;
};

/// One entry a model that works. @param analysis index into study.analyses.
[[nodiscard]] std::vector<ModelSummary> modelSummaries(const StudyResults& results, int analysis, const StudySelection& selection);

/// A table as text cells, for the window and for export.
struct StudyTable {
    std::string name;                      ///< "models", "transfer", "outcomes", "claims"
    std::string caption;
    std::vector<std::string> columns;      ///< units in the header
    std::vector<std::vector<Json>> rows;   ///< numbers, text, booleans; null: not there
};

/// Names: "models" (one row a model and analysis), "transfer" (one row a cell with all rules), "outcomes" (one row an image),
/// "claims" (the papers' claims: claim, figure, holds or not), "margins" (one row a model), "margin-images" (one row an image and model),
/// "curvature", "detection", "regions" and "certified" (one row a model and survey of the boundary). @throws Error(Usage) naming the nearest.
[[nodiscard]] StudyTable studyTable(const StudyResults& results, std::string_view name, const StudySelection& selection);
[[nodiscard]] std::vector<std::string> studyTableNames();

[[nodiscard]] std::string tableCsv(const StudyTable& table);
[[nodiscard]] Json tableJson(const StudyTable& table);
[[nodiscard]] std::string tableLatex(const StudyTable& table); ///< booktabs; special characters escaped

} // namespace brink
