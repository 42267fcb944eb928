// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/rng.h"
#include "core/detectors/detectorsurvey.h"

#include <algorithm>
#include <memory>

namespace brink::test {

/// Grey 8 x 8 image.
inline std::shared_ptr<const Image> samplePicture(float value)
{
    Image image{1, 8, 8, std::vector<float>(64, value), "sample", {}};
    for (std::size_t i = 0; i < 64; i += 3)
        image.pixels[i] = std::min(1.0F, value + 0.1F);
    return std::make_shared<const Image>(std::move(image));
}

/// Two detectors on 400 clean images with uniform scores in [0, 1], half of them held out, thresholds as they choose them. FGSM fools 8 of 10
/// images, of which squeezing (scores 0.9, 0.91 ...) finds some and the attack that knows it (0.1, 0.11 ...) shows none.
inline DetectorSurvey sampleDetectors(std::uint64_t seed = 1)
{
    DetectorSurvey survey;
    survey.modelName = "sample net";
    survey.modelSha256 = "0123";
    survey.classes = 3;
    survey.classNames = {"zero", "one", "two"};
    survey.imagesSource = "images/sample.idx";
    survey.detectors.push_back({{DetectorKind::Squeezing, squeezersFromText("mnist"), 10, 9, 0.5}, 1, 0, 0});
    survey.detectors.push_back({{DetectorKind::Curvature, {}, 10, 2, 0.5}, 1, 0.1, 0});
    Rng rng(seed);
    std::vector<double> calibration[2];
    for (int i = 0; i < 400; ++i) {
        CleanImage image{i, i % 3, i % 3, i < 200, "images/sample.idx#" + std::to_string(i), "ff", {rng.uniform(), rng.uniform()}};
        for (const std::size_t d : {0U, 1U})
            if (image.isCalibration)
                calibration[d].push_back(image.scores[d]);
        survey.clean.push_back(std::move(image));
    }
    for (const std::size_t d : {0U, 1U})
        survey.detectors[d].threshold = thresholdAt(survey.falsePositiveRate, calibration[d]);
    const auto add = [&](const char* name, std::optional<std::size_t> knows, double first) {
        DetectorAttack attack{name, Norm::Linf, 0.3, {{"eps", 0.3}}, knows, {}, {100, 50}, 0.5};
        for (int i = 0; i < 10; ++i) {
            AttackedImage image;
            image.index = 200 + i;
            image.isFooled = i < 8;
            if (image.isFooled) {
                const double score = first + 0.01 * i;
                image.distance = 0.1 + 0.01 * i;
                image.scores = {{score, 1, {score, score / 2}, {0, 1}}, {0.5, 1, {}, {}}};
                image.image = samplePicture(0.4F);
            } else {
                image.failure = "No image that fools was found.";
            }
            attack.images.push_back(std::move(image));
        }
        survey.attacks.push_back(std::move(attack));
    };
    add("fgsm", std::nullopt, 0.9);
    add("adaptive", 0, 0.1);
    survey.originals.assign(10, samplePicture(0.2F));
    survey.originalScores.assign(10, {{0.02, 0, {0.01, 0.02}, {0, 0}}, {0.4, 0, {}, {}}});
    survey.counts = {1000, 200};
    survey.seconds = 3;
    return survey;
}

} // namespace brink::test
