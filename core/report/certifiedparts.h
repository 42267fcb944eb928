// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/studyclaims.h"
#include "core/report/studyfigures.h"
#include "core/study/certification.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace brink::report {

/// A certified radius and the nearest adversarial image in the same norm that the study knows of on the same image: of its attacks, or met by a
/// proof of beta-CROWN.
struct BoundedImage {
    std::int32_t image = 0;         ///< place in the study
    double radius = 0;              ///< pixel units
    int attacks = 0;                ///< of the norm that were run on the image, and proofs that met another class
    std::optional<double> distance; ///< of the best success
};

/// Of one finished analysis of certified radii and one model.
struct BoundedModel {
    int model = 0;
    std::shared_ptr<const CertifiedSurvey> survey;
    std::vector<BoundedImage> images;
};
/// Absent where the radii are not finished. Images that the selection leaves out are left out.
[[nodiscard]] std::optional<BoundedModel> boundedModel(const StudyResults& results, const StudySelection& selection, int analysis, int model);

/// How bound and attacks agree: a radius above the distance of an adversarial image is a fault in one of them.
struct BoundAgreement {
    std::int64_t compared = 0;   ///< images with both
    std::int64_t violations = 0;
    double largestShare = 0;     ///< radius over distance
    double medianShare = 0;      ///< the part of the distance that is proved
    std::int64_t known = 0;      ///< images on which radius and distance are within one percent: the distance is known
};
/// Violated: beyond the rounding of distances to float32.
[[nodiscard]] BoundAgreement agreementOf(const BoundedModel& bounded);

/// The figure "certified".
[[nodiscard]] StudyFigureInfo certifiedStudyFigure();

/// That certified radii stay below every attack, and that tighter methods prove more, asked of each model of the study.
[[nodiscard]] std::vector<StudyClaim> certifiedClaims(const StudyResults& results, const StudySelection& selection);

} // namespace brink::report
