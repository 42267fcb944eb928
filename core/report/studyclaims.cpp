// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/studyclaims.h"

#include "core/report/claimevidence.h"
#include "core/report/marginparts.h"

#include <algorithm>
#include <iterator>

namespace brink::report {

std::vector<StudyClaim> studyClaims(const StudyResults& results, const StudySelection& selection)
{
    Evidence evidence(results, selection);
    std::vector<StudyClaim> claims;
    for (const auto part : {successClaims, robustnessClaims, transferClaims})
        std::ranges::move(part(evidence), std::back_inserter(claims));
    std::ranges::move(marginClaims(results, selection), std::back_inserter(claims));
    return claims;
}

} // namespace brink::report
