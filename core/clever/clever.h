// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/base/norm.h"
#include "core/base/warning.h"
#include "core/data/image.h"
#include "core/model/classifier.h"
#include "core/params/params.h"
#include "core/stats/weibull.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

enum class CleverSampling { Paper, ReleasedCode };
enum class CleverTargets { All, Likely, Top2, Random, LeastLikely, RunnerUp, Classes };

/// What to compute for one image. Source: Weng et al., ICLR 2018 (arXiv 1801.10578), algorithms 1 and 2.
struct CleverRequest {
    Norm norm = Norm::L2;                    ///< of the perturbation; gradients are measured in the dual norm
    double radius = 5;                       ///< R of the sampling ball, pixel units; the score is capped there
    int batches = 500;                       ///< N_b: number of maxima
    int samples = 1024;                      ///< N_s: fresh samples per maximum
    CleverSampling sampling = CleverSampling::Paper;
    CleverTargets targets = CleverTargets::All;
    int likely = 9;                          ///< Likely: so many other classes of largest logit, all where there are no more
    int runnerUp = 1;                        ///< RunnerUp: 1 is the second largest logit
    std::vector<std::int64_t> classes;       ///< Classes: the targets
    WeibullOptions fit;
    /// Released-code mode only: L1, L2 and Linf from the gradients of one L2 ball, whose radius is `radius`. Scores are
    /// capped at the largest ball of their norm inside it: R for L1 and L2, R / sqrt(d) for Linf.
    bool allNorms = false;
    bool radiusCurve = false;                ///< also score smaller radii, see CleverTargetResult::byRadius
    /// Untargeted score only: targets that can no longer be the minimum are not sampled on (see isRuledOut).
    bool anytime = false;
    double intervalWidth = 0;                ///< anytime: stop once the score's interval is so wide, relative to it; 0: never
    bool secondOrder = false;                ///< smooth models, p = 2 only (Weng et al. 2018, arXiv 1810.08640)
    int curvatureBatches = 50;               ///< second order: number of maxima (a point costs tens of gradients)
    int curvatureSamples = 64;               ///< second order: fresh points per maximum
    std::uint64_t seed = 1;                  ///< of this image
    std::optional<std::int64_t> reference;   ///< class to defend; absent: the predicted class
};

/// A point of score against number of batches, or against radius.
struct CleverCurvePoint {
    double at = 0;      ///< batches, or radius
    double score = 0;
    std::optional<std::array<double, 2>> interval;
    bool capped = false;
};

struct CleverTargetResult {
    std::int64_t target = 0;
    double margin = 0;                       ///< g(x0) = f_c - f_j
    double lipschitz = 0;                    ///< end point a: estimate of the local Lipschitz constant, 1/pixel unit
    double score = 0;                        ///< min(margin / lipschitz, radius)
    std::array<double, 2> interval{};        ///< from the interval of the end point, 95 %; the score twice without one
    bool hasInterval = false;                ///< false after a fallback to the sample maximum
    bool isRefused = false;                  ///< more than 1 % zero gradients: the score means nothing
    bool capped = false;                     ///< score equals the radius: a censored value
    double gradientNorm = 0;                 ///< dual norm of grad g at x0 itself
    double linearisedDistance = 0;           ///< margin / gradientNorm; infinite without a gradient
    WeibullFit fit;
    double zeroGradientShare = 0;            ///< of the samples
    std::vector<double> maxima;              ///< [batches]; fewer where the target was ruled out
    /// Anytime: its interval came to lie above the interval of the smallest score, and sampling of it ended there.
    bool isRuledOut = false;
    std::vector<CleverCurvePoint> byBatches;
    /// Score of nested balls R/8, 2R/8 ... R. Released-code L1 and L2 sampling has points at all radii: the same gradients
    /// serve, and a radius with under eight points per maximum is left out. Uniform points in a high-dimensional ball lie
    /// at its surface, so paper mode (and the Linf cube) samples every inner ball afresh, with a fiftieth of
    /// the outer ball's points in at least ten maxima; a curve without these (stopped, or not asked for) is empty. Only the 16 targets of lowest score have
    /// curves.
    std::vector<CleverCurvePoint> byRadius;
};

struct SecondOrderResult {
    std::int64_t target = 0;
    double margin = 0;
    double gradientNorm = 0;
    double curvature = 0;                    ///< M: end point of max(0, -lambda_min)
    double score = 0;
    bool capped = false;
    WeibullFit fit;
};

struct CleverResult {
    Norm norm = Norm::L2;
    double radius = 0;
    int batches = 0;
    int samples = 0;
    CleverSampling sampling = CleverSampling::Paper;
    WeibullOptions fitOptions;
    std::int64_t reference = 0;
    std::optional<double> score;             ///< minimum over targets; absent when refused (see warnings)
    std::optional<std::array<double, 2>> interval;
    std::optional<std::int64_t> target;      ///< where the minimum is reached
    bool capped = false;
    double effectiveRadius = 0;              ///< mean distance of the clipped samples from x0, in the sampling ball's norm
    std::vector<CleverTargetResult> targets; ///< by ascending score
    std::vector<CleverResult> otherNorms;    ///< allNorms: the two other norms
    std::vector<SecondOrderResult> secondOrder;
    bool isMisclassified = false;            ///< a reference was given and is not the prediction: score 0, nothing sampled
    bool partial = false;                    ///< stopped: fewer batches than asked for
    bool isSettled = false;                  ///< anytime: ended before all batches, the interval was narrow enough
    int batchesDone = 0;
    double savedShare = 0;                   ///< anytime: part of the sampling's gradients that was not needed
    EvaluationCounts counts;
    double seconds = 0;
    Warnings warnings;
};

/// Coarse, complete snapshots while maxima arrive (a live fit); called from the worker thread.
using CleverPublish = std::function<void(std::shared_ptr<const CleverResult>)>;

/// One forward per sampled device batch serves all targets and norms; the result does not depend on the device batch or
/// on threads beyond float rounding. A stopped run scores the complete batches.
/// @param image model-input size, [0,1]. @throws Error(Domain|Usage|Shape|Unsupported) for absurd parameters before any
/// work, Error(Domain) when a target is the predicted class or a gradient is not finite.
[[nodiscard]] CleverResult computeClever(std::shared_ptr<const Classifier> classifier, const Image& image,
    const CleverRequest& request, Monitor& monitor, const CleverPublish& publish = {});

/// Parameters as data (radius, batches, samples, sampling, targets, fit ...), and a request from them.
[[nodiscard]] ParamSpecs cleverParameters();
[[nodiscard]] CleverRequest cleverRequest(const Params& params, Norm norm);
/// "all|likely:N|top2|random|least-likely|runner-up:K|CLASS[,CLASS...]". @throws Error(Usage).
void setCleverTargets(CleverRequest& request, std::string_view text);
/// Radius used when none is given. L2: 5 in the paper's experiments, 3 in the authors' released code. The paper's 5 is no
/// local ball in L1 (too small) or Linf (all of the pixel box), so both modes take the released code's 30 and 0.1 there.
/// (ART's tests use 40, 2 and 0.1.) @throws Error(Domain) for L0.
[[nodiscard]] double standardCleverRadius(Norm norm, CleverSampling sampling = CleverSampling::Paper);

[[nodiscard]] Json toJson(const CleverResult& result);

} // namespace brink
