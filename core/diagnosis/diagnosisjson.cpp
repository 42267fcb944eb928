// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/diagnosis/diagnosis.h"

#include "core/study/resultjson.h"

namespace brink {

namespace {

Json seriesJson(const LightSeries& series)
{
    Json json{{"name", series.name}, {"x", series.x}, {"y", series.y}};
    if (series.isRaised)
        json["raised"] = true;
    return json;
}

Json plotJson(const LightPlot& plot)
{
    Json json{{"x", plot.xLabel}, {"y", plot.yLabel}, {"series", Json::array()}};
    for (const LightSeries& series : plot.series)
        json["series"].push_back(seriesJson(series));
    return json;
}

Json attackJson(const AttackRequest& attack)
{
    return {{"name", attack.name}, {"norm", normName(attack.norm)}, {"parameters", attack.parameters.toJson()}};
}

Json remedyJson(const Remedy& remedy)
{
    Json json{{"kind", remedyKindName(remedy.kind)}, {"sentence", remedy.sentence}};
    if (remedy.attack)
        json["attack"] = attackJson(*remedy.attack);
    if (remedy.setsBpda)
        json["card"] = {{"bpda", true}};
    return json;
}

} // namespace

Json toJson(const Light& light)
{
    const LightInfo& info = lightInfo(light.code);
    Json json{{"code", light.code}, {"title", info.title}, {"about", info.subject == LightSubject::Model ? "model" : "attack"},
        {"state", lightStateName(light.state)}, {"finding", light.finding}};
    setIfPresent(json, "value", light.value);
    setIfPresent(json, "threshold", light.threshold);
    if (!light.follows.empty()) {
        json["follows"] = light.follows;
        json["measured"] = lightStateName(light.measured);
    }
    if (!light.flagged.empty())
        json["images"] = light.flagged;
    if (!light.remedy.sentence.empty())
        json["remedy"] = remedyJson(light.remedy);
    json["source"] = info.source;
    if (light.plot)
        json["evidence"] = plotJson(*light.plot);
    return json;
}

Json toJson(const Diagnosis& diagnosis, const Classifier& model)
{
    Json json = resultDocument(model, diagnosis.seed);
    json["analysis"] = "diagnosis";
    json["attack"] = attackJson(diagnosis.attack);
    json["preset"] = diagnosis.preset == Preset::Paper ? "paper" : "preview";
    json["images"] = diagnosis.images;
    json["attacked"] = diagnosis.attacked;
    if (diagnosis.success)
        json["success"] = *diagnosis.success;
    json["state"] = lightStateName(overallState(diagnosis));
    json["lights"] = Json::array();
    for (const Light& light : diagnosis.lights)
        json["lights"].push_back(toJson(light));
    if (diagnosis.partial)
        json["partial"] = true;
    json["warnings"] = toJson(diagnosis.warnings);
    json["cost"] = toJson(diagnosis.counts, diagnosis.seconds);
    return json;
}

} // namespace brink
