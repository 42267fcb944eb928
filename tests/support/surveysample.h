// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvaturesurvey.h"

#include <cmath>

namespace brink::test {

/// What a made-up survey says.
struct SurveySettings {
    int images = 12;
    bool isFull = true;
    double negativeWeight = 3;   ///< the negative tail times this
    double sharedRho = 20;
    double curvedHalf = 1;       ///< noise of this norm fools half of the draws in the curved subspace ...
    double fullHalf = 8;         ///< ... and of this norm in all directions
    double tailWidth = 10;       ///< ranks over which a tail falls to a third
};

inline double sampleShare(double norm, double half) { return 1 / (1 + std::pow(half / norm, 3)); }

inline CurvatureResult sampleCurvature(const SurveySettings& settings, int image)
{
    constexpr int side = 16, d = side * side;
    CurvatureResult result;
    result.point.point = {1, side, side, std::vector<float>(d, 0.4F), "digits#" + std::to_string(image), {}};
    result.point.own = 3;
    result.point.other = 8;
    result.point.distance = 0.2 + 0.01 * image;
    result.point.gradientNorm = 5;
    result.point.normal.assign(d, 1.0F / side);
    result.step = 0.5;
    result.reach = 0.5 * result.point.distance;
    result.isConverged = true;
    const double size = 1 + 0.05 * image;
    for (int i = 0; i < d - 1; ++i)
        result.profile.push_back(size * (std::exp(-i / settings.tailWidth) - settings.negativeWeight * std::exp(-(d - 2 - i) / settings.tailWidth)));
    for (int k = 0; k < 5; ++k)
        for (const bool isLow : {true, false}) {
            PrincipalDirection direction;
            direction.curvature = isLow ? result.profile[std::size_t(d - 2 - k)] : result.profile[std::size_t(k)];
            direction.eigenvalue = direction.curvature;
            direction.vector.assign(d, 0.0F);
            for (int p = 0; p < d; ++p)
                direction.vector[std::size_t(p)] = std::sin(float(0.3 * (k + 1) * p) + (isLow ? 0.0F : 1.5F)) / float(side) * 1.41F;
            (isLow ? result.lowest : result.highest).push_back(std::move(direction));
        }
    if (!settings.isFull)
        result.profile.clear();
    result.probes = 20;
    result.mean = -0.05;
    result.meanError = 0.01;
    result.meanMagnitude = 0.06;
    result.rootMeanSquare = 0.08;
    result.scales = {{0.1, -0.05, -3, 1}, {0.5, -0.05, -2.5, 0.9}, {1, -0.04, -2, 0.7}};
    return result;
}

inline CurvatureSurvey sampleSurvey(const SurveySettings& settings = {})
{
    CurvatureSurvey survey;
    survey.modelName = "sample net";
    survey.modelSha256 = std::string(64, 'a');
    survey.channels = 1;
    survey.height = survey.width = 16;
    survey.imagesSource = "folder/digits.bin";
    survey.seed = 7;
    survey.sharedRequest.subspace = 4;
    survey.noiseDraws = 10;
    for (int i = 0; i < 13; ++i)
        survey.noiseNorms.push_back(0.1 * std::pow(2, i / 1.5));
    SharedDirections shared;
    shared.images = settings.images / 2;
    shared.stacked = 5 * shared.images;
    shared.singularValues = {2, 1.8, 1.5, 1};
    shared.curved = {256, std::vector<float>(4 * 256, 0.0F)};
    shared.flat = shared.random = shared.curved;
    survey.shared = shared;
    for (int i = 0; i < settings.images; ++i) {
        SurveyImage image;
        image.index = 100 + i;
        image.label = 3;
        image.source = "digits#" + std::to_string(i);
        image.sha256 = std::string(64, char('0' + i % 10));
        image.result = sampleCurvature(settings, i);
        image.isHeldOut = i % 2 == 1;
        if (image.isHeldOut) {
            const double wiggle = 1 + 0.1 * (i % 3);
            Generalisation generalisation;
            for (int k = 0; k < 4; ++k) {
                generalisation.rho.push_back(settings.sharedRho * wiggle / (k + 1));
                generalisation.controlRho.push_back(0.9 * wiggle);
                generalisation.curvature.push_back(-1);
            }
            image.generalisation = generalisation;
            NoiseResponse noise;
            for (const NoiseKind kind : noiseKinds)
                for (const double norm : survey.noiseNorms) {
                    const double half = kind == NoiseKind::Curved ? settings.curvedHalf : kind == NoiseKind::Flat ? 1.2 * settings.fullHalf : settings.fullHalf;
                    noise.fooled[std::size_t(kind)].push_back(sampleShare(norm, half * wiggle));
                }
            image.noise = noise;
        }
        survey.images.push_back(std::move(image));
    }
    return survey;
}

} // namespace brink::test
