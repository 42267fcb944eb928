// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/studyclaims.h"

#include "core/report/boundaryclaims.h"
#include "core/report/certifiedparts.h"
#include "core/report/claimevidence.h"
#include "core/report/marginparts.h"
#include "core/report/surveyparts.h"

#include <algorithm>
#include <iterator>

namespace brink::report {

namespace {

/// Those about the decision boundary, model by model.
void addBoundaryClaims(std::vector<StudyClaim>& claims, const StudyResults& results, const StudySelection& selection)
{
    const auto addOf = [&claims](const std::string& model, std::vector<StudyClaim> some) {
        for (StudyClaim& claim : some) {
            claim.claim += " Model " + model + ".";
            claims.push_back(std::move(claim));
        }
    };
    for (const auto& survey : shownSurveys(results, selection, AnalysisKind::Curvature, &StudySurvey::curvature))
        addOf(survey->modelName, curvatureClaims(*survey));
    for (const auto& survey : shownSurveys(results, selection, AnalysisKind::Regions, &StudySurvey::regions))
        addOf(survey->modelName, {connectedClaim(summarise(survey->paths))});
}

} // namespace

std::vector<StudyClaim> studyClaims(const StudyResults& results, const StudySelection& selection)
{
    Evidence evidence(results, selection);
    std::vector<StudyClaim> claims;
    for (const auto part : {successClaims, robustnessClaims, transferClaims})
        std::ranges::move(part(evidence), std::back_inserter(claims));
    std::ranges::move(marginClaims(results, selection), std::back_inserter(claims));
    std::ranges::move(certifiedClaims(results, selection), std::back_inserter(claims));
    addBoundaryClaims(claims, results, selection);
    return claims;
}

} // namespace brink::report
