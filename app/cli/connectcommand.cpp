// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/figureoutput.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"
#include "core/boundary/regionpath.h"
#include "core/boundary/slice.h"
#include "core/data/preprocessing.h"
#include "core/report/pathfigure.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace brink::cli {

namespace {

/// The ends of a path, as places among the chosen images.
struct Pair {
    std::size_t from = 0, to = 0;
};

/// The chosen images as the model takes them, and what it says about each.
struct Ends {
    std::vector<std::int64_t> indices;
    std::vector<Image> images;
    std::vector<std::int64_t> predicted;
};

enum class PairKind { Natural, Moved };

PairKind kindOf(const std::string& name)
{
    if (name == "natural" || name == "moved")
        return name == "natural" ? PairKind::Natural : PairKind::Moved;
    throw Error(ErrorCode::Usage, unknownName("kind", name, {"natural", "moved"}));
}

Ends endsOf(const ChosenImages& chosen, const std::shared_ptr<const Classifier>& model)
{
    Ends ends;
    ends.indices = chosen.indices;
    for (const std::int64_t index : chosen.indices)
        ends.images.push_back(prepareImage(chosen.dataset->image(index), model->channels(), model->height(), model->width(), model->card().resizeRule).image);
    EvaluationCounts counts;
    ends.predicted = predictedClasses(model, ends.images, counts);
    return ends;
}

/// So many pairs, each drawn by its own seed; the same seed gives the same pairs. Natural ones are of one class, moved ones of two.
std::vector<Pair> drawPairs(const Ends& ends, PairKind kind, std::int64_t count, std::uint64_t seed)
{
    std::map<std::int64_t, std::vector<std::size_t>> byClass;
    for (std::size_t i = 0; i < ends.predicted.size(); ++i)
        byClass[ends.predicted[i]].push_back(i);
    std::vector<std::size_t> first; // that have a partner
    for (std::size_t i = 0; i < ends.predicted.size(); ++i) {
        const std::size_t alike = byClass[ends.predicted[i]].size();
        if (kind == PairKind::Natural ? alike > 1 : alike < ends.predicted.size())
            first.push_back(i);
    }
    if (first.empty())
        throw Error(ErrorCode::Domain, kind == PairKind::Natural ? "No two of the images are classified alike; choose more of them."
                                                                 : "All images are classified alike; choose others to move into the class.");
    std::vector<Pair> pairs;
    for (std::int64_t i = 0; i < count; ++i) {
        Rng rng(combineSeeds({seed, std::uint64_t(i)}));
        const std::size_t from = first[std::size_t(rng.below(first.size()))];
        std::size_t to = from;
        while (to == from || (ends.predicted[to] == ends.predicted[from]) != (kind == PairKind::Natural))
            to = std::size_t(rng.below(ends.predicted.size()));
        pairs.push_back({from, to});
    }
    return pairs;
}

RegionPath pathOf(const RegionPathRequest& shared, const Ends& ends, const Pair& pair, PairKind kind, Monitor& monitor)
{
    RegionPathRequest request = shared;
    request.from = ends.images[pair.from];
    request.to = ends.images[pair.to];
    EvaluationCounts moving;
    if (kind == PairKind::Moved) {
        const auto moved = movedInto(shared.model, request.to, ends.predicted[pair.from], shared.repairSteps, shared.overshoot, moving);
        if (!moved)
            throw Error(ErrorCode::Domain, "Image " + std::to_string(ends.indices[pair.to]) + " could not be moved into the class of image "
                    + std::to_string(ends.indices[pair.from]) + ".");
        request.to = *moved;
    }
    RegionPath path = findRegionPath(request, monitor);
    path.fromIndex = ends.indices[pair.from];
    path.toIndex = ends.indices[pair.to];
    path.counts += moving;
    return path;
}

void print(const PathSummary& summary)
{
    std::printf("%d of %d pairs connected, %d by a straight line\n", summary.found, summary.pairs, summary.straight);
    if (!summary.medianRatio)
        return;
    std::printf("  %-28s %s, at most %s\n", "corners, median", formatReal(*summary.medianAnchors).c_str(), formatReal(*summary.largestAnchors).c_str());
    std::printf("  %-28s %s, at most %s\n", "length ratio (L2), median", formatReal(*summary.medianRatio, 4).c_str(), formatReal(*summary.largestRatio, 4).c_str());
    std::printf("  %-28s %s, at least %s\n", "smallest margin, median", formatReal(*summary.medianMargin).c_str(), formatReal(*summary.smallestMargin).c_str());
    std::printf("  verified on grids of points, not proven; depth up to %d, %lld forwards\n", summary.depth, (long long)summary.counts.forwards);
}

void addOptions(Options& options)
{
    const auto add = [&](const char* name, const char* help, const char* value = "", const char* standard = "") {
        options.add(QLatin1String(name), QString::fromUtf8(help), QLatin1String(value), QLatin1String(standard));
    };
    add("pairs", "Pairs of images to connect, drawn among those chosen; two chosen images are one pair.", "N", "1");
    add("kind", "natural: two images of one class; moved: one of another class, moved into it by a targeted DeepFool.", "NAME", "natural");
    add("depth", "Deepest recursion: a path has at most 2^N pieces.", "N", "8");
    add("grid", "Points a piece is verified at, at most; doubled from 16 until its smallest margin is stable.", "N", "256");
    add("convexity", "Write the figure of convex combinations that stay in their class: .pdf, .svg, .png or .csv.", "FILE");
    add("samples", "Convex combinations of each number of images.", "N", "500");
}

std::optional<ConvexityResult> convexityOf(const Options& options, const RegionPathRequest& request, const Ends& ends, const RunSettings& settings)
{
    ConvexityRequest convexity;
    convexity.model = request.model;
    convexity.images = ends.images;
    convexity.labels = ends.predicted;
    convexity.samples = int(options.integer(QStringLiteral("samples"), 1, 1'000'000));
    convexity.seed = settings.seed;
    std::optional<ConvexityResult> result;
    const UnitReport report = runUnits(QStringLiteral("convexity"), 1, settings.workers, [&](std::int64_t, Monitor& monitor) { result = computeConvexity(convexity, monitor); });
    if (report.errors.front())
        throw *report.errors.front();
    return result;
}

std::vector<std::string> classNamesOf(const Classifier& model, const Dataset& dataset)
{
    std::vector<std::string> names;
    for (int i = 0; i < model.classes(); ++i)
        names.push_back(classNameOf(model, i, dataset.classNames()));
    return names;
}

/// All of them into the folder; the first that has something to show, a path with corners, is the main one.
void writeFigures(const Options& options, const FigureOutput& output, std::vector<RegionPath>& paths, const std::vector<std::string>& classNames)
{
    for (RegionPath& path : paths)
        path.className = classNames[std::size_t(path.label)];
    if (output.folder)
        for (const RegionPath& path : paths)
            writeToFolder(output, pathFigure(path, classNames), QStringLiteral("%1-%2-path").arg(path.fromIndex).arg(path.toIndex));
    const auto shown = std::ranges::find_if(paths, [](const RegionPath& path) { return path.isFound && !path.isStraight; });
    if (!paths.empty())
        writeMain(options, output, pathFigure(shown == paths.end() ? paths.front() : *shown, classNames));
}

} // namespace

int runConnectCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("connect"), QStringLiteral("paths between images that stay inside the region of a class (Fawzi et al. 2017)."));
    options.addModel();
    options.addImages();
    addOptions(options);
    options.addRun();
    options.addOutput();
    addMainFigureOption(options, QStringLiteral("path"));
    addFigureOptions(options);
    if (!options.parse(arguments))
        return 0;
    const RunSettings settings = runSettings(options);
    RegionPathRequest request;
    request.depth = int(options.integer(QStringLiteral("depth"), 0, 20));
    request.finestGrid = int(options.integer(QStringLiteral("grid"), 16, 65536));
    const PairKind kind = kindOf(options.text(QStringLiteral("kind")));
    const std::int64_t wanted = options.integer(QStringLiteral("pairs"), 1, 1'000'000);
    const FigureOutput output = figureOutput(options);
    const ChosenImages chosen = chosenImages(options);
    if (chosen.indices.size() < 2)
        throw Error(ErrorCode::Usage, "A path needs two images; choose more, e.g. --images PATH#0:200.");
    request.model = loadModel(options);
    const Ends ends = endsOf(chosen, request.model);
    const bool isOnePair = ends.indices.size() == 2 && wanted == 1;
    const std::vector<Pair> pairs = isOnePair ? std::vector<Pair>{{0, 1}} : drawPairs(ends, kind, wanted, settings.seed);

    std::vector<std::optional<RegionPath>> found(pairs.size());
    const UnitReport report = runUnits(QStringLiteral("connect"), std::int64_t(pairs.size()), settings.workers,
        [&](std::int64_t unit, Monitor& monitor) { found[std::size_t(unit)] = pathOf(request, ends, pairs[std::size_t(unit)], kind, monitor); });
    std::vector<RegionPath> paths;
    Json document = resultDocument(*request.model, settings.seed);
    document["pairs"] = kind == PairKind::Natural ? "natural" : "moved";
    double seconds = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (found[i] && !found[i]->stopped) {
            document["items"].push_back(toJson(*found[i]));
            seconds += found[i]->seconds;
            paths.push_back(std::move(*found[i]));
        } else if (report.errors[i]) {
            document["items"].push_back({{"from", ends.indices[pairs[i].from]}, {"to", ends.indices[pairs[i].to]}, {"error", report.errors[i]->message()}});
        }
    }
    const PathSummary summary = summarise(paths);
    document["summary"] = toJson(summary);
    EvaluationCounts counts = summary.counts;
    if (options.isSet(QStringLiteral("convexity")) && !report.stopped) {
        const std::optional<ConvexityResult> convexity = convexityOf(options, request, ends, settings);
        document["convexity"] = toJson(*convexity);
        counts += convexity->counts;
        seconds += convexity->seconds;
        exportFigure(convexityFigure(*convexity), output.spec, options.value(QStringLiteral("convexity")));
    }
    document["warnings"] = Json::array();
    document["cost"] = toJson(counts, seconds);
    writeJson(options, document);
    writeFigures(options, output, paths, classNamesOf(*request.model, *chosen.dataset));
    if (options.text(QStringLiteral("json")) != "-")
        print(summary);
    return reportUnits(report, "pairs");
}

} // namespace brink::cli
