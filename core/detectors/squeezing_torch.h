// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/squeezer.h"
#include "core/detectors/detector.h"
#include "core/model/classifier_torch.h"

#include <span>
#include <vector>

namespace brink {

/// Letters: N images, S squeezers, V = 1 + S views of an image (itself, then through each squeezer), K classes.

/// The views of images x [N,C,H,W] as [V N,C,H,W], view by view, on the device of x; no gradient passes.
[[nodiscard]] at::Tensor viewsOf(const at::Tensor& x, std::span<const Squeezer> squeezers);

/// Softmax [V,N,K] float64 on the CPU of logits [V N,K].
[[nodiscard]] at::Tensor viewProbabilities(const at::Tensor& logits, std::int64_t views);

/// L1 distances [S,N] between the first view and each of the others.
[[nodiscard]] at::Tensor viewDistances(const at::Tensor& probabilities);

} // namespace brink
