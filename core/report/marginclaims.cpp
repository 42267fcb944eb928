// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/claimevidence.h"
#include "core/report/figureparts.h"
#include "core/report/marginparts.h"

namespace brink::report {

namespace {

/// A model counts as robustly trained by what it stands, as its file does not say how it was trained.
constexpr double robustFrom = 0.2;
constexpr double consistentFrom = 0.6;
constexpr double detectsFrom = 0.9;

std::string whoCounts(const MarginQuery& query)
{
    return "every model with a robust accuracy of at least " + percentText(robustFrom) + " at ε = " + epsText(epsOf(query), query.norm) + " "
        + normLabel(query.norm);
}

} // namespace

std::vector<StudyClaim> marginClaims(const StudyResults& results, const StudySelection& selection)
{
    const MarginQuery& query = selection.margins;
    StudyClaim order{"Robustly trained models are margin-consistent: the " + marginScoreLabel(query.score) + " orders images as their input margins do",
        "tau-b of at least 0.6 on " + whoCounts(query) + " (Ngnawé et al. 2024)", "margin-consistency", {}, {}};
    StudyClaim finds{"On robustly trained models the " + marginScoreLabel(query.score) + " finds the images that a budget breaks",
        "AUROC of at least 0.9 on " + whoCounts(query) + " (Ngnawé et al. 2024)", "margin-detection", {}, {}};
    for (const MarginsOfModel& model : marginsOfModels(results, selection)) {
        const auto robust = robustAccuracyAt(results, model.margins, epsOf(query));
        if (!robust || *robust < robustFrom)
            continue;
        const std::string& name = results.study.models[std::size_t(model.margins.model)].name;
        if (model.consistency)
            judge(order, model.consistency->tau >= consistentFrom, name + ": " + tauText(model.consistency));
        if (model.detectability.auroc)
            judge(finds, *model.detectability.auroc >= detectsFrom, name + ": " + threeDigits(*model.detectability.auroc));
    }
    return {std::move(order), std::move(finds)};
}

} // namespace brink::report
