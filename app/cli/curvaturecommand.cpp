// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bendingslices.h"
#include "app/cli/commands.h"
#include "app/cli/figureoutput.h"
#include "app/cli/imagechoice.h"
#include "app/cli/options.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/boundary/curvaturerun.h"
#include "core/data/filebytes.h"
#include "core/data/npyfile.h"
#include "core/report/boundaryclaims.h"
#include "core/report/boundaryfigures.h"
#include "core/stats/summary.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <cstdio>

namespace brink::cli {

namespace {

void addOptions(Options& options)
{
    const auto add = [&](const char* name, const char* help, const char* value, const char* standard = "") {
        options.add(QLatin1String(name), QString::fromUtf8(help), QLatin1String(value), QLatin1String(standard));
    };
    add("directions", "Principal directions at each end.", "K", "5");
    add("step", "Scale of the differences, as a part of the image's distance to the boundary.", "H", "0.5");
    add("attack", "What finds the boundary: an attack that minimises the L2 distance (deepfool, ddn, fab, cw ...).", "NAME", "deepfool");
    add("method", "auto, difference or double-backward.", "NAME", "auto");
    add("profile", "extremes (both ends, by Lanczos) or full (all principal curvatures; up to 4096 pixel values).", "NAME", "extremes");
    add("probes", "Random tangents for the mean curvature.", "T", "20");
    add("lanczos-steps", "Products of Lanczos at most.", "N", "60");
    add("subspace", "Shared directions kept and compared on held-out images, every second one; 0 leaves that out.", "P", "10");
    add("noise-draws", "Draws of noise an image, kind and norm; 0 leaves the experiment out.", "N", "10");
    add("compare", "Also draw the profile of this earlier result of brink curvature; may be repeated.", "FILE");
    add("show", "Index of the image whose directions are drawn, and slices along them; without it the first.", "INDEX");
    add("vectors", "Write the principal directions as float32 [N,C,H,W], most negative first, then most positive, image after image.", "FILE.npy");
}

CurvatureRequest curvatureRequest(const Options& options)
{
    CurvatureRequest request;
    request.method = curvatureMethodFromName(options.text(QStringLiteral("method")));
    request.spectrum = curvatureSpectrumFromName(options.text(QStringLiteral("profile")));
    request.step = options.real(QStringLiteral("step"), 1e-4, 100);
    request.directions = int(options.integer(QStringLiteral("directions"), 1, 500));
    request.probes = int(options.integer(QStringLiteral("probes"), 2, 100'000));
    request.lanczosSteps = int(std::max(options.integer(QStringLiteral("lanczos-steps"), 3, 10'000), 2LL * request.directions + 1));
    return request;
}

std::vector<CurvatureProfile> comparedProfiles(const Options& options)
{
    std::vector<CurvatureProfile> profiles;
    for (const QString& file : options.values(QStringLiteral("compare"))) {
        const std::string path = file.toStdString();
        const Json json = Json::parse(readTextFile(path), nullptr, false);
        if (json.is_discarded() || !json.contains("summary") || !json["summary"].contains("profile"))
            throw Error(ErrorCode::Format, path + ": the file holds no curvature profile; name a result of brink curvature.");
        profiles.push_back(profileFromJson(json["summary"]["profile"]));
    }
    return profiles;
}

CurvatureRunRequest runRequest(const Options& options, const RunSettings& settings)
{
    CurvatureRunRequest request;
    request.curvature = curvatureRequest(options);
    request.attack = options.text(QStringLiteral("attack"));
    checkBoundaryAttack(request.attack);
    request.subspace = int(options.integer(QStringLiteral("subspace"), 0, 2048));
    request.noiseDraws = int(options.integer(QStringLiteral("noise-draws"), 0, 10'000));
    request.seed = settings.seed;
    return request;
}

UnitReport runAll(CurvatureRun& run, int workers)
{
    UnitReport report = runUnits(QStringLiteral("curvature"), run.images(), workers, [&](std::int64_t unit, Monitor& monitor) { run.measure(unit, monitor); });
    const std::int64_t heldOut = run.endMeasuring(report.stopped);
    const UnitReport tests = runUnits(QStringLiteral("held-out images"), heldOut, workers, [&](std::int64_t unit, Monitor& monitor) { run.test(unit, monitor); });
    run.endTesting(tests.stopped);
    report.stopped |= tests.stopped;
    return report;
}

/// Slices of the image whose directions are shown, into the folder of figures.
void drawSlices(const std::shared_ptr<const Classifier>& model, const SurveyImages& images, const CurvatureSurvey& survey, const FigureOutput& output,
    const CurvatureSelection& selection)
{
    const auto shown = std::ranges::find_if(survey.images, [&](const SurveyImage& image) {
        return image.result && !image.result->lowest.empty() && (!selection.image || image.index == *selection.image);
    });
    if (!output.folder || survey.partial || shown == survey.images.end())
        return;
    PlainMonitor monitor;
    const Image pixels = surveyImage(images, shown->index, *model);
    for (const auto& [name, figure] : bendingSlices(model, *shown->result, pixels, shown->index, images.dataset->classNames(), monitor))
        writeToFolder(output, figure, QString::fromStdString(name));
}

void writeVectors(const std::string& path, const CurvatureSurvey& survey)
{
    std::vector<Image> rows;
    for (const SurveyImage& image : survey.images)
        if (image.result)
            for (const auto* side : {&image.result->lowest, &image.result->highest})
                for (const PrincipalDirection& direction : *side)
                    rows.push_back({survey.channels, survey.height, survey.width, direction.vector, image.source, {}});
    writeNpy(path, rows);
}

Json document(const Classifier& model, const CurvatureSurvey& survey, const std::string& attack, const std::vector<report::StudyClaim>& claims)
{
    Json json = resultDocument(model, survey.seed);
    json["analysis"] = "curvature";
    json["images"] = survey.imagesSource;
    json["parameters"] = toJson(survey.request);
    json["parameters"]["attack"] = attack;
    json["parameters"]["subspace"] = survey.sharedRequest.subspace;
    json["parameters"]["noiseDraws"] = survey.noiseDraws;
    for (const SurveyImage& image : survey.images)
        json["items"].push_back(itemJson(image));
    json["summary"] = summaryJson(survey);
    json["claims"] = claimsJson(claims);
    json["warnings"] = toJson(survey.warnings);
    json["cost"] = toJson(survey.counts, survey.seconds);
    return json;
}

void printBand(const char* name, const std::vector<double>& values, std::uint64_t seed, const char* unit)
{
    if (values.empty())
        return;
    const SurveyBand band = medianWithInterval(values, seed);
    std::printf("  %-28s %9s  [%s, %s]  %s\n", name, formatReal(band.value).c_str(), formatReal(band.low).c_str(), formatReal(band.high).c_str(), unit);
}

/// One value an image that has principal directions.
std::vector<double> valuesOf(const CurvatureSurvey& survey, const std::function<double(const CurvatureResult&)>& value)
{
    std::vector<double> values;
    for (const SurveyImage& image : survey.images)
        if (image.result && !image.result->lowest.empty())
            values.push_back(value(*image.result));
    return values;
}

void printSummary(const CurvatureSurvey& survey)
{
    const auto measured = std::ranges::find_if(survey.images, [](const SurveyImage& image) { return image.result.has_value(); });
    std::printf("%s: decision boundary at %zu images, %lld pixel values\n", survey.modelName.c_str(), survey.images.size(), (long long)survey.dimension());
    if (measured == survey.images.end()) {
        for (const SurveyImage& image : survey.images)
            std::printf("  image %lld: %s\n", (long long)image.index, image.failure.c_str());
        return;
    }
    const CurvatureResult& first = *measured->result;
    std::printf("  method: %s", curvatureMethodName(first.method).c_str());
    if (first.method == CurvatureMethod::Difference)
        std::printf(", h = %s |r|", formatReal(first.step).c_str());
    std::printf(". %s\n  medians over images with 95 %% intervals; curvature is 1 / radius, L2 distance, pixel range [0,1]\n", first.methodReason.c_str());
    const auto print = [&](const char* name, const char* unit, const std::function<double(const CurvatureResult&)>& value) {
        printBand(name, valuesOf(survey, value), survey.seed, unit);
    };
    print("distance to the boundary", "L2", [](const CurvatureResult& each) { return each.point.distance; });
    print("mean curvature", "1/L2", [](const CurvatureResult& each) { return each.mean; });
    print("root mean square", "1/L2", [](const CurvatureResult& each) { return each.rootMeanSquare; });
    print("most negative", "1/L2", [](const CurvatureResult& each) { return each.lowest.front().curvature; });
    print("limit at a nearest point", "1/L2, -1/|r|", [](const CurvatureResult& each) { return -1 / each.point.distance; });
    print("most positive", "1/L2", [](const CurvatureResult& each) { return each.highest.front().curvature; });
    printBand("negative share", negativeShares(survey), survey.seed, first.profile.empty() ? "of the curvature at both ends" : "of all curvature");
    if (!first.profile.empty())
        print("asymmetry of the matrix", "|G - G^T| / |G|", [](const CurvatureResult& each) { return each.matrixAsymmetry.value_or(0); });
    if (const std::int64_t nearer = imagesWithNearerBoundary(survey); nearer > 0)
        std::printf("  at %lld images the boundary bends more than 1/|r| towards the image: it passes nearer than the point that the attack found\n", (long long)nearer);
    std::printf("  sensitivity to the scale     h/|r|      mean  most negative  most positive\n");
    for (std::size_t s = 0; s < first.scales.size(); ++s) {
        const auto at = [&](double CurvatureScale::*member) {
            return formatReal(median(valuesOf(survey, [&](const CurvatureResult& each) { return s < each.scales.size() ? each.scales[s].*member : 0; })));
        };
        std::printf("  %-26s %7s %9s %14s %14s\n", "", formatReal(first.scales[s].step).c_str(), at(&CurvatureScale::mean).c_str(), at(&CurvatureScale::lowest).c_str(),
            at(&CurvatureScale::highest).c_str());
    }
}

void writeFigures(const Options& options, const FigureOutput& output, const CurvatureSurvey& survey, const CurvatureSelection& selection)
{
    for (const CurvatureFigureInfo& info : curvatureFigureInfos())
        if (const std::optional<Figure> figure = info.make(survey, selection))
            writeToFolder(output, *figure, QString::fromStdString(info.name));
    writeMain(options, output, curvatureFigureInfos().front().make(survey, selection));
}

} // namespace

int runCurvatureCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("curvature"), QStringLiteral("how the decision boundary is curved (Fawzi et al. 2017), which directions images share, and noise in them."));
    options.addModel();
    options.addImages();
    addImageChoice(options);
    addOptions(options);
    options.addRun();
    options.addOutput();
    addMainFigureOption(options, QStringLiteral("curvature-profile"));
    addFigureOptions(options);
    if (!options.parse(arguments))
        return 0;

    const RunSettings settings = runSettings(options);
    const CurvatureRunRequest request = runRequest(options, settings); // before the model is loaded
    CurvatureSelection selection{comparedProfiles(options), {}};
    if (options.isSet(QStringLiteral("show")))
        selection.image = options.integer(QStringLiteral("show"), 0, INT64_MAX);
    const FigureOutput output = figureOutput(options);
    const ChosenImages images = chosenImages(options);
    const auto model = loadModel(options);
    const SurveyImages entering = surveyImages(options, enteringImages(options, images, model));
    CurvatureRun run(model, entering, request);
    const UnitReport report = runAll(run, settings.workers);

    const CurvatureSurvey& survey = run.survey();
    const std::vector<report::StudyClaim> claims = report::curvatureClaims(survey);
    writeJson(options, document(*model, survey, request.attack, claims));
    if (options.text(QStringLiteral("json")) != "-") {
        printSummary(survey);
        std::fputs(report::claimsText(claims).c_str(), stdout);
    }
    for (const Warning& warning : survey.warnings)
        std::fprintf(stderr, "brink: %s\n", warning.text.c_str());
    if (options.isSet(QStringLiteral("vectors")))
        writeVectors(options.text(QStringLiteral("vectors")), survey);
    writeFigures(options, output, survey, selection);
    drawSlices(model, entering, survey, output, selection);
    return reportUnits(report, "images");
}

} // namespace brink::cli
