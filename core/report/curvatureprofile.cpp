// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryparts.h"
#include "core/report/figureparts.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace brink {

using namespace report;

namespace {

constexpr std::array dashes{Dash::Solid, Dash::Dashed, Dash::Dotted, Dash::DashDot};
/// Ranks of each end that have a panel of their own beside a full profile.
constexpr std::int64_t mostZoomed = 30;

enum class Part { All, Top, Bottom };

/// The ranks of a part: counted from the top, or from the bottom.
BandedLine lineOf(const CurvatureProfile& profile, int number, Part part, std::int64_t most)
{
    BandedLine line;
    line.id = profile.model;
    line.role = seriesRole(number);
    line.dash = dashes[std::size_t(number) % dashes.size()];
    std::vector<std::size_t> order(profile.rank.size());
    std::iota(order.begin(), order.end(), 0U);
    if (part == Part::Bottom)
        std::ranges::reverse(order);
    for (const std::size_t i : order) {
        const std::int64_t fromTop = profile.rank[i], fromBottom = profile.ranks + 1 - fromTop;
        const std::int64_t shown = part == Part::Bottom ? fromBottom : fromTop;
        if (part != Part::All && (shown > most || (part == Part::Top) != (fromTop <= fromBottom)))
            continue;
        line.x.push_back(double(shown));
        line.value.push_back(profile.curvature[i].value);
        line.low.push_back(profile.curvature[i].low);
        line.high.push_back(profile.curvature[i].high);
    }
    return line;
}

Panel profilePanel(const std::vector<CurvatureProfile>& profiles, Part part, std::int64_t most)
{
    Panel panel;
    panel.id = part == Part::All ? "profile" : part == Part::Top ? "top" : "bottom";
    panel.y.label = curvatureAxis();
    panel.y.includesZero = true;
    panel.x.label = part == Part::All ? "principal curvature, by rank" : part == Part::Top ? "rank, most positive" : "rank, most negative";
    panel.x.isReversed = part == Part::Bottom;
    panel.legend = LegendPlace::None;
    RuleLayer zero;
    zero.id = "flat";
    zero.orientation = Orientation::Horizontal;
    panel.layers.emplace_back(std::move(zero));
    std::vector<BandedLine> lines;
    for (std::size_t i = 0; i < profiles.size(); ++i)
        if (BandedLine line = lineOf(profiles[i], int(i), part, most); !line.x.empty())
            lines.push_back(std::move(line));
    addBandedLines(panel, lines);
    return panel;
}

/// The same scale of curvature left and right, or the heavier tail would not be seen.
std::array<double, 2> commonRange(const std::vector<CurvatureProfile>& profiles)
{
    double low = 0, high = 0;
    for (const CurvatureProfile& profile : profiles)
        for (const SurveyBand& band : profile.curvature) {
            low = std::min(low, band.low);
            high = std::max(high, band.high);
        }
    const double margin = 0.04 * (high - low);
    return {low - margin, high + margin};
}

std::string caption(const std::vector<CurvatureProfile>& profiles, const CurvatureSurvey& survey, std::int64_t zoomed)
{
    std::string text = profiles.front().isFull
        ? "Principal curvatures of the decision boundary, sorted and averaged rank by rank over images: all of them, and the " + countText(zoomed) + " at each end."
        : "The " + countText(zoomed) + " principal curvatures at each end of the decision boundary's spectrum, averaged rank by rank over images.";
    text += " Bands: central 80 % of the images. Below zero the boundary bends towards the image. Curvature is one over the radius, in units of the L2 distance of "
            "pixels in [0,1]. ";
    if (std::ranges::any_of(profiles, [](const CurvatureProfile& each) { return each.isFull && each.method == CurvatureMethod::Difference; }))
        text += "Of differences, a full profile is that of the symmetric part of their matrix, rough above all at its ends. ";
    text += methodSentence(profiles.front().method, profiles.front().step) + " " + surveySentence(survey);
    for (std::size_t i = 1; i < profiles.size(); ++i)
        text += " " + profiles[i].model + ": " + countText(profiles[i].images) + " images. " + methodSentence(profiles[i].method, profiles[i].step);
    return text;
}

std::optional<Figure> makeProfile(const CurvatureSurvey& survey, const CurvatureSelection& selection)
{
    const auto own = curvatureProfile(survey);
    if (!own)
        return std::nullopt;
    std::vector<CurvatureProfile> profiles{*own};
    profiles.insert(profiles.end(), selection.others.begin(), selection.others.end());
    const bool isFull = std::ranges::any_of(profiles, &CurvatureProfile::isFull);
    std::int64_t zoomed = 0;
    for (const CurvatureProfile& profile : profiles)
        zoomed = std::max(zoomed, std::min(mostZoomed, profile.isFull ? profile.ranks / 2 : std::int64_t(profile.rank.size()) / 2));
    Figure figure;
    figure.name = "curvature-profile";
    const std::array range = commonRange(profiles);
    int row = 0;
    if (isFull) {
        figure.panels.push_back(profilePanel(profiles, Part::All, 0));
        figure.panels.back().y.range = range;
        ++row;
    }
    for (const Part part : {Part::Top, Part::Bottom}) {
        Panel panel = profilePanel(profiles, part, zoomed);
        panel.row = row;
        panel.column = part == Part::Top ? 0 : 1;
        panel.y.range = range;
        panel.x.range = std::array{0.5, double(zoomed) + 0.5};
        if (part == Part::Bottom)
            panel.y.label.clear();
        figure.panels.push_back(std::move(panel));
    }
    if (profiles.size() > 1) {
        std::vector<KeyLayer::Entry> entries;
        for (std::size_t i = 0; i < profiles.size(); ++i)
            entries.push_back({profiles[i].model, seriesRole(int(i)), std::nullopt, false, dashes[i % dashes.size()], 1.2});
        figure.panels.push_back(keyPanel(std::move(entries), row + 1, 2));
    }
    figure.aspect = isFull ? 1.0 : 0.55;
    figure.caption = caption(profiles, survey, zoomed);
    return figure;
}

} // namespace

CurvatureFigureInfo curvatureprofileCurvatureFigure()
{
    return {"curvature-profile", "Curvature profile", "Sorted principal curvatures of the decision boundary, averaged over images",
        withSurveyProvenance<makeProfile>};
}

} // namespace brink
