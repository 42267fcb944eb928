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
enum class CleverTargets { All, Top2, Random, LeastLikely, RunnerUp, Classes };

/// What to compute for one image. Source: Weng et al., ICLR 2018 (arXiv 1801.10578), algorithms 1 and 2.
struct CleverRequest {
    Norm norm = Norm::L2;                    ///< of the perturbation; gradients are measured in the dual norm
    double radius = 5;                       ///< R of the sampling ball, pixel units; the score is capped there
    int batches = 500;                       ///< N_b: number of maxima
    int samples = 1024;                      ///< N_s: fresh samples per maximum
    CleverSampling sampling = CleverSampling::Paper;
    CleverTargets targets = CleverTargets::All;
    int runnerUp = 1;                        ///< RunnerUp: 1 is the second largest logit
    std::vector<std::int64_t> classes;       ///< Classes: the targets
    WeibullOptions fit;
    bool allNorms = false;                   ///< released-code mode only: report L1, L2 and Linf from the same gradients
    bool secondOrder = false;                ///< smooth models, p = 2 only (Weng et al. 2018, arXiv 1810.08640)
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
    std::array<double, 2> interval{};        ///< from the interval of the end point, 95 %
    bool capped = false;                     ///< score equals the radius: a censored value
    double gradientNorm = 0;                 ///< dual norm of grad g at x0 itself
    double linearisedDistance = 0;           ///< margin / gradientNorm
    WeibullFit fit;
    double zeroGradientShare = 0;            ///< of the samples
    std::vector<double> maxima;              ///< [batches]
    std::vector<CleverCurvePoint> byBatches;
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
    std::int64_t reference = 0;
    std::optional<double> score;             ///< minimum over targets; absent when refused (see warnings)
    std::optional<std::array<double, 2>> interval;
    std::optional<std::int64_t> target;      ///< where the minimum is reached
    bool capped = false;
    double effectiveRadius = 0;              ///< mean distance of the clipped samples from x0, in `norm`
    std::vector<CleverTargetResult> targets; ///< by ascending score
    std::vector<CleverResult> otherNorms;    ///< allNorms: the two other norms
    std::vector<SecondOrderResult> secondOrder;
    bool partial = false;                    ///< stopped: fewer batches than asked for
    int batchesDone = 0;
    EvaluationCounts counts;
    double seconds = 0;
    Warnings warnings;
};

/// Coarse, complete snapshots while maxima arrive (a live fit); called from the worker thread.
using CleverPublish = std::function<void(std::shared_ptr<const CleverResult>)>;

/// @param image model-input size, [0,1]. @throws Error(Domain|Usage) for absurd parameters before any work.
[[nodiscard]] CleverResult computeClever(std::shared_ptr<const Classifier> classifier, const Image& image,
    const CleverRequest& request, Monitor& monitor, const CleverPublish& publish = {});

/// Parameters as data (radius, batches, samples, sampling, targets, fit ...), and a request from them.
[[nodiscard]] ParamSpecs cleverParameters();
[[nodiscard]] CleverRequest cleverRequest(const Params& params, Norm norm);
/// "all|top2|random|least-likely|runner-up:K|CLASS[,CLASS...]". @throws Error(Usage).
void setCleverTargets(CleverRequest& request, std::string_view text);
/// Radius used when none is given: paper 5 for L2; L1 and Linf as documented with their source.
[[nodiscard]] double standardCleverRadius(Norm norm);

[[nodiscard]] Json toJson(const CleverResult& result);

} // namespace brink
