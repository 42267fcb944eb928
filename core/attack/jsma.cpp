// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/common_torch.h"

#include <algorithm>
#include <limits>

namespace brink {

AttackInfo jsmaInfo()
{
    AttackInfo info;
    info.name = "jsma";
    info.label = "JSMA";
    info.summary = "Changes the pair of values with the largest saliency for one class, again and again, until it is reached.";
    info.source = "Papernot et al. 2016, arXiv 1511.07528, algorithms 2 and 3; both directions: Wiyatno and Xu 2018, arXiv 1808.07945";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::L0};
    info.parameters = {{"theta", "Change", "pixel [0,1]", 1.0, {}, 1e-3, 1.0, {}, "Of a value in one step; 1 takes it to black or white (ART: 0.1)"},
        {"gamma", "Share of values", "", 1.0, 0.1, 1e-6, 1.0, {}, "Most values changed; images that need more fail (ART: 1, Papernot et al. 2016: 0.145)"},
        {"candidates", "Candidates", "values", 128LL, {}, 2.0, 100000.0, {}, "Values of which all pairs are weighed; all of an image if it has fewer"},
        {"direction", "Direction", "", std::string("both"), {}, {}, {}, {"both", "brighter", "darker"},
            "Which way values may change (Papernot et al. 2016: one of them)"}};
    return info;
}

namespace {

/// Promise of a way that cannot be gone; an open one has at least -2.
constexpr double closed = -10;

/// What changing each value one way would do: n images, m ways.
struct Ways {
    at::Tensor gain; ///< [n,m] of the wanted logit
    at::Tensor loss; ///< [n,m] of all others together
    at::Tensor index; ///< [n,m] int64: value, or value + d for the darker way
    at::Tensor isOpen; ///< [n,m] bool: the value can go there
};

/// The wanted class: the target, or the clean image's strongest other one.
at::Tensor wantedClasses(const AttackSession& session)
{
    const Anchors& anchors = session.anchors();
    const at::Tensor others = session.cleanLogits().scatter(1, anchors.classes().unsqueeze(1), -std::numeric_limits<double>::infinity());
    return at::where(anchors.sign().lt(0), anchors.classes(), others.argmax(1));
}

/// The ways that promise most, of values that can still move; none goes back.
Ways bestWays(AttackSession& session, const at::Tensor& x, const ForwardPass& pass, const at::Tensor& wanted)
{
    const Params& parameters = session.parameters();
    const at::Tensor own = at::zeros_like(pass.logits).scatter_(1, wanted.unsqueeze(1), 1.0);
    const at::Tensor up = session.gradient(pass, own, true).flatten(1), others = session.gradient(pass, 1 - own).flatten(1);
    const at::Tensor gain = at::cat({up, -up}, 1), loss = at::cat({-others, others}, 1);
    const at::Tensor moved = (x - session.x0()).flatten(1);
    at::Tensor canBrighten = x.flatten(1).lt(1).logical_and(moved.ge(0)), canDarken = x.flatten(1).gt(0).logical_and(moved.le(0));
    if (parameters.text("direction") == "darker")
        canBrighten = at::zeros_like(canBrighten);
    if (parameters.text("direction") == "brighter")
        canDarken = at::zeros_like(canDarken);
    const auto scaled = [](const at::Tensor& values) { return values / values.abs().amax(1, true).clamp_min(1e-30); };
    const at::Tensor promise = (scaled(gain) + scaled(loss)).masked_fill(at::cat({canBrighten, canDarken}, 1).logical_not(), closed);
    const auto count = std::min<std::int64_t>(parameters.integer("candidates"), promise.size(1));
    const auto [best, index] = promise.topk(count, 1);
    return {gain.gather(1, index), loss.gather(1, index), index, best.gt(closed)};
}

/// The pair with the largest (gain p + gain q)(loss p + loss q), both sums positive, as a change of x; zero where there is none.
/// Where one of the sums is zero for all pairs, as in nets of two classes with one output, the other one decides.
at::Tensor pairChange(const Ways& ways, const at::Tensor& x, double theta)
{
    const std::int64_t count = ways.index.size(1), values = x.numel() / x.size(0);
    const auto sums = [](const at::Tensor& each) { return each.unsqueeze(2) + each.unsqueeze(1); };
    const at::Tensor gain = sums(ways.gain), loss = sums(ways.loss);
    const at::Tensor value = ways.index.remainder(values);
    const at::Tensor isOpen = ways.isOpen.unsqueeze(2).logical_and(ways.isOpen.unsqueeze(1));
    const at::Tensor isPair = value.unsqueeze(2).ne(value.unsqueeze(1)).logical_and(isOpen).logical_and(gain.ge(0)).logical_and(loss.ge(0));
    const at::Tensor product = (gain * loss).mul_(isPair), sum = (gain + loss).mul_(isPair);
    const at::Tensor hasProduct = product.flatten(1).amax(1).gt(0);
    const auto [saliency, which] = at::where(perRow(hasProduct, product), product, sum).flatten(1).max(1, true);
    const at::Tensor pair = at::cat({at::div(which, count, "trunc"), which.remainder(count)}, 1);
    const at::Tensor way = ways.index.gather(1, pair);
    const at::Tensor step = at::where(way.lt(values), at::full_like(saliency, theta), at::full_like(saliency, -theta)) * saliency.gt(0);
    return at::zeros_like(x.flatten(1)).scatter_add_(1, way.remainder(values), step).view_as(x);
}

} // namespace

/// Untargeted images go to the class that is strongest after their own. Deviations: pairs are formed of the most promising values
/// only (`candidates`), where the paper tries all; and a logit that nothing changes does not end the walk.
void jsmaAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    const at::Tensor& x0 = session.x0();
    const auto values = double(x0.numel() / x0.size(0));
    const double mostValues = parameters.real("gamma") * values;
    const auto steps = std::max(1LL, static_cast<long long>(mostValues / 2 / parameters.real("theta")));
    at::Tensor wanted = wantedClasses(session), x = x0;
    for (long long step = 0; step <= steps && session.rows() > 0 && !session.stopRequested(); ++step) {
        const ForwardPass pass = session.forward(x);
        if (step == steps) {
            session.observeLast(x, pass.logits, {});
            return;
        }
        const Observation seen = session.observe(x, pass.logits);
        const at::Tensor change = pairChange(bestWays(session, x, pass, wanted), x, parameters.real("theta"));
        const at::Tensor isStuck = change.flatten(1).abs().amax(1).eq(0);
        const at::Tensor isDone = seen.isAdversarial.logical_or(isStuck).logical_or(seen.delta.flatten(1).ne(0).sum(1).ge(mostValues));
        x = (x + change).clamp(0, 1);
        session.progress(step + 1, steps);
        if (!mayHoldAny(isDone))
            continue;
        session.retire(isDone);
        if (const auto rows = session.compact()) {
            x = x.index_select(0, *rows);
            wanted = wanted.index_select(0, *rows);
        }
    }
}

} // namespace brink
