// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/report/boundaryparts.h"
#include "core/report/detectorsparts.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <array>

namespace brink::report {

namespace {

std::vector<double> percents(const std::vector<double>& shares)
{
    std::vector<double> values;
    for (const double share : shares)
        values.push_back(100 * share);
    return values;
}

LineLayer curveOf(const DetectorScoreRow& row, bool isAdaptive, const std::string& id)
{
    LineLayer line;
    line.id = id;
    line.x = makeColumn(percents(row.falsePositiveRate));
    line.y = makeColumn(percents(row.truePositiveRate));
    line.role = seriesRole(int(row.detector));
    line.dash = isAdaptive ? Dash::Dashed : Dash::Solid;
    line.widthPt = 1.2;
    return line;
}

/// What the threshold gives, with 95 % intervals of both rates.
ScatterLayer operatingPoint(const DetectorScoreRow& row, const DetectionRate& falseAlarms, bool isAdaptive, const std::string& id)
{
    const auto x = wilsonInterval(falseAlarms.hits, falseAlarms.total), y = wilsonInterval(row.detected.hits, row.detected.total);
    ScatterLayer point;
    point.id = id;
    point.x = makeColumn({100 * falseAlarms.share()});
    point.y = makeColumn({100 * row.detected.share()});
    point.xLow = makeColumn({100 * x[0]});
    point.xHigh = makeColumn({100 * x[1]});
    point.yLow = makeColumn({100 * y[0]});
    point.yHigh = makeColumn({100 * y[1]});
    point.role = seriesRole(int(row.detector));
    point.marker = Marker::Diamond;
    point.isOpen = isAdaptive;
    point.sizePt = 6;
    point.tips = {"at the threshold: " + rateText(row.detected.hits, row.detected.total) + " found, " + rateText(falseAlarms.hits, falseAlarms.total) + " false alarms"};
    return point;
}

Panel panelOf(const DetectorSurvey& survey, const DetectorSummary& summary, std::size_t attack)
{
    Panel panel;
    panel.id = "attack " + std::to_string(attack);
    panel.title = attackTitle(survey.attacks[attack]);
    panel.keepsTitle = true;
    panel.x.label = "false alarms, %";
    panel.y.label = "found, %";
    panel.x.range = panel.y.range = std::array{0.0, 103.0};
    panel.keepsAspect = true;
    panel.legend = LegendPlace::None;
    LineLayer chance;
    chance.id = "chance";
    chance.x = chance.y = makeColumn({0, 100});
    chance.role = ColourRole::Muted;
    chance.dash = Dash::Dotted;
    panel.layers.emplace_back(std::move(chance));
    for (const DetectorScoreRow& row : summary.rows) {
        if (row.attack != attack || !row.auroc)
            continue;
        const std::string name = detectorName(survey.detectors[row.detector].choice.kind) + " " + std::to_string(row.detector);
        const DetectionRate& alarms = summary.falseAlarms[row.detector].heldOut;
        const DetectorScoreRow* twin = adaptiveTwin(survey, summary, row);
        if (twin && twin->auroc) {
            panel.layers.emplace_back(curveOf(*twin, true, name + " adaptive"));
            panel.layers.emplace_back(operatingPoint(*twin, alarms, true, name + " adaptive threshold"));
        }
        panel.layers.emplace_back(curveOf(row, false, name));
        panel.layers.emplace_back(operatingPoint(row, alarms, false, name + " threshold"));
    }
    return panel;
}

std::string areaText(const DetectorScoreRow& row) { return threeDigits(*row.auroc) + " " + intervalText({row.aurocLow, row.aurocHigh}); }

std::string caption(const DetectorSurvey& survey, const DetectorSummary& summary, const std::vector<std::size_t>& attacks)
{
    std::string text = "Detectors on the same images: attacked images that fool the model and are found, against held-out clean images called perturbed. Diamonds: at the threshold, "
                       "with 95 % Wilson intervals. ";
    text += falseAlarmSentences(survey, summary) + "Area below with its 95 % bootstrap interval: ";
    for (const DetectorScoreRow& row : summary.rows) {
        if (std::ranges::find(attacks, row.attack) == attacks.end() || !row.auroc)
            continue;
        text += attackTitle(survey.attacks[row.attack]) + ", " + detectorName(survey.detectors[row.detector].choice.kind) + " " + areaText(row);
        if (const DetectorScoreRow* twin = adaptiveTwin(survey, summary, row); twin && twin->auroc)
            text += ", against an attack that knows it " + areaText(*twin);
        text += " (" + countText(row.detected.total) + " of " + countText(row.attacked) + " fooled); ";
    }
    text.replace(text.size() - 2, 2, ". ");
    return text + detectorsSentence(survey);
}

std::vector<KeyLayer::Entry> entriesOf(const DetectorSurvey& survey)
{
    std::vector<KeyLayer::Entry> entries;
    for (std::size_t d = 0; d < survey.detectors.size(); ++d)
        entries.push_back({detectorLabel(survey.detectors[d].choice), seriesRole(int(d)), std::nullopt, false, Dash::Solid, 1.2});
    if (std::ranges::any_of(survey.attacks, [](const DetectorAttack& attack) { return attack.adaptiveTo.has_value(); }))
        entries.push_back({"against an attack that knows the detector", ColourRole::Text, std::nullopt, false, Dash::Dashed, 1.2});
    entries.push_back({"threshold for " + formatReal(100 * survey.falsePositiveRate) + " % false alarms, 95 % intervals", ColourRole::Text, Marker::Diamond});
    return entries;
}

} // namespace

std::optional<Figure> detectorsRocFigure(const DetectorSurvey& survey, const DetectorSummary& summary, const DetectorsView& view)
{
    std::vector<std::size_t> attacks = plainAttacks(survey, view);
    std::erase_if(attacks, [&](std::size_t attack) {
        return std::ranges::none_of(summary.rows, [&](const DetectorScoreRow& row) { return row.attack == attack && row.auroc; });
    });
    if (attacks.empty())
        return std::nullopt;
    const int count = int(attacks.size()), columns = count <= 1 ? 1 : 2, rows = (count + columns - 1) / columns;
    Figure figure;
    figure.name = "detectors-roc";
    for (int i = 0; i < count; ++i) {
        Panel panel = panelOf(survey, summary, attacks[std::size_t(i)]);
        panel.row = i / columns;
        panel.column = i % columns;
        figure.panels.push_back(std::move(panel));
    }
    figure.panels.push_back(keyPanel(entriesOf(survey), rows, 1));
    figure.aspect = 1.06 * rows / columns;
    figure.caption = caption(survey, summary, attacks);
    return figure;
}

} // namespace brink::report
