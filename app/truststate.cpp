// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/truststate.h"

#include "core/base/error.h"
#include "core/params/knownvalues.h"

#include <algorithm>

namespace brink {

namespace {

constexpr int mostImages = 1'000'000, mostSamples = 100'000'000;

/// @param read throws for documents of a later version, or written by hand: no reason to refuse a session.
template <typename Choices, typename Read> Choices orStandard(const Choices& standard, const Read& read)
{
    try {
        return read(standard);
    } catch (const Json::exception&) {
        return standard;
    } catch (const Error&) {
        return standard;
    }
}

template <typename Number> Number within(const Json& json, const char* key, Number standard, Number least, Number most)
{
    return std::clamp(json.value(key, standard), least, most);
}

} // namespace

Json toJson(const DiagnosisChoices& choices)
{
    return {{"attack", {{"name", choices.attack.name}, {"norm", normName(choices.attack.norm)}, {"parameters", choices.attack.parameters.toJson()}}},
        {"images", choices.images}, {"preset", choices.preset == Preset::Paper ? "paper" : "preview"}, {"surrogate", choices.surrogate}, {"cleverImages", choices.cleverImages}};
}

Json toJson(const DetectorsChoices& choices)
{
    return {{"squeezing", choices.hasSqueezing}, {"curvature", choices.hasCurvature}, {"squeezers", choices.squeezers}, {"falsePositiveRate", choices.falsePositiveRate},
        {"clean", choices.clean}, {"attacked", choices.attacked}, {"published", choices.hasPublished}, {"ddn", choices.hasDdn}, {"fmn", choices.hasFmn},
        {"adaptive", choices.isAdaptive}};
}

Json toJson(const SmoothingChoices& choices)
{
    return {{"sigmas", choices.sigmas}, {"images", choices.images}, {"samples", choices.samples}, {"selection", choices.selection}, {"alpha", choices.alpha}};
}

DiagnosisChoices diagnosisChoicesFromJson(const Json& json, DiagnosisChoices standard)
{
    return orStandard(standard, [&](DiagnosisChoices choices) {
        choices.images = within(json, "images", choices.images, 2, 10'000);
        choices.preset = presetFromName(json.value("preset", std::string("preview")));
        choices.surrogate = json.value("surrogate", std::string());
        choices.cleverImages = within(json, "cleverImages", 0, 0, 1000);
        const Json attack = json.value("attack", Json::object());
        if (attack.value("norm", std::string()) == normName(choices.attack.norm)) {
            const AttackInfo& info = attackInfo(attack.at("name").get<std::string>());
            if (info.kind != AttackKind::FixedBudget || std::ranges::find(info.norms, choices.attack.norm) == info.norms.end())
                return standard; // nothing that the checks can look at
            choices.attack.name = info.name;
            choices.attack.parameters = Params(info.parameters);
            setKnown(choices.attack.parameters, attack.at("parameters"));
        }
        return choices;
    });
}

DetectorsChoices detectorsChoicesFromJson(const Json& json)
{
    return orStandard(DetectorsChoices(), [&](DetectorsChoices choices) {
        choices.hasSqueezing = json.value("squeezing", choices.hasSqueezing);
        choices.hasCurvature = json.value("curvature", choices.hasCurvature);
        choices.squeezers = json.value("squeezers", choices.squeezers);
        choices.falsePositiveRate = within(json, "falsePositiveRate", choices.falsePositiveRate, 0.001, 0.5);
        choices.clean = within(json, "clean", choices.clean, 2, mostImages);
        choices.attacked = within(json, "attacked", choices.attacked, 0, mostImages);
        choices.hasPublished = json.value("published", choices.hasPublished);
        choices.hasDdn = json.value("ddn", choices.hasDdn);
        choices.hasFmn = json.value("fmn", choices.hasFmn);
        choices.isAdaptive = json.value("adaptive", choices.isAdaptive);
        return choices;
    });
}

SmoothingChoices smoothingChoicesFromJson(const Json& json)
{
    return orStandard(SmoothingChoices(), [&](SmoothingChoices choices) {
        choices.sigmas = json.value("sigmas", choices.sigmas);
        choices.images = within(json, "images", choices.images, 1, mostImages);
        choices.samples = within(json, "samples", choices.samples, 1, mostSamples);
        choices.selection = within(json, "selection", choices.selection, 1, mostSamples);
        choices.alpha = within(json, "alpha", choices.alpha, 1e-6, 0.5);
        return choices;
    });
}

} // namespace brink
