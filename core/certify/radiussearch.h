// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

namespace brink::certify {

/// Looks for the largest radius at which something can be proved, as a caller tries one radius after the other.
/// What is found was itself proved: it is rounded down. Bisection, sped up by interpolating the worst margin where that tells how far the
/// zero is: who stops as soon as a margin is positive, does not know how much more so it could be.
class RadiusSearch {
public:
    /// @param margin at radius 0, positive. @param guess a radius of the right order, positive. @param largest none above makes sense.
    /// @param tolerance relative width of the bracket at the end.
    RadiusSearch(double margin, double guess, double largest, double tolerance);

    void ignoreSizes() { m_ignoresSizes = true; } ///< of margins

    /// Two radii and the worst margins there: `proved` (or 0) with a positive one, and `failed`.
    struct Bracket {
        double proved = 0, provedMargin = 0, failed = 0, failedMargin = 0;
    };
    /// A search between the two.
    RadiusSearch(const Bracket& bracket, double tolerance);

    [[nodiscard]] bool isDone() const;
    /// The radius to try next.
    [[nodiscard]] double next() const;
    /// @param margin the worst lower bound found at next(); it is proved when positive.
    void tried(double margin);

    /// An image of another class lies at this radius: none above can be proved.
    void refuted(double radius);

    [[nodiscard]] double proved() const { return m_low; }
    /// The smallest radius that could not be proved; absent while all could.
    [[nodiscard]] std::optional<double> failed() const { return m_high; }
    /// Everything up to the largest radius was proved.
    [[nodiscard]] bool isCapped() const { return m_low >= m_largest; }

private:
    double m_low = 0, m_lowMargin;
    std::optional<double> m_high;
    double m_highMargin = 0;
    double m_guess, m_largest, m_tolerance;
    int m_steps = 0;
    bool m_ignoresSizes = false;
};

} // namespace brink::certify
