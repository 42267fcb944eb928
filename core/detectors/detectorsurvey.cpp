// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/detectors/detectorsurvey.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"
#include "core/stats/binomial.h"
#include "core/stats/roc.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

namespace {

constexpr int resamples = 400, splits = 200;

struct Scores {
    std::vector<double> clean, fooled;
};

double areaOf(const Scores& scores)
{
    std::vector<int> positive(scores.clean.size(), 0);
    positive.resize(scores.clean.size() + scores.fooled.size(), 1);
    std::vector<double> all = scores.clean;
    all.insert(all.end(), scores.fooled.begin(), scores.fooled.end());
    return auroc(positive, all);
}

/// Percentile interval; clean and attacked images are drawn each among themselves.
std::array<double, 2> areaInterval(const Scores& scores, std::uint64_t seed)
{
    Rng rng(seed);
    const auto drawn = [&](const std::vector<double>& values) {
        std::vector<double> sample(values.size());
        for (double& value : sample)
            value = values[std::size_t(rng.below(values.size()))];
        return sample;
    };
    std::vector<double> areas;
    for (int i = 0; i < resamples; ++i) {
        std::vector<double> clean = drawn(scores.clean);
        areas.push_back(areaOf({std::move(clean), drawn(scores.fooled)}));
    }
    return {quantile(areas, 0.025), quantile(areas, 0.975)};
}

std::vector<double> cleanScores(const DetectorSurvey& survey, std::size_t detector, bool isCalibration)
{
    std::vector<double> scores;
    for (const CleanImage& image : survey.clean)
        if (image.isCalibration == isCalibration && detector < image.scores.size())
            scores.push_back(image.scores[detector]);
    return scores;
}

DetectionRate above(const std::vector<double>& scores, double threshold)
{
    return {std::int64_t(std::ranges::count_if(scores, [threshold](double score) { return score > threshold; })), std::ssize(scores)};
}

void addSplits(const DetectorSurvey& survey, std::vector<double> scores, std::size_t calibration, FalseAlarms& result)
{
    Rng rng(combineSeeds({survey.seed, 77}));
    std::vector<double> rates;
    int within = 0;
    for (int split = 0; split < splits; ++split) {
        for (std::size_t i = scores.size(); i > 1; --i)
            std::swap(scores[i - 1], scores[std::size_t(rng.below(i))]);
        const double threshold = thresholdAt(survey.falsePositiveRate, std::span(scores).first(calibration));
        const double rate = above({scores.begin() + std::ptrdiff_t(calibration), scores.end()}, threshold).share();
        rates.push_back(rate);
        // Shares are whole numbers over whole numbers: 0.06 is within 0.01 of 0.05 though the difference of the doubles is not.
        within += std::abs(rate - survey.falsePositiveRate) <= 0.01 + 1e-12 ? 1 : 0;
    }
    result.splits = splits;
    result.splitMean = mean(rates);
    result.splitLow = quantile(rates, 0.025);
    result.splitHigh = quantile(rates, 0.975);
    result.withinOnePoint = double(within) / splits;
}

FalseAlarms falseAlarmsOf(const DetectorSurvey& survey, std::size_t detector)
{
    const double threshold = survey.detectors[detector].threshold;
    std::vector<double> calibration = cleanScores(survey, detector, true);
    const std::vector<double> heldOut = cleanScores(survey, detector, false);
    FalseAlarms result;
    result.calibration = above(calibration, threshold);
    result.heldOut = above(heldOut, threshold);
    const auto chance = exceedanceInterval(std::ssize(calibration), std::ssize(heldOut), survey.falsePositiveRate);
    result.chanceLow = chance[0];
    result.chanceHigh = chance[1];
    const std::size_t count = calibration.size();
    calibration.insert(calibration.end(), heldOut.begin(), heldOut.end());
    addSplits(survey, std::move(calibration), count, result);
    return result;
}

DetectorScoreRow rowOf(const DetectorSurvey& survey, std::size_t attack, std::size_t detector)
{
    DetectorScoreRow row;
    row.attack = attack;
    row.detector = detector;
    Scores scores{cleanScores(survey, detector, false), {}};
    std::vector<double> distances;
    for (const AttackedImage& image : survey.attacks[attack].images) {
        ++row.attacked;
        if (!image.isFooled)
            continue;
        scores.fooled.push_back(image.scores[detector].score);
        distances.push_back(image.distance);
    }
    row.detected = above(scores.fooled, survey.detectors[detector].threshold);
    row.evading = {row.detected.total - row.detected.hits, row.attacked};
    if (!distances.empty())
        row.medianDistance = median(distances);
    if (scores.fooled.size() < 2)
        return row;
    row.auroc = areaOf(scores);
    const auto interval = areaInterval(scores, combineSeeds({survey.seed, attack, detector}));
    row.aurocLow = interval[0];
    row.aurocHigh = interval[1];
    std::vector<int> positive(scores.clean.size(), 0);
    positive.resize(scores.clean.size() + scores.fooled.size(), 1);
    scores.clean.insert(scores.clean.end(), scores.fooled.begin(), scores.fooled.end());
    const RocCurve curve = rocCurve(positive, scores.clean);
    row.falsePositiveRate = curve.falsePositiveRate;
    row.truePositiveRate = curve.truePositiveRate;
    return row;
}

std::string labelOf(const std::string& attack)
{
    const auto& infos = attackInfos();
    const auto found = std::ranges::find(infos, attack, &AttackInfo::name);
    return found == infos.end() ? attack : found->label;
}

} // namespace

std::string detectorName(DetectorKind kind) { return kind == DetectorKind::Squeezing ? "squeezing" : "curvature"; }

DetectorKind detectorFromName(std::string_view name)
{
    const std::vector<std::string> known{"squeezing", "curvature"};
    if (name == known[0])
        return DetectorKind::Squeezing;
    if (name == known[1])
        return DetectorKind::Curvature;
    throw Error(ErrorCode::Usage, unknownName("detector", name, known));
}

std::string detectorLabel(const DetectorChoice& choice)
{
    if (choice.kind == DetectorKind::Curvature)
        return "Curvature";
    std::string list;
    for (const Squeezer& squeezer : choice.squeezers)
        list += (list.empty() ? "" : ", ") + squeezerLabel(squeezer);
    return "Feature squeezing (" + list + ")";
}

std::optional<DetectorSummary> summarise(const DetectorSurvey& survey)
{
    DetectorSummary summary;
    for (std::size_t d = 0; d < survey.detectors.size(); ++d) {
        if (cleanScores(survey, d, true).empty() || cleanScores(survey, d, false).empty())
            return std::nullopt;
        summary.falseAlarms.push_back(falseAlarmsOf(survey, d));
    }
    for (std::size_t a = 0; a < survey.attacks.size(); ++a)
        for (std::size_t d = 0; d < survey.detectors.size(); ++d)
            if (const auto& knows = survey.attacks[a].adaptiveTo; (!knows || *knows == d) && !survey.attacks[a].images.empty())
                summary.rows.push_back(rowOf(survey, a, d));
    return summary;
}

const DetectorScoreRow* adaptiveTwin(const DetectorSurvey& survey, const DetectorSummary& summary, const DetectorScoreRow& row)
{
    const DetectorAttack& attack = survey.attacks[row.attack];
    const auto isTwin = [&](const DetectorScoreRow& other) {
        const DetectorAttack& knowing = survey.attacks[other.attack];
        return knowing.adaptiveTo == row.detector && other.detector == row.detector && knowing.norm == attack.norm && knowing.eps == attack.eps;
    };
    const auto found = attack.adaptiveTo ? summary.rows.end() : std::ranges::find_if(summary.rows, isTwin);
    return found == summary.rows.end() ? nullptr : &*found;
}

std::string attackTitle(const DetectorAttack& attack)
{
    std::string title = attack.name == "adaptive" ? "adaptive" : labelOf(attack.name);
    if (attack.eps)
        return title + ", " + normLabel(attack.norm) + " ≤ " + formatReal(*attack.eps);
    if (title.find(normLabel(attack.norm)) == std::string::npos)
        title += " " + normLabel(attack.norm);
    return title;
}

} // namespace brink
