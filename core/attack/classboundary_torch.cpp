// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/classboundary_torch.h"

#include <algorithm>
#include <limits>

namespace brink {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// A success must clear the last bits of the logits; aimed at the boundary itself, an attack would settle on it and not count.
constexpr double beyondLastBits = 4e-5;

// The count classes of largest logit other than the anchor, [n,count].
at::Tensor strongestOthers(const at::Tensor& logits, const at::Tensor& anchor, std::int64_t count)
{
    return std::get<1>(logits.detach().scatter(1, anchor.unsqueeze(1), -infinity).topk(count, 1));
}

// Of the j-th pair of each image.
ClassBoundary linearise(AttackSession& session, const ForwardPass& pass, const ClassPairs& pairs, std::int64_t j, const at::Tensor& value)
{
    const at::Tensor one = at::ones({value.size(0), 1}, value.options());
    const at::Tensor weights = at::zeros(pass.logits.sizes(), value.options())
                                   .scatter_(1, pairs.wanted.narrow(1, j, 1), one)
                                   .scatter_(1, pairs.unwanted.narrow(1, j, 1), -one);
    ClassBoundary boundary;
    boundary.value = value;
    boundary.normal = session.gradient(pass, weights, j + 1 < pairs.wanted.size(1)).flatten(1);
    const at::Tensor slope = session.metric().dualLength(boundary.normal);
    const at::Tensor isFlat = (slope > 0).logical_and(slope.isfinite()).logical_not();
    boundary.distance = (boundary.value.abs() / slope).masked_fill(isFlat, infinity);
    if (mayHoldAny(isFlat))
        boundary.normal = boundary.normal.masked_fill(isFlat.unsqueeze(1), 0.0);
    return boundary;
}

} // namespace

ClassPairs classPairs(const AttackSession& session, const at::Tensor& logits, std::int64_t m)
{
    const at::Tensor isTargeted = (session.anchors().sign() < 0).unsqueeze(1);
    const std::int64_t count = isTargeted.all().item<bool>() ? 1 : std::min<std::int64_t>(m, logits.size(1) - 1);
    const at::Tensor others = strongestOthers(logits, session.anchors().classes(), count);
    const at::Tensor anchors = session.anchors().classes().unsqueeze(1).expand_as(others);
    return {at::where(isTargeted, anchors, others), at::where(isTargeted, others.narrow(1, 0, 1), anchors)};
}

ClassBoundary nearestBoundary(AttackSession& session, const ForwardPass& pass, const ClassPairs& pairs)
{
    // The clean image's logits give the scale, too: those of two classes may both be near 0 at the boundary.
    const at::Tensor logits = pass.logits.detach();
    const at::Tensor scale = at::maximum(logits.abs().amax(1), session.cleanLogits().abs().amax(1));
    const at::Tensor lead = session.confidence() + beyondLastBits * scale;
    const at::Tensor values = logits.gather(1, pairs.wanted) - logits.gather(1, pairs.unwanted) - lead.unsqueeze(1);
    const std::int64_t count = values.size(1);
    ClassBoundary nearest;
    for (std::int64_t j = 0; j < count; ++j) {
        const ClassBoundary boundary = linearise(session, pass, pairs, j, values.select(1, j));
        if (j == 0) {
            nearest = boundary;
            continue;
        }
        const at::Tensor isNearer = boundary.distance < nearest.distance;
        nearest.value = at::where(isNearer, boundary.value, nearest.value);
        nearest.normal = at::where(isNearer.unsqueeze(1), boundary.normal, nearest.normal);
        nearest.distance = at::minimum(boundary.distance, nearest.distance);
    }
    return nearest;
}

void searchTowardsClean(AttackSession& session, int rounds, const std::function<at::Tensor(const at::Tensor& x)>& rank)
{
    if (rounds == 0 || session.stopRequested())
        return;
    session.recallFound();
    if (session.rows() == 0)
        return;
    const at::Tensor x0 = session.x0();
    const at::Tensor way = session.best() - x0;
    at::Tensor clean = session.full(0.0); // share of the way known not to be adversarial, or not tried
    at::Tensor adversarial = session.full(1.0);
    for (int round = 0; round < rounds && !session.stopRequested(); ++round) {
        const at::Tensor share = (clean + adversarial) / 2;
        const at::Tensor x = x0 + perRow(share, way) * way;
        const Observation seen = session.offer(x, session.logits(x), rank ? rank(x) : at::Tensor());
        adversarial = at::where(seen.isAdversarial, share, adversarial);
        clean = at::where(seen.isAdversarial, clean, share);
    }
}

ParamSpec finalSearchSpec()
{
    return {.key = "final-search",
        .label = "Final search",
        .unit = "steps",
        .standard = 12LL,
        .preview = std::nullopt,
        .minimum = 0,
        .maximum = 30,
        .choices = {},
        .help = "Bisection from the clean to the found image at the end, so that overshoot does not count; 0: none (Croce and Hein 2020)"};
}

} // namespace brink
