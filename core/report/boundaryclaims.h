// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvaturesurvey.h"
#include "core/boundary/regionpath.h"
#include "core/report/studyclaims.h"

#include <string>
#include <vector>

namespace brink::report {

/// The claims of Fawzi et al. 2017 (arXiv 1705.09552) about curvature, each evaluated on this survey.
[[nodiscard]] std::vector<StudyClaim> curvatureClaims(const CurvatureSurvey& survey);

/// The claim of the same paper that regions are connected, by paths between pairs of natural images.
[[nodiscard]] StudyClaim connectedClaim(const PathSummary& summary);

/// "holds", "does not hold" or "not tested here".
[[nodiscard]] std::string verdictOf(const StudyClaim& claim);
[[nodiscard]] Json claimsJson(const std::vector<StudyClaim>& claims);
/// For people: the claim with its verdict, what counts, and what was measured, indented below it.
[[nodiscard]] std::string claimsText(const std::vector<StudyClaim>& claims);

} // namespace brink::report
