// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/warning.h"
#include "core/model/head.h"
#include "core/model/publishedaccuracy.h"
#include "core/study/study.h"
#include "core/threat/distances.h"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace brink {

struct CertifiedSurvey;
struct CurvatureSurvey;
struct DetectionSurvey;
struct RegionSurvey;

/// A model as the study found it.
struct StudyModelFacts {
    std::string sha256;             ///< of the file; empty: not opened yet
    std::array<int, 3> input{};     ///< C, H, W
    int classes = 0;
    std::int64_t parameters = 0;
    std::vector<std::string> conversions; ///< how the first image became its input
    std::optional<HeadSummary> head;      ///< how equally far apart the classes are in the last layer; absent where none was found
    std::vector<PublishedAccuracy> published; ///< robust accuracies that its card states
    std::string error;              ///< why it was left out, one sentence; empty when it works
};

/// One image of the study, by its place in it.
struct StudyImageFacts {
    std::int64_t index = 0;         ///< in the data set
    std::string source;
    std::int64_t label = 0;         ///< class of the data set
    std::string sha256;             ///< imageSha256
};

/// What a model's output says about an image beside its class. Scores that could tell images near the boundary from others
/// (Ngnawé et al. 2024, arXiv 2406.18451); not a number where they are not known: an older file, no last layer.
struct OutputScores {
    float logitMargin = std::numeric_limits<float>::quiet_NaN();       ///< largest logit minus the second
    float probabilityMargin = std::numeric_limits<float>::quiet_NaN(); ///< the same of the softmax probabilities
    float maxProbability = std::numeric_limits<float>::quiet_NaN();
    float labelProbability = std::numeric_limits<float>::quiet_NaN();  ///< of the image's label
    float outputDistance = std::numeric_limits<float>::quiet_NaN();    ///< (f_1 - f_2) / |w_1 - w_2|_1 by the rows of the last layer
};

/// What an attack did to one image. Classes are those of the data set (the model's class minus its offset).
struct StudyAttackRow {
    std::int32_t image = 0;         ///< place in StudyResults::images
    std::int32_t target = -1;       ///< -1: untargeted
    std::int32_t adversarialClass = -1; ///< -1: failed
    bool success = false;
    bool survives8bit = false, survivesJpeg = false;
    bool stopped = false;
    Distances distance;             ///< of a success; zero otherwise and never to be used
    std::int32_t steps = 0;
    std::int32_t forwards = 0, backwards = 0;
    float seconds = 0;
};

/// CLEVER of one image.
struct StudyCleverRow {
    std::int32_t image = 0;
    std::int32_t target = -1;       ///< class at the smallest score
    double score = 0;               ///< only where `isRefused` is false
    std::array<double, 2> interval{};
    bool capped = false;            ///< the score is the radius: a censored value
    bool isRefused = false;
    std::int32_t forwards = 0, backwards = 0;
    float seconds = 0;
};

/// The images an attack made on one model (the source) as another (the target) sees them; where a fixed-budget attack failed,
/// its last perturbed image, where a minimum-norm attack failed, the clean one.
struct StudyTransfer {
    std::vector<std::int32_t> row;       ///< of the source's cell, ascending
    std::vector<std::int32_t> predicted; ///< class of the data set
    std::vector<float> margin;           ///< logit of `predicted` minus that of the best other class
    std::vector<std::int32_t> clean;     ///< what the target says to the unperturbed image, converted in the same way
    std::vector<std::string> conversions; ///< between the two inputs; empty: pixels went over unchanged
    bool operator==(const StudyTransfer&) const = default;
};

/// What a survey of the boundary gave; one of them where it is finished.
struct StudySurvey {
    std::shared_ptr<const CurvatureSurvey> curvature;
    std::shared_ptr<const DetectionSurvey> detection;
    std::shared_ptr<const RegionSurvey> regions;
    std::shared_ptr<const CertifiedSurvey> certified;
};

/// Everything an analysis gave for one model so far, ascending by image.
struct StudyCell {
    std::vector<StudyAttackRow> attack;
    std::vector<StudyCleverRow> clever;
    StudySurvey survey;
    std::vector<std::string> errors;     ///< units that failed, one sentence each
};

/// All that is known of a study at one moment, complete or not; what tables and figures are made of. Immutable once shared.
struct StudyResults {
    Study study;
    std::vector<StudyModelFacts> models;         ///< as study.models
    std::vector<StudyImageFacts> images;
    std::vector<std::string> classNames;         ///< of the data set; may be empty
    /// [model][image] class of the data set that the model gives the clean image; -1 as long as it is not known.
    std::vector<std::vector<std::int32_t>> predicted;
    std::vector<std::vector<OutputScores>> scores; ///< [model][image], of the clean image
    std::vector<std::vector<std::shared_ptr<const StudyCell>>> cells; ///< [analysis][model], never null
    /// [analysis] (source, target) -> what the target says, source == target included; absent pairs are not computed (yet)
    /// or refused. A pair that is only in part computed has fewer entries than the source has rows.
    std::vector<std::map<std::pair<int, int>, std::shared_ptr<const StudyTransfer>>> transfers;
    std::map<std::pair<int, int>, std::string> refusedPairs; ///< (source, target) -> reason, one sentence
    std::int64_t unitsDone = 0, unitsTotal = 0;
    double seconds = 0;                          ///< of all units together
    Warnings warnings;

    [[nodiscard]] bool works(int model) const { return models[std::size_t(model)].error.empty(); }
    [[nodiscard]] bool isCorrect(int model, int image) const
    {
        return predicted[std::size_t(model)][std::size_t(image)] == images[std::size_t(image)].label;
    }
    /// Unknown ones where the file has none.
    [[nodiscard]] OutputScores outputScores(int model, int image) const
    {
        return scores.empty() ? OutputScores() : scores[std::size_t(model)][std::size_t(image)];
    }
    [[nodiscard]] bool isCorrectOnAll(int image) const; ///< by every model that works
    [[nodiscard]] const StudyCell& cell(int analysis, int model) const { return *cells[std::size_t(analysis)][std::size_t(model)]; }
    [[nodiscard]] bool isComplete() const { return unitsTotal > 0 && unitsDone == unitsTotal; }
};

} // namespace brink
