// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/margins/consistency.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/stats/rank.h"
#include "core/stats/roc.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace brink {

namespace {

struct Pairs {
    std::vector<double> score, margin;
    [[nodiscard]] std::size_t size() const { return score.size(); }
    /// tau-b, or nothing where one side is all tied.
    [[nodiscard]] std::optional<double> tau() const
    {
        const auto isConstant = [](const std::vector<double>& values) {
            return std::ranges::all_of(values, [&](double value) { return value == values.front(); });
        };
        if (size() < 2 || isConstant(score) || isConstant(margin))
            return std::nullopt;
        return kendallTauB(score, margin);
    }
};

Pairs finitePairs(std::span<const ScoredMargin> images)
{
    Pairs pairs;
    for (const ScoredMargin& image : images) {
        if (!std::isfinite(image.margin))
            continue;
        pairs.score.push_back(image.score);
        pairs.margin.push_back(image.margin);
    }
    return pairs;
}

/// Labels and scores as detectors have them: high for brittle.
struct Detector {
    std::vector<int> isBrittle;
    std::vector<double> alarm;
    std::int64_t brittle = 0;
    [[nodiscard]] bool hasBoth() const { return brittle > 0 && brittle < std::ssize(isBrittle); }
};

Detector detectorOf(std::span<const ScoredMargin> images, double eps)
{
    Detector detector;
    for (const ScoredMargin& image : images) {
        detector.isBrittle.push_back(image.margin <= eps ? 1 : 0);
        detector.alarm.push_back(-image.score);
        detector.brittle += detector.isBrittle.back();
    }
    return detector;
}

} // namespace

std::optional<ConsistencyEstimate> consistencyOf(std::span<const ScoredMargin> images, std::uint64_t seed, int resamples)
{
    const Pairs pairs = finitePairs(images);
    const std::optional<double> tau = pairs.size() < 3 ? std::nullopt : pairs.tau();
    if (!tau)
        return std::nullopt;
    ConsistencyEstimate estimate{*tau, {*tau, *tau}, std::int64_t(pairs.size())};
    Rng rng(seed);
    std::vector<double> taus;
    Pairs drawn = pairs;
    for (int i = 0; i < resamples; ++i) {
        for (std::size_t k = 0; k < pairs.size(); ++k) {
            const auto from = std::size_t(rng.below(pairs.size()));
            drawn.score[k] = pairs.score[from];
            drawn.margin[k] = pairs.margin[from];
        }
        if (const std::optional<double> each = drawn.tau())
            taus.push_back(*each);
    }
    if (!taus.empty())
        estimate.interval = {quantile(taus, 0.025), quantile(taus, 0.975)};
    return estimate;
}

Detectability detectabilityAt(std::span<const ScoredMargin> images, double eps)
{
    const Detector detector = detectorOf(images, eps);
    Detectability result{eps, detector.brittle, std::ssize(images), {}, {}, {}};
    if (!detector.hasBoth())
        return result;
    result.auroc = auroc(detector.isBrittle, detector.alarm);
    result.aupr = auprTrapezoid(detector.isBrittle, detector.alarm);
    constexpr double recall = 0.95;
    result.fpr95 = falsePositiveRateAt(recall, detector.isBrittle, detector.alarm);
    return result;
}

ThresholdCounts countsAt(std::span<const ScoredMargin> images, double eps, double threshold) { return ThresholdTable(images, eps).at(threshold); }

std::optional<double> bestScoreThreshold(std::span<const ScoredMargin> images, double eps)
{
    const Detector detector = detectorOf(images, eps);
    if (!detector.hasBoth())
        return std::nullopt;
    return -bestThreshold(detector.isBrittle, detector.alarm).threshold;
}

PrecisionRecallCurve precisionRecallCurve(std::span<const ScoredMargin> images, double eps)
{
    std::vector<double> scores;
    for (const ScoredMargin& image : images)
        scores.push_back(image.score);
    std::ranges::sort(scores);
    scores.erase(std::ranges::unique(scores).begin(), scores.end());
    const ThresholdTable table(images, eps);
    PrecisionRecallCurve curve;
    for (const double score : scores) {
        const ThresholdCounts counts = table.at(score);
        if (counts.found + counts.missed == 0 || counts.falseAlarms + counts.passed == 0)
            return {};
        if (curve.recall.empty()) {
            curve.recall.push_back(0);
            curve.precision.push_back(1);
        }
        curve.recall.push_back(double(counts.found) / double(counts.found + counts.missed));
        curve.precision.push_back(double(counts.found) / double(counts.found + counts.falseAlarms));
    }
    return curve;
}

AlarmCurve alarmCurve(std::span<const ScoredMargin> images, double eps)
{
    const Detector detector = detectorOf(images, eps);
    if (!detector.hasBoth())
        return {};
    RocCurve curve = rocCurve(detector.isBrittle, detector.alarm);
    return {std::move(curve.falsePositiveRate), std::move(curve.truePositiveRate)};
}

ThresholdTable::ThresholdTable(std::span<const ScoredMargin> images, double eps)
{
    std::vector<ScoredMargin> ordered(images.begin(), images.end());
    std::ranges::sort(ordered, {}, &ScoredMargin::score);
    m_brittleBefore.push_back(0);
    for (const ScoredMargin& image : ordered) {
        m_scores.push_back(image.score);
        m_brittleBefore.push_back(m_brittleBefore.back() + (image.margin <= eps ? 1 : 0));
    }
}

ThresholdCounts ThresholdTable::at(double threshold) const
{
    const auto called = std::ranges::upper_bound(m_scores, threshold) - m_scores.begin();
    const std::int64_t brittle = m_brittleBefore.back();
    ThresholdCounts counts;
    counts.found = m_brittleBefore[std::size_t(called)];
    counts.missed = brittle - counts.found;
    counts.falseAlarms = called - counts.found;
    counts.passed = std::ssize(m_scores) - brittle - counts.falseAlarms;
    return counts;
}

std::vector<MarginBin> marginBins(std::span<const ScoredMargin> images, double end, int bins)
{
    if (bins < 1 || !(end > 0))
        throw Error(ErrorCode::Domain, "Margins need at least one bin and an end above 0.");
    std::vector<std::vector<double>> scores(static_cast<std::size_t>(bins));
    for (const ScoredMargin& image : images)
        if (image.margin >= 0 && image.margin < end)
            scores[std::min(std::size_t(image.margin / end * bins), scores.size() - 1)].push_back(image.score);
    std::vector<MarginBin> result;
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (!scores[i].empty())
            result.push_back({end * double(i) / bins, end * double(i + 1) / bins, std::ssize(scores[i]), median(scores[i]),
                quantile(scores[i], 0.25), quantile(scores[i], 0.75)});
    return result;
}

} // namespace brink
