// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/figureparts.h"
#include "core/report/paretodata.h"
#include "core/report/studyparts.h"
#include "core/stats/stepcurve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace brink {

using namespace report;

namespace {

constexpr int mostDirectLabels = 4;
constexpr int mostOwnColours = 8;
/// Curves are drawn to where the last but a few images are lost; single far images would press all others to the left.
constexpr double shownQuantile = 0.95;
constexpr double thin = 1;
constexpr double thick = 1.7;
constexpr std::array dashes{Dash::Solid, Dash::Dashed, Dash::DashDot, Dash::Dotted};

struct ModelCurve {
    int model = 0;
    StepCurve curve;
    std::int64_t failures = 0, images = 0;
    ColourRole role = ColourRole::Series1;
    Dash dash = Dash::Solid;
    double widthPt = thin;
};

/// Accuracy times the share of attacked images that are not lost: equal to counting images when all correct ones were attacked, and
/// still right where only the first ones were.
std::optional<ModelCurve> curveOf(const StudyResults& results, int analysis, const StudySelection& selection, int model)
{
    const Norm norm = results.study.analyses[std::size_t(analysis)].norm();
    ModelCurve made;
    made.model = model;
    std::vector<double> distances;
    for (const StudyAttackRow& row : results.cell(analysis, model).attack) {
        if (!results.isCorrect(model, row.image) || !isShown(results, selection, row.image))
            continue;
        ++made.images;
        if (row.success)
            distances.push_back(row.distance.in(norm));
    }
    const auto accuracy = cleanCount(results, model).accuracy();
    if (made.images == 0 || !accuracy)
        return std::nullopt;
    made.failures = made.images - std::ssize(distances);
    made.curve = survivalCurve(distances, made.failures, selection.commonSet ? 1.0 : *accuracy);
    return made;
}

/// Up to eight models have a colour each; more have their family's, and dashes and widths within it.
void giveLooks(const StudyResults& results, std::vector<ModelCurve>& curves)
{
    std::map<int, std::size_t> used;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const FamilyLook look = familyLook(results, curves[i].model);
        const bool hasOwn = curves.size() <= mostOwnColours;
        curves[i].role = hasOwn ? seriesRole(int(i)) : look.role;
        const std::size_t number = hasOwn ? i : used[look.index]++;
        curves[i].dash = dashes[number % dashes.size()];
        curves[i].widthPt = hasOwn || number / dashes.size() % 2 == 0 ? thin : thick;
    }
}

double shownEnd(const std::vector<ModelCurve>& curves)
{
    double end = 0;
    for (const ModelCurve& each : curves) {
        const auto index = std::size_t(shownQuantile * double(each.curve.x.size() - 1));
        end = std::max(end, each.curve.x[index]);
    }
    return end > 0 ? 1.05 * end : 1;
}

/// Corners up to the end of the axis, so that censored curves run on to it.
LineLayer lineOf(const StudyResults& results, const StudySelection& selection, const ModelCurve& each, double end)
{
    std::vector<double> x = each.curve.x;
    std::vector<double> y;
    for (const double share : each.curve.y)
        y.push_back(100 * share);
    if (x.back() < end) {
        x.push_back(end);
        y.push_back(y.back());
    }
    LineLayer line;
    line.id = results.study.models[std::size_t(each.model)].name;
    line.x = makeColumn(std::move(x));
    line.y = makeColumn(std::move(y));
    line.role = isEmphasised(selection, each.model) ? each.role : ColourRole::Muted;
    line.dash = each.dash;
    line.widthPt = isEmphasised(selection, each.model) && !selection.models.empty() ? thick : each.widthPt;
    line.isStep = true;
    return line;
}

/// A label in the middle of the fall, where curves are furthest apart.
ScatterLayer labelOf(const StudyResults& results, const ModelCurve& each)
{
    const double half = each.curve.y.front() / 2;
    const auto fallen = std::ranges::find_if(each.curve.y, [&](double share) { return share <= half; });
    const std::size_t index = fallen == each.curve.y.end() ? each.curve.y.size() - 1 : std::size_t(fallen - each.curve.y.begin());
    ScatterLayer label;
    label.id = "label " + results.study.models[std::size_t(each.model)].name;
    label.x = makeColumn({each.curve.x[index]});
    label.y = makeColumn({100 * each.curve.y[index]});
    label.role = each.role;
    label.sizePt = 0;
    label.labels = {shortNames(results)[std::size_t(each.model)]};
    label.refs = {{modelRefKind, results.study.models[std::size_t(each.model)].name}};
    return label;
}

/// Published values of a curve's model, in the curve's norm and colour. Of a common set there are none.
void addPublished(Panel& panel, const StudyResults& results, const ModelCurve& each, Norm norm)
{
    ScatterLayer stars;
    stars.id = "published " + results.study.models[std::size_t(each.model)].name;
    std::vector<double> x, y;
    for (const PublishedAccuracy& published : results.models[std::size_t(each.model)].published) {
        if (published.norm != normName(norm))
            continue;
        x.push_back(published.eps);
        y.push_back(100 * published.robustAccuracy);
        stars.tips.push_back(shortNames(results)[std::size_t(each.model)] + ", published: " + publishedText(published));
        stars.refs.push_back({modelRefKind, results.study.models[std::size_t(each.model)].name});
    }
    if (x.empty())
        return;
    stars.x = makeColumn(std::move(x));
    stars.y = makeColumn(std::move(y));
    stars.role = each.role;
    stars.marker = Marker::Star;
    stars.isOpen = true;
    stars.sizePt = 7;
    panel.layers.emplace_back(std::move(stars));
}

/// The axis reaches to the published values, too.
double endWithPublished(const StudyResults& results, const std::vector<ModelCurve>& curves, Norm norm, double end)
{
    for (const ModelCurve& each : curves)
        for (const PublishedAccuracy& published : results.models[std::size_t(each.model)].published)
            if (published.norm == normName(norm))
                end = std::max(end, 1.05 * published.eps);
    return end;
}

Panel keyPanel(const StudyResults& results, const std::vector<ModelCurve>& curves)
{
    KeyLayer key;
    key.id = "models";
    const std::vector<std::string> names = shortNames(results);
    for (const ModelCurve& each : curves)
        key.entries.push_back({names[std::size_t(each.model)], each.role, std::nullopt, false, each.dash, each.widthPt});
    Panel panel;
    panel.id = "models";
    panel.row = 1;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = panel.y.isVisible = false;
    panel.heightEm = 1.4 * std::ceil(double(curves.size()) / 4);
    panel.layers.emplace_back(std::move(key));
    return panel;
}

std::string caption(const StudyResults& results, int index, const StudySelection& selection, const std::vector<ModelCurve>& curves)
{
    const StudyAnalysis& analysis = results.study.analyses[std::size_t(index)];
    std::string text = std::string(selection.commonSet ? "Share of the images that all models classify correctly" : "Share of all images")
        + " that stay correctly classified when the " + normLabel(analysis.norm()) + " distance is at most the one shown, from the distances of "
        + labelWithGoal(analysis) + ", on each image.";
    std::int64_t failures = 0;
    for (const ModelCurve& each : curves)
        failures += each.failures;
    if (failures > 0)
        text += " Where the attack failed (" + countText(failures)
            + " images) the image counts as robust at every distance: the curve is an upper bound there.";
    if (isFixedBudget(analysis))
        text += " This attack spends a fixed budget, so that only the curve's end at it is an attack's result.";
    std::vector<int> models;
    for (const ModelCurve& each : curves)
        models.push_back(each.model);
    if (!selection.commonSet)
        text += publishedSentence(results, models, analysis.norm());
    return text + " An attack shows an upper bound of robust accuracy." + leftOutSentence(results) + " " + studySentence(results);
}

std::optional<Figure> makeRobustAccuracy(const StudyResults& results, const StudySelection& selection)
{
    const auto isAttack = [&](int a) { return results.study.analyses[std::size_t(a)].kind == AnalysisKind::Attack; };
    std::optional<int> index
        = chosenAnalysis(results, selection, [&](int a) { return isAttack(a) && !isFixedBudget(results.study.analyses[std::size_t(a)]); });
    if (!index)
        index = chosenAnalysis(results, selection, isAttack);
    if (!index)
        return std::nullopt;
    std::vector<ModelCurve> curves;
    for (const int model : orderedModels(results, selection.order))
        if (auto curve = curveOf(results, *index, selection, model))
            curves.push_back(std::move(*curve));
    if (curves.empty())
        return std::nullopt;
    giveLooks(results, curves);
    const Norm norm = results.study.analyses[std::size_t(*index)].norm();
    const double end = selection.commonSet ? shownEnd(curves) : endWithPublished(results, curves, norm, shownEnd(curves));
    Panel panel;
    panel.id = "robust-accuracy";
    panel.legend = LegendPlace::None;
    panel.x.label = distanceAxis(norm);
    panel.x.range = std::array{0.0, end};
    panel.y.label = selection.commonSet ? "still correct, % of the common images" : "robust accuracy, %";
    panel.y.range = std::array{0.0, 102.0};
    for (const bool isFront : {false, true})
        for (const ModelCurve& each : curves)
            if (isEmphasised(selection, each.model) == isFront)
                panel.layers.emplace_back(lineOf(results, selection, each, end));
    for (const ModelCurve& each : curves)
        if (!selection.commonSet)
            addPublished(panel, results, each, norm);
    const bool hasLabels = curves.size() <= mostDirectLabels;
    for (const ModelCurve& each : curves)
        if (hasLabels)
            panel.layers.emplace_back(labelOf(results, each));
    Figure figure;
    figure.name = "robust-accuracy";
    figure.caption = caption(results, *index, selection, curves);
    figure.panels.push_back(std::move(panel));
    if (!hasLabels)
        figure.panels.push_back(keyPanel(results, curves));
    return figure;
}

} // namespace

StudyFigureInfo robustaccuracyStudyFigure()
{
    return {"robust-accuracy", "Robust accuracy", "Share of images still classified correctly against distance",
        withStudyProvenance<makeRobustAccuracy>};
}

} // namespace brink
