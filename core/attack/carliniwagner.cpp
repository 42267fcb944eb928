// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/classboundary_torch.h"
#include "core/attack/constantsearch_torch.h"
#include "core/attack/tanhstep.h"

#include <ATen/ATen.h>

#include <cmath>

namespace brink {

namespace {

// The box by a tanh that is stretched a little beyond it, x = 1/2 + tanh(w) / (2 reach), with w held where x is in [0,1].
// Pixels that are exactly 0 or 1 then have a finite w and a slope: with the paper's tanh they sit at infinity (in the
// authors' code at w = 7.25, slope 1e-6) and the background of a digit hardly changes. The start is exactly x0.
class StretchedTanh {
public:
    static constexpr double reach = 0.9;
    static constexpr double half = 1 / (2 * reach);

    /// @param t tanh(w), which both need.
    [[nodiscard]] static at::Tensor toBox(const at::Tensor& t) { return at::add(at::full({}, 0.5, t.options()), t, half).clamp_(0.0, 1.0); }
    [[nodiscard]] static at::Tensor slope(const at::Tensor& t)
    {
        return at::addcmul(at::full({}, half, t.options()), t, t, -half); // half (1 - t^2)
    }
    [[nodiscard]] static at::Tensor fromBox(const at::Tensor& x) { return ((2 * x - 1) * reach).atanh(); }
    [[nodiscard]] static double limit() { return std::atanh(reach); }
};

// What one step of Adam sees besides its own memory.
struct StepInputs {
    const at::Tensor& t;           ///< [n,...] tanh(w)
    const at::Tensor& delta;       ///< [n,...] x - x0
    const at::Tensor& gradient;    ///< [n,...] of the classification loss by x
    const at::Tensor& stepsBefore; ///< [n] int64
    double stepSize;
};

// Adam (Kingma and Ba 2015, algorithm 1) with a step count per row. The corrections of the two means' start are not applied
// to the means but, which is the same, to the step: mean/m / (sqrt(square/s) + tiny) = mean sqrt(s)/m / (sqrt(square) +
// tiny sqrt(s)), with numbers per row from a table.
class Adam {
public:
    Adam(const at::Tensor& like, int steps) : m_mean(at::zeros_like(like)), m_square(at::zeros_like(like))
    {
        const at::Tensor count = at::arange(1, steps + 1, like.options().dtype(at::kDouble));
        const at::Tensor root = (1 - at::pow(squareDecay, count)).sqrt();
        m_scaleAfter = (root / (1 - at::pow(decay, count))).to(at::kFloat);
        m_tinyAfter = (tiny * root).to(at::kFloat);
    }

    void move(at::Tensor& w, const StepInputs& in)
    {
        if (w.device().is_cpu())
            moveRows(w, in);
        else
            moveTensors(w, in);
    }

    void restart(const at::Tensor& rows)
    {
        m_mean.index_fill_(0, rows, 0.0);
        m_square.index_fill_(0, rows, 0.0);
    }

    void append(const Adam& more)
    {
        m_mean = at::cat({m_mean, more.m_mean});
        m_square = at::cat({m_square, more.m_square});
    }

    void keep(const at::Tensor& rows)
    {
        m_mean = m_mean.index_select(0, rows);
        m_square = m_square.index_select(0, rows);
    }

private:
    void moveRows(at::Tensor& w, const StepInputs& in)
    {
        const at::Tensor t = in.t.contiguous(), delta = in.delta.contiguous(), gradient = in.gradient.contiguous();
        const std::int64_t count = w.numel() / w.size(0);
        const auto* steps = in.stepsBefore.data_ptr<std::int64_t>();
        for (std::int64_t row = 0; row < w.size(0); ++row) {
            const std::int64_t at = row * count;
            tanhStep({count, w.data_ptr<float>() + at, m_mean.data_ptr<float>() + at, m_square.data_ptr<float>() + at,
                         t.data_ptr<float>() + at, delta.data_ptr<float>() + at, gradient.data_ptr<float>() + at},
                {float(StretchedTanh::half), float(StretchedTanh::limit()), float(1 - decay), float(squareDecay),
                    float(in.stepSize) * m_scaleAfter.data_ptr<float>()[steps[row]], m_tinyAfter.data_ptr<float>()[steps[row]]});
        }
    }

    void moveTensors(at::Tensor& w, const StepInputs& in)
    {
        const at::Tensor gradient = in.gradient.add(in.delta, 2).mul_(StretchedTanh::slope(in.t));
        m_mean.lerp_(gradient, 1 - decay);
        m_square.mul_(squareDecay).addcmul_(gradient, gradient, 1 - squareDecay);
        const at::Tensor scaled = m_mean * perRow(m_scaleAfter.index_select(0, in.stepsBefore), w);
        w.addcdiv_(scaled, m_square.sqrt().add_(perRow(m_tinyAfter.index_select(0, in.stepsBefore), w)), -in.stepSize);
        w.clamp_(-StretchedTanh::limit(), StretchedTanh::limit());
    }

    static constexpr double decay = 0.9, squareDecay = 0.999;
    // Far below the usual 1e-8: the loss starts with c = 1e-3 times a slope, and flat models give tiny gradients.
    static constexpr double tiny = 1e-16;
    at::Tensor m_mean, m_square;
    at::Tensor m_scaleAfter, m_tinyAfter; ///< [steps], by the steps before
};

struct Variables {
    at::Tensor start; ///< w of the clean image
    at::Tensor w;
    Adam adam;

    Variables(const at::Tensor& x0, const ConstantSchedule& schedule)
        : start(StretchedTanh::fromBox(x0).contiguous()), w(start.clone()), adam(w, schedule.steps)
    {
    }

    void restart(const at::Tensor& rows)
    {
        w.index_copy_(0, rows, start.index_select(0, rows));
        adam.restart(rows);
    }

    void append(const Variables& more)
    {
        start = at::cat({start, more.start});
        w = at::cat({w, more.w});
        adam.append(more.adam);
    }

    void keep(const at::Tensor& rows)
    {
        start = start.index_select(0, rows);
        w = w.index_select(0, rows);
        adam.keep(rows);
    }
};

// One forward, one backward and one Adam step of c * max(margin + kappa, 0) + |x - x0|^2 for every row.
ConstantSearch::Ended optimise(AttackSession& session, ConstantSearch& search, Variables& variables, double stepSize)
{
    const at::Tensor t = variables.w.tanh();
    const at::Tensor x = StretchedTanh::toBox(t);
    const ForwardPass pass = session.forward(x);
    const Observation seen = session.measure(x, pass.logits);
    const LogitLoss hinge = search.hinge(seen.margin, session.confidence());
    const at::Tensor loss = hinge.value + seen.distance.square();
    session.observe(seen, loss);
    variables.adam.move(variables.w, {t, seen.delta, session.gradient(pass, hinge.weights), search.steps(), stepSize});
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
    info.refillsBatch = true;
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
