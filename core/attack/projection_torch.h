// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"

#include <ATen/core/Tensor.h>

namespace brink {

/// Shortest way from points of the box [0,1]^d to a hyperplane inside the box. N points, d values each.
struct HyperplaneProjection {
    at::Tensor step;    ///< [N,d] float32: point + step lies on the hyperplane and in the box
    at::Tensor reaches; ///< [N] bool: false where the box does not meet the hyperplane; then the step leads to the
                        ///< corner of the box that comes nearest to it
};

/// For each point x, the smallest step r in the norm with value + normal.r = 0 and x + r in [0,1]^d.
/// Exact: the size of the step solves a one-dimensional piecewise linear equation whose break points are sorted
/// (L2, Linf); in L1 the coordinates of largest |normal| are used up first.
/// @param points [N,d] float32 in [0,1], @param normals [N,d], @param values [N] the affine function at the points (either
/// sign), @param norm L1, L2 or Linf. A zero normal gives a zero step. @throws Error(Domain) for L0.
/// Source: Croce and Hein 2020, "Minimally distorted adversarial examples with a fast adaptive boundary attack",
/// arXiv 1907.02044, section 2.2 and appendix A.
[[nodiscard]] HyperplaneProjection projectOntoHyperplane(
    const at::Tensor& points, const at::Tensor& normals, const at::Tensor& values, Norm norm);

} // namespace brink
