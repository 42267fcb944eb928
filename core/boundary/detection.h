// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/monitor.h"
#include "core/base/warning.h"
#include "core/data/image.h"
#include "core/model/classifier.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// Said wherever the detector is shown.
inline constexpr const char* detectionNote
    = "An adaptive attacker, who knows the detector and evades it, was not considered; detectors of this kind have generally not survived one.";

struct DetectionRequest {
    double reach = 0.1;     ///< h of the differences of gradients, pixel units: one scale for all images, perturbed or not
    int probes = 10;        ///< T random directions, the same ones for every class
    int classes = 9;        ///< other classes looked at, the most likely ones; all where there are no more
    std::uint64_t seed = 1;
};

/// Curvature of the level sets of F_i = f_k - f_i at the image itself, k the predicted class, i another: v^T G_i v, mean over
/// random directions v. Fawzi et al. 2017 (arXiv 1705.09552), algorithm 2, as the handbook (4.5) has it.
struct DetectionStatistic {
    std::int64_t predicted = 0;
    std::vector<std::int64_t> classes; ///< i, most likely first; those without a gradient are left out
    std::vector<double> curvature;     ///< of each, 1/pixel unit
    double statistic = 0;              ///< their mean
    EvaluationCounts counts;

    /// The class whose curvature is largest when multiplied by the sign (the label that a perturbed image had before);
    /// the predicted one without any.
    [[nodiscard]] std::int64_t recovered(int sign) const;
};
/// Absent when stopped. @throws Error(Domain|Shape) for absurd numbers.
[[nodiscard]] std::optional<DetectionStatistic> detectionStatistic(
    std::shared_ptr<const Classifier> classifier, const Image& image, const DetectionRequest& request, Monitor& monitor);

/// @param image model-input size.
[[nodiscard]] std::int64_t predictedClass(const std::shared_ptr<const Classifier>& classifier, const Image& image);

/// The image moved on: x + scale (y - x), clipped to the pixel box.
[[nodiscard]] Image scaledPerturbation(const Image& clean, const Image& perturbed, double scale);

/// A perturbed image of a run, and what the detector says.
struct PerturbedImage {
    std::string attack;      ///< registry name
    double scale = 1;        ///< of the perturbation
    double distance = 0;     ///< L2, pixel units, after clipping
    bool isFooled = false;   ///< the class is not that of the clean image
    DetectionStatistic statistic;
};

struct DetectionImage {
    std::int64_t index = 0;
    std::optional<std::int64_t> label;
    std::string source, sha256;
    bool isCalibration = false; ///< chose sign and threshold; the others are what rates are counted on
    DetectionStatistic clean;
    std::vector<PerturbedImage> perturbed;
    std::string failure;        ///< DeepFool found nothing, or an error
};

/// Detection over many images of one model. A value: what figures and files are made of.
struct DetectionSurvey {
    std::string modelName, modelSha256;
    std::vector<std::string> classNames; ///< may be empty
    int classes = 0;
    std::string imagesSource;
    std::uint64_t seed = 1;
    double step = 0.5;                   ///< h over the median distance of DeepFool on the calibration images
    DetectionRequest request;
    std::vector<std::string> attacks;    ///< DeepFool first
    std::vector<double> scales;          ///< of DeepFool's perturbation, 1 first
    std::vector<DetectionImage> images;
    bool partial = false;
    EvaluationCounts counts;
    double seconds = 0;
    Warnings warnings;
};

/// A rate with its Wilson interval.
struct DetectionRate {
    std::int64_t hits = 0, total = 0;
    [[nodiscard]] double share() const { return total == 0 ? 0.0 : double(hits) / double(total); }
};

/// How the detector does against one attack at one scale, on images that had no part in choosing sign and threshold.
struct DetectionScore {
    std::string attack;
    double scale = 1;
    double medianDistance = 0;      ///< L2
    std::int64_t fooled = 0;        ///< perturbed images of another class: the positives
    std::int64_t clean = 0;         ///< the negatives
    double auroc = 0.5;
    double aurocLow = 0, aurocHigh = 1; ///< 95 % bootstrap interval over images
    double bestAccuracy = 0;        ///< balanced, at the best threshold for these very images: how the published figures count
    DetectionRate detected;         ///< of the fooled, above the threshold chosen on the calibration images
    DetectionRate falseAlarms;      ///< of the clean ones
    DetectionRate recovered;        ///< of the fooled: the label before is the one that is found
    std::vector<double> falsePositiveRate, truePositiveRate;
};

/// What a survey says. Sign and threshold come from the calibration images and their DeepFool perturbations.
struct DetectionSummary {
    int sign = 1;                 ///< perturbed images have larger sign * statistic
    double threshold = 0;         ///< of sign * statistic, 1/pixel unit
    double calibrationAccuracy = 0;
    std::int64_t calibrationImages = 0;
    std::vector<DetectionScore> attacks; ///< at scale 1
    std::vector<DetectionScore> scales;  ///< of DeepFool, those with positives
    /// [classes][classes]: row the label before, column the recovered one, DeepFool at scale 1.
    std::vector<std::vector<std::int64_t>> confusion;
};
/// Absent when there are not at least two clean and two fooled images on either side.
[[nodiscard]] std::optional<DetectionSummary> summarise(const DetectionSurvey& survey);

/// What the paper reports for other networks, by its abstract and introduction; no figures of ours.
struct PublishedDetection {
    const char* network;
    const char* quantity;
    const char* value;
};
[[nodiscard]] const std::vector<PublishedDetection>& publishedDetection();

[[nodiscard]] Json itemJson(const DetectionImage& image, int sign);
[[nodiscard]] Json toJson(const DetectionSummary& summary);

} // namespace brink
