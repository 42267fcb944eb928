// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/pathfigure.h"

#include "core/base/text.h"
#include "core/report/planefigures.h"
#include "core/report/planeparts.h"
#include "core/report/figureparts.h"
#include "core/report/rasters.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace brink {

using namespace report;

namespace {

constexpr int stripCells = 512;
constexpr std::size_t mostImages = 6;
constexpr double imageRowEm = 6.6;
constexpr std::array shownWay{-0.02, 1.02}; ///< marks at the ends are whole

/// Classes at evenly spaced shares of the way, as a strip of cells between two heights.
RegionLayer strip(const char* id, const std::vector<PathPoint>& points, double bottom, double top, const std::vector<std::string>& classNames)
{
    auto labels = std::make_shared<std::vector<std::int16_t>>();
    std::vector<double> margins;
    std::size_t next = 0;
    for (int i = 0; i < stripCells; ++i) {
        const double share = (i + 0.5) / stripCells;
        // The nearest point that was looked at: labels are not interpolated.
        while (next + 1 < points.size() && std::abs(points[next + 1].at - share) <= std::abs(points[next].at - share))
            ++next;
        labels->push_back(std::int16_t(points[next].label));
    }
    RegionLayer layer;
    layer.id = id;
    layer.rows = 1;
    layer.columns = stripCells;
    layer.frame = {0, 1, bottom, top};
    for (const std::int16_t label : *labels) {
        if (regionClass(layer, label))
            continue;
        const std::string name = std::size_t(label) < classNames.size() ? classNames[std::size_t(label)] : std::to_string(label);
        layer.classes.push_back({int(label), name, classRole(label), classHatch(label), std::nullopt});
    }
    layer.labels = std::move(labels);
    return layer;
}

LineLayer marginLine(const char* id, const char* name, const std::vector<PathPoint>& points)
{
    std::vector<double> x, y;
    for (const PathPoint& point : points) {
        x.push_back(point.at);
        y.push_back(point.margin);
    }
    return {.id = id, .name = name, .x = makeColumn(std::move(x)), .y = makeColumn(std::move(y))};
}

/// Where the corners lie, as shares of the way.
std::vector<double> cornerShares(const RegionPath& path)
{
    std::vector<double> shares{0};
    for (std::size_t i = 0; i + 1 < path.anchors.size(); ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < path.anchors[i].size(); ++k) {
            const double way = double(path.anchors[i + 1].pixels[k]) - double(path.anchors[i].pixels[k]);
            sum += way * way;
        }
        shares.push_back(shares.back() + (path.length > 0 ? std::sqrt(sum) / path.length : 0));
    }
    return shares;
}

/// The ends and corners between, evenly chosen where there are too many.
std::vector<std::size_t> shownCorners(std::size_t count)
{
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < std::min(count, mostImages); ++i)
        shown.push_back(count <= mostImages ? i : (i * (count - 1) + (mostImages - 1) / 2) / (mostImages - 1));
    return shown;
}

Panel marginPanel(const RegionPath& path)
{
    Panel panel;
    panel.id = "margin";
    panel.title = "Margin along the way";
    panel.row = 1;
    panel.legend = LegendPlace::None;
    panel.x.range = shownWay;
    panel.y.label = "margin of " + path.className + " (logits)";
    panel.y.includesZero = true;
    panel.layers.push_back(RuleLayer{.id = "boundary", .label = "boundary", .orientation = Orientation::Horizontal, .at = 0, .role = ColourRole::Muted, .dash = Dash::Dotted});
    LineLayer straight = marginLine("straight", "straight line", path.straight);
    straight.role = ColourRole::Muted;
    straight.dash = Dash::Dashed;
    panel.layers.push_back(std::move(straight));
    if (!path.isFound || path.isStraight)
        return panel;
    panel.layers.push_back(marginLine("path", "path found", path.path));
    const std::vector<double> shares = cornerShares(path);
    std::vector<double> x, y;
    std::vector<std::string> tips;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const auto nearest = std::ranges::min_element(path.path, {}, [&](const PathPoint& point) { return std::abs(point.at - shares[i]); });
        x.push_back(shares[i]);
        y.push_back(nearest->margin);
        tips.push_back(i == 0 ? "first image" : i + 1 == shares.size() ? "second image" : "corner " + std::to_string(i));
    }
    ScatterLayer corners;
    corners.id = "corners";
    corners.x = makeColumn(std::move(x));
    corners.y = makeColumn(std::move(y));
    corners.tips = std::move(tips);
    for (std::size_t i = 0; i < shares.size(); ++i)
        corners.refs.push_back({"corner", std::to_string(i)});
    panel.layers.push_back(std::move(corners));
    return panel;
}

Panel stripPanel(const RegionPath& path, const std::vector<std::string>& classNames)
{
    Panel panel;
    panel.id = "classes";
    panel.title = "Classes along the way";
    panel.row = 2;
    panel.heightEm = path.isFound && !path.isStraight ? 6.6 : 5;
    panel.legend = LegendPlace::None;
    panel.x.label = "share of the way";
    panel.x.range = shownWay;
    for (const double share : {0.0, 0.2, 0.4, 0.6, 0.8, 1.0})
        panel.x.ticks.emplace_back(share, formatReal(share, 1));
    panel.y.ticks = {{0.5, "straight"}};
    panel.y.range = std::array{0.0, 1.0};
    panel.layers.push_back(strip("straight-classes", path.straight, 0.1, 0.9, classNames));
    if (path.isFound && !path.isStraight) {
        panel.layers.push_back(strip("path-classes", path.path, -0.9, -0.1, classNames));
        panel.y.ticks.emplace_back(-0.5, "path");
        panel.y.range = std::array{-1.0, 1.0};
    }
    return panel;
}

/// The classes of both strips, each once.
Panel keyPanel(const Panel& strips)
{
    KeyLayer key;
    key.id = "key";
    key.entries.push_back({.name = "straight line", .role = ColourRole::Muted, .dash = Dash::Dashed});
    if (strips.layers.size() > 1)
        key.entries.push_back({.name = "path found", .role = ColourRole::Series1});
    std::vector<int> seen;
    for (const Layer& layer : strips.layers)
        if (const auto* regions = std::get_if<RegionLayer>(&layer))
            for (const RegionLayer::Class& each : regions->classes) {
                if (std::ranges::find(seen, each.label) != seen.end())
                    continue;
                seen.push_back(each.label);
                key.entries.push_back({.name = each.name, .role = each.role, .hatch = each.hatch});
            }
    Panel panel;
    panel.id = "key";
    panel.row = 3;
    panel.heightEm = 1.4 * double((key.entries.size() + 3) / 4) + 0.4;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = false;
    panel.y.isVisible = false;
    panel.layers.push_back(std::move(key));
    return panel;
}

std::string caption(const RegionPath& path)
{
    std::string text = "Two images of class " + path.className + " (index " + std::to_string(path.fromIndex) + " and " + std::to_string(path.toIndex) + ") under model "
        + path.modelName + ". ";
    if (path.isStraight)
        return text + "The straight line between them stays in the class, verified on a grid of " + countText(path.gridPoints) + " points; its smallest margin is "
            + threeDigits(path.smallestMargin) + " logits.";
    text += path.straightMargin > 0 ? std::string("The straight line between them touches no other class on the coarse grid. ") : "The straight line between them leaves the class. ";
    if (!path.isFound)
        return text + "No path was found: " + path.failure;
    const std::size_t corners = path.anchors.size() - 2;
    return text + "A path with " + std::to_string(corners) + (corners == 1 ? " corner" : " corners") + " stays inside, verified on a grid of " + countText(path.gridPoints)
        + " points: " + formatReal(path.lengthRatio(), 4) + " times as long (L2), smallest margin " + threeDigits(path.smallestMargin)
        + " logits. Corners are middles of pieces, moved back into the class (algorithm 1 of Fawzi et al. 2017).";
}

} // namespace

Figure pathFigure(const RegionPath& path, const std::vector<std::string>& classNames)
{
    Figure figure;
    figure.name = "path";
    figure.caption = caption(path);
    const std::vector<std::size_t> shown = shownCorners(path.anchors.size());
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const std::size_t corner = shown[i];
        const std::string title = corner == 0 ? "first" : corner + 1 == path.anchors.size() ? "second" : std::to_string(corner);
        Panel panel = imagePanel(title, imageRaster("image", path.anchors[corner]), 0, int(i));
        panel.id = "image-" + std::to_string(i);
        panel.heightEm = imageRowEm;
        figure.panels.push_back(std::move(panel));
    }
    figure.panels.push_back(marginPanel(path));
    Panel strips = stripPanel(path, classNames);
    Panel key = keyPanel(strips);
    figure.panels.push_back(std::move(strips));
    figure.panels.push_back(std::move(key));
    figure.aspect = 0.42;
    figure.warnings = path.warnings;
    Json parameters = toJson(path);
    parameters.erase("cost");
    const PlaneSource source{.modelName = path.modelName, .modelSha256 = path.modelSha256, .index = path.fromIndex, .counts = path.counts,
        .seconds = path.seconds, .partial = path.stopped};
    figure.provenance = planeProvenance(source, std::move(parameters), path.warnings);
    return figure;
}

Figure convexityFigure(const ConvexityResult& result)
{
    std::vector<double> k, share, low, high;
    std::vector<std::string> tips;
    std::int64_t samples = 0;
    for (const ConvexityPoint& point : result.points) {
        k.push_back(point.k);
        share.push_back(double(point.inside) / double(point.samples));
        low.push_back(point.low);
        high.push_back(point.high);
        samples = std::max(samples, point.samples);
        tips.push_back(std::to_string(point.k) + " images: " + countText(point.inside) + " of " + countText(point.samples) + " stay in the class");
    }
    ScatterLayer points;
    points.id = "share";
    points.x = makeColumn(k);
    points.y = makeColumn(share);
    points.yLow = makeColumn(low);
    points.yHigh = makeColumn(high);
    points.tips = std::move(tips);
    for (const ConvexityPoint& point : result.points)
        points.refs.push_back({"k", std::to_string(point.k)});
    Panel panel;
    panel.id = "convexity";
    panel.title = "Convex combinations that stay in the class";
    panel.legend = LegendPlace::None;
    panel.x.label = "images combined, k";
    panel.y.label = "share that stays in the class";
    panel.y.range = std::array{0.0, 1.02};
    panel.layers.push_back(LineLayer{.id = "line", .x = makeColumn(std::move(k)), .y = makeColumn(std::move(share))});
    panel.layers.push_back(std::move(points));
    Figure figure;
    figure.name = "convexity";
    figure.caption = "Share of random convex combinations of k images of one class that are classified alike, weights uniform on the simplex; "
        + countText(samples) + " combinations of each k of " + countText(result.images) + " images under model " + result.modelName
        + ", with 95 % Wilson intervals, seed " + std::to_string(result.seed) + ". A convex region would stay at 1.";
    figure.panels = {std::move(panel)};
    const PlaneSource source{.modelName = result.modelName, .modelSha256 = result.modelSha256, .seed = result.seed, .counts = result.counts,
        .seconds = result.seconds, .partial = result.partial};
    figure.provenance = planeProvenance(source, toJson(result), {});
    return figure;
}

PlaneFigureInfo pathFigureInfo()
{
    return {"path", "Path inside a region", "Straight line against the path found: classes, margin, images at the corners", "connect"};
}

PlaneFigureInfo convexityFigureInfo()
{
    return {"convexity", "Convexity of regions", "How often convex combinations of images of a class stay in it", "connect"};
}

} // namespace brink
