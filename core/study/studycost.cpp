// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/studycost.h"

#include <algorithm>
#include <limits>

namespace brink {

namespace {

double parameterOr(const Params& parameters, const char* key, double standard)
{
    return parameters.contains(key) ? double(parameters.integer(key)) : standard;
}

/// Of one image; a product with the Hessian takes two gradients.
double surveyGradients(const StudyAnalysis& analysis)
{
    const Params& parameters = analysis.boundary;
    if (analysis.kind == AnalysisKind::Regions)
        return 10;
    if (analysis.kind == AnalysisKind::Certified) // as measured on small convolutional networks
        return parameters.text("method") == "beta-crown" ? 100'000 : parameters.text("method") == "alpha-crown" ? 4'000 : parameters.text("method") == "crown" ? 2'000 : 200;
    if (analysis.kind == AnalysisKind::Detection)
        return 100 + 8.0 * double(parameters.integer("probes") * parameters.integer("other-classes"));
    constexpr double fullProducts = 3072; // pixel values of a CIFAR image
    const double products = parameters.text("profile") == "full" ? fullProducts : double(parameters.integer("lanczos-steps"));
    return 2 * (products + 4 * double(parameters.integer("probes")));
}

} // namespace

double expectedGradients(const StudyAnalysis& analysis)
{
    if (analysis.kind == AnalysisKind::Clever) {
        const double targets = analysis.target.kind == TargetRule::Kind::Untargeted ? 9 : 1;
        return double(analysis.clever.batches) * analysis.clever.samples * targets;
    }
    if (isOfBoundary(analysis.kind))
        return surveyGradients(analysis);
    const Params& parameters = analysis.attack.parameters;
    double steps = parameterOr(parameters, "steps", 1);
    for (const char* repeats : {"searches", "attempts", "restarts"})
        steps *= parameterOr(parameters, repeats, 1);
    return steps;
}

int imagesPerUnit(const Study& study, const StudyAnalysis& analysis)
{
    if (analysis.kind == AnalysisKind::Clever)
        return 1; // seconds to minutes an image
    if (isOfBoundary(analysis.kind))
        return std::numeric_limits<int>::max();
    constexpr double gradientsOfAUnit = 20'000;
    return study.block > 0 ? study.block : int(std::clamp(gradientsOfAUnit / expectedGradients(analysis), 10.0, 200.0));
}

int imagesPerCleanUnit(const Study& study) { return study.block > 0 ? study.block : 200; }

} // namespace brink
