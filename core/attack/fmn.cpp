// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"

#include <algorithm>
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
            "First relative change of the radius; falls along a cosine to 0.001 (Pintor et al. 2021)"}};
    return info;
}

namespace {

/// What the radius of each image is after an iterate.
at::Tensor nextRadius(const AttackSession& session, const at::Tensor& radius, const Observation& seen, const at::Tensor& gradient, double gamma)
{
    const at::Tensor& best = session.bestDistance();
    if (session.norm() == Norm::L0) {
        const at::Tensor smaller = at::minimum(at::minimum(radius - 1, (radius * (1 - gamma)).floor()), best);
        const at::Tensor larger = at::maximum(radius + 1, (radius * (1 + gamma)).floor());
        return at::where(seen.isAdversarial, smaller, larger).clamp_min(0);
    }
    const at::Tensor toBoundary = seen.margin.value.abs() / session.metric().dualLength(gradient).clamp_min(1e-12);
    // Beyond the linearised boundary by the same share: exactly on it an affine net would never be fooled.
    const at::Tensor outside = at::where(session.isFound(), radius, seen.distance + toBoundary) * (1 + gamma);
    return at::where(seen.isAdversarial, at::minimum(radius * (1 - gamma), best), outside);
}

/// An L0 ball keeps one value more than its radius says, as in the authors' code: else a radius of 1 less than the best
/// leaves no slot in which another value could grow.
at::Tensor kept(Norm norm, const at::Tensor& radius) { return norm == Norm::L0 ? radius + 1 : radius; }

/// Images not fooled after each quarter of the steps begin again from the clean image with a tenth of the step.
/// Not in the paper, whose step of length 1 can lead at once to where a saturated net has no gradient to come back by;
/// images that are fooled earlier are not touched.
void restartLost(const AttackSession& session, at::Tensor& x, at::Tensor& stepScale)
{
    const at::Tensor isFound = session.isFound();
    x = at::where(perRow(isFound, x), x, session.x0());
    stepScale = at::where(isFound, stepScale, stepScale * 0.1);
}

} // namespace

/// The step has L2 length 1 times the step size in every norm, as in the authors' code.
void fmnAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    const auto steps = parameters.integer("steps");
    const auto quarter = std::max(steps / 4, 25LL); // short runs have no steps to spare
    const DistanceMetric& metric = session.metric();
    const at::Tensor random = session.normal();
    const at::Tensor farthest = metric.farthestInBox(session.x0());
    at::Tensor radius = session.full(session.norm() == Norm::L0 ? 1.0 : std::numeric_limits<double>::infinity());
    at::Tensor x = session.x0();
    at::Tensor stepScale = session.full(parameters.real("step-size"));
    for (long long step = 0; step < steps && !session.stopRequested(); ++step) {
        const ForwardPass pass = session.forward(x);
        const Observation seen = session.observe(x, pass.logits);
        const at::Tensor gradient = session.gradient(pass, seen.margin.weights);

        const double decay = cosineDecay(step, steps);
        const double gamma = 0.001 + (parameters.real("gamma") - 0.001) * decay;
        const at::Tensor stepSize = stepScale * (0.01 + 0.99 * decay);
        radius = at::minimum(nextRadius(session, radius, seen, gradient, gamma), farthest);
        const at::Tensor delta = stepDown(seen.delta, gradient, stepSize, random);
        x = metric.project(delta, kept(session.norm(), radius)).add_(session.x0()).clamp_(0, 1);
        if (session.norm() != Norm::L0 && (step + 1) % quarter == 0)
            restartLost(session, x, stepScale);
        session.progress(step + 1, steps);
    }
}

} // namespace brink
