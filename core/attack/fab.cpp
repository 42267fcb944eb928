// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/classboundary_torch.h"
#include "core/attack/common_torch.h"
#include "core/attack/fabstep.h"
#include "core/attack/projection_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <initializer_list>

namespace brink {

namespace {

struct FabSettings {
    double alphaMax;
    double eta;
    double beta;
    long long rivals;
    long long targets; ///< classes led to one after the other; 0: always the nearest boundary
    double goal;       ///< distance that is enough; 0: none is
};

FabSettings settingsFrom(const Params& parameters)
{
    return {parameters.real("alpha-max"), parameters.real("eta"), parameters.real("beta"), parameters.integer("candidates"),
        parameters.integer("targets"), parameters.real("goal")};
}

// Radius of the random starts where no budget is given (the authors' code).
double startRadius(Norm norm)
{
    return norm == Norm::Linf ? 0.3 : norm == Norm::L2 ? 1.0 : 5.0;
}

// Half as far from the clean image as the best result so far, or as the goal or the default radius where that is nearer.
at::Tensor randomStart(AttackSession& session, double goal)
{
    const at::Tensor radius = 0.5 * session.bestDistance().clamp_max(goal > 0 ? goal : startRadius(session.norm()));
    const at::Tensor direction = session.uniformInBall();
    return (session.x0() + direction * perRow(radius, direction)).clamp(0.0, 1.0);
}

// The boundaries of a run. Targeted images have one target, against the strongest other class; untargeted ones have their
// strongest rivals, or in a run with a class to lead to that one alone.
ClassPairs pairsOf(const AttackSession& session, const at::Tensor& logits, const FabSettings& settings, const at::Tensor& ledTo)
{
    if (settings.targets == 0)
        return classPairs(session, logits, settings.rivals);
    return {ledTo.unsqueeze(1), classPairs(session, logits, 1).unwanted};
}

at::Tensor fabStepByRow(const AttackSession& session, const at::Tensor& x, const ClassBoundary& boundary, const at::Tensor& eta,
    const FabSettings& settings)
{
    const at::Tensor here = x.contiguous(), clean = session.x0().contiguous(), normal = boundary.normal.contiguous();
    const at::Tensor value = boundary.value.contiguous(), overshot = eta.contiguous();
    at::Tensor next = at::empty_like(here);
    const auto length = std::size_t(here.numel() / here.size(0));
    FabStep step(session.norm());
    for (std::int64_t row = 0; row < here.size(0); ++row) {
        const std::size_t at = std::size_t(row) * length;
        const auto values = [&](const at::Tensor& tensor) { return std::span<const float>(tensor.data_ptr<float>() + at, length); };
        step.take({values(here), values(clean), values(normal), value.data_ptr<float>()[row], overshot.data_ptr<float>()[row],
            float(settings.alphaMax), {next.data_ptr<float>() + at, length}});
    }
    return next;
}

// Both the iterate and the clean image are projected onto the linearised boundary; the next iterate is a mean of the two
// (overshot) projections that leans to the clean image as far as alpha-max allows (equations 8 to 10).
at::Tensor fabStep(const AttackSession& session, const at::Tensor& x, const ClassBoundary& boundary,
    const at::Tensor& eta, const FabSettings& settings)
{
    if (x.device().is_cpu())
        return fabStepByRow(session, x, boundary, eta, settings);
    const at::Tensor x0 = session.x0().flatten(1);
    const at::Tensor here = x.flatten(1);
    // The boundary's value at the clean image, from small differences; w.x - b in float32 would cost three digits.
    const at::Tensor valueAtClean = boundary.value + (boundary.normal * (x0 - here)).sum(1);
    const HyperplaneProjection projection = projectOntoHyperplane(at::cat({here, x0}), boundary.normal.repeat({2, 1}),
        at::cat({boundary.value, valueAtClean}), session.norm());
    const std::vector<at::Tensor> step = projection.step.chunk(2);
    const at::Tensor length = session.metric().length(step[0]).clamp_min(1e-8);
    const at::Tensor lengthOfClean = session.metric().length(step[1]).clamp_min(1e-8);
    const at::Tensor alpha = (length / (length + lengthOfClean)).clamp_max(settings.alphaMax).unsqueeze(1);
    const at::Tensor next = (1 - alpha) * (here + eta.unsqueeze(1) * step[0]) + alpha * (x0 + eta.unsqueeze(1) * step[1]);
    return next.clamp(0.0, 1.0).view_as(x);
}

// Deviation: the paper's overshoot eta is the same in all steps. The sparse steps of L1 can miss a curved boundary every time
// and slide to the clean image without crossing; an image that has been without success for `patience` steps therefore
// overshoots by a fifth more in each further one, at most by `mostStretch`. It matters little in L2 and Linf.
at::Tensor overshoot(const at::Tensor& barrenSteps, double eta)
{
    constexpr double patience = 10, growth = 1.2, mostStretch = 4;
    return eta * at::pow(growth, (barrenSteps - patience).clamp_min(0.0)).clamp_max(mostStretch);
}

// Images that are near enough leave the batch; the tensors [n,...] of the loop follow.
void leave(AttackSession& session, double goal, std::initializer_list<at::Tensor*> tensors)
{
    const at::Tensor isNear = session.bestDistance().le(goal);
    if (goal == 0 || !mayHoldAny(isNear))
        return;
    session.retire(isNear);
    if (const auto rows = session.compact())
        for (at::Tensor* tensor : tensors)
            *tensor = tensor->index_select(0, *rows);
}

// One start; `target`, the number of the class led to, is of no meaning without targets.
void runFrom(AttackSession& session, at::Tensor x, const FabSettings& settings, long long target, long long stepsBefore, long long stepsInAll)
{
    const long long iterations = session.parameters().integer("steps");
    at::Tensor barrenSteps = session.full(0.0);
    at::Tensor ledTo = session.classLedTo(target);
    for (long long i = 0; i < iterations && session.rows() > 0 && !session.stopRequested(); ++i) {
        const ForwardPass pass = session.forward(x);
        const ClassPairs pairs = pairsOf(session, pass.logits.detach(), settings, ledTo);
        x = fabStep(session, x, nearestBoundary(session, pass, pairs), overshoot(barrenSteps, settings.eta), settings);
        const at::Tensor logits = session.logits(x);
        const Observation seen = session.observe(x, logits);
        barrenSteps = (barrenSteps + 1).masked_fill(seen.isAdversarial, 0.0);
        // Biased backward step (equation 11): an adversarial iterate goes back towards the clean image.
        const at::Tensor pulledBack = session.x0() + settings.beta * (x - session.x0());
        x = at::where(perRow(seen.isAdversarial, x), pulledBack, x);
        leave(session, settings.goal, {&x, &barrenSteps, &ledTo});
        session.progress(stepsBefore + i + 1, stepsInAll);
    }
}

} // namespace

AttackInfo fabInfo()
{
    AttackInfo info;
    info.name = "fab";
    info.label = "FAB";
    info.summary = "Projects the iterate and the clean image onto the linearised boundary inside the box and stays near the clean one.";
    info.source = "Croce and Hein 2020, arXiv 1907.02044, algorithm 1";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::Linf, Norm::L2, Norm::L1};
    info.parameters = {
        stepsParameter(100, 30, "of each start, the authors' code"),
        {"restarts", "Starts", "", 5LL, 1LL, 1, 1000, {}, "First from the clean image, further ones random; AutoAttack uses 1"},
        {"candidates", "Rival classes", "classes", 20LL, 9LL, 1, 100000, {},
            "Strongest other classes linearised in each step; all of them where the model has no more (section 2.3)"},
        {"targets", "Target classes", "classes", 0LL, {}, 0, 100000, {},
            "The clean image's strongest other classes, each in turn with all starts, one boundary a step; 0: all candidates in each step (AutoAttack: 9)"},
        {"goal", "Distance sought", "pixel [0,1]", 0.0, {}, 0, 1e9, {},
            "Images that come as near leave; 0: the nearest is sought to the end (AutoAttack: its budget)"},
        {"alpha-max", "Largest pull to the clean image", "", 0.1, {}, 0, 1, {}, "Upper limit of alpha (section 2.3)"},
        {"eta", "Overshoot", "", 1.05, {}, 1, 2, {}, "Extrapolation beyond the boundary (section 2.3)"},
        {"beta", "Backward step", "", 0.9, {}, 0, 1, {}, "Share of the way kept after a success (equation 11)"},
        finalSearchSpec(),
    };
    return info;
}

// Targeted use has one boundary, the target against the strongest other class at the iterate; the authors' targeted form
// looks at target against reference and takes any other class as a success. That form is `targets` on untargeted images.
void fabAttack(AttackSession& session)
{
    const FabSettings settings = settingsFrom(session.parameters());
    const long long targets = session.hasRivals() ? 1 : std::max(1LL, std::min<long long>(settings.targets, session.classes() - 1));
    const long long restarts = session.parameters().integer("restarts");
    const long long steps = session.parameters().integer("steps");
    for (long long run = 0; run < targets * restarts && session.rows() > 0 && !session.stopRequested(); ++run) {
        at::Tensor start = session.x0();
        if (run > 0) {
            // The first start towards each class is the clean image, but for targeted images, which have gone there already.
            const at::Tensor isRandom = session.anchors().sign().lt(0).logical_or(session.full(double(run % restarts)).gt(0));
            start = at::where(perRow(isRandom, start), randomStart(session, settings.goal), start);
        }
        runFrom(session, start, settings, run / restarts, run * steps, targets * restarts * steps);
    }
    searchTowardsClean(session, int(session.parameters().integer("final-search")));
}

} // namespace brink
