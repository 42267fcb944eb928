// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/diagnosisfigure.h"

#include "core/base/text.h"
#include "core/base/version.h"
#include "core/report/figureparts.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace brink {

using namespace report;

namespace {

constexpr std::array dashes{Dash::Solid, Dash::Dashed, Dash::DashDot, Dash::Dotted};
/// More lines than this are told apart by what they are about only.
constexpr std::size_t fewLines = 4;

std::string attackSentence(const Diagnosis& diagnosis)
{
    return attackInfo(diagnosis.attack.name).label + " in " + normLabel(diagnosis.norm) + " at eps " + formatReal(diagnosis.eps, 4);
}

std::string caption(const Diagnosis& diagnosis, const Light& light)
{
    const LightInfo& info = lightInfo(light.code);
    return info.summary + " " + light.finding + " Model " + diagnosis.modelName + ", " + attackSentence(diagnosis) + ", " + countText(std::ssize(diagnosis.attacked))
        + " images that the model classifies right, seed " + std::to_string(diagnosis.seed) + ". Source: " + info.source + ".";
}

Json provenance(const Diagnosis& diagnosis, const Light& light)
{
    Json json = toJson(light);
    json.erase("evidence"); // the figure itself
    return {{"program", std::string("Brink ") + version}, {"schema", "brink.provenance/1"}, {"kind", "diagnosis"}, {"model", diagnosis.modelName},
        {"sha256", diagnosis.modelSha256}, {"attack", diagnosis.attack.name}, {"norm", normName(diagnosis.norm)}, {"parameters", diagnosis.attack.parameters.toJson()},
        {"images", diagnosis.attacked}, {"seed", diagnosis.seed}, {"light", json}, {"cost", toJson(diagnosis.counts, diagnosis.seconds)}};
}

Layer pointsOf(const LightSeries& series, const std::string& id)
{
    ScatterLayer points;
    points.id = id;
    points.name = series.name;
    points.x = makeColumn(series.x);
    points.y = makeColumn(series.y);
    points.role = series.isRaised ? ColourRole::Alarm : ColourRole::Series1;
    points.marker = series.isRaised ? Marker::TriangleUp : Marker::Circle;
    points.isOpen = !series.isRaised;
    points.tips = series.tips;
    return points;
}

Layer lineOf(const LightSeries& series, const std::string& id, std::size_t number, bool isOneOfMany, const std::string& name)
{
    LineLayer line;
    line.id = id;
    line.name = name;
    line.x = makeColumn(series.x);
    line.y = makeColumn(series.y);
    line.role = series.isRaised ? ColourRole::Alarm : isOneOfMany ? ColourRole::Muted : seriesRole(int(number));
    line.dash = isOneOfMany ? (series.isRaised ? Dash::Solid : Dash::Dotted) : dashes[number % dashes.size()];
    line.widthPt = isOneOfMany ? 0.8 : 1.4;
    return line;
}

/// Where x and y would be equal, over all points.
Layer diagonalOf(const LightPlot& plot)
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const LightSeries& series : plot.series)
        for (const auto* values : {&series.x, &series.y})
            for (const double value : *values) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
    LineLayer line;
    line.id = "diagonal";
    line.name = "equal";
    line.x = line.y = makeColumn({low, high});
    line.role = ColourRole::Muted;
    line.dash = Dash::Dashed;
    return line;
}

Panel panelOf(const LightPlot& plot)
{
    Panel panel;
    panel.id = "evidence";
    panel.x.label = plot.xLabel;
    panel.y.label = plot.yLabel;
    panel.x.isLogarithmic = plot.isLogarithmicX;
    panel.y.isLogarithmic = plot.isLogarithmicY;
    panel.y.range = plot.yRange;
    if (plot.threshold) {
        RuleLayer rule;
        rule.id = rule.label = "threshold";
        rule.orientation = Orientation::Horizontal;
        rule.at = *plot.threshold;
        rule.dash = Dash::Dashed;
        panel.layers.emplace_back(rule);
    }
    if (plot.hasDiagonal)
        panel.layers.emplace_back(diagonalOf(plot));
    const auto lines = std::size_t(std::ranges::count(plot.series, false, &LightSeries::isPoints));
    std::array<bool, 2> isNamed{};
    for (std::size_t i = 0; i < plot.series.size(); ++i) {
        const LightSeries& series = plot.series[i];
        const std::string id = std::to_string(i) + " " + series.name;
        if (series.isPoints) {
            panel.layers.push_back(pointsOf(series, id));
            continue;
        }
        const bool isOneOfMany = lines > fewLines;
        // Of many lines the first of each kind is named for all of them.
        std::string name = isOneOfMany ? (series.isRaised ? "still falling" : "at rest") : series.name;
        if (isOneOfMany && std::exchange(isNamed[series.isRaised], true))
            name.clear();
        if (plot.series.size() == 1)
            name.clear(); // the axis says it
        panel.layers.push_back(lineOf(series, id, i, isOneOfMany, name));
    }
    return panel;
}

} // namespace

std::optional<Figure> lightFigure(const Diagnosis& diagnosis, std::string_view code)
{
    const Light* light = findLight(diagnosis, code);
    if (!light || !light->plot || light->plot->series.empty())
        return std::nullopt;
    Figure figure;
    figure.name = "diagnosis";
    figure.panels.push_back(panelOf(*light->plot));
    figure.caption = caption(diagnosis, *light);
    figure.provenance = provenance(diagnosis, *light);
    figure.warnings = diagnosis.warnings;
    return figure;
}

} // namespace brink
