// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"
#include "core/model/classifier.h"
#include "core/study/studyresults.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace brink {

// The units that a study is cut into: each is a function of its arguments alone, so that it may run anywhere, at any time, and
// give the same. Classes that go in and out are those of the data set, i.e. the model's minus its offset; a class of the
// model that the data set does not have (background) is `outsideClass`.

inline constexpr std::int32_t outsideClass = -2;

/// A model of a study, opened.
struct StudyNet {
    std::shared_ptr<const Classifier> classifier;
    int classOffset = 0;
    std::shared_ptr<const ClassifierHead> head{}; ///< null: no last layer was found

    [[nodiscard]] std::int32_t dataClass(std::int64_t modelClass) const
    {
        return modelClass < classOffset ? outsideClass : std::int32_t(modelClass - classOffset);
    }
    /// Classes of the data set that the model can say.
    [[nodiscard]] std::int64_t dataClasses() const { return classifier->classes() - classOffset; }
};

struct UnitImage {
    Image source;             ///< as read from the file
    std::int32_t image = 0;   ///< place in the study
    std::int64_t index = 0;   ///< in the data set; with the study's seed it decides every random number
};

/// The image as the model takes it. @throws Error(Shape) where the model's card refuses the size.
[[nodiscard]] Image modelInput(const StudyNet& net, const Image& source, std::vector<std::string>* conversions = nullptr);

struct PredictionUnit {
    std::vector<std::int32_t> predicted; ///< class of each image
    std::vector<OutputScores> scores;
};
/// @param labels of the images. @throws Error(Domain) naming the image for logits that are not finite.
[[nodiscard]] PredictionUnit predictUnit(const StudyNet& net, std::span<const UnitImage> images, std::span<const std::int64_t> labels);

struct AttackUnit {
    std::vector<StudyAttackRow> rows;  ///< as the images
    /// What the attack made of each image; of a failed one its last attempt, or no pixels where there is none.
    std::vector<Image> shown;
};
/// Stopped, the rows say so and the unit is not to be kept.
[[nodiscard]] AttackUnit attackUnit(const StudyNet& net, const StudyAnalysis& analysis, std::span<const UnitImage> images,
    std::uint64_t seed, Monitor& monitor);

struct CleverUnit {
    std::vector<StudyCleverRow> rows;
    Json fits = Json::array();         ///< one an image: targets with their Weibull fits
    bool stopped = false;
};
[[nodiscard]] CleverUnit cleverUnit(const StudyNet& net, const StudyAnalysis& analysis, std::span<const UnitImage> images,
    std::uint64_t seed, Monitor& monitor);

/// Shows images of one model's input size to another model. @param clean the unperturbed images in the same size and order.
/// Other sizes are stretched bilinearly, grey and colour converted, which the record says; the clean images go the same way.
/// @param knownClean their classes where they are known already (takeTheSame()), else empty. Forwards only. Of a tie (roundoff.h)
/// the clean class is said, as attacks count it. `row` is left to
/// the caller.
[[nodiscard]] StudyTransfer transferUnit(const StudyNet& target, std::span<const Image> shown, std::span<const Image> clean,
    std::span<const std::int32_t> knownClean);

/// Both make the same input of every image file.
[[nodiscard]] bool takeTheSame(const StudyNet& a, const StudyNet& b);

/// Why images of the one cannot be shown to the other, one sentence; empty when they can.
[[nodiscard]] std::string refusalOf(const StudyNet& source, const StudyNet& target);

} // namespace brink
