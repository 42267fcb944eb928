// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"

namespace brink {

AttackInfo bimInfo()
{
    AttackInfo info;
    info.name = "bim";
    info.label = "I-FGSM";
    info.summary = "Small steepest steps inside the budget (BIM).";
    info.source = "Kurakin, Goodfellow and Bengio 2017, arXiv 1607.02533; steps of eps/T as in Su et al. 2018, arXiv 1808.01688";
    info.kind = AttackKind::FixedBudget;
    info.norms = {Norm::Linf, Norm::L2, Norm::L1};
    info.parameters = {epsParameter(), stepsParameter(10, 10, "Su et al. 2018: 10, 30 or 50"), stepSizeParameter("eps/steps"),
        lossParameter("cross-entropy")};
    return info;
}

void bimAttack(AttackSession& session)
{
    const auto steps = session.parameters().integer("steps");
    const double asked = session.parameters().real("step-size");
    const at::Tensor stepSize = session.full(asked > 0 ? asked : session.eps() / double(steps));
    descend(session, session.x0(), {lossOf(session), session.full(session.eps()), stepSize, steps});
}

} // namespace brink
