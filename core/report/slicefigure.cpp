// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/slicefigure.h"

#include "core/base/text.h"
#include "core/figure/contours.h"
#include "core/report/planefigures.h"
#include "core/report/planeparts.h"
#include "core/report/figureparts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

using namespace report;

namespace {

constexpr double deepestQuantile = 0.95; ///< of the margins: a few extreme ones shall not pale the rest
constexpr int isoLevels = 4;
constexpr int smallestNamed = 14;        ///< a name is written where a region is so many times smaller than the picture, at most
constexpr double smallestKeyShare = 0.002;
constexpr std::size_t mostKeyClasses = 12;
constexpr double offPlaneShare = 1e-3;   ///< of the frame: nearer markers count as in the plane
constexpr double markerShare = 0.07;     ///< of the frame: names keep so far from markers
constexpr double keyLineEm = 1.35;
constexpr double labelledAspect = 0.93;  ///< of a square picture with the labels of its axes
constexpr double leastInBox = 1e-3;      ///< share of the frame; with less inside the pixel box there is nothing to tell apart

double quantile(std::vector<float> values, double share)
{
    const auto at = values.begin() + std::ptrdiff_t(share * double(values.size() - 1));
    std::ranges::nth_element(values, at);
    return double(*at);
}

std::string percent(double share)
{
    if (share > 0 && share < 0.001)
        return "under 0.1 %";
    return formatReal(100 * share, share < 0.1 ? 2 : 3) + " %";
}

/// The place of a class's name, moved aside within its region where a marker is in the way.
std::array<double, 2> clearOfMarkers(const SliceResult& result, std::int64_t label, std::array<double, 2> place)
{
    const SliceFrame& frame = result.frame;
    const SliceGrid& grid = *result.grid;
    const double near = markerShare * frame.width();
    const auto isClear = [&](const std::array<double, 2>& at) {
        return std::ranges::none_of(result.plane->markers, [&](const PlaneMarker& marker) {
            return std::abs(marker.at.a - at[0]) < 2 * near && std::abs(marker.at.b - at[1]) < near;
        });
    };
    const auto isInside = [&](const std::array<double, 2>& at) {
        const int column = int((at[0] - frame.left) / frame.width() * grid.size), row = int((frame.top - at[1]) / frame.height() * grid.size);
        return column >= 0 && column < grid.size && row >= 0 && row < grid.size && grid.labels[grid.at(row, column)] == label;
    };
    for (const auto& [x, y] : {std::pair{0.0, 0.0}, std::pair{0.0, 1.5}, std::pair{0.0, -1.5}, std::pair{2.5, 0.0}, std::pair{-2.5, 0.0}, std::pair{0.0, 3.0}, std::pair{0.0, -3.0}}) {
        const std::array<double, 2> moved{place[0] + x * near, place[1] + y * near};
        if (isClear(moved) && isInside(moved))
            return moved;
    }
    return place;
}

RegionLayer regions(const SliceResult& result, const SliceView& view)
{
    const SliceGrid& grid = *result.grid;
    RegionLayer layer;
    layer.id = "regions";
    layer.rows = grid.size;
    layer.columns = grid.size;
    layer.frame = {result.frame.left, result.frame.right, result.frame.bottom, result.frame.top};
    layer.labels = std::shared_ptr<const std::vector<std::int16_t>>(result.grid, &grid.labels);
    layer.isComputed = std::shared_ptr<const std::vector<std::uint8_t>>(result.grid, &grid.isComputed);
    layer.margins = makeColumn({grid.margins.begin(), grid.margins.end()});
    layer.confidences = makeColumn({grid.confidences.begin(), grid.confidences.end()});
    layer.deepest = quantile(grid.margins, deepestQuantile);
    const double step = view.hasIsoLines ? roundStep(layer.deepest, isoLevels) : 0;
    for (int i = 1; step > 0 && i * step <= layer.deepest; ++i)
        layer.levels.push_back(i * step);
    std::vector<LabelPlace> places = labelPlaces(grid.labels, grid.size, grid.size);
    for (const SliceClass& each : result.classes) {
        RegionLayer::Class entry{int(each.label), each.name, classRole(each.label), classHatch(each.label), std::nullopt};
        const auto place = std::ranges::find(places, int(each.label), &LabelPlace::label);
        if (place != places.end() && place->distance * smallestNamed >= grid.size)
            entry.place = clearOfMarkers(result, each.label,
                {result.frame.left + result.frame.width() * place->x / grid.size, result.frame.top - result.frame.height() * place->y / grid.size});
        layer.classes.push_back(std::move(entry));
    }
    if (result.insideBox < 1 && result.insideBox >= leastInBox) {
        std::vector<double> x, y;
        for (const auto& [a, b] : result.box) {
            x.push_back(a);
            y.push_back(b);
        }
        layer.boundsX = makeColumn(std::move(x));
        layer.boundsY = makeColumn(std::move(y));
    }
    return layer;
}

/// The sides of the pixel box; those on the frame itself are where the picture ends, not the box.
std::optional<LineLayer> boxLine(const SliceResult& result)
{
    if (result.insideBox >= 1 - 1e-9 || result.insideBox < leastInBox)
        return std::nullopt;
    const SliceFrame& frame = result.frame;
    const auto isNear = [](double a, double b, double scale) { return std::abs(a - b) <= 1e-9 * scale; };
    const auto isOnFrame = [&](const std::array<double, 2>& p, const std::array<double, 2>& q) {
        for (const double side : {frame.left, frame.right})
            if (isNear(p[0], side, frame.width()) && isNear(q[0], side, frame.width()))
                return true;
        for (const double side : {frame.bottom, frame.top})
            if (isNear(p[1], side, frame.height()) && isNear(q[1], side, frame.height()))
                return true;
        return false;
    };
    std::vector<double> x, y;
    for (std::size_t i = 0; i < result.box.size(); ++i) {
        const auto& from = result.box[i];
        const auto& to = result.box[(i + 1) % result.box.size()];
        if (isOnFrame(from, to))
            continue;
        const bool isContinued = !x.empty() && x.back() == from[0] && y.back() == from[1];
        if (!isContinued) {
            if (!x.empty()) {
                x.push_back(std::numeric_limits<double>::quiet_NaN());
                y.push_back(std::numeric_limits<double>::quiet_NaN());
            }
            x.push_back(from[0]);
            y.push_back(from[1]);
        }
        x.push_back(to[0]);
        y.push_back(to[1]);
    }
    return LineLayer{.id = "box", .x = makeColumn(std::move(x)), .y = makeColumn(std::move(y)), .role = ColourRole::Text, .dash = Dash::Dotted};
}

LineLayer ballLine(const SliceResult& result, double eps)
{
    std::vector<double> x, y;
    for (const auto& [a, b] : ballOutline(*result.plane, eps)) {
        x.push_back(a);
        y.push_back(b);
    }
    x.push_back(x.front());
    y.push_back(y.front());
    return {.id = "ball", .x = makeColumn(std::move(x)), .y = makeColumn(std::move(y)), .role = ColourRole::Text, .dash = Dash::Dashed};
}

Marker markerOf(PlaneMarkerKind kind)
{
    switch (kind) {
    case PlaneMarkerKind::Original: return Marker::Circle;
    case PlaneMarkerKind::Adversarial: return Marker::Cross;
    case PlaneMarkerKind::Iterate: return Marker::Plus;
    case PlaneMarkerKind::Image: return Marker::Square;
    case PlaneMarkerKind::BoundaryPoint: return Marker::Diamond;
    }
    return Marker::Circle;
}

/// One layer a marker, so that each has its own sign; iterates say their names on hover only.
void addMarkers(Panel& panel, const SliceResult& result)
{
    const std::string norm = normLabel(result.plane->norm);
    const double near = offPlaneShare * result.frame.width();
    for (std::size_t i = 0; i < result.plane->markers.size(); ++i) {
        const PlaneMarker& marker = result.plane->markers[i];
        const bool isOff = marker.at.residual > near;
        const std::string off = isOff ? ", " + threeDigits(marker.at.residual) + " off the plane" : std::string();
        ScatterLayer layer;
        layer.id = "marker-" + std::to_string(i);
        layer.x = makeColumn({marker.at.a});
        layer.y = makeColumn({marker.at.b});
        layer.role = ColourRole::Text;
        layer.marker = markerOf(marker.kind);
        layer.isOpen = isOff;
        layer.sizePt = marker.kind == PlaneMarkerKind::Iterate ? 4 : 6;
        if (marker.kind != PlaneMarkerKind::Iterate)
            layer.labels = {marker.name + off};
        layer.tips = {marker.name + " at " + threeDigits(marker.at.a) + ", " + threeDigits(marker.at.b) + off + " (" + norm + ")"};
        layer.refs = {{"marker", std::to_string(i)}};
        panel.layers.push_back(std::move(layer));
    }
}

Panel keyPanel(const SliceResult& result, const RegionLayer& layer, const SliceView& view, bool hasBox)
{
    KeyLayer key;
    key.id = "key";
    std::size_t left = 0;
    for (const SliceClass& each : result.classes) {
        if (key.entries.size() >= mostKeyClasses || each.share < smallestKeyShare) {
            ++left;
            continue;
        }
        key.entries.push_back({.name = each.name + ", " + percent(each.share), .role = classRole(each.label), .hatch = classHatch(each.label)});
    }
    if (left > 0)
        key.entries.push_back({.name = std::to_string(left) + (left == 1 ? " more class" : " more classes"), .role = ColourRole::Muted, .hatch = 0});
    if (layer.levels.size() > 1)
        key.entries.push_back({.name = "margin every " + formatReal(layer.levels.front()) + (layer.levels.front() == 1 ? " logit" : " logits"), .role = ColourRole::Muted, .widthPt = 0.75});
    if (view.eps)
        key.entries.push_back({.name = normLabel(result.plane->norm) + " ball, eps " + formatReal(*view.eps), .role = ColourRole::Text, .dash = Dash::Dashed});
    if (hasBox)
        key.entries.push_back({.name = "pixel box [0,1], paler outside", .role = ColourRole::Text, .dash = Dash::Dotted});
    Panel panel;
    panel.id = "key";
    panel.row = 1;
    panel.heightEm = keyLineEm * double((key.entries.size() + 2) / 3) + 0.6;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = false;
    panel.y.isVisible = false;
    panel.layers.push_back(std::move(key));
    return panel;
}

std::string caption(const SliceResult& result)
{
    const SliceGrid& grid = *result.grid;
    const Plane& plane = *result.plane;
    const std::string size = std::to_string(grid.size);
    std::string text = "Classes of model " + result.modelName + " on a plane through ";
    text += plane.origin.source.empty() ? std::string("an image") : plane.origin.source;
    text += " (index " + std::to_string(result.imageIndex) + "): to the right " + plane.names[0] + ", upwards " + plane.names[1] + ", both in "
        + normLabel(plane.norm) + ". " + size + " × " + size + " points";
    if (result.computedShare < 1)
        text += ", " + percent(result.computedShare) + " of them computed, the others inside regions of a coarser picture";
    text += "; labels are not smoothed. Colour is the class, deeper where the margin of the largest logit over the second is larger.";
    text += result.components == 1 ? " One region." : " " + std::to_string(result.components) + " connected regions of " + std::to_string(result.classes.size()) + " classes.";
    if (result.insideBox < 1)
        text += result.insideBox >= leastInBox ? " The dotted line is the pixel box [0,1], paler outside" : " Nearly all of it lies outside of the pixel box [0,1]";
    if (result.insideBox < 1)
        text += result.clipsToBox ? " (clipped to the box before the model sees it)." : " (the model sees values beyond it there).";
    if (result.partial && grid.size < result.wanted)
        text += " Stopped or running: " + std::to_string(result.wanted) + " × " + std::to_string(result.wanted) + " points were asked for.";
    return text;
}

} // namespace

Figure sliceFigure(const SliceResult& result, const SliceView& view)
{
    const Plane& plane = *result.plane;
    Panel panel;
    panel.id = "slice";
    panel.keepsAspect = true;
    panel.legend = LegendPlace::None;
    panel.x.label = axisLabel(plane, 0);
    panel.x.range = std::array{result.frame.left, result.frame.right};
    panel.y.label = axisLabel(plane, 1);
    panel.y.range = std::array{result.frame.bottom, result.frame.top};
    RegionLayer layer = regions(result, view);
    const std::optional<LineLayer> box = boxLine(result);
    Panel key = keyPanel(result, layer, view, box.has_value());
    panel.layers.push_back(std::move(layer));
    if (box)
        panel.layers.push_back(*box);
    if (view.eps)
        panel.layers.push_back(ballLine(result, *view.eps));
    if (view.hasMarkers)
        addMarkers(panel, result);
    panel.layers.push_back(TextLayer{.id = "resolution",
        .text = std::to_string(result.grid->size) + " × " + std::to_string(result.grid->size) + " points"
            + (result.insideBox >= leastInBox ? "" : result.clipsToBox ? ", clipped to the pixel box" : ", outside of the pixel box"),
        .x = 0.985,
        .y = 0.015,
        .alignsRight = true,
        .alignsTop = false,
        .role = ColourRole::Text});
    Figure figure;
    figure.name = "slice";
    figure.aspect = labelledAspect * result.frame.height() / result.frame.width();
    figure.panels = {std::move(panel), std::move(key)};
    figure.caption = caption(result);
    figure.warnings = result.warnings;
    const PlaneSource source{.modelName = result.modelName, .modelSha256 = result.modelSha256, .image = &plane.origin,
        .index = result.imageIndex, .seed = plane.seed, .counts = result.counts, .seconds = result.seconds, .partial = result.partial};
    Json parameters = toJson(result);
    for (const char* repeated : {"index", "warnings", "cost"})
        parameters.erase(repeated);
    figure.provenance = planeProvenance(source, std::move(parameters), result.warnings);
    return figure;
}

PlaneFigureInfo bendingtowardsFigureInfo()
{
    return {"bending-towards", "Slice, bending towards", "The slice along the direction in which the boundary bends most towards the image", "curvature"};
}

PlaneFigureInfo bendingawayFigureInfo()
{
    return {"bending-away", "Slice, bending away", "The slice along the direction in which the boundary bends most away from the image", "curvature"};
}

PlaneFigureInfo sliceFigureInfo()
{
    return {"slice", "Decision slice", "Classes, boundaries and margins on a plane through input space", "slice"};
}

} // namespace brink
