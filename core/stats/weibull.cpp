// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/weibull.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/stats/kstest.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <tuple>

namespace brink {

namespace {

// Limits of the search. Below shape 1 the likelihood is unbounded as a -> max(m), and for a large shape end point and
// scale diverge together (Gumbel limit); a fit that ends at a limit says so.
constexpr double minShape = 0.1;
constexpr double maxShape = 1000;
/// Distance of the end point above the sample maximum, in units of the sample's range.
constexpr double minGap = 1e-6;
constexpr double maxGap = 1e3;
constexpr int gapGrid = 40;
/// Gradient norms are float32: maxima that differ by less are equal.
constexpr double equalWithin = 1e-6;
constexpr std::size_t fewestMaxima = 5;
/// Below this Kolmogorov-Smirnov p the authors use the sample maximum.
constexpr double smallestP = 1e-3;
/// Half the 95 % quantile of chi-square with one degree of freedom.
constexpr double likelihoodDrop = 1.9207294103470516;

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

/// Best shape and scale for one end point.
struct ProfilePoint {
    double gap = 0;
    double shape = 1;
    double scale = 1;
    double objective = 0; ///< negative log-likelihood of y plus the penalty
};

/// Likelihood of the rescaled sample with shape and scale maximised out. For a fixed end point the scale is
/// s = (mean t^c)^(1/c), t = y + gap, and what remains is convex in c: Newton on its derivative.
class Profile {
public:
    Profile(const std::vector<double>& y, double penalty) : m_y(y), m_logT(y.size()), m_penalty(penalty) {}

    [[nodiscard]] ProfilePoint at(double gap, double startShape)
    {
        double sum = 0;
        for (std::size_t i = 0; i < m_y.size(); ++i)
            sum += m_logT[i] = std::log(m_y[i] + gap);
        const auto n = double(m_y.size());
        const double meanLog = sum / n;
        const double top = m_logT.front(); // y descends
        ProfilePoint point{gap, bestShape(startShape, meanLog, top), 0, 0};
        const double logMeanPower = std::log(powers(point.shape, top).sum / n) + point.shape * top;
        point.scale = std::exp(logMeanPower / point.shape);
        point.objective = n * (1 + logMeanPower - std::log(point.shape) - (point.shape - 1) * meanLog)
            + m_penalty * point.shape * point.shape;
        return point;
    }

private:
    struct Powers {
        double sum = 0;     ///< of w = (t / t_max)^c
        double logSum = 0;  ///< of w ln t
        double logSquareSum = 0;
    };

    [[nodiscard]] Powers powers(double shape, double top) const
    {
        Powers result;
        for (const double logT : m_logT) {
            const double w = std::exp(shape * (logT - top));
            result.sum += w;
            result.logSum += w * logT;
            result.logSquareSum += w * logT * logT;
        }
        return result;
    }

    /// Root of h(c) = c (E_w[ln t] - mean ln t) - 1 + 2 penalty c^2 / n, which grows with c.
    [[nodiscard]] double bestShape(double start, double meanLog, double top) const
    {
        const auto n = double(m_y.size());
        double low = minShape;
        double high = maxShape;
        double c = std::clamp(start, low, high);
        for (int step = 0; step < 100; ++step) {
            const Powers p = powers(c, top);
            const double centre = p.logSum / p.sum;
            const double spread = std::max(p.logSquareSum / p.sum - centre * centre, 0.0);
            const double h = c * (centre - meanLog) - 1 + 2 * m_penalty * c * c / n;
            const double slope = centre - meanLog + c * spread + 4 * m_penalty * c / n;
            (h > 0 ? high : low) = c;
            if ((h > 0 && c == minShape) || (h < 0 && c == maxShape) || h == 0)
                return c;
            double next = c - h / slope;
            if (!(next > low && next < high))
                next = next >= maxShape && high == maxShape ? maxShape : next <= minShape && low == minShape ? minShape : std::sqrt(low * high);
            if (std::abs(next - c) <= 1e-9 * c)
                return next;
            c = next;
        }
        return c;
    }

    const std::vector<double>& m_y;
    std::vector<double> m_logT;
    double m_penalty;
};

/// The profile over the whole range of end points and its best one.
struct ProfileSearch {
    std::vector<ProfilePoint> grid; ///< ascending gap
    ProfilePoint best;
    bool isInterior = false;
};

double gridGap(int index) { return minGap * std::pow(maxGap / minGap, double(index) / (gapGrid - 1)); }

/// Golden section in the logarithm of the gap, between the neighbours of a grid minimum.
ProfilePoint refine(Profile& profile, const ProfilePoint& left, const ProfilePoint& middle, const ProfilePoint& right)
{
    constexpr double ratio = 0.3819660112501051;
    double low = std::log(left.gap);
    double high = std::log(right.gap);
    ProfilePoint best = middle;
    while (high - low > 1e-5) {
        const double z = std::log(best.gap);
        const bool goesRight = high - z > z - low;
        const ProfilePoint trial = profile.at(std::exp(goesRight ? z + ratio * (high - z) : z - ratio * (z - low)), best.shape);
        const bool isBetter = trial.objective < best.objective;
        if (isBetter != goesRight)
            high = isBetter ? z : std::log(trial.gap);
        else
            low = isBetter ? z : std::log(trial.gap);
        if (isBetter)
            best = trial;
    }
    return best;
}

/// An interior minimum is preferred to the lower end, where the likelihood grows without bound once c < 1.
ProfileSearch searchProfile(Profile& profile)
{
    ProfileSearch search;
    for (int i = gapGrid - 1; i >= 0; --i)
        search.grid.push_back(profile.at(gridGap(i), search.grid.empty() ? 10.0 : search.grid.back().shape));
    std::ranges::reverse(search.grid);
    search.best = search.grid.back();
    for (std::size_t i = 1; i + 1 < search.grid.size(); ++i) {
        const auto& [left, middle, right] = std::tie(search.grid[i - 1], search.grid[i], search.grid[i + 1]);
        if (middle.objective > left.objective || middle.objective > right.objective)
            continue;
        const ProfilePoint refined = refine(profile, left, middle, right);
        if (refined.objective < search.best.objective) {
            search.best = refined;
            search.isInterior = true;
        }
    }
    if (!search.isInterior && search.grid.front().objective < search.best.objective)
        search.best = search.grid.front();
    return search;
}

/// The gap between two neighbours at which the objective passes `level`, by bisection in the logarithm.
double crossing(Profile& profile, const ProfilePoint& inside, const ProfilePoint& outside, double level)
{
    double in = std::log(inside.gap);
    double out = std::log(outside.gap);
    double shape = inside.shape;
    while (std::abs(out - in) > 1e-3) {
        const ProfilePoint middle = profile.at(std::exp((in + out) / 2), shape);
        shape = middle.shape;
        (middle.objective <= level ? in : out) = std::log(middle.gap);
    }
    return std::exp((in + out) / 2);
}

/// Gaps with a likelihood ratio below the 95 % quantile, around the best; an end of the range stays where it is reached.
std::array<double, 2> gapInterval(Profile& profile, const ProfileSearch& search)
{
    const double level = search.best.objective + likelihoodDrop;
    std::array<double, 2> interval{0, maxGap};
    const ProfilePoint* inside = &search.best;
    for (auto point = search.grid.rbegin(); point != search.grid.rend(); ++point) {
        if (point->gap >= search.best.gap)
            continue;
        if (point->objective > level) {
            interval[0] = crossing(profile, *inside, *point, level);
            break;
        }
        inside = &*point;
    }
    inside = &search.best;
    for (const ProfilePoint& point : search.grid) {
        if (point.gap <= search.best.gap)
            continue;
        if (point.objective > level) {
            interval[1] = crossing(profile, *inside, point, level);
            break;
        }
        inside = &point;
    }
    return interval;
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

using Vertex = std::array<double, 3>;

/// Nelder and Mead 1965 with the constants, start simplex and stopping rule of scipy.optimize.fmin.
class NelderMead {
public:
    NelderMead(std::function<double(const Vertex&)> objective, const Vertex& start) : m_objective(std::move(objective))
    {
        m_simplex[0] = {start, m_objective(start)};
        for (std::size_t i = 0; i < 3; ++i) {
            Vertex x = start;
            x[i] = x[i] != 0 ? 1.05 * x[i] : 0.00025;
            m_simplex[i + 1] = {x, m_objective(x)};
        }
        sort();
    }

    [[nodiscard]] Vertex minimise()
    {
        for (int step = 0; step < 600 && !isConverged(); ++step) {
            improve();
            sort();
        }
        return m_simplex[0].x;
    }

private:
    struct Corner {
        Vertex x{};
        double f = 0;
    };

    void sort()
    {
        std::ranges::stable_sort(m_simplex, [](const Corner& a, const Corner& b) { return a.f < b.f; });
    }

    [[nodiscard]] bool isConverged() const
    {
        return std::ranges::all_of(m_simplex, [best = m_simplex[0]](const Corner& corner) {
            bool isNear = std::abs(corner.f - best.f) <= 1e-4;
            for (std::size_t i = 0; i < 3; ++i)
                isNear = isNear && std::abs(corner.x[i] - best.x[i]) <= 1e-4;
            return isNear;
        });
    }

    /// The point at `factor` times the way from the centre of the three best corners to the worst.
    [[nodiscard]] Corner along(double factor) const
    {
        Corner corner;
        for (std::size_t i = 0; i < 3; ++i) {
            const double centre = (m_simplex[0].x[i] + m_simplex[1].x[i] + m_simplex[2].x[i]) / 3;
            corner.x[i] = centre + factor * (m_simplex[3].x[i] - centre);
        }
        corner.f = m_objective(corner.x);
        return corner;
    }

    void improve()
    {
        Corner& worst = m_simplex[3];
        const Corner reflected = along(-1);
        if (reflected.f < m_simplex[0].f) {
            const Corner expanded = along(-2);
            worst = expanded.f < reflected.f ? expanded : reflected;
            return;
        }
        if (reflected.f < m_simplex[2].f) {
            worst = reflected;
            return;
        }
        const bool isOutside = reflected.f < worst.f;
        const Corner contracted = along(isOutside ? -0.5 : 0.5);
        if (isOutside ? contracted.f <= reflected.f : contracted.f < worst.f)
            worst = contracted;
        else
            shrink();
    }

    void shrink()
    {
        for (std::size_t corner = 1; corner < 4; ++corner) {
            for (std::size_t i = 0; i < 3; ++i)
                m_simplex[corner].x[i] = (m_simplex[0].x[i] + m_simplex[corner].x[i]) / 2;
            m_simplex[corner].f = m_objective(m_simplex[corner].x);
        }
    }

    std::function<double(const Vertex&)> m_objective;
    std::array<Corner, 4> m_simplex;
};

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
    if (best.shape >= maxShape)
        fit.reason = "the shape reached its limit of 1000: the maxima look unbounded and do not fix an end point";
    else if (best.shape <= minShape)
        fit.reason = "the shape reached its limit of 0.1";
    else if (best.gap >= maxGap)
        fit.reason = "the end point reached its limit of 1000 ranges above the sample maximum";
    else if (best.gap <= minGap)
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

    Profile profile(sample.y, options.shapePenalty);
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
        if (gaps[1] >= maxGap && fit.reason.empty())
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
    Profile profile(sample.y, options.shapePenalty);
    const ProfileSearch search = searchProfile(profile);
    const std::array<double, 2> interval = gapInterval(profile, search);
    // A little more than the interval on both sides, so that the curve is seen to rise.
    const double low = std::log(std::max(interval[0], minGap)) - 0.5;
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
