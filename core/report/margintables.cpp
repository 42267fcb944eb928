// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/report/marginparts.h"

namespace brink::report {

namespace {

using Row = std::vector<Json>;

void addPercent(Row& row, const std::optional<double>& share) { row.push_back(share ? Json(100 * *share) : Json()); }

void addNumber(Row& row, const std::optional<double>& value) { row.push_back(value ? Json(*value) : Json()); }

} // namespace

StudyTable marginsTable(const StudyResults& results, const StudySelection& selection)
{
    const MarginQuery& query = selection.margins;
    const double eps = epsOf(query);
    StudyTable table;
    table.caption = "Margin consistency (Ngnawé et al. 2024): Kendall's tau-b between the " + marginScoreLabel(query.score)
        + " and the input margin with its 95 % bootstrap interval over images, and how the score finds images within eps = "
        + epsText(eps, query.norm) + ". " + marginSentence(results, query)
        + " Images on which no attack succeeded count as farther than eps and have no place in tau. Where only some images have a margin, the robust accuracy of all is estimated from their scores (sample-efficient, with a 95 % bootstrap "
          "interval over the measured images).";
    table.columns = {"model", "images", "no attack succeeded", "tau-b", "low", "high", "brittle", "AUROC", "AUPR", "FPR at 95 % found (%)",
        "threshold of " + marginScoreLabel(query.score), "brittle found", "false alarms", "robust accuracy (%)", "estimated of all images (%)", "estimate low (%)", "estimate high (%)",
        "classes in the last layer: largest over smallest L1 distance"};
    for (const MarginsOfModel& model : marginsOfModels(results, selection)) {
        Row row{results.study.models[std::size_t(model.margins.model)].name, std::ssize(model.scored), model.margins.unbroken};
        addNumber(row, model.consistency ? std::optional(model.consistency->tau) : std::nullopt);
        for (const std::size_t end : {0U, 1U})
            addNumber(row, model.consistency ? std::optional(model.consistency->interval[end]) : std::nullopt);
        row.push_back(model.detectability.brittle);
        addNumber(row, model.detectability.auroc);
        addNumber(row, model.detectability.aupr);
        addPercent(row, model.detectability.fpr95);
        addNumber(row, model.threshold);
        const bool hasCounts = model.threshold.has_value();
        const ThresholdCounts counts = hasCounts ? countsAt(model.scored, eps, *model.threshold) : ThresholdCounts();
        row.push_back(hasCounts ? Json(counts.found) : Json());
        row.push_back(hasCounts ? Json(counts.falseAlarms) : Json());
        addPercent(row, robustAccuracyAt(results, model.margins, eps));
        const auto estimate = estimatedRobustAccuracyAt(results, model.margins, query.score, eps);
        addPercent(row, estimate ? std::optional(estimate->robustAccuracy) : std::nullopt);
        for (const std::size_t end : {0U, 1U})
            addPercent(row, estimate ? std::optional(estimate->interval[end]) : std::nullopt);
        const auto& head = results.models[std::size_t(model.margins.model)].head;
        addNumber(row, head ? head->l1.ratio() : std::nullopt);
        table.rows.push_back(std::move(row));
    }
    return table;
}

StudyTable marginImagesTable(const StudyResults& results, const StudySelection& selection)
{
    const MarginQuery& query = selection.margins;
    StudyTable table;
    table.caption = "Input margin and scores of every image. " + marginSentence(results, query);
    table.columns = {"model", "image", "label", "classified as", "input margin " + normName(query.norm) + " (pixel range [0,1])", "found by",
        "forwards", "backwards"};
    for (const MarginScore score : marginScores())
        table.columns.push_back(marginScoreLabel(score));
    for (const MarginsOfModel& model : marginsOfModels(results, selection)) {
        for (const MarginRow& margin : model.margins.rows) {
            const StudyImageFacts& image = results.images[std::size_t(margin.image)];
            Row row{results.study.models[std::size_t(model.margins.model)].name, image.index, image.label,
                results.predicted[std::size_t(model.margins.model)][std::size_t(margin.image)]};
            addNumber(row, margin.margin);
            row.push_back(margin.foundBy < 0 ? Json() : Json(results.study.analyses[std::size_t(margin.foundBy)].id));
            row.push_back(margin.forwards);
            row.push_back(margin.backwards);
            for (const MarginScore score : marginScores())
                row.push_back(scoreOf(margin.scores, score));
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

} // namespace brink::report
