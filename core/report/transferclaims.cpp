// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/report/claimevidence.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"

#include <algorithm>
#include <cmath>

namespace brink::report {

namespace {

StudyClaim vggTransfersBest(Evidence& evidence)
{
    StudyClaim claim{"VGG sources transfer best", "the mean source strength of the VGG family is the largest of all families, for each untargeted attack",
        "transfer", {}, {}};
    for (const int a : evidence.transferring()) {
        if (isTargeted(evidence.analysis(a)))
            continue;
        const TransferRates& rates = evidence.rates(a);
        std::map<std::string, std::pair<double, int>> families;
        for (std::size_t i = 0; i < rates.size(); ++i) {
            if (!rates.sourceStrength[i])
                continue;
            auto& [sum, count] = families[familyLook(evidence.results(), rates.models[i]).name];
            sum += *rates.sourceStrength[i];
            ++count;
        }
        const auto mean = [](const auto& each) { return each.second.first / each.second.second; };
        const auto vgg = std::ranges::find_if(families, [](const auto& each) { return lowerCase(each.first).find("vgg") != std::string::npos; });
        if (vgg == families.end() || families.size() < 2)
            continue;
        const auto best = std::ranges::max_element(families, {}, mean);
        judge(claim, best == vgg, reading(evidence, a, "VGG " + percentText(mean(*vgg)) + ", best " + best->first + " " + percentText(mean(*best))));
    }
    return claim;
}

StudyClaim familiesTransfer(Evidence& evidence)
{
    StudyClaim claim{"I-FGSM transfers within families, up to 100 %",
        "within families it transfers more than between them (permutation p below 0.05) and in one pair at least 90 %, untargeted", "transfer", {}, {}};
    for (const int a : evidence.transferring()) {
        if (isTargeted(evidence.analysis(a)) || evidence.analysis(a).attack.name != "bim")
            continue;
        const TransferRates& rates = evidence.rates(a);
        const auto family = familyTransfer(evidence.results(), rates);
        if (!family)
            continue;
        double best = 0;
        for (std::size_t i = 0; i < rates.size(); ++i)
            for (std::size_t k = 0; k < rates.size(); ++k) {
                const int own = familyLook(evidence.results(), rates.models[i]).index;
                if (i != k && own >= 0 && own == familyLook(evidence.results(), rates.models[k]).index && std::isfinite(rates.rates.at(i, k)))
                    best = std::max(best, rates.rates.at(i, k));
            }
        const bool isWithin = family->p < 0.05 && family->means.within > family->means.between;
        judge(claim, isWithin && best >= 0.9,
            reading(evidence, a, "within " + percentText(family->means.within) + ", between " + percentText(family->means.between) + ", p = "
                    + threeDigits(family->p) + ", best " + percentText(best)));
    }
    return claim;
}

StudyClaim untargetedTransfersMore(Evidence& evidence)
{
    StudyClaim claim{"Untargeted attacks transfer far more than targeted ones", "at least twice the rate, for each attack with both goals",
        "transfer", {}, {}};
    const Analyses all = evidence.transferring();
    for (const int a : all) {
        for (const int b : all) {
            if (isTargeted(evidence.analysis(a)) || !isTargeted(evidence.analysis(b)) || !evidence.isSameBut(a, b, {}, true))
                continue;
            const auto free = evidence.transfer(a);
            const auto aimed = evidence.transfer(b);
            if (!free || !aimed)
                continue;
            judge(claim, *free >= 2 * *aimed, reading(evidence, a, percentText(*free)) + ", " + reading(evidence, b, percentText(*aimed)));
        }
    }
    return claim;
}

StudyClaim orderOfAttacks(Evidence& evidence)
{
    StudyClaim claim{"FGSM and I-FGSM transfer more than EAD-L1, which transfers more than C&W",
        "every FGSM and I-FGSM above every EAD, and that above every C&W of the same κ, untargeted", "transfer", {}, {}};
    const auto kind = [&](int a) {
        const std::string& name = evidence.analysis(a).attack.name;
        return name == "fgsm" || name == "bim" ? 2 : name == "ead" ? 1 : name == "cw" ? 0 : -1;
    };
    const auto confidence = [&](int a) { return kind(a) == 2 ? 0.0 : evidence.analysis(a).attack.parameters.real("confidence"); };
    Analyses all = evidence.transferring();
    std::erase_if(all, [&](int a) { return kind(a) < 0 || isTargeted(evidence.analysis(a)) || !evidence.transfer(a); });
    for (const int a : all)
        for (const int b : all)
            if (kind(a) == kind(b) + 1 && (kind(a) == 2 || confidence(a) == confidence(b)))
                claim.holds = claim.holds.value_or(true) && *evidence.transfer(a) > *evidence.transfer(b);
    for (const int a : all)
        if (claim.holds)
            append(claim.numbers, reading(evidence, a, percentText(*evidence.transfer(a))));
    return claim;
}

StudyClaim parameterMovesTransfer(Evidence& evidence, const std::string& key, bool shouldRise, const std::string& text, const std::string& criterion)
{
    Analyses all = evidence.transferring();
    std::erase_if(all, [&](int a) { return key == "steps" && evidence.analysis(a).attack.name != "bim"; });
    return alongParameter(evidence, {text, criterion, "transfer", {}, {}}, all, key, shouldRise, [&](int a) { return evidence.transfer(a); }, percentText);
}

StudyClaim diagonalIsSuccess(Evidence& evidence)
{
    StudyClaim claim{"The diagonal of the heatmap is the attack's own success", "equal counts for every model and attack, all images counting",
        "transfer", {}, {}};
    std::int64_t cells = 0;
    std::int64_t equal = 0;
    for (const int a : evidence.transferring()) {
        for (const int m : evidence.models()) {
            const auto pair = evidence.results().transfers[std::size_t(a)].find({m, m});
            const auto& rows = evidence.results().cell(a, m).attack;
            // A cell still being computed has nothing to compare yet.
            if (pair == evidence.results().transfers[std::size_t(a)].end() || pair->second->row.size() != rows.size())
                continue;
            ++cells;
            const auto count = transferCount(evidence.results(), a, m, m, TransferRule::All);
            equal += count && count->total == std::ssize(rows) && count->hits == std::ranges::count_if(rows, &StudyAttackRow::success);
        }
    }
    if (cells > 0) {
        claim.holds = equal == cells;
        claim.numbers = countText(equal) + " of " + countText(cells) + " cells";
    }
    return claim;
}

} // namespace

std::vector<StudyClaim> transferClaims(Evidence& evidence)
{
    return {vggTransfersBest(evidence), familiesTransfer(evidence), untargetedTransfersMore(evidence), orderOfAttacks(evidence),
        parameterMovesTransfer(evidence, "steps", false, "Fewer iterations of I-FGSM transfer better", "mean transfer does not rise with the iterations"),
        parameterMovesTransfer(evidence, "eps", true, "A larger ε transfers better", "mean transfer does not fall with ε"), diagonalIsSuccess(evidence)};
}

} // namespace brink::report
