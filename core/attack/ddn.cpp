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
            "Rounds every iterate to that many levels (Rony et al. 2019: 256); 0 switches it off, which AttackBench found better"},
        restartsParameter()};
    return info;
}

namespace {

/// Nearest multiple of 1/(levels-1); 0 levels: unchanged.
at::Tensor quantised(const at::Tensor& x, long long levels)
{
    return levels > 1 ? x.mul(double(levels - 1)).round().div(double(levels - 1)) : x;
}

/// One walk of all steps.
void walkFrom(AttackSession& session, const at::Tensor& start)
{
    const Params& parameters = session.parameters();
    const auto steps = parameters.integer("steps");
    const auto levels = parameters.integer("levels");
    const double gamma = parameters.real("gamma");
    const at::Tensor random = session.normal();
    const at::Tensor farthest = session.metric().farthestInBox(session.x0());
    at::Tensor eps = session.full(parameters.real("initial-norm"));
    at::Tensor x = quantised(start, levels);
    for (long long step = 0; step < steps && !session.stopRequested(); ++step) {
        const ForwardPass pass = session.forward(x);
        const LogitLoss loss = session.anchors().logOdds(pass.logits.detach());
        const Observation seen = session.observe(x, pass.logits, loss.value);

        const at::Tensor stepSize = session.full(0.01 + 0.99 * cosineDecay(step, steps));
        const at::Tensor delta = stepDown(seen.delta, session.gradient(pass, loss.weights), stepSize, random);
        eps = at::minimum(eps * (1 + gamma - 2 * gamma * seen.isAdversarial), farthest);
        const at::Tensor scale = perRow(eps / session.metric().length(delta).clamp_min(1e-12), delta);
        x = quantised(at::addcmul(session.x0(), delta, scale).clamp_(0, 1), levels);
        session.progress(step + 1, steps);
    }
}

} // namespace

/// The gradient is that of the log odds: normalised, it is the cross-entropy's, but it does not vanish when the softmax
/// saturates. Where it is exactly zero the image's own random direction is taken, as in the authors' code.
void ddnAttack(AttackSession& session)
{
    withRestarts(session, [&session](const at::Tensor& start) { walkFrom(session, start); });
}

} // namespace brink
