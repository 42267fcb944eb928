// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/figureoutput.h"
#include "app/cli/imagechoice.h"
#include "app/cli/options.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"
#include "core/report/figureparts.h"
#include "core/report/smoothingfigure.h"
#include "core/report/studyparts.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace brink::cli {

namespace {

void addOptions(Options& options)
{
    const auto add = [&](const char* name, const char* help, const char* value, const char* standard = "") {
        options.add(QLatin1String(name), QString::fromUtf8(help), QLatin1String(value), QLatin1String(standard));
    };
    add("sigma", "Standard deviations of the noise, pixel range [0,1], separated by commas; each is a classifier of its own.", "LIST", "0.25");
    add("samples", "Noisy copies of an image that count.", "N", "10000");
    add("selection", "Noisy copies beforehand that choose the class.", "N", "100");
    add("alpha", "Probability with which a certificate may fail.", "P", "0.001");
}

std::vector<SmoothingRequest> requests(const Options& options, const RunSettings& settings)
{
    std::vector<SmoothingRequest> all;
    for (const std::string& word : split(options.text(QStringLiteral("sigma")), ',')) {
        const auto sigma = parseReal(trimmed(word));
        if (!sigma)
            throw Error(ErrorCode::Usage, "--sigma takes numbers separated by commas, e.g. 0.25,0.5, not \"" + word + "\".");
        SmoothingRequest request{*sigma, options.integer(QStringLiteral("selection"), 1, 100'000'000), options.integer(QStringLiteral("samples"), 1, 100'000'000),
            options.real(QStringLiteral("alpha"), 1e-12, 0.999999), settings.seed};
        static_cast<void>(largestCertifiableRadius(request)); // before the model is loaded
        all.push_back(request);
    }
    return all;
}

SmoothingSurvey emptySurvey(const Classifier& model, const SurveyImages& images, const SmoothingRequest& request)
{
    SmoothingSurvey survey;
    survey.modelName = model.card().name;
    survey.modelSha256 = model.sha256();
    survey.imagesSource = images.source;
    survey.request = request;
    return survey;
}

/// One survey a request; images that a stop has left undone are not in it.
std::vector<SmoothingSurvey> runAll(
    const std::shared_ptr<const Classifier>& model, const SurveyImages& images, const std::vector<SmoothingRequest>& requests, int workers, UnitReport& report)
{
    std::vector<SmoothingSurvey> surveys;
    const std::size_t count = images.indices.size();
    std::vector<std::optional<SmoothedImage>> found(count * requests.size());
    std::vector<double> seconds(found.size(), 0);
    report = runUnits(QStringLiteral("smoothing"), std::int64_t(found.size()), workers, [&](std::int64_t unit, Monitor& monitor) {
        const std::int64_t index = images.indices[std::size_t(unit) % count];
        SmoothingRequest request = requests[std::size_t(unit) / count];
        request.seed = combineSeeds({request.seed, std::uint64_t(index)});
        const Image image = surveyImage(images, index, *model);
        const auto start = std::chrono::steady_clock::now();
        auto result = certifySmoothed(model, image, request, monitor);
        if (!result)
            return;
        result->index = index;
        result->label = images.dataset->label(index);
        seconds[std::size_t(unit)] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        found[std::size_t(unit)] = std::move(result);
    });
    for (std::size_t r = 0; r < requests.size(); ++r) {
        SmoothingSurvey survey = emptySurvey(*model, images, requests[r]);
        for (std::size_t i = r * count; i < (r + 1) * count; ++i) {
            survey.partial |= !found[i];
            if (!found[i])
                continue;
            survey.counts += found[i]->counts;
            survey.seconds += seconds[i];
            survey.images.push_back(std::move(*found[i]));
        }
        surveys.push_back(std::move(survey));
    }
    return surveys;
}

Json document(const Classifier& model, const std::vector<SmoothingSurvey>& surveys)
{
    Json json = resultDocument(model, surveys.front().request.seed);
    json["analysis"] = "smooth";
    json["images"] = surveys.front().imagesSource;
    json["runs"] = Json::array();
    for (const SmoothingSurvey& survey : surveys) {
        Json run{{"parameters", toJson(survey.request)}, {"items", Json::array()}};
        for (const SmoothedImage& image : survey.images)
            run["items"].push_back(toJson(image));
        run["summary"] = summaryJson(survey);
        run["cost"] = toJson(survey.counts, survey.seconds);
        json["runs"].push_back(std::move(run));
    }
    json["warnings"] = Json::array();
    return json;
}

void printSummary(const std::vector<SmoothingSurvey>& surveys)
{
    std::printf("%s smoothed by Gaussian noise, %lld samples an image\n", surveys.front().modelName.c_str(), (long long)surveys.front().request.samples);
    for (const SmoothingSurvey& survey : surveys) {
        if (survey.images.empty())
            continue;
        const CertifiedCurve curve = certifiedCurve(survey);
        const double ceiling = largestCertifiableRadius(survey.request);
        std::printf("  sigma %-6s %lld images, %lld abstain, %lld certified wrong; no radius above %s (L2) can be certified\n", formatReal(survey.request.sigma).c_str(),
            (long long)curve.images, (long long)curve.abstained, (long long)curve.wrong, formatReal(ceiling).c_str());
        std::printf("    certified accuracy at radius");
        for (int part = 0; part <= 4; ++part) {
            const double radius = std::min(0.2 * part, 0.999) * ceiling;
            std::printf("  %s: %s", report::threeDigits(radius).c_str(), report::percentText(certifiedAccuracyAt(survey, radius)).c_str());
        }
        std::printf("\n    without noise %s of them are right\n", report::percentText(curve.baseAccuracy).c_str());
    }
    std::printf("  %s\n", smoothingNote);
}

} // namespace

int runSmoothCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("smooth"), QStringLiteral("certified accuracy of the model smoothed by Gaussian noise (Cohen et al. 2019)."));
    options.addModel();
    options.addImages();
    addOptions(options);
    options.addRun();
    options.addOutput();
    addMainFigureOption(options, QStringLiteral("smoothing"));
    addFigureOptions(options);
    if (!options.parse(arguments))
        return 0;
    const RunSettings settings = runSettings(options);
    const std::vector<SmoothingRequest> asked = requests(options, settings);
    const FigureOutput output = figureOutput(options);
    const ChosenImages chosen = chosenImages(options);
    const auto model = loadModel(options);
    const SurveyImages images = surveyImages(options, chosen);
    UnitReport report;
    const std::vector<SmoothingSurvey> surveys = runAll(model, images, asked, settings.workers, report);
    writeJson(options, document(*model, surveys));
    if (options.text(QStringLiteral("json")) != "-")
        printSummary(surveys);
    if (const auto figure = smoothingFigure(surveys)) {
        writeToFolder(output, *figure, QStringLiteral("smoothing"));
        writeMain(options, output, figure);
    }
    return reportUnits(report, "images");
}

} // namespace brink::cli
