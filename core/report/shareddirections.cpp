// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryparts.h"
#include "core/report/figureparts.h"

namespace brink {

using namespace report;

namespace {

ScatterLayer series(const CurvatureSurvey& survey, bool isControl)
{
    std::vector<double> x, y, low, high;
    for (std::int64_t i = 0; i < survey.shared->curved.count(); ++i) {
        const SurveyBand band = medianWithInterval(rhoOf(survey, i, isControl), survey.seed);
        x.push_back(double(i + 1) + (isControl ? 0.15 : -0.15)); // side by side, so that intervals do not hide each other
        y.push_back(band.value);
        low.push_back(band.low);
        high.push_back(band.high);
    }
    ScatterLayer layer;
    layer.id = isControl ? "random" : "shared";
    layer.x = makeColumn(std::move(x));
    layer.y = makeColumn(std::move(y));
    layer.yLow = makeColumn(std::move(low));
    layer.yHigh = makeColumn(std::move(high));
    layer.role = seriesRole(isControl ? 1 : 0);
    layer.marker = isControl ? Marker::Square : Marker::Circle;
    layer.isOpen = isControl;
    return layer;
}

std::optional<Figure> makeShared(const CurvatureSurvey& survey, const CurvatureSelection&)
{
    if (!survey.shared || rhoOf(survey, 0).empty())
        return std::nullopt;
    Panel panel;
    panel.id = "shared";
    panel.x.label = "shared direction (leading first)";
    panel.x.range = std::array{0.4, double(survey.shared->curved.count()) + 0.6};
    panel.y.label = "relative curvature ρ";
    panel.y.isLogarithmic = true;
    panel.legend = LegendPlace::None;
    RuleLayer one;
    one.id = "average";
    one.orientation = Orientation::Horizontal;
    one.at = 1;
    panel.layers.emplace_back(std::move(one));
    panel.layers.emplace_back(series(survey, false));
    panel.layers.emplace_back(series(survey, true));
    Figure figure;
    figure.name = "shared-directions";
    figure.panels.push_back(std::move(panel));
    figure.panels.push_back(keyPanel({{"shared directions", seriesRole(0), Marker::Circle, false, Dash::Solid, 1},
                                         {"random directions", seriesRole(1), Marker::Square, true, Dash::Solid, 1}},
        1, 2));
    const SharedDirections& shared = *survey.shared;
    figure.caption = "Whether images share the directions in which their decision boundary is curved. Leading left singular vectors of the " + countText(survey.sharedRequest.each)
        + " most curved directions of each of " + countText(shared.images) + " images; ρ = |vᵀGv| over its mean along random tangents, on " + countText(std::ssize(rhoOf(survey, 0)))
        + " other images: median with 95 % bootstrap interval. 1 is the average direction of an image. "
        + methodSentence(survey.images.empty() || !survey.images.front().result ? CurvatureMethod::Difference : survey.images.front().result->method, survey.request.step) + " "
        + surveySentence(survey);
    return figure;
}

} // namespace

CurvatureFigureInfo shareddirectionsCurvatureFigure()
{
    return {"shared-directions", "Shared directions", "Curvature of held-out images along directions that other images chose",
        withSurveyProvenance<makeShared>};
}

} // namespace brink
