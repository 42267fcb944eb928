// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/clever.h"

#include <cmath>

namespace brink {

namespace {

const char* statusName(WeibullStatus status)
{
    switch (status) {
    case WeibullStatus::Ok:
        return "ok";
    case WeibullStatus::Degenerate:
        return "degenerate";
    case WeibullStatus::Fallback:
        break;
    }
    return "fallback";
}

Json fitJson(const WeibullFit& fit)
{
    Json json{{"status", statusName(fit.status)}, {"location", fit.location}};
    if (fit.status == WeibullStatus::Ok) {
        json["scale"] = fit.scale;
        json["shape"] = fit.shape;
    }
    setIfPresent(json, "locationInterval", fit.locationInterval);
    if (fit.ks > 0) {
        json["ks"] = fit.ks;
        json["p"] = fit.p;
    }
    json["sampleMaximum"] = fit.sampleMaximum;
    if (!fit.reason.empty())
        json["reason"] = fit.reason;
    return json;
}

Json curveJson(const std::vector<CleverCurvePoint>& curve, const char* at)
{
    Json list = Json::array();
    for (const CleverCurvePoint& point : curve) {
        Json entry{{at, point.at}, {"score", point.score}};
        setIfPresent(entry, "interval", point.interval);
        entry["capped"] = point.capped;
        list.push_back(std::move(entry));
    }
    return list;
}

Json targetJson(const CleverTargetResult& target)
{
    Json json{{"class", target.target}, {"margin", target.margin}, {"lipschitz", target.lipschitz}};
    if (!target.isRefused) {
        json["score"] = target.score;
        if (target.hasInterval)
            json["interval"] = target.interval;
        json["capped"] = target.capped;
    }
    json["gradientNorm"] = target.gradientNorm;
    if (std::isfinite(target.linearisedDistance))
        json["linearisedDistance"] = target.linearisedDistance;
    json["zeroGradientShare"] = target.zeroGradientShare;
    if (target.isRuledOut)
        json["ruledOutAfter"] = target.maxima.size();
    json["fit"] = fitJson(target.fit);
    if (!target.byBatches.empty())
        json["byBatches"] = curveJson(target.byBatches, "batches");
    if (!target.byRadius.empty())
        json["byRadius"] = curveJson(target.byRadius, "radius");
    return json;
}

Json secondOrderJson(const std::vector<SecondOrderResult>& results)
{
    Json list = Json::array();
    for (const SecondOrderResult& result : results)
        list.push_back(Json{{"class", result.target}, {"margin", result.margin}, {"gradientNorm", result.gradientNorm},
            {"curvature", result.curvature}, {"score", result.score}, {"capped", result.capped}, {"fit", fitJson(result.fit)}});
    return list;
}

} // namespace

Json toJson(const CleverResult& result)
{
    Json json{{"norm", normName(result.norm)}, {"radius", result.radius}, {"batches", result.batches}, {"samples", result.samples}};
    setIfPresent(json, "score", result.score);
    setIfPresent(json, "interval", result.interval);
    setIfPresent(json, "target", result.target);
    if (result.score)
        json["capped"] = result.capped;
    json["sampling"] = result.sampling == CleverSampling::Paper ? "paper" : "released-code";
    json["reference"] = result.reference;
    if (result.batchesDone > 0)
        json["effectiveRadius"] = result.effectiveRadius;
    if (result.isMisclassified)
        json["misclassified"] = true;
    if (result.partial) {
        json["partial"] = true;
        json["batchesDone"] = result.batchesDone;
    }
    if (result.savedShare > 0 || result.isSettled)
        json["anytime"] = Json{{"savedShare", result.savedShare}, {"settled", result.isSettled}, {"batchesDone", result.batchesDone}};
    json["targets"] = Json::array();
    for (const CleverTargetResult& target : result.targets)
        json["targets"].push_back(targetJson(target));
    if (!result.secondOrder.empty())
        json["secondOrder"] = secondOrderJson(result.secondOrder);
    for (const CleverResult& other : result.otherNorms)
        json["otherNorms"].push_back(toJson(other));
    return json;
}

} // namespace brink
