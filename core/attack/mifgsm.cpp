// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"

namespace brink {

AttackInfo mifgsmInfo()
{
    AttackInfo info;
    info.name = "mifgsm";
    info.label = "MI-FGSM";
    info.summary = "I-FGSM with momentum over L1-normalised gradients; made for transfer.";
    info.source = "Dong et al. 2018, arXiv 1710.06081, algorithm 1";
    info.kind = AttackKind::FixedBudget;
    info.norms = {Norm::Linf, Norm::L2};
    info.parameters = {epsParameter(), stepsParameter(10, 10, "Dong et al. 2018"), stepSizeParameter("eps/steps"),
        {"decay", "Momentum decay", "", 1.0, {}, 0.0, 10.0, {}, "mu of Dong et al. 2018"}, lossParameter("cross-entropy"),
        restartsParameter()};
    return info;
}

void mifgsmAttack(AttackSession& session)
{
    const auto steps = session.parameters().integer("steps");
    const double asked = session.parameters().real("step-size");
    withRestarts(session, [&](const at::Tensor& start) {
        Descent descent{lossOf(session), session.full(session.eps()),
            session.full(asked > 0 ? asked : session.eps() / double(steps)), steps};
        descent.momentum = session.parameters().real("decay");
        descend(session, start, descent);
    });
}

} // namespace brink
