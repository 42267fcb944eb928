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

/// Orders result.targets by score and sets score, interval, target, capped and the warnings about them.
void summarise(CleverResult& result);

} // namespace brink
