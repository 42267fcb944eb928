// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/boundaryfigures.h"

#include <optional>
#include <string>

namespace brink::report {

/// Words that the figures of the decision boundary share.

/// "curvature (1 / L2)".
[[nodiscard]] std::string curvatureAxis();
/// "Model cnn, 100 images of test.bin, seed 7." The end of every caption; says when a run was stopped.
[[nodiscard]] std::string surveySentence(const CurvatureSurvey& survey);
/// How the curvature was had: "Differences of the gradient at h = 0.5 times the distance to the boundary." or the exact derivatives.
[[nodiscard]] std::string methodSentence(CurvatureMethod method, double step);
/// Images that have principal directions.
[[nodiscard]] std::int64_t measuredImages(const CurvatureSurvey& survey);

/// What lines and markers stand for, in a row below the panels.
[[nodiscard]] Panel keyPanel(std::vector<KeyLayer::Entry> entries, int row, int columns);

/// A mean over images and its spread as a line over a band. Fills are opaque: draw all bands before all lines, and the edges of a band
/// again as thin lines, so that bands that overlap can be told apart.
struct BandedLine {
    std::string id;
    ColourRole role = ColourRole::Series1;
    Dash dash = Dash::Solid;
    std::vector<double> x, value, low, high; ///< x ascending
};
void addBandedLines(Panel& panel, const std::vector<BandedLine>& lines);

/// "Model cnn, 100 images of test.bin, half of them to choose sign and threshold, seed 7." and the note on adaptive attackers.
[[nodiscard]] std::string detectionSentence(const DetectionSurvey& survey);
[[nodiscard]] Json detectionProvenance(const DetectionSurvey& survey);

/// The figure of `make` with warnings and provenance; absent when there is no summary.
template <std::optional<Figure> (*make)(const DetectionSurvey&, const DetectionSummary&)>
std::optional<Figure> withDetectionProvenance(const DetectionSurvey& survey)
{
    const std::optional<DetectionSummary> summary = summarise(survey);
    std::optional<Figure> figure = summary ? make(survey, *summary) : std::nullopt;
    if (figure) {
        figure->warnings = survey.warnings;
        figure->provenance = detectionProvenance(survey);
    }
    return figure;
}

/// Model, images, parameters, versions and costs: what every figure of a survey carries.
[[nodiscard]] Json surveyProvenance(const CurvatureSurvey& survey);

/// The figure of `make` with warnings and provenance.
template <std::optional<Figure> (*make)(const CurvatureSurvey&, const CurvatureSelection&)>
std::optional<Figure> withSurveyProvenance(const CurvatureSurvey& survey, const CurvatureSelection& selection)
{
    std::optional<Figure> figure = make(survey, selection);
    if (figure) {
        figure->warnings = survey.warnings;
        figure->provenance = surveyProvenance(survey);
    }
    return figure;
}

} // namespace brink::report
