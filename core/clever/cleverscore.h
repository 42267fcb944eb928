// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clever/clever.h"

#include <span>
#include <vector>

namespace brink {

/// Maxima over points within a smaller radius, for the curve of score against radius.
struct InnerMaxima {
    double radius = 0;
    std::vector<double> maxima;
};

/// What sampling found out about one target in one norm.
struct TargetMaxima {
    std::int64_t target = 0;
    double margin = 0;
    double gradientNorm = 0;
    std::vector<double> maxima;
    double zeroGradientShare = 0;
    std::vector<InnerMaxima> inner;
};

/// Above this share of sampled points without gradient a score is refused: the gradients are masked or saturated.
constexpr double largestZeroShare = 0.01;

/// Score, interval and (on request) curves of one target; the score is min(margin / end point, radius).
[[nodiscard]] CleverTargetResult scoreTarget(const TargetMaxima& sampled, double radius, const WeibullOptions& fit);
void addCurves(CleverTargetResult& result, const TargetMaxima& sampled, double radius, const WeibullOptions& fit);

/// Which of the targets can no longer be the minimum: the low end of their interval is not below the high end of the
/// smallest score's. Both intervals are 95 % profile-likelihood ones of the end point, the low end with a further allowance
/// for few maxima; a target whose fit has none, or
/// whose gradients vanish, is never ruled out, and by a capped score not before 50 maxima. @param targets scored on equally many maxima or ruled out before. [n] bool.
[[nodiscard]] std::vector<bool> ruledOut(const std::vector<CleverTargetResult>& targets);

/// Width of the interval of the smallest score over that score: from the lowest low end (with the same allowance) to
/// the lowest high end of the targets still in question. Absent when one of these has no interval.
[[nodiscard]] std::optional<double> relativeIntervalWidth(const std::vector<CleverTargetResult>& targets);

/// Orders result.targets by score and sets score, interval, target, capped and the warnings about them.
void summarise(CleverResult& result);

} // namespace brink
