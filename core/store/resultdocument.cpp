// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/resultdocument.h"

#include "core/store/fieldarchive.h"

namespace brink {

// The fields of each struct by name, once for writing and reading. tests/core/store counts them, so that a new one is
// not forgotten.

template <typename A> void fields(A& a, Distances& v)
{
    a("l0", v.l0);
    a("l1", v.l1);
    a("l2", v.l2);
    a("linf", v.linf);
}

template <typename A> void fields(A& a, AttackIterate& v)
{
    a("step", v.step);
    a("image", v.image);
}

template <typename A> void fields(A& a, AttackOutcome& v)
{
    a("name", v.name);
    a("norm", v.norm);
    a("eps", v.eps);
    a("reference", v.reference);
    a("target", v.target);
    a("success", v.success);
    a("wasMisclassified", v.wasMisclassified);
    a("adversarialClass", v.adversarialClass);
    a("adversarial", v.adversarial);
    a("attempt", v.attempt);
    a("distance", v.distance);
    a("survives8bit", v.survives8bit);
    a("survivesJpeg", v.survivesJpeg);
    a("failure", v.failure);
    a("stopped", v.stopped);
    a("steps", v.steps);
    a("counts", v.counts);
    a("seconds", v.seconds);
    a("parameters", v.parameters);
    a("trace", v.trace);
    a("iterates", v.iterates);
    a("warnings", v.warnings);
}

template <typename A> void fields(A& a, WeibullFit& v)
{
    a("status", v.status);
    a("reason", v.reason);
    a("location", v.location);
    a("scale", v.scale);
    a("shape", v.shape);
    a("locationInterval", v.locationInterval);
    a("negativeLogLikelihood", v.negativeLogLikelihood);
    a("ks", v.ks);
    a("p", v.p);
    a("sampleMaximum", v.sampleMaximum);
}

template <typename A> void fields(A& a, WeibullOptions& v)
{
    a("method", v.method);
    a("shapePenalty", v.shapePenalty);
    a("computeInterval", v.computeInterval);
}

template <typename A> void fields(A& a, CleverCurvePoint& v)
{
    a("at", v.at);
    a("score", v.score);
    a("interval", v.interval);
    a("capped", v.capped);
}

template <typename A> void fields(A& a, CleverTargetResult& v)
{
    a("target", v.target);
    a("margin", v.margin);
    a("lipschitz", v.lipschitz);
    a("score", v.score);
    a("interval", v.interval);
    a("hasInterval", v.hasInterval);
    a("isRefused", v.isRefused);
    a("capped", v.capped);
    a("gradientNorm", v.gradientNorm);
    a("linearisedDistance", v.linearisedDistance);
    a("fit", v.fit);
    a("zeroGradientShare", v.zeroGradientShare);
    a("maxima", v.maxima);
    a("isRuledOut", v.isRuledOut);
    a("byBatches", v.byBatches);
    a("byRadius", v.byRadius);
}

template <typename A> void fields(A& a, SecondOrderResult& v)
{
    a("target", v.target);
    a("margin", v.margin);
    a("gradientNorm", v.gradientNorm);
    a("curvature", v.curvature);
    a("score", v.score);
    a("capped", v.capped);
    a("fit", v.fit);
}

template <typename A> void fields(A& a, CleverResult& v)
{
    a("norm", v.norm);
    a("radius", v.radius);
    a("batches", v.batches);
    a("samples", v.samples);
    a("sampling", v.sampling);
    a("fitOptions", v.fitOptions);
    a("reference", v.reference);
    a("score", v.score);
    a("interval", v.interval);
    a("target", v.target);
    a("capped", v.capped);
    a("effectiveRadius", v.effectiveRadius);
    a("targets", v.targets);
    a("otherNorms", v.otherNorms);
    a("secondOrder", v.secondOrder);
    a("isMisclassified", v.isMisclassified);
    a("partial", v.partial);
    a("isSettled", v.isSettled);
    a("batchesDone", v.batchesDone);
    a("savedShare", v.savedShare);
    a("counts", v.counts);
    a("seconds", v.seconds);
    a("warnings", v.warnings);
}

template <typename A> void fields(A& a, RandomDirectionResult& v)
{
    a("norm", v.norm);
    a("directions", v.directions);
    a("crossings", v.crossings);
    a("minimum", v.minimum);
    a("q05", v.q05);
    a("median", v.median);
    a("q95", v.q95);
}

template <typename A> void fields(A& a, CertifiedMargin& v)
{
    a("target", v.target);
    a("margin", v.margin);
    a("lowerBound", v.lowerBound);
    a("lipschitz", v.lipschitz);
}

template <typename A> void fields(A& a, Counterexample& v)
{
    a("image", v.image);
    a("predicted", v.predicted);
    a("distance", v.distance);
}

template <typename A> void fields(A& a, CertifyResult& v)
{
    a("norm", v.norm);
    a("method", v.method);
    a("reference", v.reference);
    a("eps", v.eps);
    a("isProved", v.isProved);
    a("radius", v.radius);
    a("nextFailed", v.nextFailed);
    a("counterexample", v.counterexample);
    a("isCapped", v.isCapped);
    a("slack", v.slack);
    a("margins", v.margins);
    a("balls", v.balls);
    a("domains", v.domains);
    a("isPartial", v.isPartial);
    a("seconds", v.seconds);
}

template <typename A> void fields(A& a, InspectResult& v)
{
    a("modelName", v.modelName);
    a("modelSha256", v.modelSha256);
    a("imageSource", v.imageSource);
    a("channels", v.channels);
    a("height", v.height);
    a("width", v.width);
    a("classes", v.classes);
    a("classNames", v.classNames);
    a("index", v.index);
    a("label", v.label);
    a("predicted", v.predicted);
    a("logits", v.logits);
    a("image", v.image);
    a("conversions", v.conversions);
    a("norm", v.norm);
    a("seed", v.seed);
    a("target", v.target);
    a("clever", v.clever);
    a("certified", v.certified);
    a("certifiedBall", v.certifiedBall);
    a("uncertified", v.uncertified);
    a("attacks", v.attacks);
    a("randomDirections", v.randomDirections);
    a("best", v.best);
    a("adversarialLogits", v.adversarialLogits);
    a("linearisedDistance", v.linearisedDistance);
    a("alarms", v.alarms);
    a("partial", v.partial);
    a("counts", v.counts);
    a("seconds", v.seconds);
    a("warnings", v.warnings);
    a("parameters", v.parameters);
}

namespace {

/// What every view relies on; a damaged document must not reach them.
void checkShape(const InspectResult& result)
{
    using archive::isWhole;
    bool isSound = isWhole(result.image) && (!result.best || *result.best < result.attacks.size());
    for (const AttackOutcome& outcome : result.attacks) {
        isSound = isSound && (!outcome.adversarial || isWhole(*outcome.adversarial)) && (!outcome.attempt || isWhole(*outcome.attempt));
        if (outcome.iterates)
            for (const AttackIterate& iterate : *outcome.iterates)
                isSound = isSound && isWhole(iterate.image);
    }
    for (const auto* bound : {&result.certified, &result.certifiedBall})
        isSound = isSound && (!*bound || !(*bound)->counterexample || isWhole((*bound)->counterexample->image));
    archive::require(isSound);
}

} // namespace

ResultDocument documentOf(const InspectResult& result) { return archive::documentOfValue(result); }

InspectResult resultFrom(const Json& header, std::string_view data)
{
    InspectResult result = archive::valueFrom<InspectResult>(header, data);
    checkShape(result);
    return result;
}

} // namespace brink
