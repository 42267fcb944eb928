// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attackoutcome.h"

#include <optional>
#include <span>
#include <vector>

namespace brink {

/// Indicators of attack failure that are read off an attack's trace (Pintor et al. 2022, arXiv 2106.09947; constants of the
/// released code).

/// The loss may still fall by this share of its range within the last `lastSteps` steps; more: the optimisation is incomplete.
inline constexpr double mostUnfinished = 0.05;
inline constexpr std::size_t lastSteps = 10;

/// A loss path in [0,1] that never rises. @param loss what was driven down; not empty. A constant path is all zeros.
[[nodiscard]] std::vector<double> rescaledLoss(std::span<const double> loss);
/// By how much it still falls within the last steps, in [0,1]. A path that is not finite counts as 1, an empty one as 0.
[[nodiscard]] double unfinishedShare(std::span<const double> loss);

/// Losses of the last walk of a trace. @param walks that the trace holds behind each other.
[[nodiscard]] std::vector<double> lossPath(const AttackOutcome& outcome, std::size_t walks = 1);

/// An iterate before the last one was adversarial, although the attack says that it failed.
[[nodiscard]] bool isSilentSuccess(const AttackOutcome& outcome);

/// The first iterate that was adversarial; absent without one.
[[nodiscard]] std::optional<int> fooledAtStep(const AttackOutcome& outcome);

/// Share of the outcomes that were fooled by an iterate up to each step, from step 0.
[[nodiscard]] std::vector<double> successByStep(std::span<const AttackOutcome> outcomes);

} // namespace brink
