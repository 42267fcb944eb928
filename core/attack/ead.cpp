// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/classboundary_torch.h"
#include "core/attack/constantsearch_torch.h"

#include <ATen/ATen.h>

namespace brink {

namespace {

struct EadSettings {
    double beta;
    double stepSize;
    double steps;
    bool ranksByL1;
};

struct Variables {
    at::Tensor start;
    at::Tensor x; ///< x_k, after shrinkage: the one that is reported
    at::Tensor y; ///< the momentum point, where the gradient is taken

    Variables(const at::Tensor& x0, const ConstantSchedule&) : start(x0), x(x0.clone()), y(x0.clone()) {}

    void restart(const at::Tensor& rows)
    {
        x.index_copy_(0, rows, start.index_select(0, rows));
        y.index_copy_(0, rows, start.index_select(0, rows));
    }

    void append(const Variables& more)
    {
        start = at::cat({start, more.start});
        x = at::cat({x, more.x});
        y = at::cat({y, more.y});
    }

    void keep(const at::Tensor& rows)
    {
        for (at::Tensor* tensor : {&start, &x, &y})
            *tensor = tensor->index_select(0, rows);
    }
};

at::Tensor elasticNet(const at::Tensor& delta, double beta)
{
    const at::Tensor flat = delta.flatten(1);
    return flat.square().sum(1) + beta * flat.abs().sum(1);
}

// Soft thresholding of the perturbation, then the box (equation 5).
at::Tensor shrink(const at::Tensor& z, const at::Tensor& x0, double beta)
{
    const at::Tensor delta = z - x0;
    return (x0 + delta.sign() * (delta.abs() - beta).clamp_min(0.0)).clamp(0.0, 1.0);
}

// One FISTA step of c * max(margin + kappa, 0) + |x - x0|_2^2 + beta |x - x0|_1 (algorithm 1). The momentum point is kept in
// the box, where the authors let it leave: a model is never asked about what is no image.
ConstantSearch::Ended optimise(AttackSession& session, ConstantSearch& search, Variables& variables, const EadSettings& settings)
{
    const at::Tensor& x0 = session.x0();
    const ForwardPass pass = session.forward(variables.y);
    const LogitLoss hinge = search.hinge(session.anchors().margin(pass.logits.detach()), session.confidence());
    const at::Tensor gradient = session.gradient(pass, hinge.weights).add(variables.y - x0, 2);
    const at::Tensor stepSize = settings.stepSize * (1 - search.steps() / settings.steps).sqrt();
    const at::Tensor x = shrink(variables.y - perRow(stepSize, gradient) * gradient, x0, settings.beta);
    const at::Tensor momentum = search.steps() / (search.steps() + 3);
    variables.y = (x + perRow(momentum, x) * (x - variables.x)).clamp(0.0, 1.0);
    variables.x = x;

    const at::Tensor logits = session.logits(x);
    const Observation seen = session.measure(x, logits);
    const at::Tensor distance = elasticNet(seen.delta, settings.beta);
    const at::Tensor loss = search.hinge(seen.margin, session.confidence()).value + distance;
    session.observe(seen, loss, settings.ranksByL1 ? at::Tensor() : distance);
    return search.advance(loss, seen.isAdversarial);
}

} // namespace

AttackInfo eadInfo()
{
    AttackInfo info;
    info.name = "ead";
    info.label = "EAD";
    info.summary = "Minimises an elastic net of the perturbation plus a weighted logit hinge with FISTA and searches the weight.";
    info.source = "Chen, Sharma, Zhang, Yi and Hsieh 2018, arXiv 1709.04114, algorithm 1";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::L1};
    info.refillsBatch = true;
    // Off by default: shrinkage is strongest against the step size in the last steps, which an early end would skip (mnist
    // net with certified training: L1 12 % larger with it).
    info.parameters = constantSearchParameters(false);
    info.parameters.push_back({"rule", "Decision rule", "", std::string("l1"), {}, {}, {}, {"l1", "en"},
        "Which successful iterate is kept: least L1 or least elastic net (section 4.1)"});
    info.parameters.push_back({"beta", "L1 weight", "", 1e-3, {}, 0, 1, {}, "Weight of the L1 term, the amount of shrinkage (the authors' code)"});
    info.parameters.push_back({"step-size", "Step size", "", 0.01, {}, 1e-6, 10, {}, "First one; it falls with the square root (the authors' code)"});
    info.parameters.push_back(finalSearchSpec());
    return info;
}

void eadAttack(AttackSession& session)
{
    const Params& parameters = session.parameters();
    const EadSettings settings{parameters.real("beta"), parameters.real("step-size"), double(parameters.integer("steps")),
        parameters.text("rule") == "l1"};
    runConstantSearch<Variables>(session, constantSchedule(parameters),
        [&](ConstantSearch& search, Variables& variables) { return optimise(session, search, variables, settings); });
    const auto rank = [&](const at::Tensor& x) {
        return settings.ranksByL1 ? at::Tensor() : elasticNet(x - session.x0(), settings.beta);
    };
    searchTowardsClean(session, int(parameters.integer("final-search")), rank);
}

} // namespace brink
