// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bendingslices.h"
#include "app/cli/commands.h"
#include "app/cli/figureoutput.h"
#include "app/cli/imagechoice.h"
#include "app/cli/options.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"
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

/// What the random numbers of an image are for.
enum class Purpose : std::uint64_t { Curvature = 1, Noise };

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

/// The steps of the command, on one survey that grows.
class SurveyRun {
public:
    SurveyRun(const Options& options, std::shared_ptr<const Classifier> model, ChosenImages images, const RunSettings& settings)
        : m_options(options), m_model(std::move(model)), m_images(std::move(images)), m_settings(settings)
    {
        survey.modelName = m_model->card().name;
        survey.modelSha256 = m_model->sha256();
        survey.channels = m_model->channels();
        survey.height = m_model->height();
        survey.width = m_model->width();
        survey.imagesSource = ImageSpec::parse(options.text(QStringLiteral("images"))).path;
        survey.seed = settings.seed;
        survey.request = curvatureRequest(options);
        survey.sharedRequest.subspace = int(options.integer(QStringLiteral("subspace"), 0, 2048));
        survey.sharedRequest.seed = settings.seed;
        survey.noiseDraws = int(options.integer(QStringLiteral("noise-draws"), 0, 10'000));
        survey.images.resize(m_images.indices.size());
    }

    void measureImages()
    {
        report = runUnits(QStringLiteral("curvature"), std::int64_t(survey.images.size()), m_settings.workers,
            [&](std::int64_t unit, Monitor& monitor) { measureImage(unit, monitor); });
        dropUnfinished();
        for (const SurveyImage& image : survey.images)
            if (image.result) {
                survey.counts += image.result->counts;
                survey.seconds += image.result->seconds;
            }
        warnOfImages();
    }

    /// Every second image is held out; the others choose the directions.
    void shareAndTest()
    {
        if (survey.sharedRequest.subspace == 0 || report.stopped)
            return;
        std::vector<const CurvatureResult*> choosing;
        std::vector<SurveyImage*> heldOut;
        bool isNext = false;
        for (SurveyImage& image : survey.images) {
            if (!image.result || image.result->lowest.empty())
                continue;
            image.isHeldOut = isNext;
            isNext = !isNext;
            if (image.isHeldOut)
                heldOut.push_back(&image);
            else
                choosing.push_back(&*image.result);
        }
        survey.sharedRequest.each = std::min(survey.sharedRequest.each, 2 * survey.request.directions);
        if (heldOut.size() < 2 || std::int64_t(choosing.size()) * survey.sharedRequest.each < survey.sharedRequest.subspace
            || survey.dimension() < 2 * survey.sharedRequest.subspace) {
            survey.warnings.push_back({"few-images", "Too few images for shared directions: choose more, or a smaller --subspace."});
            return;
        }
        survey.shared = shareDirections(choosing, survey.sharedRequest);
        chooseNoiseNorms();
        const UnitReport tests = runUnits(QStringLiteral("held-out images"), std::int64_t(heldOut.size()), m_settings.workers,
            [&](std::int64_t unit, Monitor& monitor) { testImage(*heldOut[std::size_t(unit)], monitor); });
        report.stopped |= tests.stopped;
        survey.partial |= tests.stopped;
        for (const SurveyImage* image : heldOut) {
            survey.counts += image->generalisation ? image->generalisation->counts : EvaluationCounts();
            survey.counts += image->noise ? image->noise->counts : EvaluationCounts();
        }
    }

    [[nodiscard]] std::string attack() const { return m_options.text(QStringLiteral("attack")); }

    /// Slices of the image whose directions are shown, into the folder of figures.
    void drawSlices(const FigureOutput& output, const CurvatureSelection& selection)
    {
        const auto shown = std::ranges::find_if(survey.images, [&](const SurveyImage& image) {
            return image.result && !image.result->lowest.empty() && (!selection.image || image.index == *selection.image);
        });
        if (!output.folder || report.stopped || shown == survey.images.end())
            return;
        PlainMonitor monitor;
        const Image pixels = modelImage(m_images, shown->index, *m_model);
        for (const auto& [name, figure] : bendingSlices(m_model, *shown->result, pixels, shown->index, m_images.dataset->classNames(), monitor))
            writeToFolder(output, figure, QString::fromStdString(name));
    }

    CurvatureSurvey survey;
    UnitReport report;

private:
    void measureImage(std::int64_t unit, Monitor& monitor)
    {
        SurveyImage image;
        image.index = m_images.indices[std::size_t(unit)];
        image.label = m_images.dataset->label(image.index);
        const Image pixels = modelImage(m_images, image.index, *m_model);
        image.source = pixels.source;
        image.sha256 = imageSha256(pixels);
        const std::uint64_t seed = combineSeeds({m_settings.seed, std::uint64_t(image.index), std::uint64_t(Purpose::Curvature)});
        CurvatureRequest request = survey.request;
        request.seed = seed;
        BoundaryPointRequest where;
        where.seed = seed;
        where.attack = attack();
        CurvatureOutcome outcome = curvatureOfImage(m_model, pixels, where, request, monitor);
        if (monitor.stopRequested())
            return; // what is half done would bend the averages
        image.result = std::move(outcome.result);
        image.failure = std::move(outcome.failure);
        survey.images[std::size_t(unit)] = std::move(image);
    }

    void dropUnfinished()
    {
        survey.partial = report.stopped;
        std::erase_if(survey.images, [](const SurveyImage& image) { return !image.result && image.failure.empty(); });
    }

    void testImage(SurveyImage& image, Monitor& monitor)
    {
        image.generalisation = generalise(m_model, *image.result, *survey.shared, monitor);
        if (survey.noiseNorms.empty())
            return;
        const NoiseRequest request{survey.noiseNorms, survey.noiseDraws,
            combineSeeds({m_settings.seed, std::uint64_t(image.index), std::uint64_t(Purpose::Noise)})};
        image.noise = noiseResponse(m_model, modelImage(m_images, image.index, *m_model), image.result->point.own, *survey.shared, request, monitor);
    }

    void chooseNoiseNorms()
    {
        if (survey.noiseDraws == 0)
            return;
        std::vector<double> distances;
        for (const SurveyImage& image : survey.images)
            if (image.result)
                distances.push_back(image.result->point.distance);
        survey.noiseNorms = standardNoiseNorms(median(distances));
    }

    void warnOfImages()
    {
        const auto isRough = [](const SurveyImage& image) {
            return image.result && std::ranges::find(image.result->warnings, "not-linear", &Warning::code) != image.result->warnings.end();
        };
        if (const auto rough = std::ranges::count_if(survey.images, isRough); rough > 0)
            survey.warnings.push_back({"not-linear",
                "At " + std::to_string(rough) + " of " + std::to_string(survey.images.size())
                    + " images differences at this scale are far from a linear map of the direction (asymmetry of the matrix above one half): full profiles are those of the symmetric part, and "
                      "rough, their ends above all; principal directions were found by Lanczos and measured one by one."});
        const auto open = std::ranges::count_if(
            survey.images, [](const SurveyImage& image) { return image.result && !image.result->lowest.empty() && !image.result->isConverged; });
        if (open > 0)
            survey.warnings.push_back({"lanczos",
                "At " + std::to_string(open) + " of " + std::to_string(survey.images.size())
                    + " images Lanczos ended before all principal directions had settled; their residuals are in the results, --lanczos-steps gives it more."});
    }

    const Options& m_options;
    std::shared_ptr<const Classifier> m_model;
    ChosenImages m_images;
    RunSettings m_settings;
};

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

Json document(const Classifier& model, const SurveyRun& run, const std::vector<report::StudyClaim>& claims)
{
    const CurvatureSurvey& survey = run.survey;
    Json json = resultDocument(model, survey.seed);
    json["analysis"] = "curvature";
    json["images"] = survey.imagesSource;
    json["parameters"] = toJson(survey.request);
    json["parameters"]["attack"] = run.attack();
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
    (void)curvatureRequest(options); // before the model is loaded
    checkBoundaryAttack(options.text(QStringLiteral("attack")));
    CurvatureSelection selection{comparedProfiles(options), {}};
    if (options.isSet(QStringLiteral("show")))
        selection.image = options.integer(QStringLiteral("show"), 0, INT64_MAX);
    const FigureOutput output = figureOutput(options);
    const ChosenImages images = chosenImages(options);
    const auto model = loadModel(options);
    SurveyRun run(options, model, enteringImages(options, images, model), settings);
    run.measureImages();
    run.shareAndTest();

    const std::vector<report::StudyClaim> claims = report::curvatureClaims(run.survey);
    writeJson(options, document(*model, run, claims));
    if (options.text(QStringLiteral("json")) != "-") {
        printSummary(run.survey);
        std::fputs(report::claimsText(claims).c_str(), stdout);
    }
    for (const Warning& warning : run.survey.warnings)
        std::fprintf(stderr, "brink: %s\n", warning.text.c_str());
    if (options.isSet(QStringLiteral("vectors")))
        writeVectors(options.text(QStringLiteral("vectors")), run.survey);
    writeFigures(options, output, run.survey, selection);
    run.drawSlices(output, selection);
    return reportUnits(run.report, "images");
}

} // namespace brink::cli
