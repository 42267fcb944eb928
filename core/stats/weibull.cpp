// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/weibull.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/stats/kstest.h"
#include "core/stats/neldermead.h"
#include "core/stats/weibullprofile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace brink {

namespace {

/// Gradient norms are float32: maxima that differ by less are equal.
constexpr double equalWithin = 1e-6;
constexpr std::size_t fewestMaxima = 5;
/// Below this Kolmogorov-Smirnov p the authors use the sample maximum.
constexpr double smallestP = 1e-3;

/// The sample as y = (max - m) / (max - min), in [0,1]: then end points and scales are of order one for any model.
struct Rescaled {
    std::vector<double> sorted; ///< the maxima themselves, ascending
    std::vector<double> y;      ///< descending, last is 0
    double maximum = 0;
    double range = 0;

    [[nodiscard]] double endPoint(double gap) const { return maximum + gap * range; }
    /// What the negative log-likelihood of y lacks to be that of m.
    [[nodiscard]] double logUnit() const { return double(y.size()) * std::log(range); }
};

Rescaled rescale(std::span<const double> maxima)
{
    Rescaled sample;
    sample.sorted.assign(maxima.begin(), maxima.end());
    std::ranges::sort(sample.sorted);
    sample.maximum = sample.sorted.back();
    sample.range = sample.maximum - sample.sorted.front();
    if (sample.range > 0)
        for (const double m : sample.sorted)
            sample.y.push_back((sample.maximum - m) / sample.range);
    return sample;
}

bool isDegenerate(const Rescaled& sample)
{
    return sample.range <= equalWithin * std::max(std::abs(sample.maximum), std::abs(sample.sorted.front()));
}

/// Negative log-likelihood of y with free parameters; y outside the support costs as in SciPy, whose fit the authors use.
double negativeLogLikelihood(const std::vector<double>& y, double gap, double scale, double shape)
{
    constexpr double outsideCost = 70978.27; // 100 ln(DBL_MAX)
    if (!(shape > 0 && scale > 0))
        return std::numeric_limits<double>::infinity();
    double sum = 0;
    for (const double value : y) {
        const double z = (value + gap) / scale;
        if (z <= 0) {
            sum += outsideCost;
            continue;
        }
        const double logZ = std::log(z);
        sum -= std::log(shape / scale) + (shape - 1) * logZ - std::exp(shape * logZ);
    }
    return sum;
}

/// SciPy's start: location and scale by moments, or a margin of a tenth where that leaves data outside the support.
Vertex startFor(const std::vector<double>& y, double shape)
{
    const auto n = double(y.size());
    const double meanY = std::accumulate(y.begin(), y.end(), 0.0) / n;
    double variance = 0;
    for (const double value : y)
        variance += (value - meanY) * (value - meanY) / n;
    const double first = std::tgamma(1 + 1 / shape);
    const double second = std::tgamma(1 + 2 / shape) - first * first;
    const double scale = std::sqrt(variance / second);
    const double location = meanY - scale * first;
    return location < 0 ? Vertex{shape, location, scale} : Vertex{shape, -0.1, 1.0};
}

void setParameters(WeibullFit& fit, const Rescaled& sample, const ProfilePoint& point)
{
    fit.location = sample.endPoint(point.gap);
    fit.scale = point.scale * sample.range;
    fit.shape = point.shape;
    fit.negativeLogLikelihood = negativeLogLikelihood(sample.y, point.gap, point.scale, point.shape) + sample.logUnit();
}

void setKs(WeibullFit& fit, const Rescaled& sample)
{
    fit.ks = ksDistance(sample.sorted, [&fit](double y) { return reverseWeibullCdf(fit, y); });
    fit.p = ksAsymptoticP(fit.ks, sample.sorted.size());
}

/// The authors' clever.py: seven starts, the largest Kolmogorov-Smirnov p wins (not the largest likelihood).
void fitMultiStart(WeibullFit& fit, const Rescaled& sample, double penalty)
{
    const auto objective = [&](const Vertex& v) {
        return negativeLogLikelihood(sample.y, -v[1], v[2], v[0]) + penalty * v[0] * v[0];
    };
    fit.p = -1;
    for (const double startShape : {0.1, 1.0, 5.0, 10.0, 20.0, 50.0, 100.0}) {
        const Vertex v = NelderMead(objective, startFor(sample.y, startShape)).minimise();
        if (!(v[0] > 0 && v[2] > 0 && v[1] <= 0))
            continue;
        WeibullFit candidate = fit;
        setParameters(candidate, sample, {-v[1], v[0], v[2], 0});
        setKs(candidate, sample);
        if (candidate.p > fit.p)
            fit = candidate;
    }
    fit.p = std::max(fit.p, 0.0);
}

void nameLimits(WeibullFit& fit, const ProfilePoint& best)
{
    if (best.shape >= WeibullProfile::maxShape)
        fit.reason = "the shape reached its limit of 1000: the maxima look unbounded and do not fix an end point";
    else if (best.shape <= WeibullProfile::minShape)
        fit.reason = "the shape reached its limit of 0.1";
    else if (best.gap >= WeibullProfile::maxGap)
        fit.reason = "the end point reached its limit of 1000 ranges above the sample maximum";
    else if (best.gap <= WeibullProfile::minGap)
        fit.reason = "the end point lies at the sample maximum, where the likelihood has no interior maximum";
}

WeibullFit fallBack(WeibullFit fit, std::string reason)
{
    fit.status = WeibullStatus::Fallback;
    fit.reason = std::move(reason);
    fit.location = fit.sampleMaximum;
    fit.scale = fit.shape = fit.negativeLogLikelihood = 0;
    fit.locationInterval.reset();
    return fit;
}

void requireInput(std::span<const double> maxima, const WeibullOptions& options)
{
    if (maxima.empty())
        throw Error(ErrorCode::Domain, "A Weibull fit needs at least one maximum.");
    if (!std::ranges::all_of(maxima, [](double m) { return std::isfinite(m); }))
        throw Error(ErrorCode::Domain, "A Weibull fit needs finite maxima; the gradients overflow or are not numbers.");
    if (!(options.shapePenalty >= 0 && std::isfinite(options.shapePenalty)))
        throw Error(ErrorCode::Domain, "The shape penalty of the Weibull fit must be a number of at least 0.");
}

void requireLaw(const WeibullFit& fit)
{
    if (fit.status != WeibullStatus::Ok)
        throw Error(ErrorCode::Domain, "There is no fitted Weibull law: the fit is degenerate or fell back to the sample maximum.");
}

} // namespace

WeibullFit fitReverseWeibull(std::span<const double> maxima, const WeibullOptions& options)
{
    requireInput(maxima, options);
    const Rescaled sample = rescale(maxima);
    WeibullFit fit;
    fit.sampleMaximum = fit.location = sample.maximum;
    if (options.method == WeibullMethod::SampleMaximum)
        return fallBack(fit, "the sample maximum was asked for");
    if (isDegenerate(sample)) {
        fit.status = WeibullStatus::Degenerate;
        fit.p = 1;
        if (options.computeInterval)
            fit.locationInterval = {sample.maximum, sample.maximum};
        return fit;
    }
    if (maxima.size() < fewestMaxima)
        return fallBack(fit, "fewer than " + std::to_string(fewestMaxima) + " maxima do not determine three parameters");

    WeibullProfile profile(sample.y, options.shapePenalty);
    std::optional<ProfileSearch> search;
    if (options.method == WeibullMethod::ProfileLikelihood || options.computeInterval)
        search = searchProfile(profile);
    if (options.method == WeibullMethod::ProfileLikelihood) {
        setParameters(fit, sample, search->best);
        setKs(fit, sample);
        nameLimits(fit, search->best);
    } else {
        fitMultiStart(fit, sample, options.shapePenalty);
    }
    if (!(fit.p >= smallestP))
        return fallBack(fit, "Kolmogorov-Smirnov p = " + formatReal(fit.p, 2) + " is below 0.001, the authors' limit for a fit");
    if (options.computeInterval) {
        const std::array<double, 2> gaps = gapInterval(profile, *search);
        fit.locationInterval = {std::min(sample.endPoint(gaps[0]), fit.location), std::max(sample.endPoint(gaps[1]), fit.location)};
        if (gaps[1] >= WeibullProfile::maxGap && fit.reason.empty())
            fit.reason = "the maxima set no upper limit to the end point within 1000 ranges of the sample";
    }
    return fit;
}

double reverseWeibullDensity(const WeibullFit& fit, double y)
{
    requireLaw(fit);
    if (y >= fit.location)
        return 0;
    const double logZ = std::log((fit.location - y) / fit.scale);
    return fit.shape / fit.scale * std::exp((fit.shape - 1) * logZ - std::exp(fit.shape * logZ));
}

double reverseWeibullCdf(const WeibullFit& fit, double y)
{
    requireLaw(fit);
    return y >= fit.location ? 1.0 : std::exp(-std::pow((fit.location - y) / fit.scale, fit.shape));
}

double reverseWeibullQuantile(const WeibullFit& fit, double probability)
{
    requireLaw(fit);
    if (!(probability > 0 && probability <= 1))
        throw Error(ErrorCode::Domain, "A quantile of the Weibull law needs a probability above 0 and at most 1.");
    return fit.location - fit.scale * std::pow(-std::log(probability), 1 / fit.shape);
}

std::vector<std::array<double, 2>> reverseWeibullProfile(std::span<const double> maxima, const WeibullOptions& options, int points)
{
    requireInput(maxima, options);
    const Rescaled sample = rescale(maxima);
    if (points < 2 || maxima.size() < fewestMaxima || isDegenerate(sample))
        return {};
    WeibullProfile profile(sample.y, options.shapePenalty);
    const ProfileSearch search = searchProfile(profile);
    const std::array<double, 2> interval = gapInterval(profile, search);
    // A little more than the interval on both sides, so that the curve is seen to rise.
    const double low = std::log(std::max(interval[0], WeibullProfile::minGap)) - 0.5;
    const double high = std::log(interval[1]) + 0.5;
    std::vector<std::array<double, 2>> curve;
    double shape = search.best.shape;
    for (int i = 0; i < points; ++i) {
        const ProfilePoint point = profile.at(std::exp(low + (high - low) * i / (points - 1)), shape);
        shape = point.shape;
        curve.push_back({sample.endPoint(point.gap), point.objective + sample.logUnit()});
    }
    return curve;
}

} // namespace brink
