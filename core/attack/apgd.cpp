// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/apgdwalk_torch.h"
#include "core/attack/projection_torch.h"

#include <algorithm>
#include <cmath>

namespace brink {

AttackInfo apgdInfo()
{
    AttackInfo info;
    info.name = "apgd";
    info.label = "APGD";
    info.summary = "Projected gradient descent with momentum that halves its steps and returns to its best point where progress stalls.";
    info.source = "Croce and Hein 2020, arXiv 2003.01690, algorithm 1; L1: Croce and Hein 2021, arXiv 2103.01208, algorithm 1";
    info.kind = AttackKind::FixedBudget;
    info.norms = {Norm::Linf, Norm::L2, Norm::L1};
    info.parameters = {epsParameter(), stepsParameter(100, 40, "of each start, Croce and Hein 2020"),
        {"loss", "Loss", "", std::string("cross-entropy"), {}, {}, {}, {"cross-entropy", "dlr", "dlr-targeted"},
            "What is driven: cross-entropy, the difference of logits ratio, or that ratio towards one class after the other"},
        {"targets", "Target classes", "classes", 9LL, {}, 1.0, 100000.0, {},
            "For dlr-targeted: the clean image's strongest other classes, each in turn (AutoAttack: 9, in L1 5)"},
        {"restarts", "Starts", "", 1LL, {}, 1.0, 1000.0, {},
            "Random starts, of each target class; images already fooled take no further one (AutoAttack: 1, in L1 5)"},
        {"rho", "Share of progress", "", 0.75, {}, 0.0, 1.0, {},
            "Steps are halved where no more than this share of those since the last check improved the loss (Croce and Hein 2020)"},
        {"widened", "Wider budgets first", "", true, {}, {}, {}, {},
            "L1 only: 30 % of the steps in three times the budget, 30 % in twice, the rest in it (Croce and Hein 2021)"},
        {"stop-at-success", "Stop at success", "", true, {}, {}, {}, {},
            "Images leave once they are fooled; off: they go on to the largest margin"},
        samplesParameter()};
    return info;
}

namespace {

/// On the surface of the ball in L2 and Linf, anywhere in it in L1 (the authors' code).
at::Tensor randomStart(AttackSession& session, double eps)
{
    const at::Tensor& x0 = session.x0();
    const at::Tensor raw = session.norm() == Norm::Linf ? session.uniform() * 2 - 1 : session.normal();
    if (session.norm() == Norm::L1)
        return (x0 + projectOntoL1BallInBox(x0, raw, session.full(eps))).clamp_(0, 1);
    return (x0 + raw * perRow(eps / session.metric().length(raw).clamp_min(1e-12), raw)).clamp_(0, 1);
}

/// Three times and twice the budget first: the walk finds values worth moving before it has to choose few of them. Only the
/// last part counts.
void runWidened(AttackSession& session, ApgdWalk& walk, const at::Tensor& start, long long steps)
{
    const auto third = static_cast<long long>(std::ceil(0.3 * double(steps)));
    at::Tensor x = start;
    for (const auto& [factor, share] : {std::pair(3, third), std::pair(2, third), std::pair(1, steps - 2 * third)}) {
        const at::Tensor eps = session.full(factor * session.eps());
        x = (session.x0() + projectOntoL1BallInBox(session.x0(), x - session.x0(), eps)).clamp_(0, 1);
        walk.run(x, eps, share, factor == 1);
        if (session.stopRequested())
            return;
        x = walk.best();
    }
}

} // namespace

void apgdAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    ApgdSettings settings{parameters.text("loss"), parameters.real("rho"), parameters.integer("eot"), parameters.boolean("stop-at-success")};
    const auto steps = parameters.integer("steps");
    settings.beginsSparse = session.norm() == Norm::L1 && parameters.boolean("widened") && steps >= 10;
    const auto targets = settings.loss == "dlr-targeted" && !session.hasRivals() ? std::min<long long>(parameters.integer("targets"), session.classes() - 1) : 1;
    const auto restarts = parameters.integer("restarts");
    for (long long run = 0; run < targets * restarts && session.rows() > 0 && !session.stopRequested(); ++run) {
        // Targeted images have one target; each of these runs is one more start for them.
        ApgdWalk walk(session, settings, session.classLedTo(run / restarts));
        walk.onProgress(run * steps, targets * restarts * steps);
        const at::Tensor start = randomStart(session, (settings.beginsSparse ? 3 : 1) * session.eps());
        if (settings.beginsSparse)
            runWidened(session, walk, start, steps);
        else
            walk.run(start, session.full(session.eps()), steps, true);
        session.retire(session.isFound());
        (void)session.compact();
    }
}

} // namespace brink
