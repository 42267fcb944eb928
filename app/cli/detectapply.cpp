// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/detectapply.h"

#include "app/cli/imagechoice.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"
#include "core/boundary/detection.h"
#include "core/data/filebytes.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <cstdio>

namespace brink::cli {

namespace {

/// What an earlier run chose.
struct Calibration {
    std::string path;
    std::string modelSha256;
    DetectionRequest request;
    int sign = 1;
    double threshold = 0;
};

Calibration readCalibration(const std::string& path)
{
    const Json json = Json::parse(readTextFile(path), nullptr, false);
    try {
        Calibration calibration;
        calibration.path = path;
        calibration.modelSha256 = json.at("model").at("sha256").get<std::string>();
        const Json& parameters = json.at("parameters");
        calibration.request.reach = parameters.at("reach").get<double>();
        calibration.request.probes = parameters.at("probes").get<int>();
        calibration.request.classes = parameters.at("otherClasses").get<int>();
        calibration.sign = json.at("summary").at("sign").get<int>() < 0 ? -1 : 1;
        calibration.threshold = json.at("summary").at("threshold").get<double>();
        return calibration;
    } catch (const Json::exception&) {
        throw Error(ErrorCode::Format, path + ": the file holds no sign and threshold; name a result of brink detect that had enough images.");
    }
}

struct Verdict {
    std::int64_t index = 0;
    std::string source;
    std::optional<DetectionStatistic> statistic;

    [[nodiscard]] bool isPerturbed(const Calibration& calibration) const { return calibration.sign * statistic->statistic > calibration.threshold; }
};

Json itemJson(const Verdict& verdict, const Calibration& calibration)
{
    const DetectionStatistic& statistic = *verdict.statistic;
    const bool isPerturbed = verdict.isPerturbed(calibration);
    Json json{{"index", verdict.index}, {"source", verdict.source}, {"predicted", statistic.predicted}, {"statistic", statistic.statistic}, {"perturbed", isPerturbed}};
    if (isPerturbed)
        json["recovered"] = statistic.recovered(calibration.sign);
    return json;
}

void print(const Verdict& verdict, const Calibration& calibration, const Classifier& model)
{
    const DetectionStatistic& statistic = *verdict.statistic;
    std::printf("image %lld: %s, curvature %s 1/L2, ", (long long)verdict.index, model.className(statistic.predicted).c_str(), formatReal(statistic.statistic).c_str());
    if (verdict.isPerturbed(calibration))
        std::printf("perturbed; before it probably %s\n", model.className(statistic.recovered(calibration.sign)).c_str());
    else
        std::printf("no perturbation found\n");
}

} // namespace

int applyDetector(const Options& options)
{
    const RunSettings settings = runSettings(options);
    const Calibration calibration = readCalibration(options.text(QStringLiteral("calibrated")));
    ChosenImages images = chosenImages(options);
    if (options.isSet(QStringLiteral("count")))
        images.indices.resize(std::min(images.indices.size(), std::size_t(options.integer(QStringLiteral("count"), 1, 10'000'000))));
    const auto model = loadModel(options);
    if (model->sha256() != calibration.modelSha256)
        throw Error(ErrorCode::Usage, calibration.path + ": sign and threshold were chosen for another model file; run brink detect on this one first.");

    const SurveyImages source = surveyImages(options, images);
    std::vector<Verdict> verdicts(images.indices.size());
    const UnitReport report = runUnits(QStringLiteral("detect"), std::int64_t(verdicts.size()), settings.workers, [&](std::int64_t unit, Monitor& monitor) {
        Verdict& verdict = verdicts[std::size_t(unit)];
        verdict.index = images.indices[std::size_t(unit)];
        const Image pixels = surveyImage(source, verdict.index, *model);
        verdict.source = pixels.source;
        DetectionRequest request = calibration.request;
        request.seed = combineSeeds({settings.seed, std::uint64_t(verdict.index)});
        verdict.statistic = detectionStatistic(model, pixels, request, monitor);
    });
    Json json = resultDocument(*model, settings.seed);
    json["analysis"] = "detect";
    json["calibration"] = {{"sign", calibration.sign}, {"threshold", calibration.threshold}, {"reach", calibration.request.reach}};
    json["note"] = detectionNote;
    const bool prints = options.text(QStringLiteral("json")) != "-";
    for (const Verdict& verdict : verdicts)
        if (verdict.statistic) {
            json["items"].push_back(itemJson(verdict, calibration));
            if (prints)
                print(verdict, calibration, *model);
        }
    writeJson(options, json);
    if (prints)
        std::printf("%s\n", detectionNote);
    return reportUnits(report, "images");
}

} // namespace brink::cli
