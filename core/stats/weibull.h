// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace brink {

enum class WeibullMethod {
    ProfileLikelihood, ///< profile over the end point, 1-D search (default)
    MultiStart,        ///< the authors' Nelder-Mead from seven shapes
    SampleMaximum,     ///< no fit: the plain maximum
};

struct WeibullOptions {
    WeibullMethod method = WeibullMethod::ProfileLikelihood;
    double shapePenalty = 0.01;  ///< the authors' regulariser, times c^2; 0 switches it off
    bool computeInterval = true;
};

enum class WeibullStatus {
    Ok,
    Degenerate, ///< all maxima equal: the end point is that value, exactly (a linear region)
    Fallback,   ///< no acceptable fit: the sample maximum is used, `reason` says why
};

/// Reverse Weibull law (type III): G(y) = exp(-((a - y)/b)^c) for y < a. Weng et al. 2018, section 3.2.
struct WeibullFit {
    WeibullStatus status = WeibullStatus::Ok;
    std::string reason;               ///< of a fallback or of a range end that was hit; empty otherwise
    double location = 0;              ///< a: right end point
    double scale = 0;                 ///< b > 0
    double shape = 0;                 ///< c > 0
    std::optional<std::array<double, 2>> locationInterval; ///< 95 %, profile likelihood
    double negativeLogLikelihood = 0; ///< without the penalty
    double ks = 0;                    ///< Kolmogorov-Smirnov distance
    double p = 0;                     ///< asymptotic p; parameters fitted to the same data, so optimistic
    double sampleMaximum = 0;
};

/// @param maxima n >= 1 finite values. @throws Error(Domain) for none or non-finite values.
[[nodiscard]] WeibullFit fitReverseWeibull(std::span<const double> maxima, const WeibullOptions& options = {});

/// Density and distribution function of a fitted law (Ok only). @throws Error(Domain) otherwise.
[[nodiscard]] double reverseWeibullDensity(const WeibullFit& fit, double y);
[[nodiscard]] double reverseWeibullCdf(const WeibullFit& fit, double y);
[[nodiscard]] double reverseWeibullQuantile(const WeibullFit& fit, double probability);

/// Profile negative log-likelihood over end points, for the profile figure: pairs (a, nll).
[[nodiscard]] std::vector<std::array<double, 2>> reverseWeibullProfile(std::span<const double> maxima, const WeibullOptions& options,
    int points = 60);

} // namespace brink
