// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/attack_torch.h"
#include "core/attack/common_torch.h"

namespace brink {

AttackInfo fgsmInfo()
{
    AttackInfo info;
    info.name = "fgsm";
    info.label = "FGSM";
    info.summary = "One step of the full budget along the steepest direction of the loss.";
    info.source = "Goodfellow, Shlens and Szegedy 2015, arXiv 1412.6572";
    info.kind = AttackKind::FixedBudget;
    info.norms = {Norm::Linf, Norm::L2, Norm::L1};
    info.parameters = {epsParameter(), lossParameter("cross-entropy")};
    return info;
}

void fgsmAttack(AttackSession& session)
{
    const auto loss = lossOf(session);
    const ForwardPass pass = session.forward(session.x0());
    const at::Tensor descent = session.metric().steepest(session.gradient(pass, loss(pass.logits.detach()).weights));
    const at::Tensor x = (session.x0() - session.eps() * descent).clamp(0, 1);
    const at::Tensor logits = session.logits(x);
    session.observe(x, logits, loss(logits).value);
    session.progress(1, 1);
}

} // namespace brink
