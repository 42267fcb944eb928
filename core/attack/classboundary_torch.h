// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack_torch.h"

namespace brink {

/// Pairs of classes whose boundaries are looked at, n images with m pairs each: the boundary of a pair is crossed where the
/// wanted class has the larger logit. Both [n,m] int64.
struct ClassPairs {
    at::Tensor wanted;
    at::Tensor unwanted;
};

/// The linearised boundary nearest to each image x among its pairs: value + normal.(y - x) = 0.
struct ClassBoundary {
    at::Tensor value;    ///< [n] wanted minus unwanted logit minus the lead a success needs; negative before it
    at::Tensor normal;   ///< [n,d] gradient of the value; 0 where no gradient is of use
    at::Tensor distance; ///< [n] |value| / dual norm of the normal; infinite where every gradient is zero
};

/// Untargeted: the m strongest rivals at these logits [n,K] against the reference class, m cut to K - 1. Targeted: the
/// target against the class that is strongest besides it; where all images are targeted that is the only pair, among
/// untargeted ones it fills all m columns.
[[nodiscard]] ClassPairs classPairs(const AttackSession& session, const at::Tensor& logits, std::int64_t m);

/// One backward per pair over the one graph of `pass`, so m backwards per image and no forward. The gradients are compared
/// as they come: memory is two gradients per image whatever m is.
[[nodiscard]] ClassBoundary nearestBoundary(AttackSession& session, const ForwardPass& pass, const ClassPairs& pairs);

/// Bisection on the segment from each clean image to the best perturbed one, for all images where something was found,
/// retired or not: `rounds` forwards per image bring the distance to within 2^-rounds of it to a crossing of the boundary.
/// Never makes a result worse, as only confirmed points are kept. Call it last. Without effect in a stopped run.
/// @param rank as AttackSession::observe takes it, from the images [n,...]; empty: the distance.
void searchTowardsClean(AttackSession& session, int rounds, const std::function<at::Tensor(const at::Tensor& x)>& rank = {});
/// The parameter that switches it, "final-search".
[[nodiscard]] ParamSpec finalSearchSpec();

} // namespace brink
