// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/curvaturesurvey.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace brink {

namespace {

constexpr int resamples = 400;
/// A principal curvature is small beside the largest of its image.
constexpr double smallPart = 0.1;

/// Rank -> curvatures of all images.
using Ranks = std::map<std::int64_t, std::vector<double>>;

void addImage(Ranks& ranks, const CurvatureResult& result, std::int64_t count, bool isFull)
{
    if (isFull) {
        for (std::size_t i = 0; i < result.profile.size(); ++i)
            ranks[std::int64_t(i) + 1].push_back(result.profile[i]);
        return;
    }
    for (std::size_t i = 0; i < result.highest.size(); ++i)
        ranks[std::int64_t(i) + 1].push_back(result.highest[i].curvature);
    for (std::size_t i = 0; i < result.lowest.size(); ++i)
        ranks[count - std::int64_t(i)].push_back(result.lowest[i].curvature);
}

/// Share of misclassified draws over the given images at each norm.
std::vector<double> meanShares(const std::vector<const NoiseResponse*>& responses, NoiseKind kind, std::size_t norms)
{
    std::vector<double> shares(norms, 0);
    for (const NoiseResponse* response : responses)
        for (std::size_t n = 0; n < norms; ++n)
            shares[n] += response->fooled[std::size_t(kind)][n] / double(responses.size());
    return shares;
}

std::optional<double> crossingOfHalf(const std::vector<double>& shares, const std::vector<double>& norms)
{
    for (std::size_t n = 0; n < shares.size(); ++n) {
        if (shares[n] < 0.5)
            continue;
        if (n == 0)
            return norms[0];
        const double part = (0.5 - shares[n - 1]) / (shares[n] - shares[n - 1]);
        return norms[n - 1] * std::pow(norms[n] / norms[n - 1], part);
    }
    return std::nullopt;
}

SurveyBand withInterval(const std::vector<double>& values, const Statistic& statistic, std::uint64_t seed)
{
    const auto [low, high] = bootstrapInterval(values, statistic, resamples, seed);
    return {statistic(values), low, high};
}

std::vector<const NoiseResponse*> responsesOf(const CurvatureSurvey& survey)
{
    std::vector<const NoiseResponse*> responses;
    for (const SurveyImage& image : survey.images)
        if (image.noise)
            responses.push_back(&*image.noise);
    return responses;
}

} // namespace

std::optional<CurvatureProfile> curvatureProfile(const CurvatureSurvey& survey)
{
    CurvatureProfile profile;
    profile.model = survey.modelName;
    profile.ranks = survey.dimension() - 1;
    profile.step = survey.request.step;
    const auto hasFull = [](const SurveyImage& image) { return image.result && !image.result->profile.empty(); };
    profile.isFull = std::ranges::any_of(survey.images, hasFull);
    Ranks ranks;
    for (const SurveyImage& image : survey.images) {
        if (!image.result || image.result->highest.empty() || (profile.isFull && !hasFull(image)))
            continue;
        addImage(ranks, *image.result, profile.ranks, profile.isFull);
        profile.method = image.result->method;
        ++profile.images;
    }
    if (profile.images == 0)
        return std::nullopt;
    for (const auto& [rank, values] : ranks) {
        profile.rank.push_back(rank);
        profile.curvature.push_back({mean(values), quantile(values, 0.1), quantile(values, 0.9)});
    }
    return profile;
}

SurveyBand medianWithInterval(std::vector<double> values, std::uint64_t seed)
{
    return withInterval(values, [](std::span<const double> sample) { return median(sample); }, seed);
}

SurveyBand meanWithInterval(std::vector<double> values, std::uint64_t seed)
{
    return withInterval(values, [](std::span<const double> sample) { return mean(sample); }, seed);
}

std::vector<double> negativeShares(const CurvatureSurvey& survey)
{
    std::vector<double> shares;
    for (const SurveyImage& image : survey.images)
        if (image.result && !image.result->lowest.empty())
            shares.push_back(tailAsymmetry(*image.result).negativeShare);
    return shares;
}

std::vector<double> flatShares(const CurvatureSurvey& survey)
{
    std::vector<double> shares;
    for (const SurveyImage& image : survey.images) {
        if (!image.result || image.result->profile.empty())
            continue;
        const std::vector<double>& profile = image.result->profile;
        const double largest = std::max(std::abs(profile.front()), std::abs(profile.back()));
        const auto small = std::ranges::count_if(profile, [&](double value) { return std::abs(value) <= smallPart * largest; });
        shares.push_back(double(small) / double(profile.size()));
    }
    return shares;
}

std::int64_t imagesWithNearerBoundary(const CurvatureSurvey& survey)
{
    return std::ranges::count_if(survey.images, [](const SurveyImage& image) {
        return image.result && !image.result->lowest.empty() && image.result->lowest.front().curvature * image.result->point.distance < -1.05;
    });
}

std::vector<double> rhoOf(const CurvatureSurvey& survey, std::int64_t direction, bool isControl)
{
    std::vector<double> values;
    for (const SurveyImage& image : survey.images)
        if (image.generalisation)
            values.push_back((isControl ? image.generalisation->controlRho : image.generalisation->rho)[std::size_t(direction)]);
    return values;
}

std::vector<double> fooledShares(const CurvatureSurvey& survey, NoiseKind kind, std::size_t norm)
{
    std::vector<double> shares;
    for (const NoiseResponse* response : responsesOf(survey))
        shares.push_back(response->fooled[std::size_t(kind)][norm]);
    return shares;
}

HalfNorm halfNorm(const CurvatureSurvey& survey, NoiseKind kind)
{
    HalfNorm half;
    const std::vector<const NoiseResponse*> responses = responsesOf(survey);
    if (responses.empty())
        return half;
    const std::size_t norms = survey.noiseNorms.size();
    const std::vector<double> shares = meanShares(responses, kind, norms);
    half.largestShare = shares.back();
    const auto value = crossingOfHalf(shares, survey.noiseNorms);
    if (!value)
        return half;
    Rng rng(combineSeeds({survey.seed, std::uint64_t(kind)}));
    std::vector<double> crossings;
    for (int sample = 0; sample < resamples; ++sample) {
        std::vector<const NoiseResponse*> drawn;
        for (std::size_t i = 0; i < responses.size(); ++i)
            drawn.push_back(responses[rng.below(responses.size())]);
        if (const auto crossing = crossingOfHalf(meanShares(drawn, kind, norms), survey.noiseNorms))
            crossings.push_back(*crossing);
    }
    half.norm = crossings.empty() ? SurveyBand{*value, *value, *value} : SurveyBand{*value, quantile(crossings, 0.025), quantile(crossings, 0.975)};
    return half;
}

} // namespace brink
