// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studymodeltable.h"

#include "app/inspecttext.h"
#include "app/qtext.h"
#include "app/studytext.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Study", sentence); }

bool isClever(const StudyResults& results, int analysis)
{
    return analysis >= 0 && results.study.analyses[std::size_t(analysis)].kind == AnalysisKind::Clever;
}

TableCell missing(const QString& why = {}) { return {QStringLiteral("–"), std::numeric_limits<double>::infinity(), why, false, true}; }

QString intervalText(const Estimate& estimate, double factor)
{
    if (!estimate.interval)
        return {};
    return QStringLiteral("[%1, %2]").arg(shownNumber(factor * (*estimate.interval)[0]), shownNumber(factor * (*estimate.interval)[1]));
}

/// A number and its interval, in two columns.
void add(TableRow& row, const std::optional<Estimate>& estimate, double factor, const QString& toolTip, const QString& whyMissing)
{
    if (!estimate) {
        row.cells.push_back(missing(whyMissing));
        row.cells.push_back({{}, std::numeric_limits<double>::infinity(), whyMissing, false, true});
        return;
    }
    const double width = estimate->interval ? (*estimate->interval)[1] - (*estimate->interval)[0] : std::numeric_limits<double>::infinity();
    row.cells.push_back({shownNumber(factor * estimate->value), factor * estimate->value, toolTip, false, false});
    row.cells.push_back({intervalText(*estimate, factor), width, toolTip, false, true});
}

const ModelSummary* summaryOf(const std::vector<ModelSummary>& summaries, int model)
{
    const auto found = std::ranges::find(summaries, model, &ModelSummary::model);
    return found == summaries.end() ? nullptr : &*found;
}

TableCell cappedCell(const ModelSummary* clever)
{
    if (!clever || !clever->clever)
        return missing(text("no CLEVER estimate"));
    const std::int64_t scored = clever->entered - clever->refused;
    QString shown = text("%1 of %2").arg(shownCount(clever->capped), shownCount(scored));
    QString toolTip = text("Capped scores equal the sampling radius: the true estimate is at least that, so the number is a lower end.");
    if (clever->refused > 0)
        toolTip += text("\n%1 refused for too many zero gradients.").arg(shownCount(clever->refused));
    return {shown, qlonglong(clever->capped), toolTip, false, clever->capped == 0};
}

QString inputText(const StudyModelFacts& facts)
{
    return facts.classes == 0 ? QStringLiteral("–") : QStringLiteral("%1 × %2 × %3").arg(facts.input[0]).arg(facts.input[1]).arg(facts.input[2]);
}

TableRow workingRow(const StudyResults& results, const QStringList& shown, const ModelTable& table, const ModelSummary& summary)
{
    const StudyModel& model = results.study.models[std::size_t(summary.model)];
    const StudyModelFacts& facts = results.models[std::size_t(summary.model)];
    const QString name = shown[summary.model];
    TableRow row{qtext(model.name), {}};
    row.cells.push_back({name, name, QStringLiteral("%1\n%2").arg(qtext(model.name), qtext(model.path)), false, false});
    row.cells.push_back({qtext(model.family), qtext(model.family), {}, false, model.family.empty()});
    add(row, summary.accuracy, 100, text("%1 of %2 images").arg(shownCount(summary.correct), shownCount(summary.images)), text("not predicted yet"));
    add(row, summary.success, 100, text("%1 of %2 images that entered").arg(shownCount(summary.successes), shownCount(summary.entered)),
        isClever(results, table.analysis) ? text("CLEVER attacks nothing") : text("not computed yet"));
    row.cells.push_back(summary.success ? TableCell{text("%1 of %2").arg(shownCount(summary.successes), shownCount(summary.entered)),
                                              qlonglong(summary.entered), {}, false, true}
                                        : missing());
    add(row, summary.distance, 1, text("over the %1 successes only; failures have no distance").arg(shownCount(summary.successes)),
        text("no success, so no distance"));
    const ModelSummary* clever = summaryOf(table.clever, summary.model);
    add(row, clever ? clever->clever : std::nullopt, 1, {}, text("no CLEVER estimate"));
    row.cells.push_back(cappedCell(clever));
    row.cells.push_back(facts.parameters > 0 ? TableCell{shownNumber(double(facts.parameters) / 1e6), qlonglong(facts.parameters),
                                                   text("%1 weights").arg(shownCount(facts.parameters)), false, false}
                                             : missing());
    row.cells.push_back({inputText(facts), qlonglong(facts.input[1]), qtext(facts.conversions.empty() ? std::string() : facts.conversions.front()), false, true});
    return row;
}

TableRow brokenRow(const StudyResults& results, int model, std::size_t columns)
{
    const QString name = modelName(results, model);
    const QString why = qtext(results.models[std::size_t(model)].error);
    TableRow row{name, {}};
    row.cells.push_back({text("%1 (left out)").arg(name), name, why, false, true});
    while (row.cells.size() < columns)
        row.cells.push_back(missing(why));
    return row;
}

} // namespace

ModelTable modelTable(const StudyResults& results, int analysis, const StudySelection& selection)
{
    ModelTable table{analysis, -1, selection, {}, {}};
    if (analysis < 0)
        return table;
    const auto& analyses = results.study.analyses;
    table.summaries = modelSummaries(results, analysis, selection);
    const StudyAnalysis& shown = analyses[std::size_t(analysis)];
    const auto fits = [&shown](const StudyAnalysis& other) { return other.kind == AnalysisKind::Clever && other.norm() == shown.norm(); };
    auto found = std::ranges::find_if(analyses, [&](const StudyAnalysis& other) { return fits(other) && other.target == shown.target; });
    if (found == analyses.end())
        found = std::ranges::find_if(analyses, fits);
    if (isClever(results, analysis))
        found = analyses.begin() + analysis;
    if (found == analyses.end())
        return table;
    table.cleverAnalysis = int(found - analyses.begin());
    StudySelection ofClever = selection;
    ofClever.analysis = found->id;
    table.clever = table.cleverAnalysis == analysis ? table.summaries : modelSummaries(results, table.cleverAnalysis, ofClever);
    return table;
}

std::vector<TableColumn> modelColumns(const StudyResults* results, const ModelTable& table)
{
    const QString norm = results && table.analysis >= 0 ? qtext(normLabel(results->study.analyses[std::size_t(table.analysis)].norm())) : QString();
    const QString cleverNorm = results && table.cleverAnalysis >= 0 ? qtext(normLabel(results->study.analyses[std::size_t(table.cleverAnalysis)].norm())) : norm;
    const QString clever = results && table.cleverAnalysis >= 0 ? QLatin1Char('\n') + qtext(results->study.analyses[std::size_t(table.cleverAnalysis)].label) : QString();
    const QString middle = table.selection.statistic == DistanceStatistic::Median ? text("Median %1").arg(norm) : text("Mean %1").arg(norm);
    const QString interval = text("95 %");
    return {{text("Model"), text("Name in the study"), false}, {text("Family"), text("Architecture family: colour and marker in the figures"), false},
        {text("Accuracy, %"), text("Images of the study that the model classifies correctly, Wilson interval")}, {interval, text("Wilson, of the accuracy")},
        {text("Success, %"), text("Attacked images that became adversarial, of those that entered; Wilson interval")}, {interval, text("Wilson, of the success")},
        {text("n of m"), text("Successes of the images that entered")},
        {middle.trimmed(), text("Distance of the adversarial image, pixel range [0, 1], over successes only: read it beside the success rate")},
        {interval, text("Bootstrap over images, of the distance")},
        {text("CLEVER %1").arg(cleverNorm).trimmed(), text("CLEVER estimate of a lower bound of the distance (Weng et al. 2018); not a certificate") + clever},
        {interval, text("Bootstrap over images, of the CLEVER estimate")}, {text("Capped"), text("Scores that equal the sampling radius, of those given")},
        {text("Weights, M"), text("Number of weights, in millions")}, {text("Input"), text("Channels × height × width of the model's input")}};
}

std::vector<TableRow> modelRows(const StudyResults& results, const ModelTable& table)
{
    std::vector<TableRow> rows;
    const QStringList shown = shownNames(results);
    for (const ModelSummary& summary : table.summaries)
        rows.push_back(workingRow(results, shown, table, summary));
    const std::size_t columns = modelColumns(&results, table).size();
    for (int model = 0; model < int(results.models.size()); ++model)
        if (!results.works(model))
            rows.push_back(brokenRow(results, model, columns));
    return rows;
}

std::vector<int> emptyColumns(const StudyResults& results, const ModelTable& table)
{
    std::vector<int> columns;
    if (isClever(results, table.analysis))
        columns = {4, 5, 6, 7, 8};
    if (table.cleverAnalysis < 0)
        columns.insert(columns.end(), {9, 10, 11});
    return columns;
}

QString modelHint(const StudyResults& results, const ModelTable& table, int model)
{
    const StudyModel& facts = results.study.models[std::size_t(model)];
    QStringList lines{facts.family.empty() ? qtext(facts.name) : QStringLiteral("%1 · %2").arg(qtext(facts.name), qtext(facts.family))};
    const ModelSummary* summary = summaryOf(table.summaries, model);
    const ModelSummary* clever = summaryOf(table.clever, model);
    if (summary && summary->accuracy)
        lines << text("accuracy %1 % %2").arg(percentNumber(summary->accuracy->value), intervalText(*summary->accuracy, 100));
    if (summary && summary->success)
        lines << text("success %1 %, %2 of %3").arg(percentNumber(summary->success->value), shownCount(summary->successes), shownCount(summary->entered));
    if (summary && summary->distance)
        lines << text("distance %1 %2").arg(distanceText(results, table.analysis, summary->distance->value), intervalText(*summary->distance, 1));
    if (clever && clever->clever)
        lines << text("CLEVER %1 %2, %3 capped").arg(shownNumber(clever->clever->value), intervalText(*clever->clever, 1), shownCount(clever->capped));
    return lines.join(QLatin1Char('\n'));
}

} // namespace brink
