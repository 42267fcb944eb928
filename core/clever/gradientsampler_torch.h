// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clever/ballsampler.h"
#include "core/model/classifier_torch.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace brink {

/// What is sampled and measured.
struct GradientPlan {
    Norm ball = Norm::L2;               ///< shape of the sampling ball
    double radius = 5;
    RadialLaw law = RadialLaw::Uniform;
    int firstBatch = 0;                 ///< maxima firstBatch ... batches - 1: a later stage goes on where an earlier one ended
    int batches = 1;                    ///< maxima, with those before firstBatch
    int samples = 1;                    ///< fresh points per maximum
    std::int64_t reference = 0;         ///< c
    std::vector<std::int64_t> targets;  ///< j: gradients of f_c - f_j
    std::vector<Norm> norms;            ///< of the perturbation; the dual norm of each gradient is taken
    std::uint64_t seed = 1;             ///< maximum b draws from the stream combineSeeds({seed, b}): device batches and threads do not matter
    std::vector<double> innerFractions; ///< ascending, below 1: maxima are also kept over points within these parts of the radius
};

/// One row per target and norm (row = target index * norms + norm index).
struct GradientMaximaRows {
    struct Row {
        std::vector<double> maxima;                    ///< [batches done]
        std::vector<std::vector<double>> innerMaxima;  ///< [inner fractions][batches done]; 0 where no point fell inside
        std::int64_t zeroGradients = 0;

        /// The maxima of a later group or stage.
        void append(const Row& next);
    };
    std::vector<Row> rows;
    int batchesDone = 0;            ///< complete ones, from firstBatch on
    std::int64_t samplesDone = 0;   ///< points measured, those of an incomplete one included
    std::vector<double> meanDistances; ///< [batches done], of the clipped points of each maximum, in the ball's norm
    bool isStopped = false;
};

/// Runs the plan: one forward per device batch serves every target, one backward each, all norms from the same gradient.
/// Device batches hold up to bestBatch() points; out of memory halves them. Groups of maxima run on the monitor's lanes.
/// @param monitor its progress counts points.
/// @param afterGroup called in this thread after each round of groups with what is there so far (complete maxima).
/// Stopping returns the complete maxima. @throws Error(Domain) when a gradient is not finite.
[[nodiscard]] GradientMaximaRows sampleGradientMaxima(Evaluator& evaluator, const Image& centre, const GradientPlan& plan,
    Monitor& monitor, const std::function<void(const GradientMaximaRows&)>& afterGroup = {});

/// Dual norms of the gradients of f_c - f_j at the points: [targets * norms, N] float32 on the CPU.
[[nodiscard]] at::Tensor gradientNorms(Evaluator& evaluator, const at::Tensor& points, const GradientPlan& plan);
/// The same on a pass that exists already.
[[nodiscard]] at::Tensor gradientNorms(Evaluator& evaluator, const ForwardPass& pass, const GradientPlan& plan);

} // namespace brink
