// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/sampleresult.h"

#include <limits>

namespace brink::test {

/// A result in which every field differs from its standard value, with numbers that are hard to write down.
inline InspectResult fullResult()
{
    InspectResult result = sampleResult();
    const double awkward = 0.1 + 0.2;
    result.classNames = {"zero", "eins", "二"};
    result.image.notes = {{"alpha", "Alpha was dropped."}};
    result.conversions = {"grey -> RGB by repetition"};
    result.norm = Norm::Linf;
    result.seed = std::numeric_limits<std::uint64_t>::max();
    result.target = 3;
    result.alarms = {LadderAlarm::AttackBelowClever, LadderAlarm::GradientFreeBest};
    result.partial = true;
    result.warnings = {{"misclassified", "The image is labelled \"3\"."}};
    result.linearisedDistance = awkward;
    result.logits[0] = -0.0;
    result.logits[1] = std::numeric_limits<double>::denorm_min();

    result.certified = CertifyResult{.norm = Norm::L1, .method = CertifyMethod::AlphaCrown, .reference = 2, .eps = awkward, .isProved = true, .radius = awkward,
        .nextFailed = 2.5, .counterexample = Counterexample{result.image, 4, awkward}, .isCapped = true, .slack = awkward, .margins = {{3, awkward, -awkward, 7.5}}, .balls = 11, .domains = 12, .isPartial = true, .seconds = awkward};
    result.uncertified = "a reason";
    CleverResult& clever = *result.clever;
    clever.norm = Norm::L1;
    clever.sampling = CleverSampling::ReleasedCode;
    clever.capped = clever.isMisclassified = clever.partial = true;
    clever.effectiveRadius = 4.9;
    clever.fitOptions.shapePenalty = awkward;
    clever.isSettled = true;
    clever.savedShare = 0.6;
    clever.counts = {5, 6};
    clever.seconds = awkward;
    clever.warnings = {{"zero-gradients", "Few."}};
    clever.secondOrder = {{4, 1, 2, 3, 0.5, true, clever.targets[0].fit}};
    CleverTargetResult& target = clever.targets[1];
    target.isRuledOut = true;
    target.isRefused = target.capped = true;
    target.linearisedDistance = std::numeric_limits<double>::infinity();
    target.zeroGradientShare = 0.02;
    target.fit.status = WeibullStatus::Fallback;
    target.fit.reason = "No fit.";
    target.fit.negativeLogLikelihood = -std::numeric_limits<double>::infinity();
    target.fit.p = std::numeric_limits<double>::quiet_NaN();
    CleverResult other = clever;
    other.norm = Norm::L2;
    clever.otherNorms = {other};

    AttackOutcome& outcome = result.attacks[1];
    outcome.eps = awkward;
    outcome.norm = Norm::L0;
    outcome.target = 3;
    outcome.wasMisclassified = outcome.stopped = true;
    outcome.survives8bit = false;
    outcome.counts = {7, 8};
    outcome.seconds = 1.0 / 3;
    outcome.parameters = {{"steps", 40}, {"rate", awkward}};
    outcome.survivesJpeg = false;
    outcome.attempt = result.image;
    outcome.iterates = std::make_shared<const std::vector<AttackIterate>>(
        std::vector<AttackIterate>{{0, sampleImage()}, {7, sampleAdversarial(0.3F)}});
    outcome.warnings = {{"batch", "Halved."}};
    return result;
}

} // namespace brink::test
