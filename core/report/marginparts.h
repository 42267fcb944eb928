// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/margins/margins.h"
#include "core/report/studyclaims.h"
#include "core/report/studyparts.h"

#include <optional>
#include <string>
#include <vector>

namespace brink::report {

/// Words and numbers that the margin figures and tables of a study share.

/// One model's margins beside its scores.
struct MarginsOfModel {
    ModelMargins margins;
    std::vector<ScoredMargin> scored;
    std::vector<std::size_t> rows;            ///< scored[i] is margins.rows[rows[i]]
    std::optional<ConsistencyEstimate> consistency;
    Detectability detectability;              ///< at epsOf(query)
    std::optional<double> threshold;          ///< the chosen one, else the best at eps
};
/// Of every model (or only those emphasised) that has rows with scores, in the order of the selection. Images left out by the
/// selection's common set are left out here.
[[nodiscard]] std::vector<MarginsOfModel> marginsOfModels(const StudyResults& results, const StudySelection& selection);

/// Whether any clean image has scores: files of earlier versions have none until they are run again.
[[nodiscard]] bool hasScores(const StudyResults& results);

/// "8/255", where it is a whole number of 255ths in Linf; else three digits.
[[nodiscard]] std::string epsText(double eps, Norm norm);
/// "Margins: smallest L∞ distance by any attack of the study (FAB, C&W L2)."
[[nodiscard]] std::string marginSentence(const StudyResults& results, const MarginQuery& query);
/// "input margin, L∞ (pixel range [0,1])".
[[nodiscard]] std::string marginAxis(Norm norm);
/// "0.62 [0.58, 0.66]".
[[nodiscard]] std::string tauText(const std::optional<ConsistencyEstimate>& estimate);

/// The claims of Ngnawé et al. 2024 that a study can test.
[[nodiscard]] std::vector<StudyClaim> marginClaims(const StudyResults& results, const StudySelection& selection);

/// Rows "margins" and "margin-images" of studyTable().
[[nodiscard]] StudyTable marginsTable(const StudyResults& results, const StudySelection& selection);
[[nodiscard]] StudyTable marginImagesTable(const StudyResults& results, const StudySelection& selection);

} // namespace brink::report
