// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/counterexample_torch.h"

#include "core/threat/distances.h"
#include "core/threat/metric_torch.h"

#include <limits>

namespace brink::certify {

namespace {

constexpr int halvings = 20;

std::int64_t classAt(const at::Tensor& logits) { return logits.argmax(1).item<std::int64_t>(); }

/// Of the logits' lead that must be lost: what must not win (or, of a target, what wins) minus the strongest rival.
at::Tensor leadWeights(const at::Tensor& logits, const Criterion& criterion)
{
    const std::int64_t own = criterion.target.value_or(criterion.reference);
    at::Tensor others = logits.clone();
    others[0][own] = -std::numeric_limits<float>::infinity();
    const double sign = criterion.target ? -1 : 1;
    at::Tensor weights = at::zeros_like(logits);
    weights[0][own] = sign;
    weights[0][classAt(others)] = -sign;
    return weights;
}

/// A proof fails where a margin is within the slack of zero; there the class may still hold by a hair. A few steps down the margin, no
/// farther from the image than the point is, and of the classifier itself.
std::optional<at::Tensor> descended(Evaluator& evaluator, const at::Tensor& start, at::Tensor x, const Criterion& criterion, Norm norm)
{
    constexpr int steps = 30;
    constexpr double shrink = 0.9;
    const DistanceMetric metric(norm);
    const at::Tensor eps = metric.length(x - start);
    double share = 0.25; // of the distance
    for (int i = 0; i < steps; ++i, share *= shrink) {
        const ForwardPass pass = evaluator.forward(x);
        const at::Tensor gradient = evaluator.pullback(pass, leadWeights(pass.logits.detach(), criterion));
        const at::Tensor moved = x - share * eps.view({1, 1, 1, 1}) * metric.steepest(gradient);
        x = (start + metric.project(moved - start, eps)).clamp(0, 1);
        if (criterion.isSatisfiedBy(classAt(evaluator.logits(x))))
            return x;
    }
    return {};
}

} // namespace

std::optional<Counterexample> counterexampleTowards(Evaluator& evaluator, const Image& image, const at::Tensor& point, const Criterion& criterion, Norm norm)
{
    const at::Tensor start = tensorFromImages({&image, 1}).to(evaluator.device());
    at::Tensor step = point.to(evaluator.device(), at::kFloat).clamp(0, 1) - start;
    const auto at = [&](double part) { return (start + part * step).clamp(0, 1); };
    const auto classOf = [&](const at::Tensor& x) { return classAt(evaluator.logits(x)); };
    at::Tensor found = at(1);
    std::int64_t predicted = classOf(found);
    if (!criterion.isSatisfiedBy(predicted)) {
        const auto lower = descended(evaluator, start, found, criterion, norm);
        if (!lower)
            return {};
        step = *lower - start;
        found = at(1);
        predicted = classOf(found);
        if (!criterion.isSatisfiedBy(predicted))
            return {}; // by the rounding of one sum
    }
    double inside = 0, outside = 1;
    for (int i = 0; i < halvings; ++i) {
        const double middle = (inside + outside) / 2;
        const at::Tensor x = at(middle);
        const std::int64_t there = classOf(x);
        if (!criterion.isSatisfiedBy(there)) {
            inside = middle;
            continue;
        }
        outside = middle;
        found = x;
        predicted = there;
    }
    Counterexample nearest{imageFromTensor(found[0].cpu(), image.source), predicted, 0};
    nearest.distance = distancesBetween(nearest.image, image).in(norm);
    return nearest;
}

} // namespace brink::certify
