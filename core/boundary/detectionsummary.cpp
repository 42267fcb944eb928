// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rng.h"
#include "core/boundary/detection.h"
#include "core/stats/roc.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr int resamples = 400;
constexpr std::size_t fewest = 2;

/// Scores of clean (0) and fooled (1) images.
struct Scores {
    std::vector<int> positive;
    std::vector<double> score;

    void add(bool isPositive, double value)
    {
        positive.push_back(isPositive);
        score.push_back(value);
    }
    [[nodiscard]] bool isEnough() const
    {
        const auto positives = std::size_t(std::ranges::count(positive, 1));
        return positives >= fewest && positive.size() - positives >= fewest;
    }
};

const PerturbedImage* perturbedBy(const DetectionImage& image, const std::string& attack, double scale)
{
    const auto found = std::ranges::find_if(image.perturbed, [&](const PerturbedImage& each) { return each.attack == attack && each.scale == scale; });
    return found == image.perturbed.end() || !found->isFooled ? nullptr : &*found;
}

bool isUsable(const DetectionImage& image) { return image.failure.empty() && !image.clean.curvature.empty(); }

/// @param sign of the statistic.
Scores scoresOf(const DetectionSurvey& survey, const std::string& attack, double scale, bool isCalibration, int sign)
{
    Scores scores;
    for (const DetectionImage& image : survey.images) {
        if (!isUsable(image) || image.isCalibration != isCalibration)
            continue;
        scores.add(false, sign * image.clean.statistic);
        if (const PerturbedImage* perturbed = perturbedBy(image, attack, scale))
            scores.add(true, sign * perturbed->statistic.statistic);
    }
    return scores;
}

/// Percentile interval of the area; images are drawn within each kind.
std::array<double, 2> aurocInterval(const Scores& scores, std::uint64_t seed)
{
    std::vector<double> kinds[2], areas;
    for (std::size_t i = 0; i < scores.score.size(); ++i)
        kinds[scores.positive[i]].push_back(scores.score[i]);
    Rng rng(seed);
    for (int sample = 0; sample < resamples; ++sample) {
        Scores drawn;
        for (const int kind : {0, 1})
            for (std::size_t i = 0; i < kinds[kind].size(); ++i)
                drawn.add(kind == 1, kinds[kind][rng.below(kinds[kind].size())]);
        areas.push_back(auroc(drawn.positive, drawn.score));
    }
    return {quantile(areas, 0.025), quantile(areas, 0.975)};
}

std::optional<DetectionScore> scoreOf(const DetectionSurvey& survey, const std::string& attack, double scale, const DetectionSummary& chosen)
{
    const Scores scores = scoresOf(survey, attack, scale, false, chosen.sign);
    if (!scores.isEnough())
        return std::nullopt;
    DetectionScore result;
    result.attack = attack;
    result.scale = scale;
    result.auroc = auroc(scores.positive, scores.score);
    const auto interval = aurocInterval(scores, survey.seed);
    result.aurocLow = interval[0];
    result.aurocHigh = interval[1];
    result.bestAccuracy = bestThreshold(scores.positive, scores.score).balancedAccuracy;
    const RocCurve curve = rocCurve(scores.positive, scores.score);
    result.falsePositiveRate = curve.falsePositiveRate;
    result.truePositiveRate = curve.truePositiveRate;
    for (std::size_t i = 0; i < scores.score.size(); ++i) {
        DetectionRate& rate = scores.positive[i] ? result.detected : result.falseAlarms;
        ++rate.total;
        rate.hits += scores.score[i] > chosen.threshold;
    }
    result.fooled = result.detected.total;
    result.clean = result.falseAlarms.total;
    std::vector<double> distances;
    for (const DetectionImage& image : survey.images) {
        const PerturbedImage* perturbed = isUsable(image) && !image.isCalibration ? perturbedBy(image, attack, scale) : nullptr;
        if (!perturbed)
            continue;
        distances.push_back(perturbed->distance);
        ++result.recovered.total;
        result.recovered.hits += perturbed->statistic.recovered(chosen.sign) == image.clean.predicted;
    }
    result.medianDistance = median(distances);
    return result;
}

void countConfusion(const DetectionSurvey& survey, DetectionSummary& summary)
{
    summary.confusion.assign(std::size_t(survey.classes), std::vector<std::int64_t>(std::size_t(survey.classes), 0));
    for (const DetectionImage& image : survey.images)
        if (const PerturbedImage* perturbed = isUsable(image) && !image.isCalibration ? perturbedBy(image, survey.attacks.front(), 1) : nullptr)
            ++summary.confusion[std::size_t(image.clean.predicted)][std::size_t(perturbed->statistic.recovered(summary.sign))];
}

Json rateJson(const DetectionRate& rate)
{
    Json json{{"hits", rate.hits}, {"total", rate.total}};
    if (rate.total > 0) {
        const auto interval = wilsonInterval(rate.hits, rate.total);
        json["share"] = rate.share();
        json["interval"] = {interval[0], interval[1]};
    }
    return json;
}

Json scoreJson(const DetectionScore& score)
{
    return {{"attack", score.attack}, {"scale", score.scale}, {"medianDistance", score.medianDistance}, {"fooled", score.fooled}, {"clean", score.clean},
        {"auroc", score.auroc}, {"aurocInterval", {score.aurocLow, score.aurocHigh}}, {"bestBalancedAccuracy", score.bestAccuracy},
        {"detected", rateJson(score.detected)}, {"falseAlarms", rateJson(score.falseAlarms)}, {"recovered", rateJson(score.recovered)},
        {"falsePositiveRate", score.falsePositiveRate}, {"truePositiveRate", score.truePositiveRate}};
}

Json statisticJson(const DetectionStatistic& statistic, int sign)
{
    return {{"predicted", statistic.predicted}, {"statistic", statistic.statistic}, {"classes", statistic.classes}, {"curvature", statistic.curvature},
        {"recovered", statistic.recovered(sign)}};
}

} // namespace

std::optional<DetectionSummary> summarise(const DetectionSurvey& survey)
{
    if (survey.attacks.empty())
        return std::nullopt;
    const std::string& standard = survey.attacks.front();
    DetectionSummary summary;
    Scores calibration = scoresOf(survey, standard, 1, true, 1);
    if (!calibration.isEnough())
        return std::nullopt;
    // The sign depends on which way round the pair is written and, in principle, on the network: it is measured, not assumed.
    summary.sign = auroc(calibration.positive, calibration.score) >= 0.5 ? 1 : -1;
    for (double& value : calibration.score)
        value *= summary.sign;
    const RocThreshold best = bestThreshold(calibration.positive, calibration.score);
    summary.threshold = best.threshold;
    summary.calibrationAccuracy = best.balancedAccuracy;
    summary.calibrationImages = std::ranges::count_if(survey.images, [](const DetectionImage& image) { return isUsable(image) && image.isCalibration; });
    for (const std::string& attack : survey.attacks)
        if (auto score = scoreOf(survey, attack, 1, summary))
            summary.attacks.push_back(std::move(*score));
    for (const double scale : survey.scales)
        if (auto score = scoreOf(survey, standard, scale, summary))
            summary.scales.push_back(std::move(*score));
    if (summary.attacks.empty())
        return std::nullopt;
    countConfusion(survey, summary);
    return summary;
}

const std::vector<PublishedDetection>& publishedDetection()
{
    static const std::vector<PublishedDetection> facts{{"GoogLeNet", "detection accuracy at the best threshold", "above 95 %"},
        {"GoogLeNet", "label recovery", "92 %"}, {"CaffeNet", "label recovery", "88 %"}, {"VGG-19", "label recovery", "74 %"}};
    return facts;
}

Json itemJson(const DetectionImage& image, int sign)
{
    Json json{{"index", image.index}, {"source", image.source}, {"sha256", image.sha256}};
    setIfPresent(json, "label", image.label);
    json["calibration"] = image.isCalibration;
    if (!image.failure.empty()) {
        json["failure"] = image.failure;
        return json;
    }
    json["clean"] = statisticJson(image.clean, sign);
    json["perturbed"] = Json::array();
    for (const PerturbedImage& perturbed : image.perturbed) {
        Json entry{{"attack", perturbed.attack}, {"scale", perturbed.scale}, {"distance", perturbed.distance}, {"fooled", perturbed.isFooled}};
        entry.update(statisticJson(perturbed.statistic, sign));
        json["perturbed"].push_back(std::move(entry));
    }
    return json;
}

Json toJson(const DetectionSummary& summary)
{
    Json json{{"sign", summary.sign}, {"threshold", summary.threshold}, {"calibrationImages", summary.calibrationImages},
        {"calibrationAccuracy", summary.calibrationAccuracy}, {"attacks", Json::array()}, {"scales", Json::array()}, {"confusion", summary.confusion}};
    for (const DetectionScore& score : summary.attacks)
        json["attacks"].push_back(scoreJson(score));
    for (const DetectionScore& score : summary.scales)
        json["scales"].push_back(scoreJson(score));
    json["published"] = Json::array();
    for (const PublishedDetection& fact : publishedDetection())
        json["published"].push_back({{"network", fact.network}, {"quantity", fact.quantity}, {"value", fact.value}, {"source", "Fawzi et al. 2017, arXiv 1705.09552"}});
    json["note"] = detectionNote;
    return json;
}

} // namespace brink
