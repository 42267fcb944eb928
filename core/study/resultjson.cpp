// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/resultjson.h"

#include "core/base/hash.h"
#include "core/base/error.h"
#include "core/base/version.h"
#include "core/data/image.h"
#include "core/model/torchruntime.h"

namespace brink {

namespace {

Json randomDirectionsJson(const RandomDirectionResult& result)
{
    Json json{{"norm", normName(result.norm)}, {"directions", result.directions}, {"crossings", result.crossings}};
    setIfPresent(json, "minimum", result.minimum);
    setIfPresent(json, "q05", result.q05);
    setIfPresent(json, "median", result.median);
    setIfPresent(json, "q95", result.q95);
    return json;
}

std::string alarmName(LadderAlarm alarm)
{
    switch (alarm) {
    case LadderAlarm::None: return "none";
    case LadderAlarm::AttackBelowCertificate: return "attack-below-certificate";
    case LadderAlarm::AttackBelowClever: return "attack-below-clever";
    case LadderAlarm::GradientFreeBest: return "gradient-free-best";
    }
    return "none";
}

Json ladderJson(const InspectResult& result)
{
    Json ladder{{"norm", normName(result.norm)}};
    if (result.certified && result.certified->radius)
        ladder["certified"] = *result.certified->radius;
    if (result.clever && result.clever->score)
        ladder["clever"] = *result.clever->score;
    setIfPresent(ladder, "linearised", result.linearisedDistance);
    if (result.best) {
        const AttackOutcome& best = result.attacks[*result.best];
        ladder["bestAttack"] = best.name;
        ladder["bestDistance"] = best.distance->in(result.norm);
    }
    if (result.randomDirections && result.randomDirections->median)
        ladder["randomDirections"] = *result.randomDirections->median;
    ladder["alarms"] = Json::array();
    for (const LadderAlarm alarm : result.alarms)
        ladder["alarms"].push_back(alarmName(alarm));
    return ladder;
}

} // namespace

Json toJson(const Warnings& warnings)
{
    Json list = Json::array();
    for (const Warning& warning : warnings)
        list.push_back({{"code", warning.code}, {"text", warning.text}});
    return list;
}

Json toJson(const EvaluationCounts& counts, double seconds)
{
    return {{"forwards", counts.forwards}, {"backwards", counts.backwards}, {"seconds", seconds}};
}

Json resultDocument(const Classifier& model, std::uint64_t seed)
{
    const ModelCard& card = model.card();
    Json json{{"schema", "brink.result/1"}, {"brink", version}, {"seed", seed}};
    json["model"] = {{"name", card.name}, {"sha256", model.sha256()},
        {"input", {model.channels(), model.height(), model.width()}}, {"range", card.range}, {"classes", model.classes()}};
    json["items"] = Json::array();
    return json;
}

Json itemJson(const InspectResult& result)
{
    Json item{{"index", result.index}, {"source", result.imageSource}};
    setIfPresent(item, "label", result.label);
    item["predicted"] = result.predicted;
    item["logits"] = result.logits;
    item["conversions"] = result.conversions;
    if (result.clever)
        item["clever"] = toJson(*result.clever);
    if (result.certified)
        item["certified"] = toJson(*result.certified);
    else if (!result.uncertified.empty())
        item["certified"] = {{"unavailable", result.uncertified}};
    if (result.certifiedBall)
        item["certifiedBall"] = toJson(*result.certifiedBall);
    if (!result.attacks.empty()) {
        item["attacks"] = Json::array();
        for (const AttackOutcome& outcome : result.attacks)
            item["attacks"].push_back(toJson(outcome));
    }
    if (result.randomDirections)
        item["randomDirections"] = randomDirectionsJson(*result.randomDirections);
    if (result.linearisedDistance || result.best || result.certified)
        item["ladder"] = ladderJson(result);
    if (result.partial)
        item["partial"] = true;
    item["warnings"] = toJson(result.warnings);
    item["cost"] = toJson(result.counts, result.seconds);
    return item;
}

Json provenanceJson(const InspectResult& result)
{
    Json json{{"program", std::string("Brink ") + version}, {"schema", "brink.provenance/1"}};
    json["model"] = {{"name", result.modelName}, {"sha256", result.modelSha256}};
    json["image"] = {{"source", result.imageSource}, {"index", result.index}, {"sha256", imageSha256(result.image)},
        {"conversions", result.conversions}};
    json["norm"] = normName(result.norm);
    json["seed"] = result.seed;
    json["parameters"] = result.parameters;
    const TorchRuntimeInfo runtime = torchRuntimeInfo();
    json["libtorch"] = runtime.version;
    json["threads"] = runtime.innerThreads;
    json["partial"] = result.partial;
    json["cost"] = toJson(result.counts, result.seconds);
    json["warnings"] = toJson(result.warnings);
    return json;
}

Json toJson(const WhatIf& whatIf)
{
    Json json = Json::object();
    if (whatIf.scale < 1)
        json["scale"] = whatIf.scale;
    if (whatIf.blur > 0)
        json["blur"] = whatIf.blur;
    setIfPresent(json, "bits", whatIf.bits);
    setIfPresent(json, "jpegQuality", whatIf.jpegQuality);
    return json;
}

WhatIf whatIfFromJson(const Json& json)
{
    try {
        WhatIf whatIf;
        whatIf.scale = json.value("scale", 1.0);
        whatIf.blur = json.value("blur", 0.0);
        if (json.contains("bits"))
            whatIf.bits = json.at("bits").get<int>();
        if (json.contains("jpegQuality"))
            whatIf.jpegQuality = json.at("jpegQuality").get<int>();
        return whatIf;
    } catch (const Json::exception&) {
        throw Error(ErrorCode::Format, "The what-if values of the document do not fit together.");
    }
}

} // namespace brink
