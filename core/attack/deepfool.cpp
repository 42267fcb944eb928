// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/classboundary_torch.h"
#include "core/attack/common_torch.h"
#include "core/attack/projection_torch.h"

#include <ATen/ATen.h>

namespace brink {

namespace {

// The shortest step onto the linearised boundary: |f| w / |w|_2^2 (L2), |f| sign(w) / |w|_1 (Linf). Towards it from either
// side, and zero where the gradient is. Nearer to the boundary than `reach` [n] it is the shortest inside the box.
at::Tensor stepOnto(const ClassBoundary& boundary, const DistanceMetric& metric, const at::Tensor& x, const at::Tensor& reach)
{
    const at::Tensor length = boundary.distance.masked_fill(boundary.distance.isinf(), 0.0);
    const at::Tensor direction = metric.steepest(boundary.normal.view_as(x));
    const at::Tensor plain = direction * perRow(-boundary.value.sign() * length, x);
    const at::Tensor isNear = boundary.distance.le(reach);
    if (!mayHoldAny(isNear))
        return plain;
    const HyperplaneProjection inBox = projectOntoHyperplane(x.flatten(1), boundary.normal, boundary.value, metric.norm());
    return at::where(perRow(isNear, x), inBox.step.view_as(x), plain);
}

} // namespace

AttackInfo deepfoolInfo()
{
    AttackInfo info;
    info.name = "deepfool";
    info.label = "DeepFool";
    info.summary = "Walks onto the nearest of the linearised class boundaries until one is crossed.";
    info.source = "Moosavi-Dezfooli, Fawzi and Frossard 2016, arXiv 1511.04599, algorithm 2 and section 3.3";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::L2, Norm::Linf};
    info.parameters = {
        stepsParameter(50, 50, "linearisations at most, the authors' code"),
        {"candidates", "Candidate classes", "classes", 10LL, {}, 2, 100000, {},
            "Clean image's strongest classes that are linearised, its own included (the authors' code)"},
        {"overshoot", "Overshoot", "", 0.02, {}, 0, 1, {}, "Whole perturbation is lengthened by this share (section 4.1)"},
        finalSearchSpec(),
    };
    return info;
}

// The perturbation is the sum of steps r; the next linearisation is at x0 + (1 + overshoot) r, as in the authors' code, but
// clipped to the box, which the paper has not. What the box cuts off is not booked as walked, else saturated pixels would
// collect steps they never made and jump later. A clipped step falls short of the boundary, and a walk can tend to it from
// the image's own side for ever (TRADES net of the golden table); so a boundary that the overshoot should have crossed is
// approached by a step that the box does not cut.
// Targeted use (not in the paper) has one boundary: target against the strongest other class at the iterate.
void deepfoolAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    const long long steps = parameters.integer("steps");
    const double stretch = 1.0 + parameters.real("overshoot");
    const long long rivals = parameters.integer("candidates") - 1;
    at::Tensor x = session.x0();
    for (long long step = 0; step < steps && session.rows() > 0 && !session.stopRequested(); ++step) {
        const ForwardPass pass = session.forward(x);
        const bool isTargeted = session.anchors().sign().lt(0).all().item<bool>();
        const ClassPairs pairs = classPairs(session, isTargeted ? pass.logits : session.cleanLogits(), rivals);
        const ClassBoundary boundary = nearestBoundary(session, pass, pairs);
        const at::Tensor reach = (stretch - 1) * session.metric().length(x - session.x0());
        x = (x + stretch * stepOnto(boundary, session.metric(), x, reach)).clamp(0.0, 1.0);
        const at::Tensor logits = session.logits(x);
        const Observation seen = session.observe(x, logits);
        session.retire(seen.isAdversarial.logical_or(boundary.distance.isinf()));
        if (const auto rows = session.compact())
            x = x.index_select(0, *rows);
        session.progress(step + 1, steps);
    }
    searchTowardsClean(session, int(parameters.integer("final-search")));
}

} // namespace brink
