// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"

namespace brink {

AttackInfo pgdInfo()
{
    AttackInfo info;
    info.name = "pgd";
    info.label = "PGD";
    info.summary = "Projected gradient descent from random starts inside the budget.";
    info.source = "Madry et al. 2018, arXiv 1706.06083; L1 steps after Tramer and Boneh 2019, arXiv 1904.13000";
    info.kind = AttackKind::FixedBudget;
    info.norms = {Norm::Linf, Norm::L2, Norm::L1};
    info.parameters = {epsParameter(), stepsParameter(40, 20, "Madry et al. 2018, MNIST"), stepSizeParameter("2.5 eps/steps"),
        {"restarts", "Restarts", "", 1LL, {}, 1.0, 1000.0, {}, "Random starts; images already fooled take no further one"},
        {"random-start", "Random start", "", true, {}, {}, {}, {}, "Begin at a uniform point of the ball instead of the image"},
        lossParameter("cross-entropy"), samplesParameter()};
    return info;
}

void pgdAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    const auto steps = parameters.integer("steps");
    const auto restarts = parameters.integer("restarts");
    const double asked = parameters.real("step-size");
    const double stepSize = asked > 0 ? asked : 2.5 * session.eps() / double(steps);
    for (long long restart = 0; restart < restarts && session.rows() > 0 && !session.stopRequested(); ++restart) {
        at::Tensor start = session.x0();
        if (parameters.boolean("random-start"))
            start = (start + session.eps() * session.uniformInBall()).clamp(0, 1);
        Descent descent{lossOf(session), session.full(session.eps()), session.full(stepSize), steps, restart * steps, restarts * steps};
        descent.samples = parameters.integer("eot");
        descend(session, start, descent);
        session.retire(session.isFound());
        if (restart + 1 < restarts)
            (void)session.compact();
    }
}

} // namespace brink
