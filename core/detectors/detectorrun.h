// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/surveyimages.h"
#include "core/detectors/detectorsurvey.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace brink {

struct DetectorRunRequest {
    std::vector<DetectorChoice> detectors;
    double falsePositiveRate = 0.05;
    std::int64_t calibration = 1000; ///< clean images that choose the thresholds
    std::int64_t heldOut = 1000;     ///< clean images that false alarms are counted on
    std::int64_t attacked = 100;     ///< of the held-out ones that the model gets right
    std::vector<AttackRequest> attacks;
    bool isAdaptive = false;         ///< each norm and budget also with an attack that knows the detector
    int adaptiveSteps = 200;
    std::uint64_t seed = 1;
};

/// The attacks that feature squeezing was published with for such images (a configuration's name), with the budgets of the authors'
/// script: FGSM, BIM and C&W with confidence. Untargeted here, where the authors' C&W has targets.
[[nodiscard]] std::vector<AttackRequest> publishedAttacks(const std::string& configuration, Preset preset);
/// "published" stands for these; other words are attacks by name, in L2 where they can. @throws Error(Usage) for a name that does not exist.
[[nodiscard]] std::vector<AttackRequest> detectorAttacks(const std::vector<std::string>& words, const std::string& configuration, Preset preset);

/// A survey of detectors in steps, for whoever spreads them over threads: prepare(), scoreClean() every block, calibrate(), attack() every
/// block, end(). What comes out does not depend on the order within a step.
class DetectorRun {
public:
    /// @param images from which calibration and held-out images are drawn with the seed; all are used where there are not enough.
    /// @throws Error(Usage|Domain) for absurd requests, and with fewer than four images.
    DetectorRun(std::shared_ptr<const Classifier> model, SurveyImages images, const DetectorRunRequest& request);

    /// What a detector needs to know before it can score: scale and sign of the curvature.
    void prepare(Monitor& monitor);
    [[nodiscard]] std::int64_t cleanBlocks() const;
    /// Each block once, from any thread.
    void scoreClean(std::int64_t block, Monitor& monitor);
    /// Thresholds, and which images are attacked. @return false when stopped before all clean images were scored.
    bool calibrate();
    [[nodiscard]] std::int64_t attackBlocks() const;
    void attack(std::int64_t block, Monitor& monitor);
    void end(bool wasStopped);

    [[nodiscard]] const DetectorSurvey& survey() const { return m_survey; }
    /// Without the attacked images that are still to come, marked as partial.
    [[nodiscard]] DetectorSurvey soFar() const;

private:
    struct Target { ///< an image to attack
        std::size_t clean = 0; ///< place in the survey
        bool isDone = false;
        EvaluationCounts counts; ///< of scoring
    };

    void addAttacks();
    [[nodiscard]] std::uint64_t seedOf(std::int64_t index, std::uint64_t purpose) const;
    [[nodiscard]] Image imageAt(std::int64_t index) const;
    [[nodiscard]] bool keepsPictures(std::int64_t target) const;
    void attackPlainly(std::size_t attack, std::size_t begin, std::span<const Image> images, Monitor& monitor);
    void attackKnowingly(std::size_t attack, std::size_t begin, std::span<const Image> images, Monitor& monitor);
    void takeBetter(std::size_t attack, std::size_t target);
    void judge(std::size_t attack, std::size_t target, const Image& clean, const std::optional<Image>& found, const std::string& failure, Monitor& monitor);
    void dropUnfinished(DetectorSurvey& survey) const;

    std::shared_ptr<const Classifier> m_model;
    SurveyImages m_images;
    DetectorRunRequest m_request;
    DetectorSurvey m_survey;
    std::vector<std::unique_ptr<const Detector>> m_detectors;
    std::vector<EvaluationCounts> m_cleanCounts; ///< [blocks]
    std::vector<std::vector<DetectorScore>> m_cleanScores; ///< [clean images][detectors]
    std::vector<Target> m_targets;
    std::vector<std::vector<EvaluationCounts>> m_attackCounts; ///< [attacks][targets]
    std::vector<std::vector<double>> m_attackSeconds;          ///< likewise
    std::vector<std::vector<AttackedImage>> m_attacked;        ///< likewise
    EvaluationCounts m_prepareCounts;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// All steps, with the help of threads that are free. @param publish is told what is there after the calibration and as images are done.
[[nodiscard]] DetectorSurvey surveyDetectors(std::shared_ptr<const Classifier> model, SurveyImages images, const DetectorRunRequest& request, Monitor& monitor,
    const std::function<void(std::shared_ptr<const DetectorSurvey>)>& publish = {});

} // namespace brink
