// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/adam_torch.h"
#include "core/attack/common_torch.h"

namespace brink {

AttackInfo sigmazeroInfo()
{
    AttackInfo info;
    info.name = "sigma-zero";
    info.label = "σ-zero";
    info.summary = "Adam on the margin plus a smooth count of the changed values, with a threshold that zeroes small changes.";
    info.source = "Cinà et al. 2025, arXiv 2402.01879, algorithm 1";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::L0};
    info.parameters = {stepsParameter(1000, 100, "Cinà et al. 2025: 100 to 5000"),
        {"step-size", "Initial step size", "pixel [0,1]", 1.0, {}, 1e-6, 1e4, {}, "Of Adam; falls along a cosine to a tenth (Cinà et al. 2025)"},
        {"sigma", "Smoothness", "", 1e-3, {}, 1e-12, 1.0, {}, "A changed value counts d²/(d² + sigma) (Cinà et al. 2025)"},
        {"threshold", "Initial threshold", "pixel [0,1]", 0.3, {}, 0.0, 1.0, {}, "Smaller changes are set to zero (Cinà et al. 2025)"},
        {"threshold-step", "Threshold change", "", 0.01, {}, 0.0, 1.0, {},
            "Times the step size: up after a success, down after a failure (Cinà et al. 2025)"},
        restartsParameter()};
    return info;
}

namespace {

struct Settings {
    double stepSize;
    double sigma;
    double thresholdStep;
};

/// Mean of d²/(d² + sigma) over the values of each image, and its gradient.
at::Tensor countGradient(const at::Tensor& delta, double sigma)
{
    const double values = double(delta.numel() / delta.size(0));
    return delta * (2 * sigma / values) / (delta.square() + sigma).square();
}

/// One walk of all steps.
void walkFrom(AttackSession& session, const at::Tensor& start)
{
    const Params& parameters = session.parameters();
    const Settings settings{parameters.real("step-size"), parameters.real("sigma"), parameters.real("threshold-step")};
    const auto steps = parameters.integer("steps");
    const at::Tensor& x0 = session.x0();
    at::Tensor threshold = session.full(parameters.real("threshold"));
    at::Tensor delta = start - x0;
    Adam adam(x0);
    double stepSize = settings.stepSize;
    for (long long step = 0; step < steps && !session.stopRequested(); ++step) {
        const at::Tensor x = (x0 + delta).clamp_(0, 1);
        const ForwardPass pass = session.forward(x);
        const Observation seen = session.observe(x, pass.logits);
        // A margin below zero is no loss.
        const at::Tensor isLeft = seen.margin.value.gt(0).to(x.scalar_type());
        at::Tensor gradient = session.gradient(pass, seen.margin.weights * isLeft.unsqueeze(1)) + countGradient(delta, settings.sigma);
        gradient = gradient / perRow(DistanceMetric(Norm::Linf).length(gradient).clamp_min(1e-12), gradient);
        delta = adam.stepped(delta, gradient, session.full(stepSize)).add_(x0).clamp_(0, 1).sub_(x0);
        stepSize = settings.stepSize * (0.1 + 0.9 * cosineDecay(step, steps));
        const double change = settings.thresholdStep * stepSize;
        threshold = at::where(seen.isAdversarial, threshold + change, threshold - change).clamp_(0, 1);
        delta = delta.masked_fill(delta.abs().lt(perRow(threshold, delta)), 0);
        session.progress(step + 1, steps);
    }
}

} // namespace

/// Targeted use, which the authors leave out, drives the margin of the target. A zero gradient, of an image without a margin to
/// descend and nothing changed, leaves the image where it is.
void sigmazeroAttack(AttackSession& session)
{
    withRestarts(session, [&session](const at::Tensor& start) { walkFrom(session, start); });
}

} // namespace brink
