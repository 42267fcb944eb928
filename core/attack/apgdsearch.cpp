// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/apgdwalk_torch.h"

#include <cmath>
#include <limits>

namespace brink {

AttackInfo apgdsearchInfo()
{
    AttackInfo info;
    info.name = "apgd-search";
    info.label = "APGD search";
    info.summary = "APGD in budgets that close in on the smallest one of each image that succeeds, each from the best image so far, shrunk.";
    info.source = "Croce and Hein 2020, arXiv 2003.01690; searched for the smallest budget as in Cinà et al. 2024, arXiv 2404.19460";
    info.kind = AttackKind::MinimumNorm;
    // Not in L1: the sparse steps, made for a budget that is given, miss nearer images in every smaller one (golden nets, 1.6 times the best).
    info.norms = {Norm::Linf, Norm::L2};
    info.parameters = {stepsParameter(100, 20, "of each attempt, Croce and Hein 2020"),
        {"attempts", "Attempts", "", 16LL, 8LL, 1.0, 100.0, {}, "Budgets tried; images whose budget is known to 0.2 % take no further one"},
        {"loss", "Loss", "", std::string("both"), {}, {}, {}, {"both", "cross-entropy", "dlr"},
            "What is driven: cross-entropy, the difference of logits ratio, or one attempt with each in turn"},
        {"rho", "Share of progress", "", 0.75, {}, 0.0, 1.0, {}, "Steps are halved where no more than this share of those since the last check improved the loss (Croce and Hein 2020)"}};
    return info;
}

namespace {

constexpr double knownTo = 2e-3; ///< relative width of the bracket that ends the search

at::Tensor intoBudget(const AttackSession& session, const at::Tensor& delta, const at::Tensor& eps)
{
    return session.metric().project(delta, eps).add(session.x0()).clamp_(0, 1);
}

/// For each image the budgets that failed and succeeded last, and the next one to try.
struct Bracket {
    at::Tensor eps, failed, succeeded; ///< [n]

    /// @param nearest [n] distance of the best image so far, infinite without one. @param wasFooled [n] in the budget eps.
    void close(const at::Tensor& wasFooled, const at::Tensor& nearest, const at::Tensor& farthest)
    {
        succeeded = at::minimum(succeeded, nearest);
        failed = at::minimum(at::where(wasFooled, failed, at::maximum(failed, eps)), succeeded);
        const at::Tensor between = at::where(failed.gt(0), (failed + succeeded) / 2, succeeded / 2);
        eps = at::minimum(at::where(at::isinf(succeeded), 2 * eps, between), farthest);
    }
    [[nodiscard]] at::Tensor isKnown() const { return (succeeded - failed).le(knownTo * succeeded).logical_and(at::isfinite(succeeded)); }
    void keep(const at::Tensor& rows)
    {
        for (at::Tensor* tensor : {&eps, &failed, &succeeded})
            *tensor = tensor->index_select(0, rows);
    }
};

/// Where the linearised margin ends, the first budget to try. Images without a slope begin with a hundredth of the box.
at::Tensor linearisedDistance(AttackSession& session)
{
    const ForwardPass pass = session.forward(session.x0());
    const LogitLoss margin = session.anchors().margin(pass.logits.detach());
    const at::Tensor slope = DistanceMetric(dualNorm(session.norm())).length(session.gradient(pass, margin.weights));
    const at::Tensor farthest = session.metric().farthestInBox(session.x0());
    const at::Tensor distance = margin.value / slope;
    const at::Tensor isUsable = at::isfinite(distance).logical_and(distance.gt(0));
    return at::minimum(at::where(isUsable, distance, farthest / 100), farthest);
}

} // namespace

/// A failure in a budget proves nothing, so the search may end above the smallest budget, never below.
void apgdsearchAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    const std::string& loss = parameters.text("loss");
    ApgdSettings settings{loss, parameters.real("rho"), 1, false};
    const auto steps = parameters.integer("steps");
    const auto attempts = parameters.integer("attempts");
    Bracket bracket{linearisedDistance(session), session.full(0), session.full(std::numeric_limits<double>::infinity())};
    for (long long attempt = 0; attempt < attempts && session.rows() > 0 && !session.stopRequested(); ++attempt) {
        const at::Tensor somewhere = session.uniformInBall();
        const at::Tensor fromBest = session.best() - session.x0();
        const at::Tensor delta = at::where(perRow(session.isFound(), fromBest), fromBest, somewhere * perRow(bracket.eps, somewhere));
        if (loss == "both")
            settings.loss = attempt % 2 == 0 ? "cross-entropy" : "dlr";
        ApgdWalk walk(session, settings, session.classLedTo(0));
        walk.onProgress(attempt * steps, attempts * steps);
        walk.run(intoBudget(session, delta, bracket.eps), bracket.eps, steps, true);
        if (session.stopRequested())
            return;
        bracket.close(walk.wasFooled(), session.bestDistance(), session.metric().farthestInBox(session.x0()));
        session.retire(bracket.isKnown());
        if (const auto rows = session.compact())
            bracket.keep(*rows);
    }
}

} // namespace brink
