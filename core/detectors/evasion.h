// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"
#include "core/detectors/detector.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace brink {

/// Attackers who know the detector and its threshold: an image is to be of another class and to pass.

struct EvasionRequest {
    Norm norm = Norm::L2;      ///< L1, L2 or Linf
    std::optional<double> eps; ///< budget; absent: the nearest such image is looked for
    int steps = 200;
    double weight = 1;         ///< lambda of the score above the threshold
};

struct EvasionItem {
    const Image* image = nullptr; ///< clean, model-input size
    std::int64_t reference = 0;   ///< the class that it has
};

/// The image that fools and passes, the nearest one without a budget; where there is none, of those that fool the one with the smallest
/// score; absent where nothing fools. Not yet confirmed: a fresh pass of detector and model decides.
using Evasion = std::optional<Image>;

/// Against feature squeezing, on its own loss: sum over views v of max(0, kappa - margin_v) + lambda max(0, score - threshold), the views
/// being the image itself and as each squeezer leaves it, margin_v the lead of one other class, common to all views, over the rest.
/// With kappa = log((K - 1) (2 - threshold) / threshold) a first part of 0 means score <= threshold; it leads where the softmax is saturated
/// and the score alone has no gradient. Gradients pass the squeezers unchanged (BPDA, Athalye et al. 2018, arXiv 1802.00420); forward they
/// are those of the detector. Steps are steepest in the norm (in L1 as in L2), cut to the box and the budget; without a budget the radius
/// shrinks by 5 % when the image fools and passes and grows by 5 % when not (Rony et al. 2019).
/// One an item, in order. Stopped, the best so far. @param counts is added to. @throws Error(Usage) for L0, Error(Domain) for absurd numbers.
[[nodiscard]] std::vector<Evasion> evadeSqueezing(const std::shared_ptr<const Classifier>& model, const std::vector<Squeezer>& squeezers, double threshold,
    std::span<const EvasionItem> items, const EvasionRequest& request, Monitor& monitor, EvaluationCounts& counts);

/// Against any detector, without gradients: the perturbation of an attack that does not know the detector, longer and shorter; inside a
/// budget shorter only. Weak: what it does not find proves nothing.
[[nodiscard]] Evasion evadeByScaling(const Detector& detector, double threshold, const EvasionItem& item, const Image& perturbed, bool hasBudget, std::uint64_t seed,
    Monitor& monitor, EvaluationCounts& counts);

} // namespace brink
