// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/classboundary_torch.h"
#include "core/attack/constantsearch_torch.h"

#include <ATen/ATen.h>

#include <cmath>

namespace brink {

namespace {

// The box by a tanh that is stretched a little beyond it, x = 1/2 + tanh(w) / (2 reach), with w held where x is in [0,1].
// Pixels that are exactly 0 or 1 then have a finite w and a slope: with the paper's tanh they sit at infinity (in the
// authors' code at w = 7.25, slope 1e-6) and the background of a digit hardly changes. The start is exactly x0.
class StretchedTanh {
public:
    [[nodiscard]] static at::Tensor toBox(const at::Tensor& w) { return (w.tanh() / (2 * reach) + 0.5).clamp(0.0, 1.0); }
    [[nodiscard]] static at::Tensor fromBox(const at::Tensor& x) { return ((2 * x - 1) * reach).atanh(); }
    [[nodiscard]] static at::Tensor slope(const at::Tensor& w) { return (1 - w.tanh().square()) / (2 * reach); }
    [[nodiscard]] static at::Tensor hold(const at::Tensor& w) { return w.clamp(-std::atanh(reach), std::atanh(reach)); }

private:
    static constexpr double reach = 0.9;
};

// Adam (Kingma and Ba 2015, algorithm 1) with a step count per row.
struct Adam {
    at::Tensor mean;
    at::Tensor square;

    [[nodiscard]] at::Tensor direction(const at::Tensor& gradient, const at::Tensor& steps)
    {
        constexpr double decay = 0.9, squareDecay = 0.999;
        // Far below the usual 1e-8: the loss starts with c = 1e-3 times a slope, and flat models give tiny gradients.
        constexpr double tiny = 1e-16;
        mean = decay * mean + (1 - decay) * gradient;
        square = squareDecay * square + (1 - squareDecay) * gradient.square();
        const at::Tensor meanScale = perRow(1 - at::pow(decay, steps + 1), gradient);
        const at::Tensor squareScale = perRow(1 - at::pow(squareDecay, steps + 1), gradient);
        return (mean / meanScale) / ((square / squareScale).sqrt() + tiny);
    }
};

struct Variables {
    at::Tensor start; ///< w of the clean image
    at::Tensor w;
    Adam adam;

    explicit Variables(const at::Tensor& x0) : start(StretchedTanh::fromBox(x0)), w(start.clone())
    {
        adam = {at::zeros_like(w), at::zeros_like(w)};
    }

    void restart(const at::Tensor& rows)
    {
        w.index_copy_(0, rows, start.index_select(0, rows));
        adam.mean.index_fill_(0, rows, 0.0);
        adam.square.index_fill_(0, rows, 0.0);
    }

    void keep(const at::Tensor& rows)
    {
        for (at::Tensor* tensor : {&start, &w, &adam.mean, &adam.square})
            *tensor = tensor->index_select(0, rows);
    }
};

// One forward, one backward and one Adam step of c * max(margin + kappa, 0) + |x - x0|^2 for every row.
ConstantSearch::Ended optimise(AttackSession& session, ConstantSearch& search, Variables& variables, double stepSize)
{
    const at::Tensor x = StretchedTanh::toBox(variables.w);
    const ForwardPass pass = session.forward(x);
    const at::Tensor hinge = search.constants() * (session.margin(pass.logits) + session.confidence()).clamp_min(0.0);
    const at::Tensor delta = x - session.x0();
    const at::Tensor loss = hinge.detach() + delta.flatten(1).square().sum(1);
    const Observation seen = session.observe(x, pass.logits.detach(), loss);
    const at::Tensor gradient = (session.gradient(pass, hinge) + 2 * delta) * StretchedTanh::slope(variables.w);
    variables.w = StretchedTanh::hold(variables.w - stepSize * variables.adam.direction(gradient, search.steps()));
    return search.advance(loss, seen.isAdversarial);
}

} // namespace

AttackInfo cwInfo()
{
    AttackInfo info;
    info.name = "cw";
    info.label = "C&W L2";
    info.summary = "Minimises squared distance plus a weighted logit hinge with Adam and searches the weight.";
    info.source = "Carlini and Wagner 2017, arXiv 1608.04644, section VI.A";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::L2};
    info.parameters = constantSearchParameters(true);
    info.parameters.push_back({"step-size", "Step size", "", 0.01, 0.02, 1e-6, 10, {}, "Adam's, in the tanh variable (the authors' code)"});
    info.parameters.push_back(finalSearchSpec());
    return info;
}

void cwAttack(AttackSession& session)
{
    const double stepSize = session.parameters().real("step-size");
    runConstantSearch<Variables>(session, constantSchedule(session.parameters()),
        [&](ConstantSearch& search, Variables& variables) { return optimise(session, search, variables, stepSize); });
    searchTowardsClean(session, int(session.parameters().integer("final-search")));
}

} // namespace brink
