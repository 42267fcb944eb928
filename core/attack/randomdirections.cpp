// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/randomdirections.h"

#include "core/attack/common_torch.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Directions followed at once; fixed, so that costs do not depend on batch mates.
constexpr std::int64_t blockSize = 16;
/// Points of the coarse grid, at (k/scanSteps)^2 of the longest way: crossings are dense near the image.
constexpr int scanSteps = 12;
/// Halvings after a crossing at the last grid point; earlier ones get more.
constexpr int bisections = 10;

/// Random directions of one image each, length 1 in the session's norm, [n,...].
at::Tensor drawDirections(AttackSession& session)
{
    if (session.norm() == Norm::L2) {
        const at::Tensor normal = session.normal();
        return normal / perRow(session.metric().length(normal), normal);
    }
    if (session.norm() == Norm::Linf)
        return session.uniform() * 2 - 1;
    const at::Tensor point = session.uniformInBall();
    return point / perRow(session.metric().length(point), point);
}

/// A way of this length takes a typical value of a direction across the whole range of pixels.
double longestWay(Norm norm, std::int64_t dimension)
{
    return norm == Norm::Linf ? 2.0 : norm == Norm::L2 ? 2 * std::sqrt(double(dimension)) : 2 * double(dimension);
}

struct Crossings {
    at::Tensor x;        ///< [n m,...] first adversarial point of each direction, image by image; x0 without one
    at::Tensor distance; ///< [n,m]; infinity without a crossing
};

/// Follows m directions of every image: coarse grid until the first crossing, then bisection. No host copy.
Crossings followBlock(AttackSession& session, std::int64_t m)
{
    std::vector<at::Tensor> drawn;
    for (std::int64_t i = 0; i < m; ++i)
        drawn.push_back(drawDirections(session));
    const at::Tensor directions = at::stack(drawn, 1).flatten(0, 1);
    const at::Tensor x0 = session.x0().repeat_interleave(m, 0);
    const Anchors anchors = session.anchors().select(at::arange(session.rows(), x0.options().dtype(at::kLong)).repeat_interleave(m));
    const at::Tensor lead = session.confidence().repeat_interleave(m);
    const double longest = longestWay(session.norm(), x0.numel() / x0.size(0));
    const auto at = [&](const at::Tensor& way) { return (x0 + perRow(way, x0) * directions).clamp(0, 1); };

    at::Tensor inside = at::zeros({x0.size(0)}, x0.options());
    at::Tensor outside = at::full({x0.size(0)}, infinity, x0.options());
    for (int step = 1; step <= scanSteps + bisections && !session.stopRequested(); ++step) {
        const at::Tensor isCrossed = at::isfinite(outside);
        const double next = longest * std::pow(double(std::min(step, scanSteps)) / scanSteps, 2);
        const at::Tensor way = at::where(isCrossed, (inside + outside) / 2, at::full_like(inside, next));
        const at::Tensor logits = session.logits(at(way));
        const at::Tensor isAdversarial = isBelowBoundary(anchors.margin(logits).value, logits, lead);
        outside = at::where(isAdversarial, way, outside);
        inside = at::where(isAdversarial, inside, way);
    }
    Crossings crossings;
    crossings.x = at(at::where(at::isfinite(outside), outside, at::zeros_like(outside)));
    const at::Tensor distance = session.metric().length(crossings.x - x0);
    crossings.distance = at::where(at::isfinite(outside), distance, outside).view({session.rows(), m});
    return crossings;
}

/// The nearest crossing of each image's block is an iterate of the attack.
void observeNearest(AttackSession& session, const Crossings& crossings)
{
    const std::int64_t m = crossings.distance.size(1);
    const at::Tensor nearest = crossings.distance.argmin(1);
    const at::Tensor rows = at::arange(session.rows(), nearest.options()) * m + nearest;
    const at::Tensor x = crossings.x.index_select(0, rows);
    const at::Tensor logits = session.logits(x);
    session.observe(x, logits);
}

/// Distances of all directions, [n,directions], or fewer after a stop.
at::Tensor followAll(AttackSession& session, std::int64_t directions)
{
    std::vector<at::Tensor> distances{at::empty({session.rows(), 0}, session.x0().options())};
    for (std::int64_t done = 0; done < directions && !session.stopRequested(); done += blockSize) {
        const Crossings crossings = followBlock(session, std::min(blockSize, directions - done));
        observeNearest(session, crossings);
        distances.push_back(crossings.distance);
        session.progress(std::min(done + blockSize, directions), directions);
    }
    return at::cat(distances, 1);
}

} // namespace

AttackInfo randomdirectionsInfo()
{
    AttackInfo info;
    info.name = "random-directions";
    info.label = "Random directions";
    info.summary = "Nearest crossing among random directions; needs no gradient, so it shows when gradients mislead.";
    info.source = "Fawzi et al. 2016, arXiv 1608.08967 (robustness to random noise)";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::L2, Norm::Linf, Norm::L1};
    info.parameters = {{"directions", "Directions", "", 200LL, 48LL, 1.0, 1e6, {}, "Random directions followed to their crossing"}};
    return info;
}

void randomdirectionsAttack(AttackSession& session)
{
    const at::NoGradGuard noGrad;
    (void)followAll(session, session.parameters().integer("directions"));
}

std::vector<std::optional<double>> crossingDistances(std::shared_ptr<const Classifier> classifier, const Image& image,
    const Criterion& criterion, Norm norm, int directions, std::uint64_t seed, Monitor& monitor, EvaluationCounts& counts)
{
    const AttackInfo& info = attackInfo("random-directions");
    AttackRequest request;
    request.name = info.name;
    request.norm = norm;
    request.keepTrace = false;
    request.parameters = Params(info.parameters);
    request.parameters.set("directions", static_cast<long long>(directions));
    const AttackItem item{&image, criterion, seed};
    request = checkedRequest(*classifier, request, std::span(&item, 1));

    const at::NoGradGuard noGrad;
    AttackSession session(std::move(classifier), info, request, std::span(&item, 1), monitor);
    std::vector<std::optional<double>> distances;
    if (session.rows() > 0) {
        const at::Tensor found = followAll(session, directions).flatten().to(at::kCPU);
        for (std::int64_t i = 0; i < found.size(0); ++i) {
            const double distance = found[i].item<float>();
            distances.push_back(std::isfinite(distance) ? std::optional(distance) : std::nullopt);
        }
    }
    counts += session.costs(0);
    return distances;
}

} // namespace brink
