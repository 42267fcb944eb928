// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"
#include "core/attack/ddnwalk_torch.h"

namespace brink {

AttackInfo ddnInfo()
{
    AttackInfo info;
    info.name = "ddn";
    info.label = "DDN";
    info.summary = "Steps of the direction, with the norm shrunk after every success and grown after every failure.";
    info.source = "Rony et al. 2019, arXiv 1811.09600, algorithm 1";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::L2};
    info.parameters = {stepsParameter(1000, 100, "Rony et al. 2019"),
        {"gamma", "Norm change", "", 0.05, {}, 1e-4, 0.9, {}, "Factor 1 -+ gamma on the norm after each step (Rony et al. 2019)"},
        {"initial-norm", "Initial norm", "pixel [0,1]", 1.0, {}, 1e-6, 1e4, {}, "Norm of the first step (Rony et al. 2019)"},
        {"levels", "Grey levels", "", 0LL, {}, 0.0, 65536.0, {},
            "Rounds every iterate to that many levels (Rony et al. 2019: 256); 0 switches it off, which AttackBench found better"},
        restartsParameter()};
    return info;
}

void ddnAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    const auto steps = parameters.integer("steps");
    const DdnSettings settings{steps, parameters.real("gamma"), parameters.real("initial-norm"), parameters.integer("levels"), 0, steps};
    withRestarts(session, [&](const at::Tensor& start) { ddnWalk(session, start, settings); });
}

} // namespace brink
