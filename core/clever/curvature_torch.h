// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/classifier_torch.h"

#include <cstdint>

namespace brink {

/// max(0, -lambda_min) of the Hessian of f_c - f_j at each point, [N] float32 on the CPU.
/// Power iteration on Hessian-vector products (at most 500, until the Rayleigh quotient changes by less than 1e-3 of itself),
/// then, where the dominant eigenvalue is positive, a second one on the shifted Hessian: Weng et al. 2018 (arXiv 1810.08640)
/// and their code. The code's stopping rule is absolute; a relative one makes the score independent of the logit scale.
/// Counts one backward per image and product. @param points [N,C,H,W]. @param seed of the start vectors, one stream a point.
[[nodiscard]] at::Tensor negativeCurvature(Evaluator& evaluator, const at::Tensor& points, std::int64_t reference,
    std::int64_t target, std::uint64_t seed, std::int64_t firstPoint);

} // namespace brink
