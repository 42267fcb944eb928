// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvaturesurvey.h"
#include "core/boundary/detection.h"
#include "core/boundary/pathpairs.h"
#include "core/report/studyfigures.h"
#include "core/report/studytables.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace brink::report {

/// Whether surveys of this kind are shown of the analysis: it is selected, or the one selected is no such survey.
[[nodiscard]] bool isShownSurvey(const StudyResults& results, const StudySelection& selection, AnalysisKind kind, int analysis);

/// Finished surveys of one kind, of the analysis selected, or of the first that has some; models in the order in which they
/// are selected, or all of the study.
template <typename Survey>
[[nodiscard]] std::vector<std::shared_ptr<const Survey>> shownSurveys(
    const StudyResults& results, const StudySelection& selection, AnalysisKind kind, std::shared_ptr<const Survey> StudySurvey::*which)
{
    std::vector<std::shared_ptr<const Survey>> surveys;
    std::vector<int> models = selection.models;
    for (int m = 0; selection.models.empty() && m < int(results.models.size()); ++m)
        models.push_back(m);
    for (int a = 0; a < int(results.study.analyses.size()) && surveys.empty(); ++a) {
        if (!isShownSurvey(results, selection, kind, a))
            continue;
        for (const int model : models)
            if (const auto& survey = results.cell(a, model).survey.*which)
                surveys.push_back(survey);
    }
    return surveys;
}

/// One row a model and analysis, with why there is nothing.
[[nodiscard]] StudyTable curvatureTable(const StudyResults& results, const StudySelection& selection);
[[nodiscard]] StudyTable detectionTable(const StudyResults& results, const StudySelection& selection);
[[nodiscard]] StudyTable regionsTable(const StudyResults& results, const StudySelection& selection);
[[nodiscard]] StudyTable certifiedTable(const StudyResults& results, const StudySelection& selection);

} // namespace brink::report
