// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/figureparts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

using namespace report;

namespace {

/// The steps worth a mark; negative margin means adversarial.
struct Marks {
    const TraceStep* firstSuccess = nullptr;
    const TraceStep* best = nullptr; ///< smallest distance of the adversarial iterates
};

Marks findMarks(const std::vector<TraceStep>& trace)
{
    Marks marks;
    for (const TraceStep& step : trace) {
        if (!(step.margin < 0))
            continue;
        if (!marks.firstSuccess)
            marks.firstSuccess = &step;
        if (!marks.best || step.distance < marks.best->distance)
            marks.best = &step;
    }
    return marks;
}

Panel tracePanel(const AttackOutcome& outcome, const Marks& marks, std::optional<int> shown, const char* id, float TraceStep::*quantity)
{
    const bool isDistance = quantity == &TraceStep::distance;
    Panel panel;
    panel.id = id;
    panel.legend = LegendPlace::None;
    panel.x.label = "step";
    std::vector<double> x, y;
    for (const TraceStep& step : outcome.trace) {
        x.push_back(step.step);
        y.push_back(double(step.*quantity));
    }
    panel.layers.push_back(LineLayer{.id = id, .x = makeColumn(std::move(x)), .y = makeColumn(std::move(y)), .role = attackRole(outcome.name)});
    if (marks.firstSuccess)
        panel.layers.push_back(RuleLayer{.id = "first-success",
            .label = std::string("first success, step ") + std::to_string(marks.firstSuccess->step),
            .at = double(marks.firstSuccess->step),
            .role = ColourRole::Muted,
            .dash = Dash::Dashed});
    if (shown && *shown >= 0 && *shown < std::ssize(outcome.trace)) {
        const TraceStep& step = outcome.trace[std::size_t(*shown)];
        ScatterLayer point;
        point.id = "shown";
        point.x = makeColumn({double(step.step)});
        point.y = makeColumn({double(step.*quantity)});
        point.role = ColourRole::Accent;
        point.sizePt = 5;
        panel.layers.push_back(RuleLayer{.id = "shown-step", .at = double(step.step), .role = ColourRole::Accent});
        panel.layers.push_back(std::move(point));
    }
    if (marks.best) {
        ScatterLayer best;
        best.id = "best";
        best.x = makeColumn({double(marks.best->step)});
        best.y = makeColumn({double(marks.best->*quantity)});
        best.role = ColourRole::Text;
        best.marker = Marker::Diamond;
        best.sizePt = 5;
        const std::string step = std::string("step ") + std::to_string(marks.best->step);
        best.labels = {isDistance ? std::string("best ") + threeDigits(double(marks.best->distance)) + ", " + step : std::string("best, ") + step};
        best.refs = {{"step", std::to_string(marks.best->step)}};
        panel.layers.push_back(std::move(best));
    }
    return panel;
}

std::optional<Figure> makeTrace(const InspectResult& result, const FigureSelection& selection)
{
    const AttackOutcome* outcome = tracedAttack(result, selection);
    if (!outcome)
        return std::nullopt;
    const Marks marks = findMarks(outcome->trace);
    Panel margin = tracePanel(*outcome, marks, selection.step, "margin", &TraceStep::margin);
    margin.title = "Margin";
    margin.y.label = "margin (logits)";
    margin.layers.insert(margin.layers.begin(),
        RuleLayer{.id = "boundary", .label = "boundary", .orientation = Orientation::Horizontal, .at = 0, .role = ColourRole::Muted, .dash = Dash::Dotted});
    Panel distance = tracePanel(*outcome, marks, selection.step, "distance", &TraceStep::distance);
    distance.title = "Distance";
    distance.row = 1;
    distance.y.label = distanceAxis(outcome->norm);
    distance.y.includesZero = true;
    Figure figure;
    figure.name = "trace";
    figure.aspect = 1.05;
    figure.panels = {std::move(margin), std::move(distance)};
    figure.caption = attackLabel(outcome->name) + ", " + normLabel(outcome->norm) + ": margin and distance of the iterate at each of "
        + countText(outcome->steps) + " steps. Below the boundary the iterate is adversarial; the mark is the nearest adversarial iterate. "
        + (outcome->success ? std::string() : std::string("The attack failed: ") + outcome->failure + " ") + subjectSentence(result);
    return figure;
}

} // namespace

FigureInfo traceFigure()
{
    return {"trace", "Attack trace", "Margin and distance at every step of one attack", withProvenance<makeTrace>};
}

} // namespace brink
