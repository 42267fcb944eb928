// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/certifiedparts.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/stats/stepcurve.h"

#include <algorithm>
#include <array>
#include <set>

namespace brink {

using namespace report;

namespace {

constexpr std::size_t mostModels = 4;
/// More bands than these hide one another.
constexpr std::size_t mostBands = 2;

/// Accuracy that is proved at each radius, and that the attacks have left at each distance; the truth lies between.
struct Envelope {
    BoundedModel bounded;
    StepCurve proved;
    std::optional<StepCurve> attacked; ///< absent without attacks in the norm
    std::int64_t attackedImages = 0, failures = 0;
    ColourRole role = ColourRole::Series1;
};

std::optional<Envelope> envelopeOf(const StudyResults& results, const StudySelection& selection, int analysis, int model)
{
    auto bounded = boundedModel(results, selection, analysis, model);
    const auto accuracy = cleanCount(results, model).accuracy();
    if (!bounded || !accuracy)
        return std::nullopt;
    // An image that is classified wrongly is robust at no radius, whatever is proved of its class.
    std::erase_if(bounded->images, [&](const BoundedImage& image) { return !results.isCorrect(model, image.image); });
    if (bounded->images.empty())
        return std::nullopt;
    const double start = selection.commonSet ? 1.0 : *accuracy;
    Envelope made{*bounded, {}, {}, 0, 0, ColourRole::Series1};
    std::vector<double> radii, distances;
    for (const BoundedImage& image : made.bounded.images) {
        radii.push_back(image.radius);
        if (image.attacks == 0)
            continue;
        ++made.attackedImages;
        if (image.distance)
            distances.push_back(*image.distance);
    }
    made.proved = survivalCurve(radii, 0, start);
    made.failures = made.attackedImages - std::ssize(distances);
    if (made.attackedImages > 0)
        made.attacked = survivalCurve(distances, made.failures, start);
    return made;
}

LineLayer lineOf(std::string id, const StepCurve& curve, double end, const Envelope& envelope, Dash dash)
{
    std::vector<double> x = curve.x, y;
    for (const double share : curve.y)
        y.push_back(100 * share);
    if (x.back() < end) {
        x.push_back(end);
        y.push_back(y.back());
    }
    LineLayer line;
    line.id = std::move(id);
    line.x = makeColumn(std::move(x));
    line.y = makeColumn(std::move(y));
    line.role = envelope.role;
    line.dash = dash;
    line.isStep = true;
    return line;
}

/// Between both curves, on the corners of either; each corner twice, so that the band has steps.
BandLayer bandOf(std::string id, const Envelope& envelope, double end)
{
    std::set<double> corners(envelope.proved.x.begin(), envelope.proved.x.end());
    corners.insert(envelope.attacked->x.begin(), envelope.attacked->x.end());
    corners.insert(end);
    std::vector<double> x, low, high;
    for (const double at : corners) {
        if (!x.empty()) {
            x.push_back(at);
            low.push_back(low.back());
            high.push_back(high.back());
        }
        x.push_back(at);
        low.push_back(100 * envelope.proved.at(at));
        high.push_back(100 * envelope.attacked->at(at));
    }
    BandLayer band;
    band.id = std::move(id);
    band.x = makeColumn(std::move(x));
    band.low = makeColumn(std::move(low));
    band.high = makeColumn(std::move(high));
    band.role = envelope.role;
    return band;
}

double shownEnd(const std::vector<Envelope>& envelopes)
{
    constexpr double shownQuantile = 0.9; // far images would press all others to the left
    double end = 0;
    for (const Envelope& each : envelopes) {
        const std::vector<double>& x = each.attacked ? each.attacked->x : each.proved.x;
        end = std::max(end, x[std::size_t(shownQuantile * double(x.size() - 1))]);
        end = std::max(end, each.proved.x.back() * 0.5);
    }
    return end > 0 ? 1.05 * end : 1;
}

Panel keyPanel(const StudyResults& results, const std::vector<Envelope>& envelopes)
{
    KeyLayer key;
    key.id = "curves";
    const std::vector<std::string> names = shortNames(results);
    for (const Envelope& each : envelopes)
        key.entries.push_back({names[std::size_t(each.bounded.model)], each.role, std::nullopt, false, Dash::Solid, 1.0, {}});
    key.entries.push_back({"proved", ColourRole::Text, std::nullopt, false, Dash::Solid, 1.0, {}});
    if (std::ranges::any_of(envelopes, [](const Envelope& each) { return each.attacked.has_value(); }))
        key.entries.push_back({"left by the attacks", ColourRole::Text, std::nullopt, false, Dash::Dashed, 1.0, {}});
    Panel panel;
    panel.id = "curves";
    panel.row = 1;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = panel.y.isVisible = false;
    panel.heightEm = 1.4 * std::ceil(double(key.entries.size()) / 3);
    panel.layers.emplace_back(std::move(key));
    return panel;
}

bool hasCounterexamples(const StudyResults& results, Norm norm)
{
    for (const auto& analysis : results.cells)
        for (const auto& cell : analysis)
            if (cell && cell->survey.certified && cell->survey.certified->request.norm == norm
                && std::ranges::any_of(cell->survey.certified->images, [](const CertifiedImage& image) { return image.found.has_value(); }))
                return true;
    return false;
}

std::string captionOf(const StudyResults& results, const StudySelection& selection, int analysis, const std::vector<Envelope>& envelopes, std::size_t leftOut)
{
    const StudyAnalysis& own = results.study.analyses[std::size_t(analysis)];
    std::string text = std::string(selection.commonSet ? "Share of the images that all models classify correctly" : "Share of all images")
        + " that are proved to keep their class within the " + normLabel(own.norm()) + " radius (" + analysisLabel(own)
        + "), and that the best of the study's attacks in this norm" + (hasCounterexamples(results, own.norm()) ? ", or a counterexample that β-CROWN met," : "")
        + " leaves at that distance, on the same images: robust accuracy lies between the two.";
    std::int64_t failures = 0, violations = 0;
    for (const Envelope& each : envelopes) {
        failures += each.failures;
        violations += agreementOf(each.bounded).violations;
    }
    if (failures > 0)
        text += " On " + countText(failures) + " images no attack succeeded: they count as robust at every distance.";
    if (violations > 0)
        text += " On " + countText(violations) + " images an attack lies below the certified radius: one of them is at fault.";
    if (leftOut > 0)
        text += " " + countText(std::int64_t(leftOut)) + " more models are not drawn; pick models to see theirs.";
    return text + leftOutSentence(results) + " " + studySentence(results);
}

std::optional<Figure> makeCertified(const StudyResults& results, const StudySelection& selection)
{
    const auto index = chosenAnalysis(results, selection, [&](int a) { return results.study.analyses[std::size_t(a)].kind == AnalysisKind::Certified; });
    if (!index)
        return std::nullopt;
    std::vector<Envelope> envelopes;
    for (const int model : orderedModels(results, selection.order))
        if (isEmphasised(selection, model))
            if (auto envelope = envelopeOf(results, selection, *index, model))
                envelopes.push_back(std::move(*envelope));
    if (envelopes.empty())
        return std::nullopt;
    const std::size_t leftOut = envelopes.size() > mostModels ? envelopes.size() - mostModels : 0;
    envelopes.resize(envelopes.size() - leftOut);
    for (std::size_t i = 0; i < envelopes.size(); ++i)
        envelopes[i].role = seriesRole(int(i));
    const double end = shownEnd(envelopes);
    Panel panel;
    panel.id = "certified";
    panel.legend = LegendPlace::None;
    panel.x.label = distanceAxis(results.study.analyses[std::size_t(*index)].norm());
    panel.x.range = std::array{0.0, end};
    panel.y.label = selection.commonSet ? "still correct, % of the common images" : "robust accuracy, %";
    panel.y.range = std::array{0.0, 102.0};
    const auto idOf = [&](const char* what, const Envelope& each) { return std::string(what) + " " + results.study.models[std::size_t(each.bounded.model)].name; };
    for (const Envelope& each : envelopes)
        if (each.attacked && envelopes.size() <= mostBands)
            panel.layers.emplace_back(bandOf(idOf("between", each), each, end));
    for (const Envelope& each : envelopes) {
        panel.layers.emplace_back(lineOf(idOf("proved", each), each.proved, end, each, Dash::Solid));
        if (each.attacked)
            panel.layers.emplace_back(lineOf(idOf("attacked", each), *each.attacked, end, each, Dash::Dashed));
    }
    Figure figure;
    figure.name = "certified";
    figure.caption = captionOf(results, selection, *index, envelopes, leftOut);
    figure.panels.push_back(std::move(panel));
    figure.panels.push_back(keyPanel(results, envelopes));
    return figure;
}

} // namespace

StudyFigureInfo report::certifiedStudyFigure()
{
    return {"certified", "Certified accuracy", "Accuracy that is proved at each radius, below what the attacks leave: the truth lies between", withStudyProvenance<makeCertified>};
}

} // namespace brink
