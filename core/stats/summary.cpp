// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/summary.h"

#include "core/base/error.h"
#include "core/base/rng.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace brink {

namespace {

void requireValues(std::span<const double> values)
{
    if (values.empty())
        throw Error(ErrorCode::Domain, "A statistic of no values was asked for.");
}

void requireOpenUnit(double value, const char* what)
{
    if (!(value > 0 && value < 1))
        throw Error(ErrorCode::Domain, std::string(what) + " must lie between 0 and 1.");
}

void requireCounts(std::int64_t successes, std::int64_t trials)
{
    if (trials < 1 || successes < 0 || successes > trials)
        throw Error(ErrorCode::Domain, "A proportion needs at least one trial and between 0 and all of them successful.");
}

double quantileOfSorted(std::span<const double> sorted, double probability)
{
    const double position = probability * double(sorted.size() - 1);
    const auto below = std::size_t(position);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], position - double(below));
}

} // namespace

double mean(std::span<const double> values)
{
    requireValues(values);
    return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

double quantile(std::span<const double> values, double probability)
{
    requireValues(values);
    if (!(probability >= 0 && probability <= 1))
        throw Error(ErrorCode::Domain, "A quantile's probability must lie between 0 and 1.");
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    return quantileOfSorted(sorted, probability);
}

double median(std::span<const double> values) { return quantile(values, 0.5); }

std::array<double, 2> bootstrapInterval(std::span<const double> values, const Statistic& statistic, int resamples,
    std::uint64_t seed, double confidence)
{
    requireValues(values);
    requireOpenUnit(confidence, "The confidence");
    if (resamples < 1)
        throw Error(ErrorCode::Domain, "A bootstrap needs at least one resample.");
    Rng rng(seed);
    std::vector<double> sample(values.size());
    std::vector<double> statistics;
    for (int i = 0; i < resamples; ++i) {
        for (double& value : sample)
            value = values[rng.below(values.size())];
        statistics.push_back(statistic(sample));
    }
    std::ranges::sort(statistics);
    const double tail = (1 - confidence) / 2;
    return {quantileOfSorted(statistics, tail), quantileOfSorted(statistics, 1 - tail)};
}

std::array<double, 2> wilsonInterval(std::int64_t successes, std::int64_t trials, double confidence)
{
    requireCounts(successes, trials);
    requireOpenUnit(confidence, "The confidence");
    const double z = boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2);
    const auto n = double(trials);
    const double share = double(successes) / n;
    const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    // The ends are 0 and 1 exactly where no or all trials succeed; the formula leaves rounding there.
    return {successes == 0 ? 0.0 : centre - half, successes == trials ? 1.0 : centre + half};
}

double clopperPearsonLower(std::int64_t successes, std::int64_t trials, double alpha)
{
    requireCounts(successes, trials);
    requireOpenUnit(alpha, "The level alpha");
    return successes == 0 ? 0.0 : boost::math::ibeta_inv(double(successes), double(trials - successes) + 1, alpha);
}

double clopperPearsonUpper(std::int64_t successes, std::int64_t trials, double alpha)
{
    return 1 - clopperPearsonLower(trials - successes, trials, alpha);
}

} // namespace brink
