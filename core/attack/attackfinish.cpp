// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The end of an attack: what it found is confirmed, measured and told.

#include "core/attack/attack_torch.h"

#include "core/data/whatif.h"

#include <algorithm>

namespace brink {

namespace {

bool isSatisfied(const AttackItem& item, const at::Tensor& logits)
{
    return item.criterion.isSatisfiedBy(logits.argmax().item<std::int64_t>());
}

} // namespace

/// The last word about success: the best images, clipped, through a fresh forward; then rounded to k/255, and as JPEG.
/// Alone where the model gives other bits in a batch.
void AttackSession::confirm(std::vector<AttackOutcome>& outcomes)
{
    std::vector<std::size_t> found;
    for (std::size_t image = 0; image < outcomes.size(); ++image)
        if (!m_wasMisclassified[image] && m_found[image])
            found.push_back(image);
    const bool sameInBatch = m_evaluator.classifier().impl().batchDifference == 0;
    const std::size_t together = sameInBatch ? std::max<std::size_t>(m_mostRows, 1) : 1;
    for (std::size_t first = 0; first < found.size(); first += together)
        confirm(outcomes, std::span(found).subspan(first, std::min(together, found.size() - first)));
}

void AttackSession::confirm(std::vector<AttackOutcome>& outcomes, std::span<const std::size_t> images)
{
    const at::NoGradGuard noGrad;
    std::vector<Image> best, jpegs;
    for (const std::size_t image : images) {
        best.push_back(m_bestImages[image]);
        jpegs.push_back(throughJpeg(best.back(), survivalJpegQuality));
    }
    const at::Tensor x = tensorFromImages(best);
    const at::Tensor fresh = m_evaluator.logits(x);
    const at::Tensor rounded = m_evaluator.logits(x.mul(255).round().div(255));
    const at::Tensor compressed = m_evaluator.logits(tensorFromImages(jpegs));
    for (std::size_t i = 0; i < images.size(); ++i) {
        const AttackItem& item = m_items[images[i]];
        AttackOutcome& outcome = outcomes[images[i]];
        const auto row = std::int64_t(i);
        outcome.counts.forwards += 3;
        if (!isSatisfied(item, fresh[row])) {
            outcome.failure = "The best perturbed image did not keep its class in a fresh forward; the model may not be repeatable.";
            continue;
        }
        outcome.success = true;
        outcome.adversarialClass = fresh[row].argmax().item<std::int64_t>();
        outcome.distance = distancesBetween(*item.image, best[i]);
        outcome.survives8bit = isSatisfied(item, rounded[row]);
        outcome.survivesJpeg = isSatisfied(item, compressed[row]);
        outcome.adversarial = std::move(best[i]);
    }
}

/// Why nothing was found, and what a fixed-budget attack ended with.
void AttackSession::describeFailure(AttackOutcome& outcome, std::size_t image)
{
    outcome.failure = m_stopped ? "The attack was stopped before it found an adversarial image." : "No iterate met the criterion.";
    if (!m_attempts[image].empty())
        outcome.attempt = std::move(m_attempts[image]);
}

void AttackSession::collectTrace(std::vector<AttackOutcome>& outcomes) const
{
    for (const TraceBlock& block : m_trace) {
        if (block.steps.empty())
            continue;
        const at::Tensor values = at::stack(block.steps).to(at::kCPU, at::kFloat).contiguous();
        const auto numbers = values.accessor<float, 3>();
        for (std::int64_t row = 0; row < values.size(2); ++row) {
            std::vector<TraceStep>& trace = outcomes[std::size_t(block.images[std::size_t(row)])].trace;
            for (std::int64_t step = 0; step < values.size(0); ++step)
                trace.push_back({int(trace.size()), numbers[step][0][row], numbers[step][1][row], numbers[step][2][row],
                    std::int32_t(numbers[step][3][row])});
        }
    }
}

std::vector<AttackOutcome> AttackSession::finish()
{
    flush();
    std::vector<AttackOutcome> outcomes(m_items.size());
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        AttackOutcome& outcome = outcomes[i];
        outcome.name = m_info.name;
        outcome.norm = norm();
        if (m_info.kind == AttackKind::FixedBudget)
            outcome.eps = m_eps;
        outcome.reference = m_items[i].criterion.reference;
        outcome.target = m_items[i].criterion.target;
        outcome.parameters = parameters().toJson();
        outcome.counts = m_counts[i];
        outcome.steps = m_steps[i];
        if (m_request.iterateBytes > 0)
            outcome.iterates = std::make_shared<const std::vector<AttackIterate>>(std::move(m_iterates[i].kept));
        outcome.wasMisclassified = m_wasMisclassified[i];
        if (m_wasMisclassified[i])
            outcome.failure = "The clean image already meets the criterion, so there is no distance to measure.";
        else if (!m_found[i])
            describeFailure(outcome, i);
        if (m_hasZeroGradient[i])
            outcome.warnings.push_back({"zero-gradients", "The gradient at the first iterate was exactly zero."});
    }
    confirm(outcomes);
    if (m_stopped)
        for (const auto* unfinished : {&m_images, &m_waiting})
            for (const std::int64_t image : *unfinished)
                outcomes[std::size_t(image)].stopped = true;
    collectTrace(outcomes);
    return outcomes;
}

} // namespace brink
