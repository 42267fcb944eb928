// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryparts.h"
#include "core/report/figureparts.h"

#include <algorithm>
#include <array>

namespace brink {

using namespace report;

namespace {

constexpr std::array dashes{Dash::Solid, Dash::DashDot, Dash::Dotted, Dash::Dashed};
constexpr std::array roles{ColourRole::Series1, ColourRole::Series2, ColourRole::Series3, ColourRole::Series6};

BandedLine lineOf(const CurvatureSurvey& survey, NoiseKind kind)
{
    BandedLine line;
    line.id = noiseKindName(kind);
    line.role = roles[std::size_t(kind)];
    line.dash = dashes[std::size_t(kind)];
    line.x = survey.noiseNorms;
    for (std::size_t n = 0; n < survey.noiseNorms.size(); ++n) {
        const SurveyBand band = meanWithInterval(fooledShares(survey, kind, n), survey.seed);
        line.value.push_back(100 * band.value);
        line.low.push_back(100 * band.low);
        line.high.push_back(100 * band.high);
    }
    return line;
}

std::optional<Figure> makeNoise(const CurvatureSurvey& survey, const CurvatureSelection&)
{
    const auto images = std::ranges::count_if(survey.images, [](const SurveyImage& image) { return image.noise.has_value(); });
    if (!survey.shared || images == 0)
        return std::nullopt;
    Panel panel;
    panel.id = "noise";
    panel.x.label = "norm of the noise, L2 (pixel range [0,1])";
    panel.x.isLogarithmic = true;
    panel.x.range = std::array{survey.noiseNorms.front(), survey.noiseNorms.back()};
    panel.y.label = "misclassified, %";
    panel.y.range = std::array{0.0, 102.0};
    panel.legend = LegendPlace::None;
    std::vector<BandedLine> lines;
    std::vector<KeyLayer::Entry> entries;
    for (const NoiseKind kind : noiseKinds) {
        lines.push_back(lineOf(survey, kind));
        entries.push_back({noiseKindLabel(kind), lines.back().role, std::nullopt, false, lines.back().dash, 1.2});
    }
    addBandedLines(panel, lines);
    Figure figure;
    figure.name = "noise-directions";
    figure.panels.push_back(std::move(panel));
    figure.panels.push_back(keyPanel(std::move(entries), 1, 2));
    figure.caption = "Misclassified draws of Gaussian noise of a given norm: in all directions, and within subspaces of " + countText(survey.shared->curved.count())
        + " dimensions, drawn at random, orthogonal to every curved direction (flat), or leading among the directions that other images share (curved). Bands: 95 % bootstrap intervals "
          "over "
        + countText(images) + " held-out images, " + countText(survey.noiseDraws) + " draws each; every image is classified correctly without noise. The noise is not clipped to the pixel box. "
        + surveySentence(survey);
    return figure;
}

} // namespace

CurvatureFigureInfo noisedirectionsCurvatureFigure()
{
    return {"noise-directions", "Noise in curved directions", "Misclassification against the norm of noise in all, random, flat and curved directions",
        withSurveyProvenance<makeNoise>};
}

} // namespace brink
