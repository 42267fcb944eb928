// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/studyfigures.h"

#include <optional>
#include <string>
#include <vector>

namespace brink::report {

/// A qualitative claim of the survey and what this study says to it.
struct StudyClaim {
    std::string claim;
    std::string criterion;     ///< what counts as holding, with its threshold
    std::string figure;        ///< of ours that shows it
    std::string numbers;       ///< what was found; empty where nothing was tested
    std::optional<bool> holds; ///< absent: the study has not what it takes
};

/// The claims of Su et al. 2018 (figures 1 to 10) and what a correct implementation must reproduce, each evaluated on these results.
/// After them those of Ngnawé et al. 2024 on margins, by the selection's norm, budget and score, and those of Fawzi et al. 2017 on the decision boundary, model by model where the study surveyed it. Transfer counts by the selection's rule and images; distances are means over successes, as the survey's are.
[[nodiscard]] std::vector<StudyClaim> studyClaims(const StudyResults& results, const StudySelection& selection);

} // namespace brink::report
