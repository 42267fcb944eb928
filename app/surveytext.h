// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/surveydesk.h"
#include "core/figure/figure.h"
#include "widgets/controls/statementlist.h"
#include "widgets/controls/resulttable.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// Words, figures and tables of surveys over many images.

/// "Curvature", for a switch.
[[nodiscard]] QString surveyName(SurveyKind kind);
[[nodiscard]] QString surveySummary(SurveyKind kind);

/// The figures of a kind, by name, in the order in which they are offered.
[[nodiscard]] const std::vector<std::string>& surveyFigures(SurveyKind kind);
/// For a switch: "Profile".
[[nodiscard]] QString surveyFigureLabel(const std::string& figure);
/// For people: "Curvature profile"; and one line of what it shows.
[[nodiscard]] QString surveyFigureTitle(const std::string& figure);
[[nodiscard]] QString surveyFigureSummary(const std::string& figure);
/// @param beside of another model, drawn over; null: none. Absent while there are no data for it.
[[nodiscard]] std::optional<Figure> surveyFigure(const std::string& figure, const ModelSurveys& surveys, const CurvatureSurvey* beside);

/// One line below the heading: "boundary at 0.31 (L2) · negative share 42 % · 50 images".
[[nodiscard]] QString surveyLine(SurveyKind kind, const ModelSurveys& surveys);

/// One row an image; a pair of images for Regions. The key is the index of the image to open, "from to" of a pair.
[[nodiscard]] std::vector<TableColumn> surveyColumns(SurveyKind kind);
[[nodiscard]] std::vector<TableRow> surveyRows(SurveyKind kind, const ModelSurveys& surveys);
struct SurveyPick {
    std::int64_t image = -1;
    std::int64_t partner = -1; ///< -1: none
};
[[nodiscard]] SurveyPick surveyPick(const QString& key);

/// The claims of the paper and what was found; of Detection, how each attack and scale is detected.
[[nodiscard]] std::vector<Statement> surveyFindings(SurveyKind kind, const ModelSurveys& surveys);

} // namespace brink
