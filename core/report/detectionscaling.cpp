// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryparts.h"
#include "core/report/figureparts.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <array>

namespace brink {

using namespace report;

namespace {

BandedLine lineOf(const DetectionSummary& summary, const char* id, int number, Dash dash, DetectionRate DetectionScore::*rate)
{
    BandedLine line;
    line.id = id;
    line.role = seriesRole(number);
    line.dash = dash;
    for (const DetectionScore& score : summary.scales) {
        const DetectionRate& counted = score.*rate;
        const auto interval = wilsonInterval(counted.hits, counted.total);
        line.x.push_back(score.scale);
        line.value.push_back(100 * counted.share());
        line.low.push_back(100 * interval[0]);
        line.high.push_back(100 * interval[1]);
    }
    return line;
}

std::optional<Figure> makeScaling(const DetectionSurvey& survey, const DetectionSummary& summary)
{
    if (summary.scales.size() < 2)
        return std::nullopt;
    Panel panel;
    panel.id = "scaling";
    panel.x.label = "DeepFool's perturbation times";
    panel.x.isLogarithmic = true;
    panel.x.range = std::array{summary.scales.front().scale, summary.scales.back().scale};
    for (const DetectionScore& score : summary.scales)
        panel.x.ticks.emplace_back(score.scale, threeDigits(score.scale).substr(0, score.scale < 10 ? 1 : 2));
    panel.y.label = "of the images that fool, %";
    panel.y.range = std::array{0.0, 102.0};
    panel.legend = LegendPlace::None;
    const BandedLine detected = lineOf(summary, "detected", 0, Dash::Solid, &DetectionScore::detected);
    const BandedLine recovered = lineOf(summary, "recovered", 1, Dash::Dashed, &DetectionScore::recovered);
    addBandedLines(panel, {detected, recovered});
    RuleLayer alarms;
    alarms.id = "false alarms";
    alarms.orientation = Orientation::Horizontal;
    alarms.at = 100 * summary.scales.front().falseAlarms.share();
    alarms.dash = Dash::Dotted;
    panel.layers.emplace_back(std::move(alarms));
    Figure figure;
    figure.name = "detection-scaling";
    figure.panels.push_back(std::move(panel));
    figure.panels.push_back(keyPanel({{"found", detected.role, std::nullopt, false, detected.dash, 1.2}, {"label recovered", recovered.role, std::nullopt, false, recovered.dash, 1.2},
                                         {"false alarms", ColourRole::Muted, std::nullopt, false, Dash::Dotted, 1}},
        1, 3));
    figure.caption = "What becomes of the detector when DeepFool's perturbation is made larger (clipped to the pixel box): images found at the threshold for the perturbation as it is, and "
                     "labels recovered, of those that fool. Bands: 95 % Wilson intervals. Median L2 distances:";
    for (const DetectionScore& score : summary.scales)
        figure.caption += " " + threeDigits(score.medianDistance) + " (" + countText(score.fooled) + " images),";
    figure.caption.back() = '.';
    figure.caption += " " + detectionSentence(survey);
    return figure;
}

} // namespace

DetectionFigureInfo detectionscalingDetectionFigure()
{
    return {"detection-scaling", "Detection of larger perturbations", "Images found and labels recovered against the size of the perturbation",
        withDetectionProvenance<makeScaling>};
}

} // namespace brink
