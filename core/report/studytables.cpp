// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/studytables.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/report/marginparts.h"
#include "core/report/paretodata.h"
#include "core/report/studyclaims.h"
#include "core/report/studyparts.h"
#include "core/report/surveyparts.h"

#include <algorithm>
#include <array>

namespace brink {

using namespace report;

namespace {

using Row = std::vector<Json>;

constexpr std::array rules{TransferRule::All, TransferRule::CorrectOnTarget, TransferRule::CorrectOnBoth, TransferRule::FooledSource};

/// Every analysis, or the selected one. @throws Error(Usage) for one that is not in the study.
std::vector<int> shownAnalyses(const StudyResults& results, const StudySelection& selection)
{
    std::vector<int> shown;
    std::vector<std::string> known;
    for (int a = 0; a < int(results.study.analyses.size()); ++a) {
        known.push_back(results.study.analyses[std::size_t(a)].id);
        if (!selection.analysis || known.back() == *selection.analysis)
            shown.push_back(a);
    }
    if (shown.empty() && selection.analysis)
        throw Error(ErrorCode::Usage, unknownName("analysis", *selection.analysis, known));
    return shown;
}

void addPercent(Row& row, const std::optional<Estimate>& estimate)
{
    const bool hasInterval = estimate && estimate->interval;
    row.push_back(estimate ? Json(100 * estimate->value) : Json());
    row.push_back(hasInterval ? Json(100 * (*estimate->interval)[0]) : Json());
    row.push_back(hasInterval ? Json(100 * (*estimate->interval)[1]) : Json());
}

void addEstimate(Row& row, const std::optional<Estimate>& estimate)
{
    const bool hasInterval = estimate && estimate->interval;
    row.push_back(estimate ? Json(estimate->value) : Json());
    row.push_back(hasInterval ? Json((*estimate->interval)[0]) : Json());
    row.push_back(hasInterval ? Json((*estimate->interval)[1]) : Json());
}

/// Without surveys of the boundary, which have tables of their own.
std::vector<int> comparedAnalyses(const StudyResults& results, const StudySelection& selection)
{
    std::vector<int> shown = shownAnalyses(results, selection);
    std::erase_if(shown, [&](int a) { return isOfBoundary(results.study.analyses[std::size_t(a)].kind); });
    return shown;
}

StudyTable modelsTable(const StudyResults& results, const StudySelection& selection)
{
    StudyTable table;
    const std::string word = selection.statistic == DistanceStatistic::Median ? "median" : "mean";
    table.caption = "Accuracy over the study's images, success and " + word
        + " distance over successful attacks only (biased low where the success is below 100 %), CLEVER over scores that are not refused, capped ones as "
          "the radius. Intervals: 95 %, Wilson for shares, bootstrap over images for distances. "
        + studySentence(results);
    table.columns = {"model", "family", "parameters", "analysis", "accuracy (%)", "accuracy low (%)", "accuracy high (%)", "correct", "images",
        "entered", "success (%)", "success low (%)", "success high (%)", "norm", word + " distance", "distance low", "distance high", word + " CLEVER",
        "CLEVER low", "CLEVER high", "capped", "refused", "error"};
    for (const int a : comparedAnalyses(results, selection)) {
        const StudyAnalysis& analysis = results.study.analyses[std::size_t(a)];
        const bool isClever = analysis.kind == AnalysisKind::Clever;
        const std::vector<ModelSummary> summaries = modelSummaries(results, a, selection);
        for (int m = 0; m < int(results.models.size()); ++m) {
            const StudyModel& model = results.study.models[std::size_t(m)];
            const auto found = std::ranges::find(summaries, m, &ModelSummary::model);
            Row row{model.name, model.family.empty() ? Json() : Json(model.family),
                results.models[std::size_t(m)].parameters > 0 ? Json(results.models[std::size_t(m)].parameters) : Json(), analysis.id};
            if (found == summaries.end()) {
                row.resize(table.columns.size() - 1);
                row.emplace_back(results.models[std::size_t(m)].error);
                table.rows.push_back(std::move(row));
                continue;
            }
            addPercent(row, found->accuracy);
            row.insert(row.end(), {found->correct, found->images, found->entered});
            addPercent(row, found->success);
            row.emplace_back(normName(analysis.norm()));
            addEstimate(row, found->distance);
            addEstimate(row, found->clever);
            row.push_back(isClever ? Json(found->capped) : Json());
            row.push_back(isClever ? Json(found->refused) : Json());
            const std::vector<std::string>& errors = results.cell(a, m).errors;
            row.push_back(errors.empty() ? Json() : Json(errors.front()));
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

StudyTable transferRowsTable(const StudyResults& results, const StudySelection& selection)
{
    StudyTable table;
    table.caption = "Images made on the source that the target misclassifies (untargeted) or puts into the attack's target class (targeted), and how many "
                    "count, under each rule. "
        + studySentence(results);
    table.columns = {"analysis", "source", "target"};
    for (const TransferRule rule : rules)
        for (const char* what : {" hits", " total", " (%)"})
            table.columns.push_back(transferRuleLabel(rule) + what);
    table.columns.insert(table.columns.end(), {"conversion", "refused"});
    for (const int a : shownAnalyses(results, selection)) {
        if (results.transfers[std::size_t(a)].empty())
            continue;
        for (int source = 0; source < int(results.models.size()); ++source) {
            for (int target = 0; target < int(results.models.size()); ++target) {
                Row row{results.study.analyses[std::size_t(a)].id, results.study.models[std::size_t(source)].name,
                    results.study.models[std::size_t(target)].name};
                for (const TransferRule rule : rules) {
                    const auto count = transferCount(results, a, source, target, rule);
                    row.push_back(count ? Json(count->hits) : Json());
                    row.push_back(count ? Json(count->total) : Json());
                    row.push_back(count && count->total > 0 ? Json(100.0 * double(count->hits) / double(count->total)) : Json());
                }
                const auto pair = results.transfers[std::size_t(a)].find({source, target});
                const bool isConverted = pair != results.transfers[std::size_t(a)].end() && !pair->second->conversions.empty();
                row.push_back(isConverted ? Json(pair->second->conversions.front()) : Json());
                const auto refused = results.refusedPairs.find({source, target});
                row.push_back(refused != results.refusedPairs.end() ? Json(refused->second) : Json());
                table.rows.push_back(std::move(row));
            }
        }
    }
    return table;
}

/// What both kinds of rows begin with.
Row outcomeHead(const StudyResults& results, int analysis, int model, std::int32_t image, std::int32_t target)
{
    const StudyImageFacts& facts = results.images[std::size_t(image)];
    const std::int32_t predicted = results.predicted[std::size_t(model)][std::size_t(image)];
    return {results.study.analyses[std::size_t(analysis)].id, results.study.models[std::size_t(model)].name, facts.index, facts.label,
        predicted < 0 ? Json() : Json(predicted), target < 0 ? Json() : Json(target)};
}

Row attackOutcome(const StudyResults& results, int analysis, int model, const StudyAttackRow& row)
{
    Row cells = outcomeHead(results, analysis, model, row.image, row.target);
    cells.emplace_back(row.success);
    cells.push_back(row.success ? Json(row.adversarialClass) : Json());
    for (const Norm norm : {Norm::L0, Norm::L1, Norm::L2, Norm::Linf})
        cells.push_back(row.success ? Json(row.distance.in(norm)) : Json());
    cells.push_back(row.success ? Json(row.survives8bit) : Json());
    cells.push_back(row.success ? Json(row.survivesJpeg) : Json());
    cells.insert(cells.end(), {Json(), Json(), Json(), Json(), Json()});
    cells.insert(cells.end(), {row.steps, row.forwards, row.backwards, double(row.seconds)});
    return cells;
}

Row cleverOutcome(const StudyResults& results, int analysis, int model, const StudyCleverRow& row)
{
    Row cells = outcomeHead(results, analysis, model, row.image, row.target);
    cells.resize(cells.size() + 8);
    cells.push_back(row.isRefused ? Json() : Json(row.score));
    cells.push_back(row.isRefused ? Json() : Json(row.interval[0]));
    cells.push_back(row.isRefused ? Json() : Json(row.interval[1]));
    cells.emplace_back(row.capped);
    cells.emplace_back(row.isRefused);
    cells.insert(cells.end(), {Json(), row.forwards, row.backwards, double(row.seconds)});
    return cells;
}

StudyTable outcomesTable(const StudyResults& results, const StudySelection& selection)
{
    StudyTable table;
    table.caption = "Every attack and CLEVER score on every image. Distances in pixel units [0,1]; classes are those of the data set. "
        + studySentence(results);
    table.columns = {"analysis", "model", "image", "label", "predicted", "target", "success", "adversarial class", "L0 (values)", "L1", "L2", "Linf",
        "survives 8 bit", "survives JPEG", "CLEVER", "CLEVER low", "CLEVER high", "capped", "refused", "steps", "forwards", "backwards", "time (s)"};
    for (const int a : shownAnalyses(results, selection)) {
        for (int m = 0; m < int(results.models.size()); ++m) {
            if (!isEmphasised(selection, m))
                continue;
            for (const StudyAttackRow& row : results.cell(a, m).attack)
                if (isShown(results, selection, row.image))
                    table.rows.push_back(attackOutcome(results, a, m, row));
            for (const StudyCleverRow& row : results.cell(a, m).clever)
                if (isShown(results, selection, row.image))
                    table.rows.push_back(cleverOutcome(results, a, m, row));
        }
    }
    return table;
}

const char* verdictName(const StudyClaim& claim)
{
    return !claim.holds ? "not tested here" : *claim.holds ? "holds" : "does not hold";
}

StudyTable claimsTable(const StudyResults& results, const StudySelection& selection)
{
    StudyTable table;
    table.caption = "What the survey of 18 ImageNet models says (Su et al. 2018, arXiv 1808.01688), asked of this study, that on margin consistency (Ngnawé et al. 2024, arXiv 2406.18451), and those on the decision boundary (Fawzi et al. 2017, arXiv 1705.09552). Rates of transfer count "
                    "under the rule \""
        + transferRuleLabel(selection.rule) + "\". " + studySentence(results);
    table.columns = {"claim", "counts as holding when", "here", "verdict", "figure"};
    for (const StudyClaim& claim : studyClaims(results, selection))
        table.rows.push_back({claim.claim, claim.criterion, claim.numbers.empty() ? Json() : Json(claim.numbers), verdictName(claim), claim.figure});
    return table;
}

struct TableMaker {
    const char* name;
    StudyTable (*make)(const StudyResults&, const StudySelection&);
};
constexpr TableMaker makers[] = {{"models", modelsTable}, {"transfer", transferRowsTable}, {"outcomes", outcomesTable}, {"claims", claimsTable},
    {"margins", marginsTable}, {"margin-images", marginImagesTable}, {"curvature", curvatureTable}, {"detection", detectionTable}, {"regions", regionsTable},
    {"certified", certifiedTable}};

} // namespace

std::vector<std::string> studyTableNames()
{
    std::vector<std::string> names;
    for (const TableMaker& maker : makers)
        names.emplace_back(maker.name);
    return names;
}

StudyTable studyTable(const StudyResults& results, std::string_view name, const StudySelection& selection)
{
    for (const TableMaker& maker : makers) {
        if (name != maker.name)
            continue;
        StudyTable table = maker.make(results, selection);
        table.name = maker.name;
        return table;
    }
    throw Error(ErrorCode::Usage, unknownName("table", name, studyTableNames()));
}

} // namespace brink
