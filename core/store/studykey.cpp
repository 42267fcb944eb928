// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/studykey.h"

#include "core/base/hash.h"
#include "core/base/version.h"
#include "core/study/resultjson.h"

namespace brink {

namespace {

Json cleverJson(const CleverRequest& clever)
{
    Json json{{"norm", normName(clever.norm)}, {"radius", clever.radius}, {"batches", clever.batches}, {"samples", clever.samples},
        {"sampling", int(clever.sampling)}, {"targets", int(clever.targets)}, {"likely", clever.likely}, {"runnerUp", clever.runnerUp},
        {"classes", clever.classes}, {"allNorms", clever.allNorms}, {"radiusCurve", clever.radiusCurve},
        {"secondOrder", clever.secondOrder}, {"curvatureBatches", clever.curvatureBatches}, {"curvatureSamples", clever.curvatureSamples},
        {"anytime", clever.anytime}, {"intervalWidth", clever.intervalWidth}};
    json["fit"] = {{"method", int(clever.fit.method)}, {"shapePenalty", clever.fit.shapePenalty}, {"interval", clever.fit.computeInterval}};
    setIfPresent(json, "reference", clever.reference);
    return json;
}

Json attackJson(const AttackRequest& attack)
{
    return {{"name", attack.name}, {"norm", normName(attack.norm)}, {"parameters", attack.parameters.toJson()},
        {"trace", attack.keepTrace}, {"iterates", attack.iterateBytes}};
}

/// Where a card came from changes no number.
Json withoutOrigin(Json card)
{
    card.erase("origin");
    return card;
}

} // namespace

ModelIdentity identityOf(const Classifier& model) { return {model.sha256(), toJson(model.card())}; }

std::string studyKey(const InspectRequest& request, const ModelIdentity& model, const std::string& imageSha256)
{
    Json inputs{{"brink", version}, {"model", model.sha256}, {"card", withoutOrigin(model.card)}, {"image", imageSha256},
        {"index", request.index}, {"norm", normName(request.norm)}, {"targetRule", targetRuleText(request.targetRule)},
        {"randomDirections", request.randomDirections}, {"seed", request.seed}};
    if (!request.classNames.empty())
        inputs["classNames"] = request.classNames;
    if (!request.whatIf.isNothing())
        inputs["whatIf"] = toJson(request.whatIf);
    setIfPresent(inputs, "label", request.label);
    setIfPresent(inputs, "target", request.target);
    if (request.clever)
        inputs["clever"] = cleverJson(*request.clever);
    if (request.bound)
        inputs["bound"] = toJson(*request.bound);
    for (const AttackRequest& attack : request.attacks)
        inputs["attacks"].push_back(attackJson(attack));
    return sha256(inputs.dump(-1, ' ', false, Json::error_handler_t::replace));
}

} // namespace brink
