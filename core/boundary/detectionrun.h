// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack.h"
#include "core/boundary/detection.h"
#include "core/boundary/surveyimages.h"

#include <chrono>

namespace brink {

struct DetectionRunRequest {
    std::vector<AttackRequest> attacks;          ///< detectionAttacks(): DeepFool first
    std::vector<double> scales{1, 2, 3, 5, 10};  ///< of DeepFool's perturbation, ascending, 1 among them
    double step = 0.5;                           ///< h over the median distance of DeepFool on the calibration images
    int probes = 10;                             ///< random directions of the statistic
    int classes = 9;                             ///< other classes looked at, the most likely ones
    std::uint64_t seed = 1;
};

/// DeepFool as the paper has it, which chooses the threshold, then the others by name, in L2 where they can.
/// @throws Error(Usage) for a name that does not exist.
[[nodiscard]] std::vector<AttackRequest> detectionAttacks(const std::vector<std::string>& names, Preset preset);

/// A survey of detection in steps, for whoever spreads them over threads: attack() every block of images, endAttacks(), measure() every
/// image, end(). What comes out does not depend on the order within a step.
class DetectionRun {
public:
    DetectionRun(std::shared_ptr<const Classifier> model, SurveyImages images, const DetectionRunRequest& request);

    [[nodiscard]] std::int64_t blocks() const;
    [[nodiscard]] std::int64_t images() const { return std::int64_t(m_images.indices.size()); }
    /// Each unit once, from any thread.
    void attack(std::int64_t block, Monitor& monitor);
    /// One scale for all images is chosen. @return false where there is none, and nothing to measure.
    bool endAttacks();
    /// An image counts with all its perturbations or not at all.
    void measure(std::int64_t unit, Monitor& monitor);
    /// What measure() gave, null where it was stopped; and put back after endAttacks() of a run with the same request.
    [[nodiscard]] const DetectionImage* measured(std::int64_t unit) const;
    void restore(std::int64_t unit, DetectionImage image) { m_survey.images[std::size_t(unit)] = std::move(image); }
    void end(bool wasStopped);

    [[nodiscard]] const DetectionSurvey& survey() const { return m_survey; }

private:
    [[nodiscard]] std::uint64_t seedOf(std::int64_t index, std::uint64_t purpose) const;

    std::shared_ptr<const Classifier> m_model;
    SurveyImages m_images;
    DetectionRunRequest m_request;
    DetectionSurvey m_survey;
    std::vector<std::vector<std::optional<Image>>> m_found; ///< [images][attacks]
    std::vector<EvaluationCounts> m_attackCounts;           ///< [images]
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// All steps, with the help of threads that are free.
[[nodiscard]] DetectionSurvey surveyDetection(std::shared_ptr<const Classifier> model, SurveyImages images, const DetectionRunRequest& request, Monitor& monitor);

} // namespace brink
