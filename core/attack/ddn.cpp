// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"

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
            "Rounds every iterate to that many levels (Rony et al. 2019: 256); 0 switches it off, which AttackBench found better"}};
    return info;
}

namespace {

/// Nearest multiple of 1/(levels-1); 0 levels: unchanged.
at::Tensor quantised(const at::Tensor& x, long long levels)
{
    return levels > 1 ? x.mul(double(levels - 1)).round().div(double(levels - 1)) : x;
}

} // namespace

/// The gradient is that of the log odds: normalised, it is the cross-entropy's, but it does not vanish when the softmax
/// saturates. Where it is exactly zero the image's own random direction is taken, as in the authors' code.
void ddnAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    const auto steps = parameters.integer("steps");
    const auto levels = parameters.integer("levels");
    const double gamma = parameters.real("gamma");
    const at::Tensor random = session.normal();
    const at::Tensor farthest = session.metric().farthestInBox(session.x0());
    at::Tensor eps = session.full(parameters.real("initial-norm"));
    at::Tensor delta = at::zeros_like(session.x0());
    for (long long step = 0; step < steps && !session.stopRequested(); ++step) {
        const at::Tensor x = quantised((session.x0() + delta).clamp(0, 1), levels);
        const ForwardPass pass = session.forward(x);
        const at::Tensor loss = session.logOdds(pass.logits);
        const at::Tensor direction = normalisedOr(session.gradient(pass, loss), random);
        const Observation seen = session.observe(x, pass.logits, loss);

        const double stepSize = 0.01 + 0.99 * cosineDecay(step, steps);
        delta = x - session.x0() - stepSize * direction;
        eps = at::minimum(eps * at::where(seen.isAdversarial, session.full(1 - gamma), session.full(1 + gamma)), farthest);
        delta = delta * perRow(eps / session.metric().length(delta).clamp_min(1e-12), delta);
        session.progress(step + 1, steps);
    }
}

} // namespace brink
