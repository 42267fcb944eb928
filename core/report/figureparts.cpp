// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/figureparts.h"

#include "core/attack/attack.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace brink::report {

namespace {

/// The first series colour is the CLEVER estimate's, and yellow is too light for a thin cross.
constexpr std::array attackRoles{
    ColourRole::Series2, ColourRole::Series3, ColourRole::Series4, ColourRole::Series5, ColourRole::Series6, ColourRole::Series8};

/// Colours and marks are dealt in this order, whatever order users are shown: an attack keeps its look when others are added. New
/// ones go to the end.
constexpr std::array<std::string_view, 19> attacksWithLooks{"fgsm", "bim", "bim-search", "pgd", "mifgsm", "apgd", "square", "ddn", "fmn",
    "pdpgd", "sigma-zero", "deepfool", "cw", "ead", "fab", "random-directions", "hop-skip-jump", "jsma", "apgd-search"};

/// The list's end for an attack that is not in it.
std::size_t lookIndex(const std::string& name)
{
    return std::size_t(std::ranges::find(attacksWithLooks, name) - attacksWithLooks.begin());
}

} // namespace

std::string className(const InspectResult& result, std::int64_t index)
{
    if (index >= 0 && std::size_t(index) < result.classNames.size())
        return result.classNames[std::size_t(index)];
    return std::to_string(index);
}

std::string threeDigits(double value)
{
    if (!std::isfinite(value) || value == 0 || std::abs(value) >= 1e6 || std::abs(value) < 1e-4)
        return formatReal(value, 3);
    const int decimals = std::clamp(2 - int(std::floor(std::log10(std::abs(value)))), 0, 6);
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, std::abs(value));
    // A minus sign as wide as a plus, not a hyphen.
    return std::string(value < 0 ? "−" : "") + buffer;
}

std::string intervalText(const std::array<double, 2>& interval)
{
    return std::string("[") + threeDigits(interval[0]) + ", " + threeDigits(interval[1]) + "]";
}

std::string countText(std::int64_t count)
{
    const std::string digits = std::to_string(count);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0 && digits[i - 1] != '-')
            text += ',';
        text += digits[i];
    }
    return text;
}

std::string distanceAxis(Norm norm)
{
    return norm == Norm::L0 ? std::string("distance, L0 (values changed)") : std::string("distance, ") + normLabel(norm) + " (pixel range [0,1])";
}

std::string estimateAxis(Norm norm) { return std::string("CLEVER estimate, ") + normLabel(norm) + " (pixel range [0,1])"; }

std::string subjectSentence(const InspectResult& result)
{
    std::string text = std::string("Model ") + result.modelName;
    if (!result.imageSource.empty())
        text.append(", image ").append(result.imageSource);
    return text + " (index " + std::to_string(result.index) + ", classified as " + className(result, result.predicted) + ").";
}

std::string cleverSettings(const InspectResult& result)
{
    const CleverResult& clever = *result.clever;
    std::string text = countText(clever.batchesDone);
    if (clever.batchesDone < clever.batches)
        text.append(" of ").append(countText(clever.batches));
    return text + " maxima of " + countText(clever.samples) + " samples each, radius " + formatReal(clever.radius) + " in " + normLabel(clever.norm)
        + (clever.sampling == CleverSampling::Paper ? ", paper sampling" : ", released-code sampling") + ", seed "
        + std::to_string(result.seed) + ".";
}

std::string ruledOutSentence(const CleverTargetResult& target)
{
    return target.isRuledOut ? "This class was ruled out after " + countText(std::int64_t(target.maxima.size())) + " of them. " : std::string();
}

std::string attackLabel(const std::string& name)
{
    const std::vector<AttackInfo>& infos = attackInfos();
    const auto found = std::ranges::find(infos, name, &AttackInfo::name);
    if (found != infos.end())
        return found->label;
    return name == certifyMethodName(CertifyMethod::BetaCrown) ? certifyMethodLabel(CertifyMethod::BetaCrown) : name;
}

ColourRole attackRole(const std::string& name) { return attackRoles[lookIndex(name) % attackRoles.size()]; }

Marker attackMarker(const std::string& name)
{
    constexpr std::array markers{Marker::Cross, Marker::Plus, Marker::Star, Marker::Square};
    return markers[lookIndex(name) / attackRoles.size() % markers.size()];
}

const CleverTargetResult* chosenTarget(const InspectResult& result, const FigureSelection& selection)
{
    if (!result.clever || result.clever->targets.empty())
        return nullptr;
    const std::vector<CleverTargetResult>& targets = result.clever->targets;
    if (!selection.target)
        return &targets.front();
    const auto found = std::ranges::find(targets, *selection.target, &CleverTargetResult::target);
    return found == targets.end() ? nullptr : &*found;
}

const AttackOutcome* tracedAttack(const InspectResult& result, const FigureSelection& selection)
{
    const auto hasTrace = [](const AttackOutcome& outcome) { return !outcome.trace.empty(); };
    if (selection.attack) {
        const auto found = std::ranges::find(result.attacks, *selection.attack, &AttackOutcome::name);
        return found != result.attacks.end() && hasTrace(*found) ? &*found : nullptr;
    }
    if (result.best && hasTrace(result.attacks[*result.best]))
        return &result.attacks[*result.best];
    const auto first = std::ranges::find_if(result.attacks, hasTrace);
    return first == result.attacks.end() ? nullptr : &*first;
}

std::vector<double> probabilities(const std::vector<double>& logits)
{
    if (logits.empty())
        return {};
    const double largest = *std::ranges::max_element(logits);
    std::vector<double> result;
    double sum = 0;
    for (const double logit : logits) {
        result.push_back(std::exp(logit - largest));
        sum += result.back();
    }
    for (double& probability : result)
        probability /= sum;
    return result;
}

} // namespace brink::report
