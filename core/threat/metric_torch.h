// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"

#include <ATen/core/Tensor.h>

namespace brink {

/// A value per row [N] shaped so that it broadcasts over the rows of a batch with the dimensions of `like`.
[[nodiscard]] at::Tensor perRow(const at::Tensor& values, const at::Tensor& like);

/// The l_p geometry of image batches. Everywhere: N images of any shape as rows [N,...], float32, any device; one value
/// a row is [N]. No function reads a value back to the host, and no row depends on another.
class DistanceMetric {
public:
    explicit DistanceMetric(Norm norm) : m_norm(norm) {}

    [[nodiscard]] Norm norm() const { return m_norm; }

    /// Length of each row. L0 counts values that are not exactly 0.
    [[nodiscard]] at::Tensor length(const at::Tensor& delta) const;

    /// Length in the dual norm, of gradients. @throws Error(Domain) for L0, which has none.
    [[nodiscard]] at::Tensor dualLength(const at::Tensor& gradient) const;

    /// Nearest point (in L2) of the ball around 0. @param radius [N], at least 0; infinity leaves the row as it is.
    /// L1: exact, by sorting (Duchi et al. 2008; handbook A7). L0: keeps the floor(radius) largest magnitudes.
    [[nodiscard]] at::Tensor project(const at::Tensor& delta, const at::Tensor& radius) const;

    /// Direction of length 1 along which a linear function with this gradient rises fastest: Linf sign, L2 the
    /// normalised gradient, L1 one value of the largest magnitude. Zero rows stay zero.
    /// @throws Error(Domain) for L0.
    [[nodiscard]] at::Tensor steepest(const at::Tensor& gradient) const;

    /// Points uniform in the ball of radius 1 from raw random numbers of the same shape: standard normals for L2,
    /// uniforms in [0,1) for L1 and Linf; `radial` [N] uniforms in [0,1) give the L1 and L2 radius its U^(1/d) law.
    /// L1 directions are spacings with random signs, so exactly uniform on the cross-polytope.
    [[nodiscard]] at::Tensor ballFromRandom(const at::Tensor& random, const at::Tensor& signs, const at::Tensor& radial) const;

    /// Longest distance from each image (pixels in [0,1]) to a point of the box.
    [[nodiscard]] at::Tensor farthestInBox(const at::Tensor& image) const;

private:
    Norm m_norm;
};

} // namespace brink
