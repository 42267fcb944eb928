// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/marginparts.h"

#include "core/base/rng.h"
#include "core/base/text.h"
#include "core/report/figureparts.h"

#include <algorithm>
#include <cmath>

namespace brink::report {

namespace {

/// Many images give a narrow interval, which fewer resamples show as well and in the same time.
constexpr std::int64_t drawsInAll = 400'000, fewestResamples = 50, mostResamples = 400;

} // namespace

std::vector<MarginsOfModel> marginsOfModels(const StudyResults& results, const StudySelection& selection)
{
    std::vector<MarginsOfModel> all;
    for (const int model : orderedModels(results, selection.order)) {
        if (!isEmphasised(selection, model))
            continue;
        MarginsOfModel each;
        each.margins = marginsOf(results, model, selection.margins);
        std::erase_if(each.margins.rows, [&](const MarginRow& row) { return !isShown(results, selection, row.image); });
        each.scored = scoredMargins(each.margins, selection.margins.score, &each.rows);
        if (each.scored.empty())
            continue;
        const double eps = epsOf(selection.margins);
        const int resamples = int(std::clamp<std::int64_t>(drawsInAll / std::ssize(each.scored), fewestResamples, mostResamples));
        each.consistency = consistencyOf(each.scored, combineSeeds({results.study.seed, std::uint64_t(model)}), resamples);
        each.detectability = detectabilityAt(each.scored, eps);
        each.threshold = selection.margins.threshold ? selection.margins.threshold : bestScoreThreshold(each.scored, eps);
        all.push_back(std::move(each));
    }
    return all;
}

bool hasScores(const StudyResults& results)
{
    return std::ranges::any_of(results.scores, [](const std::vector<OutputScores>& model) {
        return std::ranges::any_of(model, [](const OutputScores& scores) { return !std::isnan(scores.logitMargin); });
    });
}

std::string epsText(double eps, Norm norm)
{
    const double steps = eps * 255;
    if (norm == Norm::Linf && steps > 0.5 && std::abs(steps - std::round(steps)) < 1e-6)
        return std::to_string(std::llround(steps)) + "/255";
    return formatReal(eps);
}

std::string marginSentence(const StudyResults& results, const MarginQuery& query)
{
    std::vector<std::string> names;
    bool isMinimised = false;
    for (const StudyAnalysis& analysis : results.study.analyses) {
        const bool counts = query.analyses.empty() || std::ranges::find(query.analyses, analysis.id) != query.analyses.end();
        if (analysis.kind != AnalysisKind::Attack || !counts)
            continue;
        names.push_back(labelWithGoal(analysis));
        isMinimised = isMinimised || (analysis.norm() == query.norm && attackInfo(analysis.attack.name).kind == AttackKind::MinimumNorm);
    }
    const std::string bound = isMinimised ? "; an upper bound."
                                          : "; an upper bound. None of them looks for the smallest " + normLabel(query.norm)
            + " distance: margins pile up at their budgets, and FAB or FMN would give nearer ones.";
    std::string text = "Input margin: " + normLabel(query.norm) + " distance to the nearest image of another class found by ";
    if (names.size() == 1)
        return text + names.front() + bound;
    text += "any of ";
    constexpr std::size_t mostNamed = 4;
    for (std::size_t i = 0; i < std::min(names.size(), mostNamed); ++i)
        text += (i == 0 ? "" : "; ") + names[i];
    if (names.size() > mostNamed)
        text += "; and " + std::to_string(names.size() - mostNamed) + " more";
    return text + bound;
}

std::string marginAxis(Norm norm)
{
    std::string label = distanceAxis(norm);
    constexpr std::string_view word = "distance";
    return label.starts_with(word) ? "input margin" + label.substr(word.size()) : label;
}

std::string tauText(const std::optional<ConsistencyEstimate>& estimate)
{
    if (!estimate)
        return "-";
    return threeDigits(estimate->tau) + " " + intervalText(estimate->interval);
}

} // namespace brink::report
