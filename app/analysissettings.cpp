// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysissettings.h"

#include <algorithm>

namespace brink {

namespace {

constexpr int previewDirections = 50;
constexpr int paperDirections = 200;
/// For the trace: all of a few hundred iterates of a small image, some tens of a large one.
constexpr std::size_t iterateBytes = std::size_t(4) << 20;

bool knowsNorm(const AttackInfo& info, Norm norm) { return std::ranges::find(info.norms, norm) != info.norms.end(); }

std::vector<AttackChoice> attackStandard(Norm norm, Preset preset)
{
    std::vector<AttackChoice> choices;
    const std::vector<AttackRequest> recommended = recommendedAttacks(norm, preset);
    for (const AttackRequest& request : recommended)
        choices.push_back({request.name, true, request.parameters});
    for (const AttackInfo& info : attackInfos()) {
        const bool isListed = std::ranges::find(choices, info.name, &AttackChoice::name) != choices.end();
        if (knowsNorm(info, norm) && !isListed)
            choices.push_back({info.name, false, Params(info.parameters, preset)});
    }
    return choices;
}

} // namespace

AnalysisSettings standardSettings(Norm norm, Preset preset, std::uint64_t seed)
{
    AnalysisSettings settings;
    settings.norm = norm;
    settings.preset = preset;
    settings.clever = Params(cleverParameters(), preset);
    settings.bound = Params(boundParameters(), preset);
    settings.attacks = attackStandard(norm, preset);
    settings.randomDirections = preset == Preset::Preview ? previewDirections : paperDirections;
    settings.seed = seed;
    return settings;
}

InspectRequest inspectRequest(const AnalysisSettings& settings, const InspectSubject& subject)
{
    InspectRequest request;
    request.model = subject.model;
    request.source = subject.image;
    request.index = subject.index;
    request.label = subject.label;
    request.classNames = subject.classNames;
    request.norm = settings.norm;
    request.target = subject.target;
    request.randomDirections = settings.randomDirections;
    request.seed = settings.seed;
    request.whatIf = subject.whatIf;
    if (settings.computesClever)
        request.clever = cleverRequest(settings.clever, settings.norm);
    if (settings.computesBound)
        request.bound = boundRequest(settings.bound);
    for (const AttackChoice& choice : settings.attacks)
        if (choice.isChosen && (!subject.target || attackInfo(choice.name).canTarget))
            request.attacks.push_back(
                {.name = choice.name, .norm = settings.norm, .parameters = choice.params, .iterateBytes = iterateBytes});
    return request;
}

} // namespace brink
