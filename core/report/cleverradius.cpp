// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/cleverlayers.h"
#include "core/report/figureparts.h"

#include <algorithm>

namespace brink {

using namespace report;

namespace {

/// Names the dotted line at a point that shows nothing itself, beyond the scores that lie on the line.
ScatterLayer capName(double largestScore, double end)
{
    const double at = (std::min(largestScore, end) + end) / 2;
    ScatterLayer name;
    name.id = "cap-name";
    name.x = makeColumn({at});
    name.y = makeColumn({at});
    name.role = ColourRole::Muted;
    name.sizePt = 0;
    name.labels = {"score = radius\n(capped)"};
    return name;
}

std::optional<Figure> makeCleverRadius(const InspectResult& result, const FigureSelection& selection)
{
    const CleverTargetResult* target = chosenTarget(result, selection);
    if (!target || target->byRadius.empty())
        return std::nullopt;
    const double largestRadius = std::ranges::max(target->byRadius, {}, &CleverCurvePoint::at).at;
    double largestScore = 0;
    for (const CleverCurvePoint& point : target->byRadius)
        largestScore = std::max({largestScore, point.score, point.interval ? (*point.interval)[1] : 0.0});
    Panel panel;
    panel.id = "radius";
    panel.title = "Score against radius";
    panel.legend = LegendPlace::None;
    panel.x.label = std::string("radius of the sampling ball, ") + normLabel(result.clever->norm) + " (pixel range [0,1])";
    panel.x.includesZero = true;
    panel.y.label = estimateAxis(result.clever->norm);
    panel.y.includesZero = true;
    // The cap runs through the picture only as far as scores go.
    const double end = std::min(largestRadius, 1.25 * largestScore);
    panel.layers.push_back(LineLayer{.id = "cap",
        .x = makeColumn({0, end}),
        .y = makeColumn({0, end}),
        .role = ColourRole::Muted,
        .dash = Dash::Dotted});
    addCleverCurve(panel, target->byRadius);
    panel.layers.push_back(capName(largestScore, end));
    Figure figure;
    figure.name = "clever-radius";
    figure.panels = {std::move(panel)};
    figure.caption = std::string("CLEVER estimate for class ") + className(result, target->target)
        + " against the radius of the sampling ball; on the dotted line the score equals the radius and is capped (open markers). "
        + cleverSettings(result) + " " + subjectSentence(result);
    return figure;
}

} // namespace

FigureInfo cleverradiusFigure()
{
    return {"clever-radius", "Score against radius", "CLEVER estimate against the radius of the sampling ball", withProvenance<makeCleverRadius>};
}

} // namespace brink
