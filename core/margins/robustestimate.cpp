// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/margins/robustestimate.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace brink {

namespace {

/// A measured image; `weight` times, in a resample.
struct Measured {
    double score = 0;
    bool isRobust = false;
    std::int64_t weight = 1;
};

struct Threshold {
    double value = -std::numeric_limits<double>::infinity();
    std::int64_t disagreements = 0;
};

/// Between each two scores that differ, and beyond both ends. @param measured ascending by score.
Threshold bestThreshold(std::span<const Measured> measured)
{
    std::int64_t robust = 0, images = 0;
    for (const Measured& each : measured) {
        images += each.weight;
        robust += each.isRobust ? each.weight : 0;
    }
    std::int64_t wrong = images - robust; // below all scores everything is called robust
    std::int64_t called = images;
    Threshold best{-std::numeric_limits<double>::infinity(), wrong};
    std::int64_t bestSurplus = std::abs(called - robust);
    for (std::size_t i = 0; i < measured.size(); ++i) {
        wrong += measured[i].isRobust ? measured[i].weight : -measured[i].weight;
        called -= measured[i].weight;
        const bool isLast = i + 1 == measured.size();
        if (!isLast && measured[i + 1].score == measured[i].score)
            continue;
        const std::int64_t surplus = std::abs(called - robust);
        if (wrong < best.disagreements || (wrong == best.disagreements && surplus < bestSurplus)) {
            best = {isLast ? std::numeric_limits<double>::infinity() : std::midpoint(measured[i].score, measured[i + 1].score), wrong};
            bestSurplus = surplus;
        }
    }
    return best;
}

/// Scores of the images classified correctly, ascending: how many exceed a threshold is then looked up.
struct CorrectScores {
    std::vector<double> ascending;
    std::int64_t images = 0;

    explicit CorrectScores(std::span<const ScoredImage> all) : images(std::ssize(all))
    {
        for (const ScoredImage& image : all)
            if (image.isCorrect)
                ascending.push_back(image.score);
        std::ranges::sort(ascending);
    }
    [[nodiscard]] double shareAbove(double threshold) const
    {
        return double(ascending.end() - std::ranges::upper_bound(ascending, threshold)) / double(images);
    }
};

std::vector<Measured> measuredOf(std::span<const ScoredImage> images, double eps)
{
    std::vector<Measured> measured;
    for (const ScoredImage& image : images)
        if (image.margin)
            measured.push_back({image.score, *image.margin > eps, 1});
    std::ranges::stable_sort(measured, {}, &Measured::score);
    return measured;
}

void check(std::span<const ScoredImage> images, double eps)
{
    const auto refuse = [](const char* sentence) { throw Error(ErrorCode::Domain, sentence); };
    if (!(eps >= 0) || std::isinf(eps))
        refuse("The budget of a robust accuracy must be a number of at least 0.");
    for (const ScoredImage& image : images) {
        if (!std::isfinite(image.score))
            refuse("A robust accuracy is estimated from scores that are finite.");
        if (image.margin && !(*image.margin >= 0))
            refuse("Input margins must be numbers of at least 0.");
    }
    if (std::ranges::none_of(images, [](const ScoredImage& image) { return image.margin.has_value(); }))
        refuse("A robust accuracy is estimated from at least one image whose input margin is measured.");
}

} // namespace

RobustAccuracyEstimate estimateRobustAccuracy(std::span<const ScoredImage> images, double eps, std::uint64_t seed, int resamples)
{
    check(images, eps);
    std::vector<Measured> measured = measuredOf(images, eps);
    const CorrectScores correct(images);
    const Threshold threshold = bestThreshold(measured);
    RobustAccuracyEstimate estimate{eps, threshold.value, correct.shareAbove(threshold.value), {}, std::ssize(images), std::ssize(measured), threshold.disagreements};
    estimate.interval = {estimate.robustAccuracy, estimate.robustAccuracy};
    Rng rng(seed);
    std::vector<double> values;
    for (int r = 0; r < resamples; ++r) {
        for (Measured& each : measured)
            each.weight = 0;
        for (std::size_t i = 0; i < measured.size(); ++i)
            ++measured[std::size_t(rng.below(measured.size()))].weight;
        std::vector<Measured> drawn;
        std::ranges::copy_if(measured, std::back_inserter(drawn), [](const Measured& each) { return each.weight > 0; });
        values.push_back(correct.shareAbove(bestThreshold(drawn).value));
    }
    if (!values.empty())
        estimate.interval = {quantile(values, 0.025), quantile(values, 0.975)};
    return estimate;
}

std::vector<SampleEfficiency> sampleEfficiency(
    std::span<const ScoredImage> images, double eps, std::span<const std::int64_t> sizes, int repetitions, std::uint64_t seed)
{
    check(images, eps);
    if (!std::ranges::all_of(images, [](const ScoredImage& image) { return image.margin.has_value(); }))
        throw Error(ErrorCode::Domain, "How good an estimate is can be told only where all input margins are measured.");
    const auto isRobust = [&](const ScoredImage& image) { return image.isCorrect && *image.margin > eps; };
    const double truth = double(std::ranges::count_if(images, isRobust)) / double(images.size());
    const CorrectScores correct(images);
    std::vector<SampleEfficiency> all;
    for (const std::int64_t size : sizes) {
        if (size < 1 || size > std::ssize(images))
            throw Error(ErrorCode::Domain, "A sample must have between 1 and " + std::to_string(images.size()) + " images.");
        SampleEfficiency efficiency{size, {}, truth};
        Rng rng(combineSeeds({seed, std::uint64_t(size)}));
        std::vector<ScoredImage> order(images.begin(), images.end());
        for (int r = 0; r < repetitions; ++r) {
            for (std::size_t i = 0; i < std::size_t(size); ++i) // the first ones of a shuffle
                std::swap(order[i], order[i + std::size_t(rng.below(order.size() - i))]);
            efficiency.estimates.push_back(correct.shareAbove(bestThreshold(measuredOf(std::span(order).first(std::size_t(size)), eps)).value));
        }
        all.push_back(std::move(efficiency));
    }
    return all;
}

Json toJson(const RobustAccuracyEstimate& estimate)
{
    Json json{{"eps", estimate.eps}, {"robustAccuracy", estimate.robustAccuracy}, {"interval", estimate.interval}, {"images", estimate.images},
        {"measured", estimate.measured}, {"disagreements", estimate.disagreements}};
    if (std::isfinite(estimate.threshold)) // beyond all scores: all measured images are of one kind
        json["threshold"] = estimate.threshold;
    return json;
}

} // namespace brink
