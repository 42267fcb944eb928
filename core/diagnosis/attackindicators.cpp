// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/diagnosis/attackindicators.h"

#include "core/threat/criterion.h"
#include "core/threat/roundoff.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

/// The trace holds no logits; their roundoff is judged by the margin's own size at the clean image, which they are of.
bool isAdversarial(const AttackOutcome& outcome, const TraceStep& step)
{
    const double size = std::max(1.0F, std::abs(outcome.trace.front().margin));
    return Criterion{outcome.reference, outcome.target, 0}.isSatisfiedBy(step.predicted) && double(step.margin) < -logitRoundoff * size;
}

} // namespace

std::vector<double> rescaledLoss(std::span<const double> loss)
{
    const auto [low, high] = std::ranges::minmax(loss);
    std::vector<double> path;
    double least = 1;
    for (const double value : loss) {
        least = std::min(least, high > low ? (value - low) / (high - low) : 0.0);
        path.push_back(least);
    }
    return path;
}

double unfinishedShare(std::span<const double> loss)
{
    if (loss.empty())
        return 0;
    if (!std::ranges::all_of(loss, [](double value) { return std::isfinite(value); }))
        return 1;
    const std::vector<double> path = rescaledLoss(loss);
    return path[path.size() - std::min(path.size(), lastSteps)] - path.back();
}

std::vector<double> lossPath(const AttackOutcome& outcome, std::size_t walks)
{
    const std::size_t length = outcome.trace.size() / std::max<std::size_t>(1, walks);
    std::vector<double> path;
    for (std::size_t i = outcome.trace.size() - length; i < outcome.trace.size(); ++i)
        path.push_back(double(outcome.trace[i].loss));
    return path;
}

bool isSilentSuccess(const AttackOutcome& outcome)
{
    if (outcome.success || outcome.trace.empty())
        return false;
    return std::any_of(outcome.trace.begin(), outcome.trace.end() - 1, [&](const TraceStep& step) { return isAdversarial(outcome, step); });
}

std::optional<int> fooledAtStep(const AttackOutcome& outcome)
{
    const auto found = std::ranges::find_if(outcome.trace, [&](const TraceStep& step) { return isAdversarial(outcome, step); });
    return found == outcome.trace.end() ? std::nullopt : std::optional(found->step);
}

std::vector<double> successByStep(std::span<const AttackOutcome> outcomes)
{
    std::size_t steps = 0;
    for (const AttackOutcome& outcome : outcomes)
        steps = std::max(steps, outcome.trace.size());
    std::vector<double> share(steps, 0);
    for (const AttackOutcome& outcome : outcomes)
        if (const auto step = fooledAtStep(outcome))
            for (std::size_t i = std::size_t(*step); i < steps; ++i)
                share[i] += 1.0 / double(outcomes.size());
    return share;
}

} // namespace brink
