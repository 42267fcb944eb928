// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/detectors/detectorsurvey.h"
#include "core/stats/summary.h"

#include <algorithm>

namespace brink {

namespace {

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

Json detectorJson(const CalibratedDetector& detector)
{
    Json json{{"name", detectorName(detector.choice.kind)}};
    if (detector.choice.kind == DetectorKind::Squeezing) {
        json["squeezers"] = Json::array();
        for (const Squeezer& squeezer : detector.choice.squeezers)
            json["squeezers"].push_back(squeezerName(squeezer));
    } else {
        json["probes"] = detector.choice.probes;
        json["otherClasses"] = detector.choice.classes;
        json["step"] = detector.choice.step;
        json["reach"] = detector.reach;
        json["sign"] = detector.sign;
    }
    json["threshold"] = detector.threshold;
    return json;
}

Json attackJson(const DetectorAttack& attack)
{
    Json json{{"name", attack.name}, {"norm", normName(attack.norm)}};
    setIfPresent(json, "eps", attack.eps);
    json["parameters"] = attack.parameters;
    if (attack.adaptiveTo)
        json["knowsDetector"] = *attack.adaptiveTo;
    json["cost"] = {{"forwards", attack.counts.forwards}, {"backwards", attack.counts.backwards}, {"seconds", attack.seconds}};
    return json;
}

Json scoreJson(const DetectorScore& score)
{
    Json json{{"score", score.score}};
    if (!score.parts.empty()) {
        json["distances"] = score.parts;
        json["squeezedClasses"] = score.partClasses;
    }
    return json;
}

/// Index of the attacked image -> its entry of every attack.
Json attacksOn(const DetectorSurvey& survey, std::int64_t index)
{
    Json list = Json::array();
    for (std::size_t a = 0; a < survey.attacks.size(); ++a) {
        const auto found = std::ranges::find(survey.attacks[a].images, index, &AttackedImage::index);
        if (found == survey.attacks[a].images.end())
            continue;
        Json entry{{"attack", a}, {"fooled", found->isFooled}};
        if (found->isFooled) {
            entry["class"] = found->scores.front().predicted;
            entry["distance"] = found->distance;
            entry["detectors"] = Json::array();
            for (const DetectorScore& score : found->scores)
                entry["detectors"].push_back(scoreJson(score));
        } else {
            entry["failure"] = found->failure;
        }
        list.push_back(std::move(entry));
    }
    return list;
}

Json rowJson(const DetectorScoreRow& row)
{
    Json json{{"attack", row.attack}, {"detector", row.detector}, {"attacked", row.attacked}, {"fooled", row.detected.total}, {"detected", rateJson(row.detected)},
        {"evading", rateJson(row.evading)}};
    if (row.detected.total > 0)
        json["medianDistance"] = row.medianDistance;
    if (row.auroc) {
        json["auroc"] = *row.auroc;
        json["aurocInterval"] = {row.aurocLow, row.aurocHigh};
        json["falsePositiveRate"] = row.falsePositiveRate;
        json["truePositiveRate"] = row.truePositiveRate;
    }
    return json;
}

} // namespace

Json parametersJson(const DetectorSurvey& survey)
{
    Json json{{"falsePositiveRate", survey.falsePositiveRate}, {"detectors", Json::array()}, {"attacks", Json::array()}};
    json["calibrationImages"] = std::ranges::count_if(survey.clean, &CleanImage::isCalibration);
    json["heldOutImages"] = std::ssize(survey.clean) - json["calibrationImages"].get<std::int64_t>();
    json["attackedImages"] = survey.originals.size();
    for (const CalibratedDetector& detector : survey.detectors)
        json["detectors"].push_back(detectorJson(detector));
    for (const DetectorAttack& attack : survey.attacks)
        json["attacks"].push_back(attackJson(attack));
    return json;
}

Json itemsJson(const DetectorSurvey& survey)
{
    Json items = Json::array();
    for (const CleanImage& image : survey.clean) {
        Json item{{"index", image.index}, {"source", image.source}, {"sha256", image.sha256}};
        setIfPresent(item, "label", image.label);
        item["predicted"] = image.predicted;
        item["calibration"] = image.isCalibration;
        item["scores"] = image.scores;
        if (Json attacks = attacksOn(survey, image.index); !attacks.empty() && !image.isCalibration)
            item["attacks"] = std::move(attacks);
        items.push_back(std::move(item));
    }
    return items;
}

Json toJson(const DetectorSurvey& survey, const DetectorSummary& summary)
{
    Json json{{"falseAlarms", Json::array()}, {"detection", Json::array()}};
    for (std::size_t d = 0; d < summary.falseAlarms.size(); ++d) {
        const FalseAlarms& alarms = summary.falseAlarms[d];
        json["falseAlarms"].push_back({{"detector", d}, {"calibration", rateJson(alarms.calibration)}, {"heldOut", rateJson(alarms.heldOut)},
            {"expectedByChance", {alarms.chanceLow, alarms.chanceHigh}},
            {"divisions", {{"count", alarms.splits}, {"mean", alarms.splitMean}, {"interval", {alarms.splitLow, alarms.splitHigh}}, {"withinOnePoint", alarms.withinOnePoint}}}});
    }
    for (const DetectorScoreRow& row : summary.rows) {
        Json entry = rowJson(row);
        if (const DetectorScoreRow* twin = adaptiveTwin(survey, summary, row))
            entry["adaptiveTwin"] = twin - summary.rows.data();
        json["detection"].push_back(std::move(entry));
    }
    json["source"] = squeezingSourceNote;
    json["note"] = detectorsNote;
    return json;
}

} // namespace brink
