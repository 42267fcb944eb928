// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/stats/weibull.h"
#include "core/study/inspect.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace brink::test {

/// A grey "7" of 28 x 28 pixels.
inline Image sampleImage()
{
    Image image{1, 28, 28, std::vector<float>(28 * 28, 0.0F), "digits.png#17", {}};
    for (int row = 5; row < 24; ++row)
        for (int column = 6; column < 22; ++column) {
            const bool isBar = row < 8;
            const bool isStroke = std::abs(column - (20.0 - (row - 6) * 0.55)) < 1.8;
            if (isBar || isStroke)
                image.pixels[std::size_t(row * 28 + column)] = isBar && (row == 5 || row == 7) ? 0.55F : 0.95F;
        }
    return image;
}

/// The same with a signed change along the stroke, `strength` the largest one.
inline Image sampleAdversarial(float strength)
{
    Image image = sampleImage();
    for (int row = 6; row < 22; ++row)
        for (int column = 8; column < 20; ++column) {
            float& pixel = image.pixels[std::size_t(row * 28 + column)];
            const float change = strength * std::sin(0.9F * float(row)) * std::cos(0.7F * float(column));
            pixel = std::clamp(pixel + change, 0.0F, 1.0F);
        }
    return image;
}

inline Distances sampleDistances(const Image& a, const Image& b)
{
    Distances d;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double change = std::abs(double(a.pixels[i]) - double(b.pixels[i]));
        d.l0 += change > 0;
        d.l1 += change;
        d.l2 += change * change;
        d.linf = std::max(d.linf, change);
    }
    d.l2 = std::sqrt(d.l2);
    return d;
}

/// A successful minimum-norm attack whose trace falls towards its distance.
inline AttackOutcome sampleOutcome(const char* name, float strength)
{
    AttackOutcome outcome;
    outcome.name = name;
    outcome.reference = 7;
    outcome.success = true;
    outcome.adversarialClass = 3;
    outcome.adversarial = sampleAdversarial(strength);
    outcome.distance = sampleDistances(sampleImage(), *outcome.adversarial);
    outcome.survives8bit = true;
    outcome.steps = 200;
    for (int step = 0; step < outcome.steps; ++step) {
        const double margin = 5.1 * std::exp(-step / 9.0) - 0.25 + 0.3 * std::sin(step / 6.0) * std::exp(-step / 60.0);
        const double distance = outcome.distance->l2 * (1 - std::exp(-(step + 1) / 6.0)) * (1 + 0.35 * std::exp(-step / 45.0));
        outcome.trace.push_back({step, float(margin), float(margin), float(distance), margin < 0 ? 3 : 7});
    }
    return outcome;
}

/// Maxima drawn from the reverse Weibull law with the given end point, scale and shape.
inline std::vector<double> sampleMaxima(int count, double location, double scale, double shape)
{
    std::mt19937 engine(20180213);
    std::vector<double> maxima;
    for (int i = 0; i < count; ++i) {
        const double u = (double(engine()) + 0.5) / 4294967296.0;
        maxima.push_back(location - scale * std::pow(-std::log(u), 1 / shape));
    }
    return maxima;
}

inline CleverTargetResult sampleTarget(std::int64_t target, double margin)
{
    CleverTargetResult result;
    result.target = target;
    result.margin = margin;
    result.maxima = sampleMaxima(500, 1.964, 0.468, 3.6);
    result.fit = fitReverseWeibull(result.maxima);
    result.lipschitz = result.fit.location;
    result.score = margin / result.lipschitz;
    if (result.fit.locationInterval) {
        result.interval = {margin / (*result.fit.locationInterval)[1], margin / (*result.fit.locationInterval)[0]};
        result.hasInterval = true;
    }
    result.gradientNorm = margin / 2.735;
    result.linearisedDistance = 2.735;
    for (const int batches : {10, 20, 50, 100, 150, 200, 250, 300, 400, 500}) {
        const double width = 0.9 / std::sqrt(double(batches));
        const double score = result.score * (1 + 0.4 / batches);
        result.byBatches.push_back({double(batches), score, std::array{score - width, score + width}, false});
    }
    for (int i = 1; i <= 8; ++i) {
        const double radius = 5.0 * i / 8;
        const double score = std::min(radius, result.score * (1 + 0.04 * (8 - i)));
        result.byRadius.push_back({radius, score, std::nullopt, score == radius});
    }
    return result;
}

/// A complete result with invented but consistent numbers, for figures, views and export.
inline InspectResult sampleResult()
{
    InspectResult result;
    result.modelName = "cnn";
    result.modelSha256 = std::string(64, 'a');
    result.imageSource = "digits.png#17";
    result.channels = 1;
    result.height = result.width = 28;
    result.classes = 10;
    result.index = 17;
    result.label = result.predicted = 7;
    result.image = sampleImage();
    result.logits = {-2, -3, 1.5, 3.1, -4, 0.2, -6, 9.8, -1, 2};
    result.adversarialLogits = {-1, -3, 2.5, 5.35, -4, 0.2, -6, 5.30, -0.5, 2};
    CleverResult clever;
    clever.radius = 5;
    clever.batches = clever.batchesDone = 500;
    clever.samples = 1024;
    clever.reference = 7;
    clever.targets = {sampleTarget(3, 4.5), sampleTarget(9, 5.4)};
    clever.score = clever.targets.front().score;
    clever.interval = clever.targets.front().interval;
    clever.target = 3;
    result.clever = clever;
    result.attacks = {sampleOutcome("fab", 0.545F), sampleOutcome("ddn", 0.553F), sampleOutcome("cw", 0.57F), sampleOutcome("fmn", 0.60F)};
    AttackOutcome failed;
    failed.name = "pgd";
    failed.norm = Norm::L2;
    failed.eps = 0.5;
    failed.reference = 7;
    failed.failure = "No adversarial image within the budget.";
    result.attacks.push_back(failed);
    result.best = 0;
    result.linearisedDistance = 2.735;
    result.randomDirections = RandomDirectionResult{Norm::L2, 200, 191, 5.2, 6.05, 6.9, 7.94};
    result.counts = {533'120, 512'210};
    result.seconds = 3.5;
    result.parameters = {{"clever", {{"radius", 5}, {"batches", 500}}}};
    return result;
}

} // namespace brink::test
