// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryparts.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"

#include <array>

namespace brink {

using namespace report;

namespace {

constexpr std::array dashes{Dash::Solid, Dash::Dashed, Dash::Dotted, Dash::DashDot};

std::vector<double> percents(const std::vector<double>& shares)
{
    std::vector<double> values;
    for (const double share : shares)
        values.push_back(100 * share);
    return values;
}

/// What the threshold of the calibration images gives on the others.
ScatterLayer operatingPoint(const DetectionScore& score)
{
    ScatterLayer point;
    point.id = "threshold";
    point.x = makeColumn({100 * score.falseAlarms.share()});
    point.y = makeColumn({100 * score.detected.share()});
    point.role = seriesRole(0);
    point.marker = Marker::Diamond;
    point.sizePt = 6;
    point.tips = {"threshold from the calibration images"};
    return point;
}

std::string caption(const DetectionSurvey& survey, const DetectionSummary& summary)
{
    std::string text = "Detection of perturbed images by the mean curvature of the pairwise level sets at the image. True against false positives, and the area below (AUC) with its 95 % "
                       "bootstrap interval: ";
    for (const DetectionScore& score : summary.attacks)
        text += attackLabel(score.attack) + " " + threeDigits(score.auroc) + " " + intervalText({score.aurocLow, score.aurocHigh}) + " (" + countText(score.fooled) + " images that fool); ";
    text += "the diamond is DeepFool at the threshold chosen on other images. Accuracy at the best threshold for these very images: " + percentText(summary.attacks.front().bestAccuracy)
        + " (DeepFool). As published for other networks (Fawzi et al. 2017):";
    for (const PublishedDetection& fact : publishedDetection())
        text += std::string(" ") + fact.network + ", " + fact.quantity + " " + fact.value + ";";
    text.back() = '.';
    return text + " " + detectionSentence(survey);
}

std::optional<Figure> makeRoc(const DetectionSurvey& survey, const DetectionSummary& summary)
{
    Panel panel;
    panel.id = "roc";
    panel.x.label = "clean images called perturbed, %";
    panel.y.label = "perturbed images found, %";
    panel.x.range = panel.y.range = std::array{0.0, 102.0};
    panel.keepsAspect = true;
    panel.legend = LegendPlace::None;
    LineLayer chance;
    chance.id = "chance";
    chance.x = chance.y = makeColumn({0, 100});
    chance.role = ColourRole::Muted;
    chance.dash = Dash::Dotted;
    panel.layers.emplace_back(std::move(chance));
    std::vector<KeyLayer::Entry> entries;
    for (std::size_t i = summary.attacks.size(); i-- > 0;) {
        const DetectionScore& score = summary.attacks[i];
        LineLayer line;
        line.id = score.attack;
        line.x = makeColumn(percents(score.falsePositiveRate));
        line.y = makeColumn(percents(score.truePositiveRate));
        line.role = seriesRole(int(i));
        line.dash = dashes[i % dashes.size()];
        line.widthPt = 1.2;
        entries.insert(entries.begin(), {attackLabel(score.attack) + ", AUC " + threeDigits(score.auroc), line.role, std::nullopt, false, line.dash, 1.2});
        panel.layers.emplace_back(std::move(line));
    }
    panel.layers.emplace_back(operatingPoint(summary.attacks.front()));
    Figure figure;
    figure.name = "detection-roc";
    figure.aspect = 0.9;
    figure.panels.push_back(std::move(panel));
    figure.panels.push_back(keyPanel(std::move(entries), 1, 2));
    figure.caption = caption(survey, summary);
    return figure;
}

} // namespace

DetectionFigureInfo detectionrocDetectionFigure()
{
    return {"detection-roc", "Detection", "Perturbed images found against clean ones called perturbed, by the curvature at the image", withDetectionProvenance<makeRoc>};
}

} // namespace brink
