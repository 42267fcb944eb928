// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/apgdwalk_torch.h"

#include "core/attack/dlr_torch.h"
#include "core/attack/projection_torch.h"
#include "core/attack/signstep.h"

#include <algorithm>

namespace brink {

namespace {

constexpr double momentum = 0.75; ///< weight of the new step beside the last one
/// L1: rule of the sparsity (Croce and Hein 2021, algorithm 1 and the authors' code).
constexpr double firstShare = 0.2, shareOfMoved = 1 / 1.5, sparser = 0.95, shorter = 1.5, shortestStep = 0.1;

long long part(double share, long long steps) { return std::max(static_cast<long long>(share * double(steps)), 1LL); }


at::Tensor valuesMoved(const at::Tensor& delta) { return DistanceMetric(Norm::L0).length(delta); }

/// Share of the values that have been moved and can be moved further.
at::Tensor freeShare(const at::Tensor& x, const at::Tensor& x0)
{
    const at::Tensor isFree = x.ne(x0).logical_and_(x.gt(atFace)).logical_and_(x.lt(1 - atFace));
    return isFree.flatten(1).to(at::kFloat).mean(1);
}

} // namespace

void ApgdWalk::onProgress(long long before, long long inAll)
{
    m_stepsBefore = before;
    m_stepsInAll = inAll;
}

LossAt ApgdWalk::look(const at::Tensor& x, bool wantsGradient) const
{
    const auto loss = [this](const at::Tensor& logits) {
        const Anchors& anchors = m_session.anchors();
        // The paths are those of the cross-entropy, which grows with the log odds; these do not underflow.
        return m_settings.loss == "cross-entropy" ? anchors.logOdds(logits)
            : m_settings.loss == "dlr"            ? dlr(anchors, logits)
                                                  : dlrTowards(anchors, logits, m_wanted);
    };
    return lossAt(m_session, x, loss, m_settings.samples, wantsGradient);
}

void ApgdWalk::begin(const at::Tensor& start, const at::Tensor& eps, long long steps)
{
    m_eps = eps;
    const bool isSparse = m_session.norm() == Norm::L1;
    m_sinceCheck = 0;
    m_untilCheck = part(isSparse ? 0.04 : 0.22, steps);
    m_shortest = isSparse ? m_untilCheck : part(0.06, steps);
    m_shrink = part(0.03, steps);
    m_x = start;
    m_previous = start;
    m_stepSize = isSparse ? eps : 2 * eps;
    m_improvements = m_session.full(0);
    m_wasFooled = m_session.full(0).to(at::kBool);
    m_wasShortened = m_session.full(1).to(at::kBool);
    if (m_session.norm() == Norm::Linf) {
        m_low = (m_session.x0() - perRow(eps, start)).clamp_(0, 1);
        m_high = (m_session.x0() + perRow(eps, start)).clamp_(0, 1);
    }
    if (isSparse) {
        const at::Tensor& x0 = m_session.x0();
        const auto values = double(x0.numel() / std::max<std::int64_t>(x0.size(0), 1));
        m_sparsity = m_settings.beginsSparse ? valuesMoved(start - x0) : m_session.full(values);
        m_share = m_settings.beginsSparse ? freeShare(start, x0) * shareOfMoved : m_session.full(firstShare);
    }
}

at::Tensor ApgdWalk::intoBudget(const at::Tensor& x) const
{
    const at::Tensor& x0 = m_session.x0();
    if (m_session.norm() == Norm::Linf)
        return x.clamp(m_low, m_high);
    if (m_session.norm() == Norm::L1)
        return projectOntoL1BallInBox(x0, x - x0, m_eps).add_(x0).clamp_(0, 1);
    return m_session.metric().project(x - x0, m_eps).add_(x0).clamp_(0, 1);
}

/// L1: the values with the largest gradients share the step. Deviations, which matter where few values are moved or many as far
/// as the box lets them. The number of values is rounded down, where the authors round it up: two that always move together and
/// are always shrunk together never change places. And it counts only values that can still move; those that stand at a face
/// are pushed against it, so that the projection does not shrink them, but take nothing from the step.
at::Tensor ApgdWalk::sparseStep() const
{
    const auto values = double(m_x.numel() / std::max<std::int64_t>(m_x.size(0), 1));
    const at::Tensor kept = (m_share * values).floor_().clamp_(1, values).to(at::kLong);
    if (m_x.device().is_cpu())
        return sparseStepByRow(kept);
    const at::Tensor gradient = m_gradient.flatten(1), x = m_x.flatten(1), magnitude = gradient.abs();
    const at::Tensor isBlocked = at::where(gradient.gt(0), x.lt(atFace), x.gt(1 - atFace));
    const at::Tensor rank = (std::int64_t(values) - kept).unsqueeze(1);
    const at::Tensor isLarge = magnitude.ge(std::get<0>(magnitude.masked_fill(isBlocked, 0).sort(1)).gather(1, rank)).logical_and(magnitude.gt(0));
    const at::Tensor count = isLarge.logical_and(isBlocked.logical_not()).sum(1, true).clamp_min(1);
    return at::addcmul(m_x, (gradient.sign().mul_(isLarge) / count).view_as(m_gradient), perRow(m_stepSize, m_x), -1);
}

at::Tensor ApgdWalk::sparseStepByRow(const at::Tensor& kept) const
{
    const at::Tensor x = m_x.contiguous(), gradient = m_gradient.contiguous(), lengths = m_stepSize.contiguous();
    at::Tensor next = at::empty_like(x);
    const auto count = std::size_t(x.numel() / std::max<std::int64_t>(x.size(0), 1));
    for (std::int64_t row = 0; row < x.size(0); ++row) {
        const std::int64_t begin = row * std::int64_t(count);
        sparseSignStep({x.data_ptr<float>() + begin, count}, {gradient.data_ptr<float>() + begin, count}, lengths.data_ptr<float>()[row],
            kept.data_ptr<std::int64_t>()[row], {next.data_ptr<float>() + begin, count});
    }
    return next;
}

/// L-infinity on the CPU: a step in one pass.
at::Tensor ApgdWalk::stepByRow(bool isFirst) const
{
    const at::Tensor x = m_x.contiguous(), previous = m_previous.contiguous(), gradient = m_gradient.contiguous();
    const at::Tensor low = m_low.contiguous(), high = m_high.contiguous();
    at::Tensor next = at::empty_like(x);
    const std::int64_t rows = x.size(0), count = rows > 0 ? x.numel() / rows : 0;
    const at::Tensor lengths = m_stepSize.contiguous();
    for (std::int64_t row = 0; row < rows; ++row) {
        const std::int64_t at = row * count;
        signStep({count, x.data_ptr<float>() + at, isFirst ? nullptr : previous.data_ptr<float>() + at, gradient.data_ptr<float>() + at,
                     low.data_ptr<float>() + at, high.data_ptr<float>() + at, next.data_ptr<float>() + at},
            lengths.data_ptr<float>()[row], float(momentum));
    }
    return next;
}

void ApgdWalk::step(bool isFirst)
{
    at::Tensor next;
    if (m_session.norm() == Norm::L1) {
        next = intoBudget(sparseStep());
    } else if (m_session.norm() == Norm::Linf && m_x.device().is_cpu()) {
        next = stepByRow(isFirst);
    } else {
        next = intoBudget(at::addcmul(m_x, m_session.metric().steepest(m_gradient), perRow(m_stepSize, m_x), -1));
        if (!isFirst)
            next = intoBudget(at::add(m_x, next - m_x, momentum).add_(m_x - m_previous, 1 - momentum));
    }
    m_previous = m_x;
    m_x = next;
}

void ApgdWalk::compare(const LossAt& here)
{
    const at::Tensor isBetter = here.value.lt(m_bestLoss);
    m_improvements = m_improvements + here.value.lt(m_loss);
    m_loss = here.value;
    m_bestLoss = at::minimum(m_bestLoss, here.value);
    if (!mayHoldAny(isBetter))
        return;
    replaceRows(m_best, isBetter, m_x);
    replaceRows(m_bestGradient, isBetter, m_gradient);
}

/// Halves the steps of images that oscillate, or whose best loss has not changed since a check that left the steps alone, and
/// takes them back to their best point (conditions 1 and 2 of section 3.1). The official code compares the first loss with 0
/// in place of the start's; here it is the start's.
void ApgdWalk::checkProgress()
{
    const at::Tensor oscillates = m_improvements.le(m_settings.rho * double(m_untilCheck));
    const at::Tensor stalls = m_checkedLoss.le(m_bestLoss).logical_and(m_wasShortened.logical_not());
    m_wasShortened = oscillates.logical_or(stalls);
    m_checkedLoss = m_bestLoss;
    m_improvements = at::zeros_like(m_improvements);
    m_stepSize = at::where(m_wasShortened, m_stepSize / 2, m_stepSize);
    const at::Tensor mask = perRow(m_wasShortened, m_x);
    m_x = at::where(mask, m_best, m_x);
    m_gradient = at::where(mask, m_bestGradient, m_gradient);
}

/// L1: images whose best point has become sparser go back to it with full steps, the others take shorter ones.
void ApgdWalk::checkSparsity()
{
    const at::Tensor moved = valuesMoved(m_best - m_session.x0());
    const at::Tensor isSparser = moved.lt(m_sparsity * sparser);
    m_share = freeShare(m_best, m_session.x0()) * shareOfMoved;
    m_sparsity = moved;
    m_stepSize = at::where(isSparser, m_eps, at::maximum(m_stepSize / shorter, shortestStep * m_eps));
    const at::Tensor mask = perRow(isSparser, m_x);
    m_x = at::where(mask, m_best, m_x);
    m_gradient = at::where(mask, m_bestGradient, m_gradient);
}

void ApgdWalk::record(const LossAt& here, bool isLast)
{
    m_wasFooled = m_wasFooled.logical_or(m_session.judge(m_x, here.logits, here.value, isLast).isAdversarial);
}

void ApgdWalk::leave()
{
    if (!m_settings.stopsAtSuccess || !mayHoldAny(m_wasFooled))
        return;
    m_session.retire(m_wasFooled);
    const auto rows = m_session.compact();
    if (!rows)
        return;
    for (at::Tensor* tensor : {&m_eps, &m_wanted, &m_wasFooled, &m_x, &m_previous, &m_gradient, &m_best, &m_bestGradient, &m_low, &m_high, &m_loss, &m_bestLoss,
             &m_checkedLoss, &m_stepSize, &m_improvements, &m_wasShortened, &m_share, &m_sparsity})
        if (tensor->defined())
            *tensor = tensor->index_select(0, *rows);
}

void ApgdWalk::run(const at::Tensor& start, const at::Tensor& eps, long long steps, bool isRecorded)
{
    begin(start, eps, steps);
    for (long long i = 0; i <= steps && m_session.rows() > 0 && !m_session.stopRequested(); ++i) {
        if (i > 0)
            step(i == 1);
        const LossAt here = look(m_x, i < steps);
        if (i < steps)
            m_gradient = here.gradient;
        if (i == 0) {
            m_loss = m_bestLoss = m_checkedLoss = here.value;
            m_best = m_x.clone(); // changed in place
            m_bestGradient = m_gradient.clone();
        } else {
            compare(here);
        }
        if (isRecorded)
            record(here, i == steps);
        if (i > 0 && i < steps && ++m_sinceCheck == m_untilCheck) {
            m_session.norm() == Norm::L1 ? checkSparsity() : checkProgress();
            m_untilCheck = std::max(m_untilCheck - m_shrink, m_shortest);
            m_sinceCheck = 0;
        }
        leave();
        m_session.progress(m_stepsBefore + std::min(i + 1, steps), m_stepsInAll);
    }
    m_stepsBefore += steps;
}

} // namespace brink
