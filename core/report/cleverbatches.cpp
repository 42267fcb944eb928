// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/cleverlayers.h"
#include "core/report/figureparts.h"

namespace brink {

using namespace report;

namespace {

std::optional<Figure> makeCleverBatches(const InspectResult& result, const FigureSelection& selection)
{
    const CleverTargetResult* target = chosenTarget(result, selection);
    if (!target || target->byBatches.empty())
        return std::nullopt;
    Panel panel;
    panel.id = "batches";
    panel.title = "Score against batches";
    panel.legend = LegendPlace::None;
    panel.x.label = "batches (maxima in the fit)";
    panel.x.includesZero = true;
    panel.y.label = estimateAxis(result.clever->norm);
    addCleverCurve(panel, target->byBatches);
    // The best attack bounds the true distance to any class; a targeted run only says something about its target.
    if (result.best && result.norm == result.clever->norm) {
        const AttackOutcome& best = result.attacks[*result.best];
        panel.layers.push_back(RuleLayer{.id = "best-attack",
            .label = std::string("best attack ") + threeDigits(best.distance->in(result.norm)) + " (" + attackLabel(best.name) + ")",
            .orientation = Orientation::Horizontal,
            .at = best.distance->in(result.norm),
            .role = attackRole(best.name),
            .dash = Dash::Dashed});
    }
    Figure figure;
    figure.name = "clever-batches";
    figure.panels = {std::move(panel)};
    figure.caption = std::string("CLEVER estimate for class ") + className(result, target->target)
        + " against the number of maxima in the fit, with the 95 % interval of the end point; open markers are capped at the radius. "
        + cleverSettings(result) + " " + ruledOutSentence(*target) + subjectSentence(result);
    return figure;
}

} // namespace

FigureInfo cleverbatchesFigure()
{
    return {"clever-batches", "Score against batches", "CLEVER estimate and interval against the number of maxima", withProvenance<makeCleverBatches>};
}

} // namespace brink
