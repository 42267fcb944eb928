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
/// Exact: the size of the step solves a one-dimensional piecewise linear equation (L2, Linf); in L1 the coordinates of
/// largest |normal| are used up first. Float32 on the CPU: row by row in linear time; else by sorting.
/// @param points [N,d] in [0,1], @param normals [N,d], @param values [N] the affine function at the points (either
/// sign), @param norm L1, L2 or Linf. A zero normal gives a zero step. @throws Error(Domain) for L0.
/// Source: Croce and Hein 2020, "Minimally distorted adversarial examples with a fast adaptive boundary attack",
/// arXiv 1907.02044, section 2.2 and appendix A.
[[nodiscard]] HyperplaneProjection projectOntoHyperplane(
    const at::Tensor& points, const at::Tensor& normals, const at::Tensor& values, Norm norm);

/// For each point x and perturbation v, the perturbation p nearest to v in L2 with |p|_1 <= radius and x + p in [0,1]^d.
/// Exact: p_i is v_i shrunk towards 0 by one number lambda of the row and cut at the box, and the length of p as a function
/// of lambda is piecewise linear with sorted break points. Shrinking first and cutting then, as a projection on the ball
/// alone would, leaves part of the budget unused.
/// @param points [N,...] float32 in [0,1], @param perturbations [N,...], @param radius [N] at least 0.
/// Source: Croce and Hein 2021, "Mind the box: l1-APGD for sparse adversarial attacks on image classifiers",
/// arXiv 2103.01208, proposition 2.1.
[[nodiscard]] at::Tensor projectOntoL1BallInBox(const at::Tensor& points, const at::Tensor& perturbations, const at::Tensor& radius);

} // namespace brink
