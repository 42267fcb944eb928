// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/attackoutcome.h"

namespace brink {

namespace {

Json toJson(const Distances& distances)
{
    return {{"l0", distances.l0}, {"l1", distances.l1}, {"l2", distances.l2}, {"linf", distances.linf}};
}

Json toJson(const Warnings& warnings)
{
    Json list = Json::array();
    for (const Warning& warning : warnings)
        list.push_back({{"code", warning.code}, {"text", warning.text}});
    return list;
}

} // namespace

Json toJson(const AttackOutcome& outcome)
{
    Json json;
    json["name"] = outcome.name;
    json["norm"] = normName(outcome.norm);
    setIfPresent(json, "eps", outcome.eps);
    json["reference"] = outcome.reference;
    json["target"] = outcome.target ? Json(*outcome.target) : Json(); // null is how the schema writes "untargeted"
    json["success"] = outcome.success;
    if (outcome.wasMisclassified)
        json["wasMisclassified"] = true;
    setIfPresent(json, "class", outcome.adversarialClass);
    if (outcome.distance)
        json["distance"] = toJson(*outcome.distance);
    setIfPresent(json, "survives8bit", outcome.survives8bit);
    setIfPresent(json, "survivesJpeg", outcome.survivesJpeg);
    if (!outcome.failure.empty())
        json["failure"] = outcome.failure;
    if (outcome.stopped)
        json["stopped"] = true;
    json["steps"] = outcome.steps;
    json["forwards"] = outcome.counts.forwards;
    json["backwards"] = outcome.counts.backwards;
    json["seconds"] = outcome.seconds;
    json["parameters"] = outcome.parameters;
    if (!outcome.warnings.empty())
        json["warnings"] = toJson(outcome.warnings);
    return json;
}

} // namespace brink
