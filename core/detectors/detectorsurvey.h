// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack.h"
#include "core/base/json.h"
#include "core/base/warning.h"
#include "core/detectors/detector.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// Said wherever detectors are shown.
inline constexpr const char* detectorsNote
    = "A rate against attacks that do not know the detector says nothing about one that does: detectors of these kinds have generally not survived an adaptive attack.";
/// Where the settings come from, and why no published rate stands beside ours.
inline constexpr const char* squeezingSourceNote
    = "Squeezers, joint configurations, threshold rule and attack budgets are those of the authors' code (Xu, Evans and Qi 2018, arXiv 1704.01155; EvadeML-Zoo). Their detection "
      "rates are for other networks and could not be checked against the paper, so none is shown here.";

enum class DetectorKind { Squeezing, Curvature };

/// A detector as it is asked for.
struct DetectorChoice {
    DetectorKind kind = DetectorKind::Squeezing;
    std::vector<Squeezer> squeezers; ///< Squeezing
    int probes = 10;                 ///< Curvature: random directions
    int classes = 9;                 ///< Curvature: other classes looked at, the most likely ones
    double step = 0.5;               ///< Curvature: scale of the differences over DeepFool's median distance on calibration images

    bool operator==(const DetectorChoice&) const = default;
};
/// "squeezing", "curvature".
[[nodiscard]] std::string detectorName(DetectorKind kind);
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] DetectorKind detectorFromName(std::string_view name);
/// "Feature squeezing (1 bit, median 2 × 2)", "Curvature".
[[nodiscard]] std::string detectorLabel(const DetectorChoice& choice);

/// A detector with what the calibration images decided.
struct CalibratedDetector {
    DetectorChoice choice;
    int sign = 1;         ///< Curvature: of the statistic, from DeepFool on calibration images
    double reach = 0;     ///< Curvature: scale of the differences, pixel units
    double threshold = 0; ///< scores above are called perturbed
};

/// A clean image and its scores, one a detector.
struct CleanImage {
    std::int64_t index = 0;
    std::optional<std::int64_t> label;
    std::int64_t predicted = 0;
    bool isCalibration = false; ///< chose the thresholds; the others are what false alarms are counted on
    std::string source, sha256;
    std::vector<double> scores;
};

/// What an attack made of an image.
struct AttackedImage {
    std::int64_t index = 0;
    bool isFooled = false;             ///< the class is not that of the clean image, confirmed by the detector's own pass
    std::string failure;               ///< why not, one sentence
    double distance = 0;               ///< in the attack's norm; where fooled
    std::vector<DetectorScore> scores; ///< one a detector; empty unless fooled
    std::shared_ptr<const Image> image; ///< for looking at; null where it was not kept
};

/// One attack on the attacked images, in their order.
struct DetectorAttack {
    std::string name; ///< registry name, "adaptive" for one that knows the detector
    Norm norm = Norm::L2;
    std::optional<double> eps;            ///< budget; absent: the nearest
    Json parameters;                      ///< as run
    std::optional<std::size_t> adaptiveTo; ///< place of the detector that it knows
    std::vector<AttackedImage> images;
    EvaluationCounts counts;
    double seconds = 0;
};

/// Detectors side by side: the same clean images, the same attacked ones. A value: what figures, tables and files are made of.
struct DetectorSurvey {
    std::string modelName, modelSha256;
    std::vector<std::string> classNames; ///< may be empty
    int classes = 0;
    std::string imagesSource;
    std::uint64_t seed = 1;
    double falsePositiveRate = 0.05; ///< asked for
    std::vector<CalibratedDetector> detectors;
    std::vector<CleanImage> clean;
    std::vector<std::shared_ptr<const Image>> originals; ///< of the attacked images, in their order; null where not kept
    std::vector<std::vector<DetectorScore>> originalScores; ///< [attacked][detectors] of the clean image
    std::vector<DetectorAttack> attacks; ///< those that know nothing first
    bool partial = false;
    EvaluationCounts counts;
    double seconds = 0;
    Warnings warnings;
};

/// One detector against one attack. Negatives are the held-out clean images, positives those that the attack fooled.
struct DetectorScoreRow {
    std::size_t attack = 0, detector = 0; ///< places in the survey
    std::int64_t attacked = 0;
    DetectionRate detected;  ///< of the fooled, above the threshold
    DetectionRate evading;   ///< of the attacked, fooled and not above it
    double medianDistance = 0; ///< of the fooled, in the attack's norm
    std::optional<double> auroc; ///< absent with fewer than two fooled images
    double aurocLow = 0, aurocHigh = 1; ///< 95 % bootstrap interval over images
    std::vector<double> falsePositiveRate, truePositiveRate;
};

/// How well a false positive rate is kept on images that had no part in the threshold.
struct FalseAlarms {
    DetectionRate calibration, heldOut;
    /// The same over random divisions of all clean images into parts of these sizes: mean, and central 95 %.
    int splits = 0;
    double splitMean = 0, splitLow = 0, splitHigh = 0;
    double withinOnePoint = 0; ///< share of divisions whose held-out rate is within 0.01 of the one asked for
    /// What chance alone allows: central 95 % of the held-out rate for continuous scores (beta-binomial).
    double chanceLow = 0, chanceHigh = 0;
};

struct DetectorSummary {
    std::vector<FalseAlarms> falseAlarms; ///< one a detector
    std::vector<DetectorScoreRow> rows;   ///< by attack, then detector; of an adaptive attack only the detector it knows
};
/// Absent without clean images on both sides.
[[nodiscard]] std::optional<DetectorSummary> summarise(const DetectorSurvey& survey);

/// The row of the attack that knows this row's detector, in the same norm with the same budget; null when there is none.
[[nodiscard]] const DetectorScoreRow* adaptiveTwin(const DetectorSurvey& survey, const DetectorSummary& summary, const DetectorScoreRow& row);

/// "FGSM, L∞ ≤ 0.3", "C&W L2", "adaptive, L∞ ≤ 0.3".
[[nodiscard]] std::string attackTitle(const DetectorAttack& attack);

/// What every result says of the run, for "parameters".
[[nodiscard]] Json parametersJson(const DetectorSurvey& survey);
[[nodiscard]] Json itemsJson(const DetectorSurvey& survey);
[[nodiscard]] Json toJson(const DetectorSurvey& survey, const DetectorSummary& summary);

} // namespace brink
