// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace brink {

/// Orthonormal coordinates of the tangent space of a unit normal n of R^d, d > 1: a Householder reflection that takes the last
/// axis onto n or -n takes the other d - 1 axes to a basis of the tangent space. What is represented by coordinates is tangential
/// by construction, and the normal's own trivial curvature 0 does not exist.
class TangentFrame {
public:
    explicit TangentFrame(std::span<const float> normal);

    /// d - 1.
    [[nodiscard]] std::size_t dimension() const { return m_mirror.size() - 1; }
    /// The tangent vector [d] with these coordinates [d - 1]; lengths are kept.
    void toSpace(std::span<const double> coordinates, std::span<double> vector) const;
    /// Coordinates [d - 1] of the tangential part of a vector [d].
    void toTangent(std::span<const double> vector, std::span<double> coordinates) const;

    /// w of the reflection I - 2 w w^T, of length 1: for those who reflect many vectors at once.
    [[nodiscard]] const std::vector<double>& mirror() const { return m_mirror; }

private:
    std::vector<double> m_mirror;
};

} // namespace brink
