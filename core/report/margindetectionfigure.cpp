// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/figureparts.h"
#include "core/report/marginparts.h"

#include <array>
#include <cmath>

namespace brink {

using namespace report;

namespace {

constexpr std::size_t mostModels = 8;
constexpr std::array dashes{Dash::Solid, Dash::Dashed, Dash::DashDot, Dash::Dotted};

struct Curves {
    const MarginsOfModel* model = nullptr;
    AlarmCurve alarms;
    PrecisionRecallCurve precision;
    ColourRole role = ColourRole::Series1;
    Dash dash = Dash::Solid;
};

std::vector<double> percent(std::vector<double> shares)
{
    for (double& share : shares)
        share *= 100;
    return shares;
}

LineLayer lineOf(const StudyResults& results, const Curves& each, const std::vector<double>& x, const std::vector<double>& y)
{
    LineLayer line;
    line.id = results.study.models[std::size_t(each.model->margins.model)].name;
    line.x = makeColumn(percent(x));
    line.y = makeColumn(percent(y));
    line.role = each.role;
    line.dash = each.dash;
    return line;
}

ScatterLayer operatingPoint(const Curves& each, const std::string& id, double x, double y)
{
    ScatterLayer point;
    point.id = "operating point " + id;
    point.x = makeColumn({100 * x});
    point.y = makeColumn({100 * y});
    point.role = each.role;
    point.marker = Marker::Diamond;
    point.sizePt = 4.5;
    point.tips = {id + ": the threshold's operating point"};
    return point;
}

Panel panelOf(const char* id, const char* title, int column, const char* x, const char* y)
{
    Panel panel;
    panel.id = id;
    panel.title = title;
    panel.column = column;
    panel.legend = LegendPlace::None;
    panel.x.label = x;
    panel.y.label = y;
    panel.x.range = panel.y.range = std::array{0.0, 102.0};
    return panel;
}

Panel keyPanel(const StudyResults& results, const std::vector<Curves>& curves)
{
    KeyLayer key;
    key.id = "models";
    const std::vector<std::string> names = shortNames(results);
    for (const Curves& each : curves)
        key.entries.push_back({names[std::size_t(each.model->margins.model)] + ", AUROC " + threeDigits(*each.model->detectability.auroc), each.role,
            std::nullopt, false, each.dash, 1.2});
    key.entries.push_back({"operating point", ColourRole::Text, Marker::Diamond});
    Panel panel;
    panel.id = "models";
    panel.row = 1;
    panel.legend = LegendPlace::None;
    panel.x.isVisible = panel.y.isVisible = false;
    panel.heightEm = 1.4 * std::ceil(double(key.entries.size()) / 2);
    panel.layers.emplace_back(std::move(key));
    return panel;
}

std::string caption(const StudyResults& results, const StudySelection& selection, const std::vector<Curves>& curves, std::size_t all)
{
    const MarginQuery& query = selection.margins;
    std::string text = "How well the " + marginScoreLabel(query.score) + " finds images whose input margin is at most ε = "
        + epsText(epsOf(query), query.norm) + " (" + normLabel(query.norm) + "), the brittle ones. Found: of these; false alarms: of the others; precision: of those called brittle. " + marginSentence(results, query) + " ";
    for (const Curves& each : curves) {
        const Detectability& found = each.model->detectability;
        text += results.study.models[std::size_t(each.model->margins.model)].name + ": " + countText(found.brittle) + " of " + countText(found.images)
            + " brittle, AUROC " + threeDigits(*found.auroc) + ", AUPR " + threeDigits(*found.aupr) + ", FPR at 95 % found "
            + percentText(*found.fpr95) + ". ";
    }
    if (all > curves.size())
        text += "The first " + std::to_string(curves.size()) + " of " + std::to_string(all) + " models that have images of both kinds. ";
    return text + studySentence(results) + leftOutSentence(results);
}

std::optional<Figure> makeMarginDetection(const StudyResults& results, const StudySelection& selection)
{
    const std::vector<MarginsOfModel> models = marginsOfModels(results, selection);
    const double eps = epsOf(selection.margins);
    std::vector<Curves> curves;
    std::size_t all = 0;
    for (const MarginsOfModel& model : models) {
        if (!model.detectability.auroc || ++all > mostModels)
            continue;
        const auto number = curves.size();
        curves.push_back({&model, alarmCurve(model.scored, eps), precisionRecallCurve(model.scored, eps), seriesRole(int(number)),
            dashes[number / 2 % dashes.size()]});
    }
    if (curves.empty())
        return std::nullopt;
    Panel roc = panelOf("roc", "ROC", 0, "false alarms, %", "found, %");
    Panel precision = panelOf("precision-recall", "Precision and recall", 1, "found (recall), %", "precision, %");
    roc.layers.emplace_back(LineLayer{"chance", {}, makeColumn({0, 100}), makeColumn({0, 100}), ColourRole::Muted, Dash::Dotted});
    for (const Curves& each : curves) {
        roc.layers.emplace_back(lineOf(results, each, each.alarms.falseAlarms, each.alarms.found));
        precision.layers.emplace_back(lineOf(results, each, each.precision.recall, each.precision.precision));
        if (!each.model->threshold)
            continue;
        const std::string& name = results.study.models[std::size_t(each.model->margins.model)].name;
        const ThresholdCounts counts = countsAt(each.model->scored, eps, *each.model->threshold);
        const double found = double(counts.found) / double(counts.found + counts.missed);
        roc.layers.emplace_back(operatingPoint(each, name, double(counts.falseAlarms) / double(counts.falseAlarms + counts.passed), found));
        if (counts.found + counts.falseAlarms > 0)
            precision.layers.emplace_back(operatingPoint(each, name, found, double(counts.found) / double(counts.found + counts.falseAlarms)));
    }
    Figure figure;
    figure.name = "margin-detection";
    figure.caption = caption(results, selection, curves, all);
    figure.aspect = 0.52;
    figure.panels.push_back(std::move(roc));
    figure.panels.push_back(std::move(precision));
    figure.panels.push_back(keyPanel(results, curves));
    return figure;
}

} // namespace

StudyFigureInfo margindetectionStudyFigure()
{
    return {"margin-detection", "Brittle images", "How well the output's margin finds the images that a budget breaks: ROC, precision and recall",
        withStudyProvenance<makeMarginDetection>};
}

} // namespace brink
