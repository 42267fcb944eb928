// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/cleverscore.h"

#include "core/base/text.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

namespace {

/// The authors call a fit usable above this Kolmogorov-Smirnov p.
constexpr double usableP = 0.05;
/// The score may still move by this part between half of the maxima and all of them.
constexpr double settledWithin = 0.1;

/// Maxima before a target is ruled out by a score that is the cap.
constexpr std::size_t fewestAtTheCap = 50;

double cappedRatio(double margin, double lipschitz, double radius)
{
    // No slope anywhere: nothing but the ball limits the score (and the zero-gradient rule will refuse it).
    return lipschitz > 0 ? std::min(margin / lipschitz, radius) : radius;
}

bool isCapped(double margin, double lipschitz, double radius) { return margin >= lipschitz * radius; }

/// End points swap: the largest slope gives the smallest score.
std::optional<std::array<double, 2>> scoreInterval(const WeibullFit& fit, double margin, double radius)
{
    if (!fit.locationInterval)
        return std::nullopt;
    const auto [low, high] = *fit.locationInterval;
    return std::array{cappedRatio(margin, high, radius), cappedRatio(margin, low, radius)};
}

CleverCurvePoint curvePoint(double at, std::span<const double> maxima, double margin, double radius, const WeibullOptions& options)
{
    const WeibullFit fit = fitReverseWeibull(maxima, options);
    return {at, cappedRatio(margin, fit.location, radius), scoreInterval(fit, margin, radius), isCapped(margin, fit.location, radius)};
}

/// "class 3" or "class 3 and 4 more".
std::string named(const std::vector<std::int64_t>& classes)
{
    std::string text = "target class " + std::to_string(classes.front());
    if (classes.size() > 1)
        text += " and " + std::to_string(classes.size() - 1) + " more";
    return text;
}

/// Of those that are not ruled out.
template <typename Applies>
std::vector<std::int64_t> targetsWhere(const CleverResult& result, Applies applies)
{
    std::vector<std::int64_t> found;
    for (const CleverTargetResult& target : result.targets)
        if (!target.isRuledOut && applies(target))
            found.push_back(target.target);
    return found;
}

bool isUnsettled(const CleverTargetResult& target)
{
    if (target.capped || target.byBatches.size() < 2)
        return false;
    const double half = target.byBatches[target.byBatches.size() - 2].score;
    return std::abs(half - target.score) > settledWithin * target.score;
}

void warnAboutGradients(CleverResult& result)
{
    const auto masked = targetsWhere(result, [](const auto& target) { return target.isRefused; });
    if (masked.empty())
        return;
    double share = 0;
    for (const CleverTargetResult& target : result.targets)
        share = std::max(share, target.zeroGradientShare);
    result.warnings.push_back({"zero-gradients",
        "Up to " + formatReal(100 * share) + " % of the sampled gradients are exactly zero (" + named(masked)
            + "); above 1 % no score is given, because masked or saturated gradients make it too large."});
}

void warnAboutFits(CleverResult& result)
{
    const auto isStatus = [](const CleverTargetResult& target) { return target.fit.status == WeibullStatus::Fallback; };
    const auto reasonOf = [&result](std::int64_t target) {
        return std::ranges::find(result.targets, target, &CleverTargetResult::target)->fit.reason;
    };
    if (const auto fallen = targetsWhere(result, isStatus); !fallen.empty())
        result.warnings.push_back({"weibull-fallback",
            "The sample maximum stands in for the fitted end point (" + named(fallen) + "): " + reasonOf(fallen.front()) + "."});
    const auto poor = targetsWhere(result,
        [](const CleverTargetResult& target) { return target.fit.status == WeibullStatus::Ok && target.fit.p < usableP; });
    if (!poor.empty())
        result.warnings.push_back({"weibull-poor",
            "The Weibull law fits the maxima badly, Kolmogorov-Smirnov p below 0.05 (" + named(poor)
                + "): the authors leave such scores out of their tables."});
    const auto atLimit = targetsWhere(result,
        [&](const CleverTargetResult& target) { return !isStatus(target) && !target.fit.reason.empty(); });
    if (!atLimit.empty())
        result.warnings.push_back({"weibull-limit",
            "The fit is loose (" + named(atLimit) + "): " + reasonOf(atLimit.front()) + "."});
}

void warnAboutSampling(CleverResult& result)
{
    if (const auto capped = targetsWhere(result, [](const auto& target) { return target.capped; }); !capped.empty())
        result.warnings.push_back({"capped",
            "The score equals the sampling radius " + formatReal(result.radius) + " (" + named(capped)
                + "): it is at least that, not equal to it; a larger radius would tell."});
    if (const auto moving = targetsWhere(result, isUnsettled); !moving.empty())
        result.warnings.push_back({"undersampled",
            "The score still moves by more than 10 % with the number of batches (" + named(moving)
                + "): take more batches, and look at the curve of score against batches."});
}

/// The low end of a target's interval, or lower: profile intervals of few maxima are too narrow, and collapse where the fitted
/// end point is the sample maximum itself. So the end point may lie as far beyond the largest maximum as that lies
/// beyond their mean.
double cautiousLow(const CleverTargetResult& target)
{
    if (target.maxima.empty())
        return target.interval[0];
    const double largest = std::ranges::max(target.maxima);
    const double endPoint = 2 * largest - mean(target.maxima);
    return endPoint > 0 ? std::min(target.interval[0], target.margin / endPoint) : target.interval[0];
}

} // namespace

CleverTargetResult scoreTarget(const TargetMaxima& sampled, double radius, const WeibullOptions& fit)
{
    CleverTargetResult result;
    result.target = sampled.target;
    result.margin = sampled.margin;
    result.gradientNorm = sampled.gradientNorm;
    result.linearisedDistance
        = sampled.gradientNorm > 0 ? sampled.margin / sampled.gradientNorm : std::numeric_limits<double>::infinity();
    result.zeroGradientShare = sampled.zeroGradientShare;
    result.isRefused = sampled.zeroGradientShare > largestZeroShare;
    result.maxima = sampled.maxima;
    result.fit = fitReverseWeibull(sampled.maxima, fit);
    result.lipschitz = result.fit.location;
    result.score = cappedRatio(sampled.margin, result.lipschitz, radius);
    result.capped = isCapped(sampled.margin, result.lipschitz, radius);
    const auto interval = scoreInterval(result.fit, sampled.margin, radius);
    result.hasInterval = interval.has_value();
    result.interval = interval.value_or(std::array{result.score, result.score});
    return result;
}

void addCurves(CleverTargetResult& result, const TargetMaxima& sampled, double radius, const WeibullOptions& fit)
{
    const auto done = sampled.maxima.size();
    const auto prefix = [&](std::size_t count) {
        return curvePoint(double(count), std::span(sampled.maxima).first(count), sampled.margin, radius, fit);
    };
    for (std::size_t decade = 10; decade < done; decade *= 10)
        for (const std::size_t count : {decade, 2 * decade, 5 * decade})
            if (count < done)
                result.byBatches.push_back(prefix(count));
    result.byBatches.push_back(prefix(done));
    if (sampled.inner.empty())
        return;
    for (const InnerMaxima& inner : sampled.inner)
        result.byRadius.push_back(curvePoint(inner.radius, inner.maxima, sampled.margin, inner.radius, fit));
    result.byRadius.push_back(result.byBatches.back());
    result.byRadius.back().at = radius;
}

std::vector<bool> ruledOut(const std::vector<CleverTargetResult>& targets)
{
    std::vector<bool> out(targets.size(), false);
    const auto isUsable = [](const CleverTargetResult& target) { return target.hasInterval && !target.isRefused; };
    const auto smallest = std::ranges::min_element(targets, {}, [&](const CleverTargetResult& target) {
        return isUsable(target) ? target.interval[1] : std::numeric_limits<double>::infinity();
    });
    if (smallest == targets.end() || !isUsable(*smallest))
        return out;
    // Where even the smallest score is the cap, nothing tells the targets apart yet.
    if (smallest->capped && smallest->maxima.size() < fewestAtTheCap)
        return out;
    for (std::size_t i = 0; i < targets.size(); ++i)
        out[i] = isUsable(targets[i]) && &targets[i] != &*smallest && cautiousLow(targets[i]) >= smallest->interval[1];
    return out;
}

std::optional<double> relativeIntervalWidth(const std::vector<CleverTargetResult>& targets)
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double low = infinity, high = infinity, score = infinity;
    for (const CleverTargetResult& target : targets) {
        if (target.isRuledOut)
            continue;
        if (!target.hasInterval || target.isRefused)
            return std::nullopt;
        low = std::min(low, cautiousLow(target));
        high = std::min(high, target.interval[1]);
        score = std::min(score, target.score);
    }
    return score > 0 && score < infinity ? std::optional((high - low) / score) : std::nullopt;
}

void summarise(CleverResult& result)
{
    std::ranges::stable_sort(result.targets, {}, [](const CleverTargetResult& target) { return std::pair(target.score, target.target); });
    warnAboutGradients(result);
    warnAboutFits(result);
    warnAboutSampling(result);
    const bool isRefused = std::ranges::any_of(result.targets, &CleverTargetResult::isRefused);
    if (result.targets.empty() || isRefused)
        return;
    const CleverTargetResult& nearest = result.targets.front();
    result.score = nearest.score;
    result.target = nearest.target;
    result.capped = nearest.capped;
    if (nearest.hasInterval)
        result.interval = nearest.interval;
}

} // namespace brink
