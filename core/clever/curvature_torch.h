// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clever/ballsampler.h"
#include "core/model/classifier_torch.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace brink {

/// Where and for which pair of classes curvature is sampled (L2 balls only).
struct CurvaturePlan {
    double radius = 5;
    RadialLaw law = RadialLaw::Uniform;
    int batches = 1;              ///< maxima
    int samples = 1;              ///< fresh points per maximum
    std::int64_t reference = 0;   ///< c
    std::int64_t target = 0;      ///< j: the Hessian of f_c - f_j
    std::uint64_t pointSeed = 1;  ///< maximum b draws from combineSeeds({pointSeed, b})
    std::uint64_t startSeed = 1;  ///< point n starts its power iteration from combineSeeds({startSeed, n})
};

/// Batch maxima of max(0, -lambda_min) of the Hessian, [batches]; absent when stopped.
/// Power iteration on Hessian-vector products (at most 500, until the Rayleigh quotient changes by less than 1e-3 of itself),
/// then, where the dominant eigenvalue is positive, a second one on the shifted Hessian: Weng et al. 2018 (arXiv 1810.08640)
/// and their code. The code's stopping rule is absolute; a relative one makes the score independent of the logit scale.
/// Counts one backward per image and product. @param afterPoints told how many points each device batch finished.
[[nodiscard]] std::optional<std::vector<double>> sampleCurvatureMaxima(Evaluator& evaluator, const Image& centre,
    const CurvaturePlan& plan, Monitor& monitor, const std::function<void(std::int64_t)>& afterPoints);

} // namespace brink
