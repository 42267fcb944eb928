// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/claimevidence.h"
#include "core/report/studyparts.h"

namespace brink::report {

namespace {

/// Every one of the analyses must pass; none to test leaves the claim open.
StudyClaim eachSuccess(const Evidence& evidence, StudyClaim claim, const Analyses& analyses, const std::function<bool(double)>& passes)
{
    for (const int a : analyses)
        if (const auto success = evidence.success(a))
            judge(claim, passes(*success), reading(evidence, a, percentText(*success)));
    return claim;
}

StudyClaim targetedFgsmIsWeak(Evidence& evidence)
{
    return eachSuccess(evidence, {"Targeted FGSM hardly ever succeeds", "its success is below 3 % (their figure 1)", "success", {}, {}},
        evidence.attacks("fgsm", true), [](double success) { return success < 0.03; });
}

StudyClaim iterationsSucceed(Evidence& evidence)
{
    const Analyses ten = evidence.attacks([](const StudyAnalysis& each) {
        return each.attack.name == "bim" && isTargeted(each) && each.attack.parameters.integer("steps") == 10;
    });
    return eachSuccess(evidence, {"Targeted I-FGSM succeeds with 10 iterations", "its success is at least 90 % (their figure 1)", "success", {}, {}}, ten,
        [](double success) { return success >= 0.9; });
}

StudyClaim optimisationSucceeds(Evidence& evidence)
{
    const Analyses both = evidence.attacks([](const StudyAnalysis& each) {
        return (each.attack.name == "cw" || each.attack.name == "ead") && each.attack.parameters.real("confidence") == 0;
    });
    return eachSuccess(evidence, {"C&W and EAD-L1 succeed nearly always", "each success is at least 95 % at κ 0 (their figure 1)", "success", {}, {}}, both,
        [](double success) { return success >= 0.95; });
}

StudyClaim confidenceCostsSuccess(Evidence& evidence)
{
    const Analyses both = evidence.attacks([](const StudyAnalysis& each) { return each.attack.name == "cw" || each.attack.name == "ead"; });
    return alongParameter(evidence, {"A larger κ lowers the success", "success does not rise with κ (their figure 1)", "success", {}, {}}, both,
        "confidence", false, [&](int a) { return evidence.success(a); }, percentText);
}

StudyClaim fgsmFarBelow(Evidence& evidence)
{
    StudyClaim claim{"Targeted FGSM succeeds far less than targeted I-FGSM", "at most half as often as each I-FGSM of the same budget and goal",
        "success", {}, {}};
    for (const int one : evidence.attacks("fgsm", true)) {
        for (const int many : evidence.attacks("bim", true)) {
            const StudyAnalysis& a = evidence.analysis(one);
            const StudyAnalysis& b = evidence.analysis(many);
            if (a.target != b.target || a.norm() != b.norm() || a.attack.parameters.real("eps") != b.attack.parameters.real("eps"))
                continue;
            const auto low = evidence.success(one);
            const auto high = evidence.success(many);
            if (!low || !high)
                continue;
            judge(claim, *low <= *high / 2, reading(evidence, one, percentText(*low)) + " against " + reading(evidence, many, percentText(*high)));
        }
    }
    return claim;
}

} // namespace

std::vector<StudyClaim> successClaims(Evidence& evidence)
{
    return {targetedFgsmIsWeak(evidence), iterationsSucceed(evidence), optimisationSucceeds(evidence), confidenceCostsSuccess(evidence),
        fgsmFarBelow(evidence)};
}

} // namespace brink::report
