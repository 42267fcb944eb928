// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/rng.h"
#include "core/boundary/detection.h"

namespace brink::test {

inline DetectionStatistic sampleStatistic(std::int64_t predicted, double statistic, std::int64_t standsOut, int sign)
{
    DetectionStatistic result;
    result.predicted = predicted;
    for (std::int64_t k = 0; k < 10; ++k)
        if (k != predicted) {
            result.classes.push_back(k);
            result.curvature.push_back(statistic + (k == standsOut ? sign * 0.5 : -sign * 0.0625));
        }
    result.statistic = statistic;
    return result;
}

/// 40 images of ten classes, perturbed by DeepFool at three scales and by another attack that the detector does not see.
/// @param sign which way the perturbed ones lie.
inline DetectionSurvey sampleDetection(int sign)
{
    DetectionSurvey survey;
    survey.modelName = "sample net";
    survey.modelSha256 = std::string(64, 'a');
    survey.classes = 10;
    survey.imagesSource = "folder/digits.bin";
    survey.seed = 7;
    survey.attacks = {"deepfool", "ddn"};
    survey.scales = {1, 2, 5};
    Rng rng(3);
    for (int i = 0; i < 40; ++i) {
        DetectionImage image;
        image.index = i;
        image.label = i % 10;
        image.source = "digits#" + std::to_string(i);
        image.sha256 = std::string(64, char('0' + i % 10));
        image.isCalibration = i % 2 == 0;
        const std::int64_t own = i % 10, other = (own + 3) % 10;
        image.clean = sampleStatistic(own, -sign * 1.0 + 0.3 * rng.normal(), other, sign);
        // One in four of the counted images, and of the others, has its label recovered wrongly.
        const std::int64_t found = i / 2 % 4 == 3 ? (own + 1) % 10 : own;
        for (const double scale : survey.scales)
            image.perturbed.push_back({"deepfool", scale, 0.2 * scale, true,
                sampleStatistic(other, sign * (1.0 - 0.5 * (scale - 1)) + 0.3 * rng.normal(), found, sign)});
        image.perturbed.push_back({"ddn", 1, 0.2, true, sampleStatistic(other, -sign * 1.0 + 0.3 * rng.normal(), found, sign)});
        survey.images.push_back(std::move(image));
    }
    return survey;
}

} // namespace brink::test
