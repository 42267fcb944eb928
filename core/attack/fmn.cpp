// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"
#include "core/attack/ddnwalk_torch.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

AttackInfo fmnInfo()
{
    AttackInfo info;
    info.name = "fmn";
    info.label = "FMN";
    info.summary = "Gradient steps projected on a ball that follows the boundary distance of each image.";
    info.source = "Pintor et al. 2021, arXiv 2102.12827, algorithm 1";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::L2, Norm::Linf, Norm::L1, Norm::L0};
    info.parameters = {stepsParameter(1000, 100, "Pintor et al. 2021: up to 1000"),
        {"step-size", "Initial step size", "pixel [0,1]", 1.0, {}, 1e-6, 1e4, {},
            "L2 length of the first step; falls along a cosine to a hundredth (Pintor et al. 2021)"},
        {"gamma", "Radius change", "", 0.05, {}, 1e-4, 0.9, {},
            "First relative change of the radius; falls along a cosine to 0.001 (Pintor et al. 2021)"},
        {"restarts", "Starts", "", 2LL, 1LL, 1.0, 100.0, {}, "Walks that share the steps, each with steps three times as long as the one before"},
        {"ddn-start", "Start by DDN", "", false, {}, {}, {}, {},
            "L1 only: before these, half of the steps are a walk of DDN in L2 and one in L1 from where that came nearest"}};
    return info;
}

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// What a step is lengthened by where another length is tried.
constexpr double longer = 3;

/// One walk of each image.
struct Walk {
    at::Tensor x;
    at::Tensor radius;    ///< [n]
    at::Tensor stepScale; ///< [n]
    at::Tensor nearest;   ///< [n] smallest distance of an adversarial iterate of this walk; infinity before the first

    [[nodiscard]] at::Tensor isFound() const { return nearest.lt(infinity); }
};

/// What the radius of each image is after an iterate.
at::Tensor nextRadius(const AttackSession& session, const Walk& walk, const Observation& seen, const at::Tensor& gradient, double gamma)
{
    const at::Tensor& radius = walk.radius;
    if (session.norm() == Norm::L0) {
        const at::Tensor smaller = at::minimum(at::minimum(radius - 1, (radius * (1 - gamma)).floor()), walk.nearest);
        const at::Tensor larger = at::maximum(radius + 1, (radius * (1 + gamma)).floor());
        return at::where(seen.isAdversarial, smaller, larger).clamp_min(0);
    }
    const at::Tensor toBoundary = seen.margin.value.abs() / session.metric().dualLength(gradient).clamp_min(1e-12);
    // Beyond the linearised boundary by the same share: exactly on it an affine net would never be fooled.
    const at::Tensor outside = at::where(walk.isFound(), radius, seen.distance + toBoundary) * (1 + gamma);
    return at::where(seen.isAdversarial, at::minimum(radius * (1 - gamma), walk.nearest), outside);
}

/// An L0 ball keeps one value more than its radius says, as in the authors' code: else a radius of 1 less than the best
/// leaves no slot in which another value could grow.
at::Tensor kept(Norm norm, const at::Tensor& radius) { return norm == Norm::L0 ? radius + 1 : radius; }

/// Puts the rows of lost images on the first adversarial of eight even steps from the clean image to uniform noise, where
/// there is one.
void startFromNoise(AttackSession& session, Walk& walk, const at::Tensor& rows)
{
    constexpr int points = 8;
    const at::Tensor x0 = session.x0().index_select(0, rows);
    const at::Tensor way = session.uniform().index_select(0, rows) - x0;
    for (int k = 1; k <= points; ++k) {
        const at::Tensor blend = (x0 + way * (double(k) / points)).clamp_(0, 1);
        const at::Tensor logits = session.cleanLogits().index_copy(0, rows, session.logitsOf(rows, blend));
        const at::Tensor x = session.x0().index_copy(0, rows, blend);
        Observation seen = session.measure(x, logits);
        seen.isAdversarial.logical_and_(walk.isFound().logical_not());
        session.offer(seen);
        walk.x = at::where(perRow(seen.isAdversarial, x), x, walk.x);
        walk.radius = at::where(seen.isAdversarial, seen.distance, walk.radius);
        walk.nearest = at::where(seen.isAdversarial, seen.distance, walk.nearest);
    }
}

/// Not in the paper: what becomes of images that no iterate has fooled after the first of four quarters of a walk, and after
/// the others. Nets that flatten their gradients near the image need longer steps to be crossed at all; where these do not
/// help either, or have led to where a saturated net has no gradient to come back by, the walk begins at an adversarial
/// image made with noise (Foolbox's implementation can start from another attack's image, too). Images that are fooled
/// earlier are not touched.
void helpLost(AttackSession& session, Walk& walk, bool isFirst)
{
    const at::Tensor isLost = walk.isFound().logical_not();
    if (isFirst) {
        walk.stepScale = at::where(isLost, longer * walk.stepScale, walk.stepScale);
        return;
    }
    const at::Tensor rows = isLost.nonzero().squeeze(1);
    if (rows.size(0) > 0)
        startFromNoise(session, walk, rows);
}

/// Steps of a walk, and its place in the whole attack.
struct Share {
    long long steps;
    long long before;
    long long inAll;
};

/// One walk from `start` [n,...].
void descendToBoundary(AttackSession& session, const at::Tensor& start, double stepScale, const Share& share)
{
    const auto quarter = std::max(share.steps / 4, 25LL); // short runs have no steps to spare
    const DistanceMetric& metric = session.metric();
    const at::Tensor random = session.normal();
    const at::Tensor farthest = metric.farthestInBox(session.x0());
    const double firstGamma = session.parameters().real("gamma");
    Walk walk{start, session.full(session.norm() == Norm::L0 ? 1.0 : infinity), session.full(stepScale), session.full(infinity)};
    for (long long step = 0; step < share.steps && !session.stopRequested(); ++step) {
        const ForwardPass pass = session.forward(walk.x);
        const Observation seen = session.observe(walk.x, pass.logits);
        const at::Tensor gradient = session.gradient(pass, seen.margin.weights);
        walk.nearest = at::where(seen.isAdversarial, at::minimum(seen.distance, walk.nearest), walk.nearest);

        const double decay = cosineDecay(step, share.steps);
        const double gamma = 0.001 + (firstGamma - 0.001) * decay;
        walk.radius = at::minimum(nextRadius(session, walk, seen, gradient, gamma), farthest);
        const at::Tensor delta = stepDown(seen.delta, gradient, walk.stepScale * (0.01 + 0.99 * decay), random);
        walk.x = metric.project(delta, kept(session.norm(), walk.radius)).add_(session.x0()).clamp_(0, 1);
        if (session.norm() != Norm::L0 && (step + 1) % quarter == 0 && step + 1 < share.steps)
            helpLost(session, walk, step + 1 == quarter);
        session.progress(share.before + step + 1, share.inAll);
    }
}

/// Not in the paper: half the steps by DDN, the others in L1 from where it came nearest. Projections onto an L1 ball keep few
/// values, and a net that flattens its gradients near the image holds such walks far out where DDN comes nearer, in L1 too.
void descendFromDdn(AttackSession& session, double stepScale, const Share& share)
{
    const long long half = share.steps / 2;
    const at::Tensor start = ddnWalk(session, session.x0(), {.steps = half, .stepsBefore = share.before, .stepsInAll = share.inAll});
    descendToBoundary(session, start, stepScale, {share.steps - half, share.before + half, share.inAll});
}

} // namespace

/// The step has L2 length 1 times the step size in every norm, as in the authors' code. Not in the paper: the steps are shared
/// by several walks with steps of different length. A net that flattens its gradients has many local minima of the distance,
/// and which one is met is decided in the first steps, while half the steps settle in it as exactly as all do.
void fmnAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    const auto steps = parameters.integer("steps");
    const double stepScale = parameters.real("step-size");
    const long long byDdn = session.norm() == Norm::L1 && parameters.boolean("ddn-start") ? steps / 2 : 0;
    if (byDdn > 0)
        descendFromDdn(session, stepScale, {byDdn, 0, steps});
    const auto left = steps - byDdn, walks = std::min(parameters.integer("restarts"), left);
    for (long long walk = 0; walk < walks && !session.stopRequested(); ++walk) {
        const long long before = left * walk / walks;
        const Share share{left * (walk + 1) / walks - before, byDdn + before, steps};
        descendToBoundary(session, session.x0(), stepScale * std::pow(longer, double(walk)), share);
    }
}

} // namespace brink
