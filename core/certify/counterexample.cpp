// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/counterexample_torch.h"

#include "core/threat/distances.h"

namespace brink::certify {

namespace {

constexpr int halvings = 20;

} // namespace

std::optional<Counterexample> counterexampleTowards(Evaluator& evaluator, const Image& image, const at::Tensor& point, const Criterion& criterion, Norm norm)
{
    const at::Tensor start = tensorFromImages({&image, 1}).to(evaluator.device());
    const at::Tensor step = point.to(evaluator.device(), at::kFloat).clamp(0, 1) - start;
    const auto at = [&](double part) { return (start + part * step).clamp(0, 1); };
    const auto classOf = [&](const at::Tensor& x) { return evaluator.logits(x).argmax(1).item<std::int64_t>(); };
    at::Tensor found = at(1);
    std::int64_t predicted = classOf(found);
    if (!criterion.isSatisfiedBy(predicted))
        return {};
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
