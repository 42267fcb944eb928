// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <vector>

namespace brink {

/// Best shape and scale for one end point.
struct ProfilePoint {
    double gap = 0;
    double shape = 1;
    double scale = 1;
    double objective = 0; ///< negative log-likelihood of y plus the penalty
};

/// Likelihood of the rescaled sample with shape and scale maximised out. For a fixed end point the scale is
/// s = (mean t^c)^(1/c), t = y + gap, and what remains is convex in c: Newton on its derivative.
class WeibullProfile {
public:
    // Limits of the search. Below shape 1 the likelihood is unbounded as a -> max(m), and for a large shape end point and
    // scale diverge together (Gumbel limit); a fit that ends at a limit says so.
    static constexpr double minShape = 0.1;
    static constexpr double maxShape = 1000;
    /// Distance of the end point above the sample maximum, in units of the sample's range.
    static constexpr double minGap = 1e-6;
    static constexpr double maxGap = 1e3;

    /// @param y descending, last is 0, in units of the sample's range; kept by reference.
    WeibullProfile(const std::vector<double>& y, double penalty) : m_y(y), m_logT(y.size()), m_penalty(penalty) {}

    /// @param startShape where Newton begins: the shape of a neighbouring gap.
    [[nodiscard]] ProfilePoint at(double gap, double startShape);

private:
    struct Powers {
        double sum = 0;     ///< of w = (t / t_max)^c
        double logSum = 0;  ///< of w ln t
        double logSquareSum = 0;
    };

    [[nodiscard]] Powers powers(double shape, double top) const;
    [[nodiscard]] double bestShape(double start, double meanLog, double top) const;

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

/// An interior minimum is preferred to the lower end, where the likelihood grows without bound once c < 1.
[[nodiscard]] ProfileSearch searchProfile(WeibullProfile& profile);

/// Gaps with a likelihood ratio below the 95 % quantile, around the best; an end of the range stays where it is reached.
[[nodiscard]] std::array<double, 2> gapInterval(WeibullProfile& profile, const ProfileSearch& search);

} // namespace brink
