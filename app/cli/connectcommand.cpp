// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/figureoutput.h"
#include "app/cli/imagechoice.h"
#include "app/cli/options.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/boundary/pathpairs.h"
#include "core/boundary/slice.h"
#include "core/report/boundaryclaims.h"
#include "core/report/pathfigure.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <cstdio>

namespace brink::cli {

namespace {

PairKind kindOf(const std::string& name)
{
    if (name == "natural" || name == "moved")
        return name == "natural" ? PairKind::Natural : PairKind::Moved;
    throw Error(ErrorCode::Usage, unknownName("kind", name, {"natural", "moved"}));
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

std::optional<ConvexityResult> convexityOf(const Options& options, const RegionPathRequest& request, const PathEnds& ends, const RunSettings& settings)
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
    const PathEnds ends = pathEnds(surveyImages(options, chosen), request.model);
    const bool isOnePair = ends.indices.size() == 2 && wanted == 1;
    const std::vector<EndPair> pairs = isOnePair ? std::vector<EndPair>{{0, 1}} : drawPairs(ends, kind, wanted, settings.seed);

    std::vector<std::optional<RegionPath>> found(pairs.size());
    const UnitReport report = runUnits(QStringLiteral("connect"), std::int64_t(pairs.size()), settings.workers,
        [&](std::int64_t unit, Monitor& monitor) { found[std::size_t(unit)] = pathOfPair(request, ends, pairs[std::size_t(unit)], kind, monitor); });
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
    const std::vector<report::StudyClaim> claims{report::connectedClaim(summary)};
    if (kind == PairKind::Natural)
        document["claims"] = report::claimsJson(claims);
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
    if (options.text(QStringLiteral("json")) != "-" && kind == PairKind::Natural && summary.pairs > 1)
        std::fputs(report::claimsText(claims).c_str(), stdout);
    return reportUnits(report, "pairs");
}

} // namespace brink::cli
