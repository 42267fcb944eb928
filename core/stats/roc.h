// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace brink {

/// How well a score separates positives from negatives; higher scores speak for positive.
/// All functions throw Error(Domain) unless there are as many labels (0 or 1) as scores, of both kinds, all finite.

/// Area under the receiver operating characteristic by mid-ranks; ties count one half.
[[nodiscard]] double auroc(std::span<const int> positive, std::span<const double> score);

/// Area under the precision-recall points by trapezoids, from recall 0 at precision 1. Optimistic between far points; the margin
/// consistency figures use it.
[[nodiscard]] double auprTrapezoid(std::span<const int> positive, std::span<const double> score);

/// Sum of precision times recall gained: no interpolation.
[[nodiscard]] double averagePrecision(std::span<const int> positive, std::span<const double> score);

/// False positive rate at the highest threshold that finds at least `recall` of the positives.
[[nodiscard]] double falsePositiveRateAt(double recall, std::span<const int> positive, std::span<const double> score);

/// The receiver operating characteristic from (0, 0) to (1, 1), a corner a distinct score.
struct RocCurve {
    std::vector<double> falsePositiveRate, truePositiveRate;
};
[[nodiscard]] RocCurve rocCurve(std::span<const int> positive, std::span<const double> score);

/// A threshold: scores above it are called positive.
struct RocThreshold {
    double threshold = 0;
    double balancedAccuracy = 0; ///< mean of true positive and true negative rate: accuracy where both kinds are equally many
};
/// The threshold of largest balanced accuracy, half way between the scores on its sides; the highest of several.
[[nodiscard]] RocThreshold bestThreshold(std::span<const int> positive, std::span<const double> score);

} // namespace brink
