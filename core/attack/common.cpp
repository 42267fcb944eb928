// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"

#include <cmath>
#include <numbers>

namespace brink {

namespace {

/// In L1 the steepest direction moves a single value. As in SLIDE (Tramer and Boneh 2019) the step is shared by the
/// values with the largest gradients instead, of those that the box lets move.
constexpr double sharedL1Step = 0.02;

at::Tensor l1Step(const at::Tensor& gradient, const at::Tensor& x)
{
    const at::Tensor isBlocked = x.le(0).logical_and(gradient.gt(0)).logical_or(x.ge(1).logical_and(gradient.lt(0)));
    const at::Tensor flat = gradient.masked_fill(isBlocked, 0).flatten(1);
    const auto count = std::max<std::int64_t>(1, std::int64_t(sharedL1Step * double(flat.size(1))));
    const at::Tensor largest = std::get<1>(flat.abs().topk(count, 1));
    const at::Tensor signs = flat.gather(1, largest).sign();
    return at::zeros_like(flat).scatter_(1, largest, signs / double(count)).view_as(gradient);
}

/// Unit vectors along gradients whose squares may vanish in float, by the largest magnitude first; `fallback` for zero rows.
at::Tensor directionOfTiny(const at::Tensor& gradient, const at::Tensor& fallback)
{
    const at::Tensor largest = gradient.flatten(1).abs().amax(1);
    const at::Tensor scaled = gradient / perRow(largest.clamp_min(1e-37), gradient);
    const at::Tensor direction = at::where(perRow(largest.eq(0), gradient), fallback, scaled);
    return direction / perRow(DistanceMetric(Norm::L2).length(direction).clamp_min(1e-12), direction);
}

at::Tensor stepDirection(const AttackSession& session, const at::Tensor& gradient, const at::Tensor& x)
{
    return session.norm() == Norm::L1 ? l1Step(gradient, x) : session.metric().steepest(gradient);
}

/// Iterates [n,...], which it changes -> their projections. Box and Linf ball are a box together: one pass.
std::function<at::Tensor(at::Tensor moved)> intoBallAndBox(const AttackSession& session, const at::Tensor& eps)
{
    const at::Tensor x0 = session.x0();
    if (session.norm() == Norm::Linf) {
        const at::Tensor limit = perRow(eps, x0);
        return [low = (x0 - limit).clamp_(0, 1), high = (x0 + limit).clamp_(0, 1)](at::Tensor moved) { return moved.clamp_(low, high); };
    }
    return [&session, x0, eps](at::Tensor moved) {
        // x0 + delta may leave the box by one rounding.
        return session.metric().project(moved.clamp_(0, 1).sub_(x0), eps).add_(x0).clamp_(0, 1);
    };
}

/// Half the longest way through the pixel box: where noise lies.
double halfBox(Norm norm, const at::Tensor& x0)
{
    const double values = double(x0.numel() / x0.size(0));
    return (norm == Norm::Linf ? 1.0 : norm == Norm::L2 ? std::sqrt(values) : values) / 2;
}

/// A random point near each clean image: uniform in the ball of withRestarts, cut to the box; in L0 so many values are noise.
at::Tensor randomStart(AttackSession& session)
{
    const at::Tensor x0 = session.x0();
    const at::Tensor half = session.bestDistance() / 2;
    const at::Tensor nearest = at::where(half.isinf(), session.full(halfBox(session.norm(), x0)), half);
    const at::Tensor radius = perRow(session.eps() > 0 ? session.full(session.eps()) : nearest, x0);
    if (session.norm() != Norm::L0)
        return (x0 + radius * session.uniformInBall()).clamp_(0, 1);
    const double values = double(x0.numel() / x0.size(0));
    const at::Tensor isNoise = session.uniform().mul_(values).lt(radius);
    return at::where(isNoise, session.uniform(), x0);
}

} // namespace

ParamSpec epsParameter()
{
    return {"eps", "Budget", "pixel [0,1]", 0.0, {}, 0.0, 1e9, {},
        "Largest perturbation in the attack's norm; 0 takes the customary L∞ 8/255, L2 0.5, L1 12 (RobustBench)"};
}

ParamSpec stepsParameter(long long standard, long long preview, const std::string& source)
{
    ParamSpec spec{"steps", "Steps", "steps", standard, {}, 1.0, 1e6, {}, "Iterations (" + source + ")"};
    if (preview != standard)
        spec.preview = preview;
    return spec;
}

ParamSpec stepSizeParameter(const std::string& rule)
{
    return {"step-size", "Step size", "pixel [0,1]", 0.0, {}, 0.0, 1e9, {}, "Length of a step in the attack's norm; 0 takes " + rule};
}

ParamSpec lossParameter(std::string standard)
{
    return {"loss", "Loss", "", std::move(standard), {}, {}, {}, {"cross-entropy", "logit", "margin"},
        "What is driven: cross-entropy, the class logit alone (Su et al. 2018), or the margin to the best other class"};
}

AttackLoss lossOf(const AttackSession& session)
{
    const std::string& name = session.parameters().text("loss");
    if (name == "logit")
        return [&session](const at::Tensor& logits) { return session.anchors().anchorLogit(logits); };
    if (name == "margin")
        return [&session](const at::Tensor& logits) { return session.anchors().margin(logits); };
    // The steps of these attacks are normalised, so the log odds give the cross-entropy's path without its underflow.
    return [&session](const at::Tensor& logits) { return session.anchors().logOdds(logits); };
}

ParamSpec samplesParameter()
{
    return {"eot", "Passes of a gradient", "", 1LL, {}, 1.0, 10000.0, {},
        "Gradients are the mean of so many passes; more than 1 for models that answer at random (Athalye et al. 2018; AutoAttack: 20)"};
}

ParamSpec restartsParameter()
{
    return {"restarts", "Starts", "", 1LL, {}, 1.0, 1000.0, {},
        "Walks of all steps: the first from the image, further ones from random points near it; the best of all is kept"};
}

void withRestarts(AttackSession& session, const AttackWalk& walk)
{
    const auto restarts = session.parameters().integer("restarts");
    for (long long restart = 0; restart < restarts; ++restart) {
        session.beginPart(restart, restarts);
        if (restart > 0) {
            if (session.stopRequested())
                return;
            session.recallOpen();
        }
        if (session.rows() == 0)
            return;
        walk(restart == 0 ? session.x0() : randomStart(session));
    }
}

LossAt lossAt(AttackSession& session, const at::Tensor& x, const AttackLoss& loss, long long samples, bool wantsGradient)
{
    LossAt mean;
    for (long long sample = 0; sample < samples; ++sample) {
        ForwardPass pass;
        if (wantsGradient)
            pass = session.forward(x);
        mean.logits = wantsGradient ? pass.logits.detach() : session.logits(x);
        const LogitLoss seen = loss(mean.logits);
        mean.value = sample == 0 ? seen.value : mean.value + seen.value;
        if (!wantsGradient)
            continue;
        const at::Tensor gradient = session.gradient(pass, seen.weights);
        mean.gradient = sample == 0 ? gradient : mean.gradient + gradient;
    }
    if (samples > 1) {
        mean.value = mean.value / double(samples);
        if (wantsGradient)
            mean.gradient = mean.gradient / double(samples);
    }
    return mean;
}

double cosineDecay(long long step, long long steps)
{
    return (1 + std::cos(std::numbers::pi * double(step) / double(steps))) / 2;
}

at::Tensor stepDown(const at::Tensor& from, const at::Tensor& gradient, const at::Tensor& length, const at::Tensor& fallback)
{
    const at::Tensor norm = DistanceMetric(Norm::L2).length(gradient);
    const at::Tensor isTiny = norm.lt(1e-12);
    const at::Tensor plain = at::addcmul(from, gradient, perRow(length / norm.clamp_min(1e-12), gradient), -1);
    if (!mayHoldAny(isTiny))
        return plain;
    const at::Tensor careful = from - perRow(length, from) * directionOfTiny(gradient, fallback);
    return at::where(perRow(isTiny, from), careful, plain);
}

DescentEnd descend(AttackSession& session, const at::Tensor& start, const Descent& descent)
{
    const long long stepsInAll = descent.stepsInAll > 0 ? descent.stepsInAll : descent.steps;
    const at::Tensor stepSize = perRow(descent.stepSize, start);
    at::Tensor x = start;
    at::Tensor velocity;
    const auto project = intoBallAndBox(session, descent.eps);
    for (long long step = 0; step < descent.steps && !session.stopRequested(); ++step) {
        const LossAt here = lossAt(session, x, descent.loss, descent.samples);
        at::Tensor gradient = here.gradient;
        if (descent.isRecorded)
            session.judge(x, here.logits, here.value);
        if (descent.momentum) {
            const at::Tensor l1 = DistanceMetric(Norm::L1).length(gradient).clamp_min(1e-30);
            gradient = gradient / perRow(l1, gradient);
            velocity = velocity.defined() ? *descent.momentum * velocity + gradient : gradient;
            gradient = velocity;
        }
        x = project(at::addcmul(x, stepDirection(session, gradient, x), stepSize, -1));
        session.progress(descent.stepsBefore + step + 1, stepsInAll);
    }
    const at::Tensor logits = session.logits(x);
    if (descent.isRecorded)
        session.judge(x, logits, descent.loss(logits).value, true);
    return {x, logits};
}

} // namespace brink
