// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/smoothingfigure.h"

#include "core/base/text.h"
#include "core/base/version.h"
#include "core/report/boundaryparts.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <array>

namespace brink {

using namespace report;

namespace {

constexpr std::array dashes{Dash::Solid, Dash::Dashed, Dash::DashDot, Dash::Dotted};

std::string sigmaText(const SmoothingSurvey& survey) { return "σ = " + formatReal(survey.request.sigma); }

/// A step curve that falls behind each radius, on to zero.
LineLayer lineOf(const SmoothingSurvey& survey, int number)
{
    const CertifiedCurve curve = certifiedCurve(survey);
    std::vector<double> x{0}, y{100 * curve.accuracy.front()};
    for (std::size_t i = 0; i < curve.radius.size(); ++i) {
        x.push_back(curve.radius[i]);
        y.push_back(i + 1 < curve.radius.size() ? 100 * curve.accuracy[i + 1] : 0);
    }
    LineLayer line;
    line.id = sigmaText(survey);
    line.x = makeColumn(std::move(x));
    line.y = makeColumn(std::move(y));
    line.role = seriesRole(number);
    line.dash = dashes[std::size_t(number) % dashes.size()];
    line.widthPt = 1.2;
    line.isStep = true;
    return line;
}

RuleLayer ceilingOf(const SmoothingSurvey& survey, int number)
{
    RuleLayer rule;
    rule.id = "ceiling, " + sigmaText(survey);
    rule.at = largestCertifiableRadius(survey.request);
    rule.role = seriesRole(number);
    rule.dash = Dash::Dotted;
    return rule;
}

std::string caption(const std::vector<SmoothingSurvey>& surveys)
{
    const SmoothingSurvey& first = surveys.front();
    std::string text = "Share of images that the smoothed classifier labels right with a certified radius of at least the one shown (Cohen et al. 2019): the class that " + first.modelName
        + " gives most often under Gaussian noise, not clipped to the pixel box. " + countText(first.request.samples) + " samples an image, " + countText(first.request.selection)
        + " more to choose the class; each certificate fails with probability " + formatReal(first.request.alpha)
        + " at most. Vertical lines: the largest radius that so many samples can certify. " + smoothingNote;
    for (const SmoothingSurvey& survey : surveys) {
        const CertifiedCurve curve = certifiedCurve(survey);
        text += " " + sigmaText(survey) + ": " + countText(curve.abstained) + " of " + countText(curve.images) + " images abstain, " + countText(curve.wrong)
            + " are certified for another class than their label.";
    }
    text += " Without noise the model is right on " + percentText(certifiedCurve(first).baseAccuracy) + " of them. Images of " + first.imagesSource + ", seed "
        + std::to_string(first.request.seed) + ".";
    if (std::ranges::any_of(surveys, &SmoothingSurvey::partial))
        text += " Stopped before all images were done.";
    return text;
}

Json provenance(const std::vector<SmoothingSurvey>& surveys)
{
    const SmoothingSurvey& first = surveys.front();
    Json json{{"program", std::string("Brink ") + version}, {"schema", "brink.provenance/1"}, {"kind", "smoothing"}, {"model", first.modelName}, {"sha256", first.modelSha256},
        {"images", first.imagesSource}, {"seed", first.request.seed}, {"runs", Json::array()}};
    for (const SmoothingSurvey& survey : surveys) {
        Json run = toJson(survey.request);
        run["images"] = survey.images.size();
        run["cost"] = toJson(survey.counts, survey.seconds);
        json["runs"].push_back(std::move(run));
    }
    return json;
}

} // namespace

std::optional<Figure> smoothingFigure(const std::vector<SmoothingSurvey>& surveys)
{
    std::vector<SmoothingSurvey> shown;
    std::ranges::copy_if(surveys, std::back_inserter(shown), [](const SmoothingSurvey& survey) { return !survey.images.empty(); });
    if (shown.empty())
        return std::nullopt;
    Panel panel;
    panel.id = "certified-accuracy";
    panel.legend = LegendPlace::None;
    panel.x.label = "certified radius, L2 (pixel range [0,1])";
    panel.y.label = "certified accuracy of the smoothed classifier, %";
    panel.y.range = std::array{0.0, 102.0};
    double end = 0;
    std::vector<KeyLayer::Entry> entries;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const RuleLayer ceiling = ceilingOf(shown[i], int(i));
        end = std::max(end, ceiling.at);
        panel.layers.emplace_back(ceiling);
        LineLayer line = lineOf(shown[i], int(i));
        entries.push_back({line.id, line.role, std::nullopt, false, line.dash, line.widthPt});
        panel.layers.emplace_back(std::move(line));
    }
    entries.push_back({"ceiling of the samples", ColourRole::Muted, std::nullopt, false, Dash::Dotted, 1});
    panel.x.range = std::array{0.0, end > 0 ? 1.06 * end : 1.0};
    Figure figure;
    figure.name = "smoothing";
    figure.panels.push_back(std::move(panel));
    figure.panels.push_back(keyPanel(std::move(entries), 1, 1));
    figure.caption = caption(shown);
    figure.provenance = provenance(shown);
    return figure;
}

} // namespace brink
