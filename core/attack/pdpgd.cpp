// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/adam_torch.h"
#include "core/attack/common_torch.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>

namespace brink {

AttackInfo pdpgdInfo()
{
    AttackInfo info;
    info.name = "pdpgd";
    info.label = "PDPGD";
    info.summary = "Proximal gradient steps on the perturbation, weighted against the margin by a dual variable that follows success.";
    info.source = "Matyasko and Chau 2021, arXiv 2106.01538, algorithm 1; constants of the adversarial-library implementation";
    info.kind = AttackKind::MinimumNorm;
    info.norms = {Norm::L1, Norm::L2, Norm::Linf};
    info.parameters = {stepsParameter(500, 100, "adversarial-library"),
        {"step-size", "Initial step size", "pixel [0,1]", 0.1, {}, 1e-6, 1e3, {}, "Of Adam; falls exponentially to a hundredth"},
        {"dual-step", "Dual step size", "", 0.1, {}, 1e-6, 100.0, {}, "Change of the logarithm of the weights' ratio; falls to a tenth"},
        {"initial-ratio", "Initial ratio", "", 0.01, {}, 1e-6, 1e6, {}, "Weight of the distance over that of the margin at the start"},
        {"average", "Memory of the weights", "", 0.9, {}, 0.0, 0.9999, {}, "Share of the old weights in their moving average"},
        restartsParameter()};
    return info;
}

namespace {

constexpr double stepDecay = 0.01, dualDecay = 0.1, largestLogRatio = 13.815510557964274; // ln 1e6
/// Inner iterations of the proximal step in Adam's metric (Melchior et al. 2019, arXiv 1910.10094), and when they end.
constexpr int proximalSteps = 5;
constexpr double settled = 1e-2;

/// argmin over z of weight |z| + |z - point|²/2, in the attack's norm. @param weight [n].
at::Tensor shrunk(const at::Tensor& point, const at::Tensor& weight, Norm norm)
{
    switch (norm) {
    case Norm::L1:
        return (point.abs() - perRow(weight, point)).clamp_min_(0).mul_(point.sign());
    case Norm::L2: {
        const at::Tensor length = DistanceMetric(norm).length(point).clamp_min(1e-30);
        return point * perRow((1 - weight / length).clamp_min(0), point);
    }
    case Norm::Linf: // Moreau: what is left of the projection on the dual ball
        return point - DistanceMetric(Norm::L1).project(point, weight);
    case Norm::L0:
        break;
    }
    throw Error(ErrorCode::Domain, "PDPGD has no proximal step for this norm.");
}

/// The proximal step in the metric of Adam's denominators; rows whose iterates no longer move are left as they are.
at::Tensor proximalStep(const AttackSession& session, const at::Tensor& moved, const at::Tensor& denominator, const at::Tensor& weight)
{
    const at::Tensor& x0 = session.x0();
    const DistanceMetric l2(Norm::L2);
    const at::Tensor largest = denominator.flatten(1).amax(1);
    const at::Tensor share = denominator / perRow(largest, denominator);
    at::Tensor z = moved;
    at::Tensor isMoving = session.full(1).to(at::kBool);
    for (int i = 0; i < proximalSteps && mayHoldAny(isMoving); ++i) {
        const at::Tensor point = shrunk((moved - z).mul_(share).add_(z), weight / largest, session.norm());
        const at::Tensor next = at::where(perRow(isMoving, z), point.add_(x0).clamp_(0, 1).sub_(x0), z);
        isMoving = isMoving.logical_and(l2.length(next - z).gt(settled * l2.length(next)));
        z = next;
    }
    return z;
}

/// Weights of distance and margin, which sum to 1.
class Weights {
public:
    Weights(const at::Tensor& logRatio, double memory)
        : m_logRatio(logRatio), m_memory(memory), m_distance(at::sigmoid(-logRatio)), m_margin(at::sigmoid(logRatio))
    {
    }

    /// More weight for the margin where the image is not fooled, less where it is.
    void follow(const at::Tensor& isAdversarial, double step)
    {
        m_logRatio = (m_logRatio + step - 2 * step * isAdversarial).clamp_(-largestLogRatio, largestLogRatio);
        m_distance = m_memory * m_distance + (1 - m_memory) * at::sigmoid(-m_logRatio);
        m_margin = m_memory * m_margin + (1 - m_memory) * at::sigmoid(m_logRatio);
    }

    [[nodiscard]] at::Tensor ratio() const { return m_distance / m_margin; } ///< [n] distance over margin

private:
    at::Tensor m_logRatio;
    double m_memory;
    at::Tensor m_distance, m_margin;
};

/// One walk of all steps.
void walkFrom(AttackSession& session, const at::Tensor& start)
{
    const Params& parameters = session.parameters();
    const auto steps = parameters.integer("steps");
    Weights weights(session.full(-std::log(parameters.real("initial-ratio"))), parameters.real("average"));
    at::Tensor delta = start - session.x0();
    Adam adam(delta);
    for (long long step = 0; step < steps && !session.stopRequested(); ++step) {
        const at::Tensor x = (session.x0() + delta).clamp_(0, 1);
        const ForwardPass pass = session.forward(x);
        const Observation seen = session.observe(x, pass.logits);
        // d softplus(max(margin, 0)); nothing is left to gain beyond the boundary.
        const at::Tensor slope = at::sigmoid(seen.margin.value) * seen.margin.value.gt(0);
        const at::Tensor gradient = session.gradient(pass, seen.margin.weights * slope.unsqueeze(1));
        const double share = double(step) / double(steps), stepSize = parameters.real("step-size") * std::pow(stepDecay, share);
        const at::Tensor moved = adam.stepped(delta, gradient, session.full(stepSize)).add_(session.x0()).clamp_(0, 1).sub_(session.x0());
        delta = proximalStep(session, moved, adam.denominator(), weights.ratio() * stepSize);
        const double left = double(steps - 1 - step) / double(std::max(steps - 1, 1LL));
        weights.follow(seen.isAdversarial, parameters.real("dual-step") * (left * (1 - dualDecay) + dualDecay));
        session.progress(step + 1, steps);
    }
}

} // namespace

/// The dual variable follows success as the base counts it, a hair beyond the boundary, where the authors take the sign of the
/// margin.
void pdpgdAttack(AttackSession& session)
{
    withRestarts(session, [&session](const at::Tensor& start) { walkFrom(session, start); });
}

} // namespace brink
