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

constexpr std::array markers{Marker::Circle, Marker::Square, Marker::TriangleUp, Marker::TriangleDown};

/// The rates of one detector, one a row of the figure, with intervals.
struct Points {
    std::vector<double> x, y, low, high;
    std::vector<std::string> tips;

    void add(const DetectionRate& rate, double place, const std::string& what)
    {
        if (rate.total == 0)
            return;
        const auto interval = wilsonInterval(rate.hits, rate.total);
        x.push_back(100 * rate.share());
        y.push_back(place);
        low.push_back(100 * interval[0]);
        high.push_back(100 * interval[1]);
        tips.push_back(what + ": " + countText(rate.hits) + " of " + countText(rate.total) + ", " + rateText(rate.hits, rate.total));
    }
    [[nodiscard]] ScatterLayer layer(const std::string& id, std::size_t detector, bool isAdaptive) const
    {
        ScatterLayer points;
        points.id = id;
        points.x = makeColumn(x);
        points.y = makeColumn(y);
        points.xLow = makeColumn(low);
        points.xHigh = makeColumn(high);
        points.tips = tips;
        points.role = seriesRole(int(detector));
        points.marker = markers[detector % markers.size()];
        points.isOpen = isAdaptive;
        points.sizePt = 5;
        return points;
    }
};

using Rate = DetectionRate DetectorScoreRow::*;

void addPoints(Panel& panel, const DetectorSurvey& survey, const DetectorSummary& summary, const std::vector<std::size_t>& attacks, Rate rate)
{
    const auto detectors = survey.detectors.size();
    for (std::size_t d = 0; d < detectors; ++d) {
        Points plain, knowing;
        for (const DetectorScoreRow& row : summary.rows) {
            const auto place = std::ranges::find(attacks, row.attack) - attacks.begin();
            if (row.detector != d || place == std::ssize(attacks))
                continue;
            // Pairs of a detector stand together, detectors above each other around the attack's line.
            const double height = 0.72 / double(detectors), middle = double(place) + (double(d) - double(detectors - 1) / 2) * height;
            plain.add(row.*rate, middle - height / 5, attackTitle(survey.attacks[row.attack]));
            if (const DetectorScoreRow* twin = adaptiveTwin(survey, summary, row))
                knowing.add(twin->*rate, middle + height / 5, attackTitle(survey.attacks[twin->attack]));
        }
        const std::string name = detectorName(survey.detectors[d].choice.kind) + " " + std::to_string(d);
        panel.layers.emplace_back(plain.layer(name, d, false));
        if (!knowing.x.empty())
            panel.layers.emplace_back(knowing.layer(name + " adaptive", d, true));
    }
}

Panel panelOf(const DetectorSurvey& survey, const std::vector<std::size_t>& attacks, int column)
{
    Panel panel;
    panel.id = column == 0 ? "found" : "passing";
    panel.column = column;
    panel.columnStretch = column == 0 ? 1.9 : 1; // the names stand in the first
    panel.legend = LegendPlace::None;
    panel.x.label = column == 0 ? "found of those that fool, %" : "fool and pass, %";
    panel.x.range = std::array{-7.0, 107.0};
    panel.y.isReversed = true;
    panel.y.range = std::array{-0.6, double(attacks.size()) - 0.4};
    for (std::size_t i = 0; i < attacks.size(); ++i)
        panel.y.ticks.emplace_back(double(i), column == 0 ? attackTitle(survey.attacks[attacks[i]]) : std::string(" "));
    return panel;
}

std::string caption(const DetectorSurvey& survey, const DetectorSummary& summary, const std::vector<std::size_t>& attacks)
{
    std::string text = "Attacked images that fool the model and are found (left), and those that fool it and pass, of all attacked (right), with 95 % Wilson intervals. "
                       "Open markers: an attack in the same norm with the same budget that knows the detector and its threshold. ";
    text += falseAlarmSentences(survey, summary);
    for (const std::size_t attack : attacks) {
        const auto row = std::ranges::find(summary.rows, attack, &DetectorScoreRow::attack);
        if (row != summary.rows.end())
            text += attackTitle(survey.attacks[attack]) + " fools " + countText(row->detected.total) + " of " + countText(row->attacked) + "; ";
    }
    text.replace(text.size() - 2, 2, ". ");
    return text + detectorsSentence(survey);
}

std::vector<KeyLayer::Entry> entriesOf(const DetectorSurvey& survey)
{
    std::vector<KeyLayer::Entry> entries;
    for (std::size_t d = 0; d < survey.detectors.size(); ++d)
        entries.push_back({detectorLabel(survey.detectors[d].choice), seriesRole(int(d)), markers[d % markers.size()]});
    if (std::ranges::any_of(survey.attacks, [](const DetectorAttack& attack) { return attack.adaptiveTo.has_value(); }))
        entries.push_back({"open: against an attack that knows the detector", ColourRole::Text, Marker::Circle, true});
    return entries;
}

} // namespace

std::optional<Figure> detectorsRatesFigure(const DetectorSurvey& survey, const DetectorSummary& summary, const DetectorsView&)
{
    const std::vector<std::size_t> attacks = plainAttacks(survey, {});
    if (attacks.empty() || summary.rows.empty())
        return std::nullopt;
    Figure figure;
    figure.name = "detectors-rates";
    for (const int column : {0, 1}) {
        Panel panel = panelOf(survey, attacks, column);
        addPoints(panel, survey, summary, attacks, column == 0 ? &DetectorScoreRow::detected : &DetectorScoreRow::evading);
        figure.panels.push_back(std::move(panel));
    }
    figure.panels.push_back(keyPanel(entriesOf(survey), 1, 1));
    figure.aspect = 0.16 + (0.07 + 0.03 * double(survey.detectors.size())) * double(attacks.size());
    figure.caption = caption(survey, summary, attacks);
    return figure;
}

} // namespace brink::report
