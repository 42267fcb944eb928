// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/figureoutput.h"
#include "app/cli/unitrunner.h"

#include "core/base/atomicfile.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/boundary/planechoice.h"
#include "core/boundary/slice.h"
#include "core/data/preprocessing.h"
#include "core/report/slicefigure.h"
#include "core/study/resultjson.h"

#include <cstdio>

namespace brink::cli {

namespace {

constexpr int coarsestOfAll = 32;

/// What is the same for every slice of a run.
struct SliceChoice {
    PlaneRequest plane;
    std::optional<double> extent;
    int size = 256;
    bool clips = false;
    bool isFull = false;
};

void addOptions(Options& options)
{
    const auto add = [&](const char* name, const char* help, const char* value = "", const char* standard = "") {
        options.add(QLatin1String(name), QString::fromUtf8(help), QLatin1String(value), QLatin1String(standard));
    };
    add("plane", "gradient, sign (of the gradient), adversarials (nearest and second), images (three in a row) or tangent (at the boundary).", "NAME", "gradient");
    add("norm", "l1, l2 or linf: of the axes.", "NORM", "l2");
    add("extent", "How far the picture reaches from its middle, in the norm; without it what the plane's images need.", "X");
    add("turn", "Turn the plane around its first axis towards another random direction.", "DEGREES", "0");
    add("size", "Points a side.", "N", "256");
    add("clip", "Clip points outside of the pixel box [0,1] before the model sees them.");
    add("full", "Compute every point, also inside regions far from a boundary.");
    add("eps", "Draw the ball of this radius around the image.", "EPS");
    add("data", "Write every point with its class, margin and confidence, as CSV; - is standard output.", "FILE");
}

SliceChoice choiceOf(const Options& options, const RunSettings& settings)
{
    SliceChoice choice;
    choice.plane.kind = planeFromName(options.text(QStringLiteral("plane")));
    if (choice.plane.kind == PlaneKind::Directions)
        throw Error(ErrorCode::Usage, "A plane of two directions needs them; brink curvature finds some. Known here: gradient, sign, adversarials, images, tangent.");
    choice.plane.norm = normOption(options);
    choice.plane.seed = settings.seed;
    choice.plane.turn = options.real(QStringLiteral("turn"), -360, 360) * 3.14159265358979323846 / 180;
    if (options.isSet(QStringLiteral("extent")))
        choice.extent = options.real(QStringLiteral("extent"), 1e-9, 1e9);
    choice.size = int(options.integer(QStringLiteral("size"), 2, 4096));
    choice.clips = options.isSet(QStringLiteral("clip"));
    choice.isFull = options.isSet(QStringLiteral("full"));
    return choice;
}

/// Around the middle of what would be shown.
SliceFrame frameOf(const Plane& plane, const std::optional<double>& extent)
{
    const SliceFrame suggested = suggestedFrame(plane);
    if (!extent)
        return suggested;
    const double x = (suggested.left + suggested.right) / 2;
    const double y = (suggested.bottom + suggested.top) / 2;
    return {x - *extent, x + *extent, y - *extent, y + *extent};
}

std::optional<SliceResult> sliceOf(const SliceChoice& choice, const ChosenImages& images, std::size_t first, Monitor& monitor)
{
    const Classifier& model = *choice.plane.model;
    const auto image = [&](std::size_t place) {
        const std::int64_t index = images.indices[place];
        return prepareImage(images.dataset->image(index), model.channels(), model.height(), model.width(), model.card().resizeRule).image;
    };
    PlaneRequest request = choice.plane;
    request.image = image(first);
    if (request.kind == PlaneKind::Images)
        for (const std::size_t place : {first + 1, first + 2})
            request.others.push_back({"image " + std::to_string(images.indices[place]), image(place)});
    const std::optional<Plane> plane = findPlane(request, monitor);
    if (!plane)
        return std::nullopt;
    SliceRequest slice;
    slice.model = choice.plane.model;
    slice.plane = *plane;
    slice.frame = frameOf(*plane, choice.extent);
    slice.resolution = choice.size;
    for (slice.coarsest = choice.size; slice.coarsest % 2 == 0 && slice.coarsest / 2 >= coarsestOfAll;)
        slice.coarsest /= 2;
    slice.clipsToBox = choice.clips;
    slice.computesAll = choice.isFull;
    slice.imageIndex = images.indices[first];
    slice.classNames = images.dataset->classNames();
    SliceResult result = computeSlice(slice, monitor);
    result.counts += plane->counts;
    return result;
}

/// Whole or not at all; "-" is standard output.
void writeTable(const std::string& path, const Figure& figure)
{
    const std::string text = figureCsv(figure);
    if (path == "-") {
        std::fwrite(text.data(), 1, text.size(), stdout);
        return;
    }
    AtomicFile file(path);
    file.write(text);
    file.commit();
}

void writeFigures(const Options& options, const FigureOutput& output, const std::vector<std::optional<SliceResult>>& slices, const SliceView& view)
{
    for (const auto& slice : slices) {
        if (!slice || !slice->grid)
            continue;
        const Figure figure = sliceFigure(*slice, view);
        writeToFolder(output, figure, QStringLiteral("%1-slice").arg(slice->imageIndex));
        writeMain(options, output, figure);
        if (options.isSet(QStringLiteral("data")))
            writeTable(options.text(QStringLiteral("data")), figure);
    }
}

void print(const SliceResult& result)
{
    std::printf("image %lld: %d x %d points, %s plane, %d connected regions", (long long)result.imageIndex, result.grid->size, result.grid->size,
        planeName(result.plane->kind).c_str(), result.components);
    std::printf("%s\n", result.insideBox < 1 ? (", " + formatReal(100 * result.insideBox) + " % of it inside the pixel box").c_str() : "");
    for (const SliceClass& each : result.classes)
        std::printf("  %-22s %6s %%  in %d %s\n", each.name.c_str(), formatReal(100 * each.share).c_str(), each.components, each.components == 1 ? "part" : "parts");
    for (const PlaneMarker& marker : result.plane->markers)
        std::printf("  %-22s at %s, %s%s\n", marker.name.c_str(), formatReal(marker.at.a).c_str(), formatReal(marker.at.b).c_str(),
            marker.at.residual > 1e-6 ? ("  (" + formatReal(marker.at.residual) + " off the plane)").c_str() : "");
    std::printf("  %lld forwards, %s %% of the points\n", (long long)result.counts.forwards, formatReal(100 * result.computedShare).c_str());
    for (const Warning& warning : result.warnings)
        std::printf("  ! %s\n", warning.text.c_str());
}

} // namespace

int runSliceCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("slice"), QStringLiteral("classes on a plane through input space, with the boundaries between them."));
    options.addModel();
    options.addImages();
    addOptions(options);
    options.addRun();
    options.addOutput();
    addMainFigureOption(options, QStringLiteral("slice"));
    addFigureOptions(options);
    if (!options.parse(arguments))
        return 0;
    const RunSettings settings = runSettings(options);
    SliceChoice choice = choiceOf(options, settings);
    SliceView view;
    if (options.isSet(QStringLiteral("eps")))
        view.eps = options.real(QStringLiteral("eps"), 1e-9, 1e9);
    const FigureOutput output = figureOutput(options);
    const ChosenImages images = chosenImages(options);
    const std::size_t each = choice.plane.kind == PlaneKind::Images ? 3 : 1;
    if (images.indices.size() % each != 0)
        throw Error(ErrorCode::Usage, "A plane through images takes three at a time; choose three, e.g. --images PATH#0:3.");
    const auto count = std::int64_t(images.indices.size() / each);
    if (count > 1 && (options.isSet(QStringLiteral("figure")) || options.isSet(QStringLiteral("data"))))
        throw Error(ErrorCode::Usage, "A figure shows one slice: choose one image, or a folder for all by --figures.");
    choice.plane.model = loadModel(options);

    std::vector<std::optional<SliceResult>> slices(static_cast<std::size_t>(count));
    const UnitReport report = runUnits(QStringLiteral("slice"), count, settings.workers, [&](std::int64_t unit, Monitor& monitor) {
        slices[std::size_t(unit)] = sliceOf(choice, images, std::size_t(unit) * each, monitor);
    });
    Json document = resultDocument(*choice.plane.model, settings.seed);
    EvaluationCounts counts;
    double seconds = 0;
    for (std::size_t i = 0; i < slices.size(); ++i) {
        if (slices[i] && slices[i]->grid) {
            document["items"].push_back(toJson(*slices[i]));
            counts += slices[i]->counts;
            seconds += slices[i]->seconds;
        } else if (report.errors[i]) {
            document["items"].push_back({{"index", images.indices[i * each]}, {"error", report.errors[i]->message()}});
        }
    }
    document["warnings"] = Json::array();
    document["cost"] = toJson(counts, seconds);
    writeJson(options, document);
    writeFigures(options, output, slices, view);
    if (options.text(QStringLiteral("json")) != "-" && options.text(QStringLiteral("data")) != "-")
        for (const auto& slice : slices)
            if (slice && slice->grid)
                print(*slice);
    return reportUnits(report, "slices");
}

} // namespace brink::cli
