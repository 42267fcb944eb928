// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/figureparts.h"
#include "core/study/proofoutcome.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace brink {

using namespace report;

namespace {

/// Smallest distance of an adversarial iterate so far against the gradients spent, as steps; empty without any. The distance of
/// the image that was kept in the end closes it: a last search on the way to the clean image may be shorter than every iterate.
LineLayer bestSoFar(const AttackOutcome& outcome)
{
    const double perStep = double(outcome.counts.backwards) / double(std::max(outcome.steps, 1));
    std::vector<double> cost, distance;
    for (const TraceStep& step : outcome.trace) {
        if (!(step.margin < 0) || (!distance.empty() && double(step.distance) >= distance.back()))
            continue;
        cost.push_back(std::max(1.0, perStep * (step.step + 1)));
        distance.push_back(double(step.distance));
    }
    if (outcome.success && outcome.distance) {
        cost.push_back(std::max(1.0, double(outcome.counts.backwards)));
        const double last = outcome.distance->in(outcome.norm);
        distance.push_back(distance.empty() ? last : std::min(last, distance.back()));
    }
    LineLayer line;
    line.id = outcome.name;
    line.name = attackLabel(outcome.name);
    line.x = makeColumn(std::move(cost));
    line.y = makeColumn(std::move(distance));
    line.role = attackRole(outcome.name);
    line.isStep = true;
    return line;
}

/// Where the search ended, with the attack's own marker: lines of one colour are told apart by it.
ScatterLayer end(const AttackOutcome& outcome, const LineLayer& line)
{
    ScatterLayer mark;
    mark.id = outcome.name + "-end";
    mark.x = makeColumn({line.x->back()});
    mark.y = makeColumn({line.y->back()});
    mark.role = line.role;
    mark.marker = attackMarker(outcome.name);
    mark.sizePt = 5;
    mark.labels = {line.name};
    mark.refs = {{"attack", outcome.name}};
    return mark;
}

std::optional<Figure> makeAttackCost(const InspectResult& result, const FigureSelection&)
{
    constexpr double spare = 1.3; // room for the marks, on the logarithmic axis
    constexpr std::array dashes{Dash::Solid, Dash::Dashed, Dash::Dotted, Dash::DashDot};
    Panel panel;
    panel.id = "cost";
    panel.title = "Distance against cost";
    panel.legend = LegendPlace::None;
    panel.x.label = "input gradients";
    panel.x.isLogarithmic = true;
    panel.y.label = distanceAxis(result.norm);
    std::string failed;
    std::size_t drawn = 0;
    for (const AttackOutcome& outcome : result.attacks) {
        if (isOfProof(outcome)) // its cost is no count of gradients
            continue;
        LineLayer line = bestSoFar(outcome);
        if (outcome.norm != result.norm || line.x->empty()) {
            failed.append(failed.empty() ? "" : ", ").append(attackLabel(outcome.name));
            continue;
        }
        line.dash = dashes[drawn++ % dashes.size()];
        panel.layers.emplace_back(end(outcome, line));
        panel.layers.insert(panel.layers.begin(), std::move(line));
    }
    if (drawn == 0)
        return std::nullopt;
    double low = HUGE_VAL, high = 0;
    for (const Layer& layer : panel.layers)
        if (const auto* line = std::get_if<LineLayer>(&layer)) {
            low = std::min(low, line->x->front());
            high = std::max(high, line->x->back());
        }
    panel.x.range = std::array{low / spare, high * spare};
    if (!failed.empty())
        panel.layers.push_back(TextLayer{.id = "failed", .text = "failed: " + failed, .x = 0.98, .alignsRight = true});
    Figure figure;
    figure.name = "attack-cost";
    figure.panels = {std::move(panel)};
    figure.caption = std::string("Smallest ") + normLabel(result.norm)
        + " distance of an adversarial image so far against the input gradients spent; an attack's gradients are spread evenly over its steps. "
          "The mark is the image that was kept. "
        + subjectSentence(result);
    return figure;
}

} // namespace

FigureInfo attackcostFigure()
{
    return {"attack-cost", "Distance against cost", "How many gradients each attack needed for its distance", withProvenance<makeAttackCost>};
}

} // namespace brink
