// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryparts.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace brink {

using namespace report;

namespace {

/// More classes would have cells too small for numbers.
constexpr int mostClasses = 25;

std::string nameOf(const DetectionSurvey& survey, int index)
{
    return std::size_t(index) < survey.classNames.size() ? survey.classNames[std::size_t(index)] : std::to_string(index);
}

std::optional<Figure> makeLabels(const DetectionSurvey& survey, const DetectionSummary& summary)
{
    const int k = survey.classes;
    if (k > mostClasses)
        return std::nullopt;
    HeatmapLayer cells;
    cells.id = "cells";
    cells.rows = cells.columns = k;
    std::vector<double> values;
    Panel panel;
    panel.id = "labels";
    for (int row = 0; row < k; ++row) {
        const auto& counts = summary.confusion[std::size_t(row)];
        const auto total = std::accumulate(counts.begin(), counts.end(), std::int64_t(0));
        for (const std::int64_t count : counts) {
            values.push_back(total > 0 ? double(count) / double(total) : 0);
            cells.texts.push_back(count > 0 ? std::to_string(count) : std::string());
        }
        cells.rowNames.push_back(nameOf(survey, row));
        panel.y.ticks.emplace_back(k - row - 0.5, nameOf(survey, row));
        panel.x.ticks.emplace_back(row + 0.5, nameOf(survey, row));
    }
    cells.columnNames = cells.rowNames;
    cells.values = makeColumn(std::move(values));
    panel.layers.emplace_back(std::move(cells));
    panel.x.label = "label recovered";
    panel.y.label = "label before";
    panel.x.tickAngle = survey.classNames.empty() ? 0 : 60;
    panel.x.range = panel.y.range = std::array{0.0, double(k)};
    panel.x.hasLine = panel.y.hasLine = false;
    panel.keepsAspect = true;
    panel.legend = LegendPlace::None;
    const DetectionRate& recovered = summary.attacks.front().recovered;
    Figure figure;
    figure.name = "detection-labels";
    figure.aspect = 0.95;
    figure.panels.push_back(std::move(panel));
    figure.caption = "Labels recovered from images that DeepFool perturbed, by the class of largest curvature: counts, colours as shares of a row. Right: " + rateText(recovered.hits, recovered.total)
        + ". " + detectionSentence(survey);
    return figure;
}

} // namespace

DetectionFigureInfo detectionlabelsDetectionFigure()
{
    return {"detection-labels", "Recovered labels", "Labels recovered from perturbed images against the labels before", withDetectionProvenance<makeLabels>};
}

} // namespace brink
