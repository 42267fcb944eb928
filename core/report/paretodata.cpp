// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/paretodata.h"

#include "core/base/rng.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

namespace report {

namespace {

constexpr std::uint64_t bootstrapStream = 0xb007;
constexpr double spareOfGrid = 0.06;

std::vector<double> gridOver(const std::vector<ModelPoint>& points, int size)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const ModelPoint& point : points) {
        const std::optional<double> logError = point.logError();
        if (!logError || !point.robustness)
            continue;
        low = std::min(low, *logError);
        high = std::max(high, *logError);
    }
    std::vector<double> grid;
    const double spare = spareOfGrid * (high - low);
    for (int i = 0; i < size && high > low; ++i)
        grid.push_back(std::min(0.0, std::lerp(low - spare, high + spare, double(i) / (size - 1))));
    return grid;
}

std::uint64_t bootstrapSeed(const StudyResults& results) { return combineSeeds({results.study.seed, bootstrapStream}); }

/// The model's rows of the analysis that the selection leaves in.
void countRows(const StudyResults& results, int analysis, const StudySelection& selection, ModelSummary& summary)
{
    const StudyCell& cell = results.cell(analysis, summary.model);
    for (const StudyAttackRow& row : cell.attack) {
        if (!isShown(results, selection, row.image))
            continue;
        ++summary.entered;
        summary.successes += row.success;
    }
    for (const StudyCleverRow& row : cell.clever) {
        if (!isShown(results, selection, row.image))
            continue;
        ++summary.entered;
        summary.refused += row.isRefused;
        summary.capped += row.capped && !row.isRefused;
    }
}

struct Summarised {
    std::vector<ModelSummary> summaries;
    std::vector<ModelPoint> points;
    ParetoBootstrap bootstrap;
};

Summarised summarised(const StudyResults& results, int analysis, const StudySelection& selection, const std::vector<int>& models,
    const std::vector<ModelImages>& images, const std::vector<double>& grid)
{
    Summarised made;
    const Centre centre = centreOf(selection.statistic);
    made.points = modelPoints(images, centre);
    made.bootstrap = bootstrapPareto(images, centre, grid, paretoResamples, bootstrapSeed(results));
    const bool isAttack = results.study.analyses[std::size_t(analysis)].kind == AnalysisKind::Attack;
    for (std::size_t i = 0; i < models.size(); ++i) {
        ModelSummary summary;
        summary.model = models[i];
        const CleanCount clean = cleanCount(results, models[i]);
        summary.correct = clean.correct;
        summary.images = clean.known;
        if (const auto accuracy = clean.accuracy())
            summary.accuracy = Estimate{*accuracy, wilsonInterval(clean.correct, clean.known)};
        countRows(results, analysis, selection, summary);
        if (isAttack && summary.entered > 0)
            summary.success = Estimate{double(summary.successes) / double(summary.entered), wilsonInterval(summary.successes, summary.entered)};
        if (made.points[i].robustness)
            (isAttack ? summary.distance : summary.clever) = Estimate{*made.points[i].robustness, made.bootstrap.robustness[i]};
        made.summaries.push_back(std::move(summary));
    }
    return made;
}

/// Whether the value shown is a lower bound: a median among capped scores, or a mean over any; a distance where most attacks failed,
/// since an image that was not fooled lies further than those that were.
bool isCensored(const StudyResults& results, int analysis, const StudySelection& selection, const ModelSummary& summary)
{
    if (summary.distance)
        return summary.success && summary.success->value < 0.5;
    if (!summary.clever || summary.capped == 0)
        return false;
    if (selection.statistic == DistanceStatistic::Mean)
        return true;
    double lowestCap = std::numeric_limits<double>::infinity();
    for (const StudyCleverRow& row : results.cell(analysis, summary.model).clever)
        if (row.capped && !row.isRefused && isShown(results, selection, row.image))
            lowestCap = std::min(lowestCap, row.score);
    return summary.clever->value >= lowestCap;
}

} // namespace

std::vector<ModelImages> modelImages(const StudyResults& results, int analysis, const StudySelection& selection, const std::vector<int>& models)
{
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const Norm norm = results.study.analyses[std::size_t(analysis)].norm();
    const int images = int(results.images.size());
    std::vector<ModelImages> made;
    for (const int model : models) {
        ModelImages own;
        for (int image = 0; image < images; ++image) {
            const bool isKnown = results.predicted[std::size_t(model)][std::size_t(image)] >= 0;
            own.correct.push_back(isKnown ? std::int8_t(results.isCorrect(model, image)) : std::int8_t(-1));
        }
        own.robustness.assign(std::size_t(images), none);
        const auto counts = [&](int image) { return results.isCorrect(model, image) && isShown(results, selection, image); };
        const StudyCell& cell = results.cell(analysis, model);
        for (const StudyAttackRow& row : cell.attack)
            if (row.success && counts(row.image))
                own.robustness[std::size_t(row.image)] = row.distance.in(norm);
        for (const StudyCleverRow& row : cell.clever)
            if (!row.isRefused && counts(row.image))
                own.robustness[std::size_t(row.image)] = row.score;
        made.push_back(std::move(own));
    }
    return made;
}

std::vector<ModelImages> withstoodImages(const StudyResults& results, int analysis, const StudySelection& selection,
    const std::vector<int>& models)
{
    std::vector<ModelImages> made = modelImages(results, analysis, selection, models);
    for (std::size_t i = 0; i < models.size(); ++i)
        for (const StudyAttackRow& row : results.cell(analysis, models[i]).attack)
            if (results.isCorrect(models[i], row.image) && isShown(results, selection, row.image))
                made[i].robustness[std::size_t(row.image)] = row.success ? 0 : 100;
    return made;
}

Centre centreOf(DistanceStatistic statistic) { return statistic == DistanceStatistic::Median ? Centre::Median : Centre::Mean; }

std::string statisticName(const StudyAnalysis& analysis, DistanceStatistic statistic)
{
    return std::string(statistic == DistanceStatistic::Median ? "median " : "mean ")
        + (analysis.kind == AnalysisKind::Attack ? "distance" : "CLEVER estimate");
}

bool isFixedBudget(const StudyAnalysis& analysis)
{
    return analysis.kind == AnalysisKind::Attack && attackInfo(analysis.attack.name).kind == AttackKind::FixedBudget;
}

std::optional<ParetoData> paretoData(const StudyResults& results, const StudySelection& selection, int gridPoints)
{
    const auto kindOf = [&](int a) { return results.study.analyses[std::size_t(a)].kind; };
    std::optional<int> index = chosenAnalysis(results, selection,
        [&](int a) { return kindOf(a) == AnalysisKind::Attack && !isFixedBudget(results.study.analyses[std::size_t(a)]); });
    if (!index)
        index = chosenAnalysis(results, selection, [&](int a) { return kindOf(a) == AnalysisKind::Clever; });
    if (!index)
        index = chosenAnalysis(results, selection, [&](int a) { return !isOfBoundary(kindOf(a)); });
    if (!index)
        return std::nullopt;
    const StudyAnalysis& analysis = results.study.analyses[std::size_t(*index)];
    ParetoData data;
    data.analysis = *index;
    data.models = workingModels(results);
    data.isFixedBudget = isFixedBudget(analysis);
    if (data.models.empty() || results.images.empty())
        return std::nullopt;
    StudySelection asked = selection;
    if (data.isFixedBudget)
        asked.statistic = DistanceStatistic::Mean;
    const std::vector<ModelImages> images = data.isFixedBudget ? withstoodImages(results, *index, asked, data.models)
                                                               : modelImages(results, *index, asked, data.models);
    data.grid = gridOver(modelPoints(images, centreOf(asked.statistic)), gridPoints);
    Summarised made = summarised(results, *index, asked, data.models, images, data.grid);
    if (std::ranges::none_of(made.points, &ModelPoint::isComplete))
        return std::nullopt;
    data.fits = fitPareto(made.points);
    data.errorFloor = 0.5 / double(results.images.size());
    for (std::size_t i = 0; i < data.models.size(); ++i) {
        data.success.push_back(made.summaries[i].success ? std::optional(made.summaries[i].success->value) : std::nullopt);
        data.isCapped.push_back(!data.isFixedBudget && isCensored(results, *index, asked, made.summaries[i]));
        data.withoutErrors += made.points[i].isComplete() && !made.points[i].logError();
    }
    data.summaries = std::move(made.summaries);
    data.points = std::move(made.points);
    data.bootstrap = std::move(made.bootstrap);
    if (data.isFixedBudget) {
        data.statisticName = "share of images that withstand";
        data.axisLabel = "withstand the attack, % of images";
        return data;
    }
    data.statisticName = statisticName(analysis, selection.statistic);
    const std::string word = selection.statistic == DistanceStatistic::Median ? "median " : "mean ";
    data.axisLabel = word + (analysis.kind == AnalysisKind::Attack ? distanceAxis(analysis.norm()) : estimateAxis(analysis.norm()));
    return data;
}

} // namespace report

std::vector<ModelSummary> modelSummaries(const StudyResults& results, int analysis, const StudySelection& selection)
{
    const std::vector<int> models = report::workingModels(results);
    if (models.empty())
        return {};
    return report::summarised(results, analysis, selection, models, report::modelImages(results, analysis, selection, models), {}).summaries;
}

} // namespace brink
