// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/report/figureparts.h"
#include "core/report/marginparts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace brink {

using namespace report;

namespace {

constexpr double rowEm = 1.7;

double tauOf(const MarginsOfModel& model) { return model.consistency ? model.consistency->tau : -2; }

std::vector<std::pair<double, std::string>> namesOf(const StudyResults& results, const std::vector<MarginsOfModel>& models)
{
    std::vector<std::pair<double, std::string>> ticks;
    const std::vector<std::string> names = shortNames(results);
    for (std::size_t i = 0; i < models.size(); ++i)
        ticks.emplace_back(double(i), names[std::size_t(models[i].margins.model)]);
    return ticks;
}

Panel panelOf(const char* id, int column, const std::string& label, const std::vector<std::pair<double, std::string>>& names)
{
    Panel panel;
    panel.id = id;
    panel.column = column;
    panel.legend = LegendPlace::None;
    panel.x.label = label;
    panel.y.range = std::array{-0.6, double(names.size()) - 0.4};
    panel.y.ticks = names;
    if (column > 0)
        for (auto& [place, name] : panel.y.ticks)
            name.clear();
    return panel;
}

ScatterLayer pointOf(const StudyResults& results, const StudySelection& selection, const MarginsOfModel& model, double x, double y)
{
    const FamilyLook look = familyLook(results, model.margins.model);
    ScatterLayer point;
    point.id = results.study.models[std::size_t(model.margins.model)].name;
    point.x = makeColumn({x});
    point.y = makeColumn({y});
    point.role = isEmphasised(selection, model.margins.model) ? look.role : ColourRole::Muted;
    point.marker = look.marker;
    point.sizePt = 4.5;
    point.refs = {{modelRefKind, point.id}};
    return point;
}

/// Distances of all pairs of classes in the last layer over their median: all of them, and the middle half.
void addHead(Panel& panel, ScatterLayer point, const HeadSummary& head)
{
    const PairLengths& l1 = head.l1;
    ScatterLayer half = point;
    half.id += ", middle half";
    half.sizePt = 0;
    half.refs.clear();
    half.xLow = makeColumn({l1.lowerQuartile / l1.median});
    half.xHigh = makeColumn({l1.upperQuartile / l1.median});
    point.xLow = makeColumn({l1.minimum / l1.median});
    point.xHigh = makeColumn({l1.maximum / l1.median});
    point.tips = {point.id + ": distances of " + std::to_string(head.classes) + " classes in the " + head.layer + ", L1, " + threeDigits(l1.minimum) + " to "
        + threeDigits(l1.maximum) + ", median " + threeDigits(l1.median)};
    panel.layers.emplace_back(std::move(point));
    panel.layers.emplace_back(std::move(half));
}

/// What the model's card states at this very budget.
void addPublished(Panel& panel, const StudyResults& results, ScatterLayer point, int model, const MarginQuery& query)
{
    for (const PublishedAccuracy& published : results.models[std::size_t(model)].published) {
        if (published.norm != normName(query.norm) || std::abs(published.eps - epsOf(query)) > 1e-3 * epsOf(query))
            continue;
        ScatterLayer star = point;
        star.id += ", published";
        star.x = makeColumn({100 * published.robustAccuracy});
        star.marker = Marker::Star;
        star.isOpen = true;
        star.sizePt = 7;
        star.tips = {point.id + ", published: " + publishedText(published)};
        panel.layers.emplace_back(std::move(star));
    }
}

std::string caption(const StudyResults& results, const StudySelection& selection, const std::vector<MarginsOfModel>& models)
{
    const MarginQuery& query = selection.margins;
    std::string text = "How far the " + marginScoreLabel(query.score) + " orders images as their input margins do: Kendall's tau-b with its 95 % bootstrap interval over images. "
                       "Beside it, how well it finds images within ε = " + epsText(epsOf(query), query.norm)
        + " (absent where all images are of one kind), and the robust accuracy there; last, where a last layer was found, the L1 distances between the rows of all pairs of classes over "
          "their median: where all are alike the logit margin measures the distance in feature space. " + marginSentence(results, query) + " ";
    std::int64_t unbroken = 0;
    for (const MarginsOfModel& model : models)
        unbroken += model.margins.unbroken;
    if (unbroken > 0)
        text += countText(unbroken) + " images that no attack moved to another class have no place in the order. ";
    std::vector<int> shown;
    for (const MarginsOfModel& model : models)
        shown.push_back(model.margins.model);
    if (const std::string published = publishedSentence(results, shown, query.norm); !published.empty())
        text += published.substr(1) + " ";
    return text + studySentence(results) + leftOutSentence(results);
}

std::optional<Figure> makeMarginConsistency(const StudyResults& results, const StudySelection& selection)
{
    StudySelection everyModel = selection;
    everyModel.models.clear(); // those picked are emphasised, not alone
    std::vector<MarginsOfModel> models = marginsOfModels(results, everyModel);
    std::erase_if(models, [](const MarginsOfModel& model) { return !model.consistency; });
    if (models.empty())
        return std::nullopt;
    std::ranges::stable_sort(models, {}, tauOf);
    const auto names = namesOf(results, models);
    const double eps = epsOf(selection.margins);
    Panel tau = panelOf("tau", 0, "Kendall's τ_{b}", names);
    Panel area = panelOf("auroc", 1, "AUROC at ε", names);
    // Names beside four panels would leave the first no room in a column of a paper: with the last layer there are two rows of two.
    const bool hasHeads = std::ranges::any_of(models, [&](const MarginsOfModel& model) {
        const auto& head = results.models[std::size_t(model.margins.model)].head;
        return head && head->l1.median > 0;
    });
    Panel robust = panelOf("robust", hasHeads ? 0 : 2, "robust at ε, %", names);
    robust.row = hasHeads ? 1 : 0;
    double lowest = 0;
    for (const MarginsOfModel& model : models)
        lowest = std::min(lowest, model.consistency->interval[0]);
    // Whole marks at both ends.
    tau.x.range = std::array{1.05 * lowest - 0.03, 1.04};
    area.x.range = std::array{0.45, 1.03};
    robust.x.range = std::array{-5.0, 105.0};
    area.layers.emplace_back(RuleLayer{"chance", {}, Orientation::Vertical, 0.5, ColourRole::Muted, Dash::Dotted});
    for (std::size_t i = 0; i < models.size(); ++i) {
        const MarginsOfModel& model = models[i];
        ScatterLayer point = pointOf(results, selection, model, model.consistency->tau, double(i));
        point.xLow = makeColumn({model.consistency->interval[0]});
        point.xHigh = makeColumn({model.consistency->interval[1]});
        point.tips = {point.id + ": tau-b " + tauText(model.consistency) + ", " + countText(model.consistency->images) + " images"};
        tau.layers.emplace_back(std::move(point));
        if (const auto& auroc = model.detectability.auroc) {
            ScatterLayer each = pointOf(results, selection, model, std::max(*auroc, 0.45), double(i));
            each.tips = {each.id + ": AUROC " + threeDigits(*auroc) + " at ε = " + epsText(eps, selection.margins.norm)};
            area.layers.emplace_back(std::move(each));
        }
        if (const auto accuracy = robustAccuracyAt(results, model.margins, eps)) {
            ScatterLayer each = pointOf(results, selection, model, 100 * *accuracy, double(i));
            each.tips = {each.id + ": robust accuracy " + percentText(*accuracy) + " at ε = " + epsText(eps, selection.margins.norm)};
            robust.layers.emplace_back(std::move(each));
        }
        addPublished(robust, results, pointOf(results, selection, model, 0, double(i)), model.margins.model, selection.margins);
    }
    Panel heads = panelOf("head", 1, "class distances", names);
    heads.row = 1;
    heads.layers.emplace_back(RuleLayer{"equal", {}, Orientation::Vertical, 1, ColourRole::Muted, Dash::Dotted});
    for (std::size_t i = 0; i < models.size(); ++i)
        if (const auto& head = results.models[std::size_t(models[i].margins.model)].head; head && head->l1.median > 0)
            addHead(heads, pointOf(results, selection, models[i], 1, double(i)), *head);
    std::vector<int> shown;
    for (const MarginsOfModel& model : models)
        shown.push_back(model.margins.model);
    Figure figure;
    figure.name = "margin-consistency";
    figure.caption = caption(results, selection, models);
    for (Panel* panel : {&tau, &robust})
        if (panel->column == 0)
            panel->columnStretch = hasHeads ? 1.9 : 1.6;
    for (Panel* panel : {&tau, &area, &robust, &heads})
        panel->heightEm = rowEm * double(std::max<std::size_t>(models.size(), 3)) + 4;
    figure.aspect = 0.05;
    figure.panels = {std::move(tau), std::move(area), std::move(robust)};
    if (hasHeads)
        figure.panels.push_back(std::move(heads));
    if (auto key = familyKey(results, shown, hasHeads ? 2 : 1))
        figure.panels.push_back(std::move(*key));
    return figure;
}

} // namespace

StudyFigureInfo marginconsistencyStudyFigure()
{
    return {"margin-consistency", "Margin consistency", "Rank correlation of logit margin and input margin for every model, AUROC and robust accuracy",
        withStudyProvenance<makeMarginConsistency>};
}

} // namespace brink
