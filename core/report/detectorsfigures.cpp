// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/detectorsfigures.h"

#include "core/base/hash.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/model/torchruntime.h"
#include "core/report/detectorsparts.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/study/resultjson.h"

#include <algorithm>

namespace brink {

namespace {

using Make = std::optional<Figure> (*)(const DetectorSurvey&, const DetectorSummary&, const DetectorsView&);

/// The figure of `make` with warnings and provenance.
template <Make make> std::optional<Figure> withProvenance(const DetectorSurvey& survey, const DetectorSummary& summary, const DetectorsView& view)
{
    std::optional<Figure> figure = make(survey, summary, view);
    if (figure) {
        figure->warnings = survey.warnings;
        figure->provenance = report::detectorsProvenance(survey);
    }
    return figure;
}

} // namespace

const std::vector<DetectorsFigureInfo>& detectorsFigureInfos()
{
    static const std::vector<DetectorsFigureInfo> infos{
        {"detectors-roc", "ROC of detectors", "Perturbed images found against clean ones called perturbed, all detectors on the same images, with and without an attacker who knows them",
            withProvenance<report::detectorsRocFigure>},
        {"detectors-rates", "Detection rates", "What each detector finds of each attack at the chosen false positive rate, and what fools and passes",
            withProvenance<report::detectorsRatesFigure>},
        {"squeezed-images", "Squeezed images", "A clean image and its perturbed one through each squeezer, with the distance of the outputs",
            withProvenance<report::squeezedImagesFigure>},
    };
    return infos;
}

namespace report {

std::vector<std::size_t> plainAttacks(const DetectorSurvey& survey, const DetectorsView& view)
{
    std::vector<std::size_t> places;
    for (std::size_t a = 0; a < survey.attacks.size(); ++a)
        if (!survey.attacks[a].adaptiveTo && (!view.attack || *view.attack == a))
            places.push_back(a);
    return places;
}

std::string falseAlarmSentences(const DetectorSurvey& survey, const DetectorSummary& summary)
{
    std::string text;
    for (std::size_t d = 0; d < survey.detectors.size(); ++d) {
        const FalseAlarms& alarms = summary.falseAlarms[d];
        text += detectorLabel(survey.detectors[d].choice) + ": false alarms " + rateText(alarms.heldOut.hits, alarms.heldOut.total) + " of "
            + countText(alarms.heldOut.total) + " held-out clean images at threshold " + threeDigits(survey.detectors[d].threshold) + " ("
            + formatReal(100 * survey.falsePositiveRate) + " % asked for, chosen on " + countText(alarms.calibration.total) + " others). ";
    }
    return text;
}

std::string detectorsSentence(const DetectorSurvey& survey)
{
    std::string text = "Model " + survey.modelName + ", images of " + survey.imagesSource.substr(survey.imagesSource.find_last_of('/') + 1) + ", "
        + countText(std::ssize(survey.originals)) + " attacked, seed " + std::to_string(survey.seed) + ". ";
    if (survey.partial)
        text += "In part: not all images are done. ";
    return text + detectorsNote;
}

Json detectorsProvenance(const DetectorSurvey& survey)
{
    std::string hashes;
    for (const CleanImage& image : survey.clean)
        hashes += image.sha256;
    Json json{{"program", std::string("Brink ") + version}, {"schema", "brink.provenance/1"}, {"kind", "detectors"}};
    json["model"] = {{"name", survey.modelName}, {"sha256", survey.modelSha256}};
    json["images"] = {{"count", survey.clean.size()}, {"sha256", sha256(hashes)}, {"source", survey.imagesSource.substr(survey.imagesSource.find_last_of('/') + 1)}};
    json["seed"] = survey.seed;
    const TorchRuntimeInfo runtime = torchRuntimeInfo();
    json["libtorch"] = runtime.version;
    json["threads"] = runtime.innerThreads;
    json["parameters"] = parametersJson(survey);
    json["partial"] = survey.partial;
    json["cost"] = toJson(survey.counts, survey.seconds);
    json["warnings"] = toJson(survey.warnings);
    return json;
}

} // namespace report
} // namespace brink
