// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/figure/figure.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace brink {

namespace {

std::string inQuotes(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text)
        result += c == '\n' ? std::string("\\n") : std::string(1, c);
    return result + '"';
}

std::string roleName(ColourRole role)
{
    constexpr std::array<const char*, 14> names{"series1", "series2", "series3", "series4", "series5", "series6", "series7",
        "series8", "text", "muted", "accent", "good", "caution", "alarm"};
    return names.at(std::size_t(role));
}

std::string dashName(Dash dash)
{
    constexpr std::array<const char*, 4> names{"solid", "dashed", "dotted", "dash-dot"};
    return names.at(std::size_t(dash));
}

std::string markerName(Marker marker)
{
    constexpr std::array<const char*, 8> names{"circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "plus", "star"};
    return names.at(std::size_t(marker));
}

std::string number(double value) { return formatReal(value, 6); }

/// "n=3 1 to 4", finite values only.
std::string summary(const Column& column)
{
    if (!column)
        return "none";
    double low = INFINITY;
    double high = -INFINITY;
    for (const double value : *column) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    std::string text = "n=" + std::to_string(column->size());
    return low <= high ? text + " " + number(low) + " to " + number(high) : text;
}

std::string head(const char* kind, const std::string& id, const std::string& name)
{
    std::string text = std::string(kind) + " " + id;
    if (!name.empty())
        text.append(" ").append(inQuotes(name));
    return text;
}

const char* orientationName(Orientation orientation) { return orientation == Orientation::Vertical ? "vertical" : "horizontal"; }

struct LayerText {
    std::string operator()(const LineLayer& layer) const
    {
        return head("line", layer.id, layer.name) + " " + roleName(layer.role) + " " + dashName(layer.dash) + " x " + summary(layer.x)
            + " y " + summary(layer.y);
    }
    std::string operator()(const BandLayer& layer) const
    {
        return head("band", layer.id, layer.name) + " " + roleName(layer.role) + " x " + summary(layer.x) + " low " + summary(layer.low)
            + " high " + summary(layer.high);
    }
    std::string operator()(const BarLayer& layer) const
    {
        return head("bars", layer.id, layer.name) + " " + roleName(layer.role) + (layer.isOpen ? " open " : " ")
            + orientationName(layer.orientation) + " width " + number(layer.width) + " at " + summary(layer.position) + " height "
            + summary(layer.height) + (layer.base == 0 ? "" : " from " + number(layer.base))
            + (layer.values ? " for " + summary(layer.values) : "") + (layer.strength == 1 ? "" : " strength " + number(layer.strength));
    }
    std::string operator()(const ScatterLayer& layer) const
    {
        std::string text = head("scatter", layer.id, layer.name) + " " + roleName(layer.role) + (layer.isOpen ? " open " : " ")
            + markerName(layer.marker) + (layer.arrow == Arrow::None ? "" : layer.arrow == Arrow::Right ? " arrow right" : " arrow up")
            + " x " + summary(layer.x) + " y " + summary(layer.y);
        if (layer.sizesPt)
            text += " sizes " + summary(layer.sizesPt);
        if (layer.xLow)
            text += " x interval " + summary(layer.xLow) + ", " + summary(layer.xHigh);
        if (layer.yLow)
            text += " y interval " + summary(layer.yLow) + ", " + summary(layer.yHigh);
        for (const std::string& label : layer.labels)
            text.append(" ").append(inQuotes(label));
        return text;
    }
    std::string operator()(const RuleLayer& layer) const
    {
        return head("rule", layer.id, layer.label) + " " + roleName(layer.role) + " " + dashName(layer.dash) + " "
            + orientationName(layer.orientation) + " at " + number(layer.at);
    }
    std::string operator()(const SpanLayer& layer) const
    {
        return head("span", layer.id, layer.label) + " " + roleName(layer.role) + " " + orientationName(layer.orientation) + " "
            + number(layer.from) + " to " + number(layer.to);
    }
    std::string operator()(const TextLayer& layer) const { return head("text", layer.id, layer.text) + " " + roleName(layer.role); }
    std::string operator()(const RasterLayer& layer) const
    {
        return head("raster", layer.id, {}) + " " + std::to_string(layer.width) + " x " + std::to_string(layer.height) + " x "
            + std::to_string(layer.channels);
    }
    std::string operator()(const HeatmapLayer& layer) const
    {
        std::string text = head("heatmap", layer.id, {}) + " " + std::to_string(layer.rows) + " x " + std::to_string(layer.columns) + " "
            + summary(layer.values) + " colours " + number(layer.range[0]) + " to " + number(layer.range[1]);
        for (const std::string& cell : layer.texts)
            text.append(" ").append(inQuotes(cell));
        return text;
    }
    std::string operator()(const RegionLayer& layer) const
    {
        std::string text = head("regions", layer.id, {}) + " " + std::to_string(layer.rows) + " x " + std::to_string(layer.columns) + " x "
            + number(layer.frame[0]) + " to " + number(layer.frame[1]) + " y " + number(layer.frame[2]) + " to " + number(layer.frame[3])
            + " margins " + summary(layer.margins) + (layer.boundsX ? " bounds " + summary(layer.boundsX) : "");
        for (const double level : layer.levels)
            text += " level " + number(level);
        for (const RegionLayer::Class& each : layer.classes)
            text.append(" ").append(inQuotes(each.name)).append(" ").append(roleName(each.role)).append(each.hatch > 0 ? " hatch " + std::to_string(each.hatch) : "");
        return text;
    }
    std::string operator()(const KeyLayer& layer) const
    {
        std::string text = head("key", layer.id, {});
        for (const KeyLayer::Entry& entry : layer.entries)
            text.append(" ").append(inQuotes(entry.name)).append(" ").append(roleName(entry.role)).append(" ").append(
                entry.hatch ? "patch" : entry.marker ? markerName(*entry.marker) : dashName(entry.dash));
        return text;
    }
};

std::string axisText(const char* name, const Axis& axis)
{
    std::string text = std::string("  ") + name + " " + inQuotes(axis.label);
    if (axis.range)
        text.append(" ").append(number((*axis.range)[0])).append(" to ").append(number((*axis.range)[1]));
    text += axis.isLogarithmic ? " log" : "";
    text += axis.isReversed ? " reversed" : "";
    text += axis.isVisible ? "" : " hidden";
    text += axis.includesZero ? " from zero" : "";
    text += axis.tickAngle == 0 ? "" : " turned " + number(axis.tickAngle);
    for (const auto& [position, label] : axis.ticks)
        text.append(" ").append(number(position)).append("=").append(inQuotes(label));
    return text + "\n";
}

} // namespace

std::string figureText(const Figure& figure)
{
    std::string text = "figure " + figure.name + " aspect " + number(figure.aspect) + "\ncaption " + inQuotes(figure.caption) + "\n";
    for (const Panel& panel : figure.panels) {
        text += "panel " + panel.id + " row " + std::to_string(panel.row) + " column " + std::to_string(panel.column)
            + (panel.keepsAspect ? " keeps aspect" : "") + (panel.heightEm > 0 ? " height " + number(panel.heightEm) + " em" : "") + (panel.title.empty() ? std::string() : std::string(" ") + inQuotes(panel.title)) + "\n";
        text += axisText("x", panel.x) + axisText("y", panel.y);
        for (const Layer& layer : panel.layers)
            text += "  " + std::visit(LayerText{}, layer) + "\n";
    }
    for (const Warning& warning : figure.warnings)
        text += "warning " + warning.code + " " + inQuotes(warning.text) + "\n";
    return text;
}

} // namespace brink
