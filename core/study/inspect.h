// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack.h"
#include "core/base/monitor.h"
#include "core/clever/clever.h"
#include "core/data/preprocessing.h"
#include "core/data/whatif.h"
#include "core/model/classifier.h"
#include "core/study/certifiedbound.h"
#include "core/study/targetrule.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// Everything Inspect computes for one image. Equal requests give equal results (costs and times apart).
struct InspectRequest {
    std::shared_ptr<const Classifier> model;
    Image source;                          ///< as read from the file
    std::int64_t index = 0;
    std::optional<std::int64_t> label;
    std::vector<std::string> classNames;   ///< used where the model's card has none and there are as many as classes
    Norm norm = Norm::L2;
    std::optional<std::int64_t> target;    ///< class target of the attacks; absent: by `targetRule`
    TargetRule targetRule;                 ///< of the attacks, untargeted unless set
    std::optional<CleverRequest> clever;   ///< absent: not computed
    std::optional<BoundRequest> bound;     ///< absent: not computed
    std::vector<AttackRequest> attacks;
    int randomDirections = 200;            ///< crossing distances of random directions; 0: not computed
    WhatIf whatIf;                         ///< what happens to the converted image before the model sees it
    std::uint64_t seed = 1;                ///< study seed; the image's seed is hash(seed, index)
};

/// Quantiles of the distance at which random directions leave the class, within the box diagonal.
struct RandomDirectionResult {
    Norm norm = Norm::L2;
    int directions = 0;
    int crossings = 0;                     ///< how many left the class at all before the box cut them off
    std::optional<double> minimum, q05, median, q95;
};

enum class LadderAlarm { None, AttackBelowCertificate, AttackBelowClever, GradientFreeBest };

/// Immutable outcome for one image; a running study publishes complete snapshots of it.
struct InspectResult {
    std::string modelName, modelSha256, imageSource;
    int channels = 0, height = 0, width = 0, classes = 0;
    std::vector<std::string> classNames;
    std::int64_t index = 0;
    std::optional<std::int64_t> label;
    std::int64_t predicted = 0;
    std::vector<double> logits;
    Image image;                           ///< the model's input
    ConversionRecord conversions;
    Norm norm = Norm::L2;
    std::uint64_t seed = 1;
    std::optional<std::int64_t> target;    ///< of the attacks, as resolved for this image
    std::optional<CleverResult> clever;
    std::optional<CertifyResult> certified; ///< the largest ball that could be proved, in `norm`
    std::optional<CertifyResult> certifiedBall; ///< bounds over CLEVER's ball: Lipschitz constants beside its estimates
    std::string uncertified;               ///< why there is none, one sentence; empty where it was not asked for
    std::vector<AttackOutcome> attacks;
    std::optional<RandomDirectionResult> randomDirections;
    std::optional<std::size_t> best;       ///< index into attacks: smallest distance in `norm`
    std::vector<double> adversarialLogits; ///< of the best; empty without one
    std::optional<double> linearisedDistance; ///< min over targets of margin / dual gradient norm
    std::vector<LadderAlarm> alarms;
    bool partial = false;
    EvaluationCounts counts;
    double seconds = 0;
    Warnings warnings;
    Json parameters;                       ///< as run, for provenance
};

using InspectPublish = std::function<void(std::shared_ptr<const InspectResult>)>;

/// Where the distance to another class lies for certain: from the largest ball proved to the nearest image that an attack or the proof found, pixel units of the
/// result's norm; absent without both.
struct DistanceBracket {
    double proved = 0;
    double found = 0;
    /// Within one percent: known, for all that figures show.
    [[nodiscard]] bool isTight() const { return proved > 0 && found <= 1.01 * proved; }
    /// (found - proved) / found
    [[nodiscard]] double width() const { return (found - proved) / found; }
};
[[nodiscard]] std::optional<DistanceBracket> distanceBracket(const InspectResult& result);

/// Order of work: prediction, then CLEVER, the certified bound and the attacks side by side; snapshots of CLEVER and each finished part are published.
/// @throws Error for input that cannot be used.
[[nodiscard]] InspectResult runInspect(const InspectRequest& request, Monitor& monitor, const InspectPublish& publish = {});

/// One item of the result file (design.md section 2), and the provenance block embedded in figures.
[[nodiscard]] Json itemJson(const InspectResult& result);
[[nodiscard]] Json provenanceJson(const InspectResult& result);

} // namespace brink
