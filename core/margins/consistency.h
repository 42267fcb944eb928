// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace brink {

/// What a score says of an image, beside how far the image is from another class.
struct ScoredMargin {
    double score = 0;  ///< larger: farther from the boundary, says the model
    double margin = 0; ///< distance in the threat's norm, pixel units; infinite where no attack found another class
    bool operator==(const ScoredMargin&) const = default;
};

/// How far a score orders images as their input margins do.
struct ConsistencyEstimate {
    double tau = 0;                    ///< Kendall's tau-b
    std::array<double, 2> interval{};  ///< 95 % bootstrap over images
    std::int64_t images = 0;           ///< with a finite margin
};
/// Absent for fewer than three finite margins, or when either side has one value only. The seed decides the interval.
/// Source: Ngnawé et al. 2024 (arXiv 2406.18451), section 3.
[[nodiscard]] std::optional<ConsistencyEstimate> consistencyOf(std::span<const ScoredMargin> images, std::uint64_t seed, int resamples = 200);

/// Brittle at eps: the input margin is at most eps. The score detects them; positives are the brittle ones, low scores speak for
/// them. AUROC counts ties one half, AUPR is by trapezoids as in the paper, FPR@95 the false alarms at the threshold that finds at least
/// 95 % of the brittle images.
struct Detectability {
    double eps = 0;
    std::int64_t brittle = 0, images = 0;
    std::optional<double> auroc, aupr, fpr95; ///< absent when all images are of one kind
};
[[nodiscard]] Detectability detectabilityAt(std::span<const ScoredMargin> images, double eps);

/// What a threshold calls brittle (scores up to it) against what is.
struct ThresholdCounts {
    std::int64_t found = 0;       ///< brittle and called so
    std::int64_t missed = 0;      ///< brittle, not called so
    std::int64_t falseAlarms = 0; ///< called brittle and not
    std::int64_t passed = 0;      ///< neither
};
[[nodiscard]] ThresholdCounts countsAt(std::span<const ScoredMargin> images, double eps, double threshold);
/// The threshold of largest balanced accuracy; absent when all images are of one kind.
[[nodiscard]] std::optional<double> bestScoreThreshold(std::span<const ScoredMargin> images, double eps);

/// Precision against recall of the brittle images, a point a distinct score, from recall 0 at precision 1. Empty for images of one kind.
struct PrecisionRecallCurve {
    std::vector<double> recall, precision;
};
[[nodiscard]] PrecisionRecallCurve precisionRecallCurve(std::span<const ScoredMargin> images, double eps);
/// True against false positive rate likewise, from (0, 0) to (1, 1).
struct AlarmCurve {
    std::vector<double> falseAlarms, found;
};
[[nodiscard]] AlarmCurve alarmCurve(std::span<const ScoredMargin> images, double eps);

/// The images ordered by score, so that counts at any threshold are looked up and not counted.
class ThresholdTable {
public:
    ThresholdTable(std::span<const ScoredMargin> images, double eps);
    [[nodiscard]] ThresholdCounts at(double threshold) const; ///< O(log n)

private:
    std::vector<double> m_scores;              ///< ascending
    std::vector<std::int64_t> m_brittleBefore; ///< [n + 1] brittle among the first i
};

/// Scores of the images whose margins fall into a bin.
struct MarginBin {
    double low = 0, high = 0;  ///< of the margin
    std::int64_t images = 0;
    double median = 0, lowerQuartile = 0, upperQuartile = 0; ///< of the score
};
/// Bins of equal width from 0 to `end`; empty bins are left out. @throws Error(Domain) for no bins or an end that is not positive.
[[nodiscard]] std::vector<MarginBin> marginBins(std::span<const ScoredMargin> images, double end, int bins);

} // namespace brink
