// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/ddnwalk_torch.h"

#include "core/attack/common_torch.h"

#include <limits>

namespace brink {

namespace {

/// Nearest multiple of 1/(levels-1); 0 levels: unchanged.
at::Tensor quantised(const at::Tensor& x, long long levels)
{
    return levels > 1 ? x.mul(double(levels - 1)).round().div(double(levels - 1)) : x;
}

} // namespace

/// The gradient is that of the log odds: normalised, it is the cross-entropy's, but it does not vanish when the softmax
/// saturates. Where it is exactly zero the image's own random direction is taken, as in the authors' code.
at::Tensor ddnWalk(AttackSession& session, const at::Tensor& start, const DdnSettings& settings)
{
    const DistanceMetric metric(Norm::L2);
    const at::Tensor random = session.normal();
    const at::Tensor farthest = metric.farthestInBox(session.x0());
    at::Tensor eps = session.full(settings.initialNorm);
    at::Tensor x = quantised(start, settings.levels);
    const bool isOwnNorm = session.norm() == Norm::L2; // the session itself keeps the nearest
    at::Tensor nearest = session.full(std::numeric_limits<double>::infinity());
    at::Tensor nearestX = isOwnNorm ? start : start.clone(); // changed in place
    for (long long step = 0; step < settings.steps && !session.stopRequested(); ++step) {
        const ForwardPass pass = session.forward(x);
        const LogitLoss loss = session.anchors().logOdds(pass.logits.detach());
        const Observation seen = session.observe(x, pass.logits, loss.value);
        if (!isOwnNorm && mayHoldAny(seen.isAdversarial)) {
            const at::Tensor distance = metric.length(seen.delta);
            const at::Tensor isNearer = seen.isAdversarial.logical_and(distance.lt(nearest));
            nearest = at::where(isNearer, distance, nearest);
            replaceRows(nearestX, isNearer, x);
        }
        const at::Tensor stepSize = session.full(0.01 + 0.99 * cosineDecay(step, settings.steps));
        const at::Tensor delta = stepDown(seen.delta, session.gradient(pass, loss.weights), stepSize, random);
        eps = at::minimum(eps * (1 + settings.gamma - 2 * settings.gamma * seen.isAdversarial), farthest);
        const at::Tensor scale = perRow(eps / metric.length(delta).clamp_min(1e-12), delta);
        x = quantised(at::addcmul(session.x0(), delta, scale).clamp_(0, 1), settings.levels);
        session.progress(settings.stepsBefore + step + 1, settings.stepsInAll);
    }
    return isOwnNorm ? session.best() : nearestX;
}

} // namespace brink
