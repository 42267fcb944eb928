// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/claimevidence.h"

#include "core/report/paretodata.h"
#include "core/report/studyparts.h"

#include <algorithm>
#include <cmath>

namespace brink::report {

namespace {

/// A number of an analysis.
struct Reading {
    int analysis = 0;
    double value = 0;
};

double numberOf(const StudyAnalysis& analysis, const std::string& key)
{
    const ParamValue& value = analysis.attack.parameters.value(key);
    const auto* whole = std::get_if<long long>(&value);
    return whole ? double(*whole) : std::get<double>(value);
}

} // namespace

Evidence::Evidence(const StudyResults& results, const StudySelection& selection)
    : m_results(results), m_selection(selection), m_models(workingModels(results))
{
}

StudySelection Evidence::selectionOf(int a, DistanceStatistic statistic) const
{
    StudySelection selection = m_selection;
    selection.analysis = analysis(a).id;
    selection.statistic = statistic;
    return selection;
}

Analyses Evidence::attacks(const std::function<bool(const StudyAnalysis&)>& isWanted) const
{
    Analyses found;
    for (int a = 0; a < int(m_results.study.analyses.size()); ++a)
        if (analysis(a).kind == AnalysisKind::Attack && isWanted(analysis(a)))
            found.push_back(a);
    return found;
}

Analyses Evidence::attacks(std::string_view name, bool wantsTarget) const
{
    return attacks([=](const StudyAnalysis& each) { return each.attack.name == name && isTargeted(each) == wantsTarget; });
}

Analyses Evidence::transferring() const
{
    Analyses found;
    for (int a = 0; a < int(m_results.study.analyses.size()); ++a)
        if (!m_results.transfers[std::size_t(a)].empty())
            found.push_back(a);
    return found;
}

Analyses Evidence::robustnessMeasures() const
{
    Analyses measures;
    for (int a = 0; a < int(m_results.study.analyses.size()); ++a)
        if (!isFixedBudget(analysis(a)))
            measures.push_back(a);
    return measures;
}

bool Evidence::isSameBut(int a, int b, const std::string& key, bool ignoresTarget) const
{
    if (analysis(a).attack.name != analysis(b).attack.name || analysis(a).norm() != analysis(b).norm())
        return false;
    if (!ignoresTarget && analysis(a).target != analysis(b).target)
        return false;
    Json first = analysis(a).attack.parameters.toJson();
    Json second = analysis(b).attack.parameters.toJson();
    first.erase(key);
    second.erase(key);
    return first == second;
}

std::optional<double> Evidence::success(int a) const
{
    std::int64_t successes = 0;
    std::int64_t entered = 0;
    for (const int m : m_models) {
        for (const StudyAttackRow& row : m_results.cell(a, m).attack) {
            if (!isShown(m_results, m_selection, row.image))
                continue;
            ++entered;
            successes += row.success;
        }
    }
    return entered == 0 ? std::nullopt : std::optional(double(successes) / double(entered));
}

std::optional<double> Evidence::distance(int a, Norm norm) const
{
    double sum = 0;
    std::int64_t count = 0;
    for (const int m : m_models) {
        for (const StudyAttackRow& row : m_results.cell(a, m).attack) {
            if (!row.success || !m_results.isCorrect(m, row.image) || !isShown(m_results, m_selection, row.image))
                continue;
            sum += row.distance.in(norm);
            ++count;
        }
    }
    return count == 0 ? std::nullopt : std::optional(sum / double(count));
}

const std::vector<ModelPoint>& Evidence::points(int a)
{
    auto found = m_points.find(a);
    if (found == m_points.end())
        found = m_points.emplace(a, modelPoints(modelImages(m_results, a, m_selection, m_models), Centre::Mean)).first;
    return found->second;
}

const TransferRates& Evidence::rates(int a)
{
    auto found = m_rates.find(a);
    if (found == m_rates.end()) {
        StudySelection selection = m_selection;
        selection.order = ModelOrder::AsGiven;
        found = m_rates.emplace(a, transferRates(m_results, a, selection)).first;
    }
    return found->second;
}

std::optional<double> Evidence::transfer(int a)
{
    double sum = 0;
    int cells = 0;
    const TransferRates& own = rates(a);
    for (std::size_t i = 0; i < own.size(); ++i) {
        for (std::size_t k = 0; k < own.size(); ++k) {
            if (i == k || !std::isfinite(own.rates.at(i, k)))
                continue;
            sum += own.rates.at(i, k);
            ++cells;
        }
    }
    return cells == 0 ? std::nullopt : std::optional(sum / cells);
}

bool isTargeted(const StudyAnalysis& analysis) { return analysis.target.kind != TargetRule::Kind::Untargeted; }

std::string reading(const Evidence& evidence, int a, const std::string& value) { return analysisLabel(evidence.analysis(a)) + ": " + value; }

void append(std::string& text, const std::string& part) { text += (text.empty() ? "" : "; ") + part; }

void judge(StudyClaim& claim, bool passes, const std::string& numbers)
{
    claim.holds = claim.holds.value_or(true) && passes;
    append(claim.numbers, numbers);
}

StudyClaim alongParameter(Evidence& evidence, StudyClaim claim, const Analyses& analyses, const std::string& key, bool shouldRise,
    const std::function<std::optional<double>(int)>& value, const std::function<std::string(double)>& text)
{
    std::vector<bool> isUsed(analyses.size(), false);
    for (std::size_t i = 0; i < analyses.size(); ++i) {
        std::vector<Reading> group;
        for (std::size_t k = i; k < analyses.size(); ++k) {
            if (isUsed[k] || !evidence.analysis(analyses[k]).attack.parameters.contains(key) || !evidence.isSameBut(analyses[i], analyses[k], key))
                continue;
            isUsed[k] = true;
            if (const auto own = value(analyses[k]))
                group.push_back({analyses[k], *own});
        }
        if (group.size() < 2)
            continue;
        std::ranges::stable_sort(group, {}, [&](const Reading& each) { return numberOf(evidence.analysis(each.analysis), key); });
        for (std::size_t k = 1; k < group.size(); ++k) {
            const double change = (group[k].value - group[k - 1].value) * (shouldRise ? 1 : -1);
            claim.holds = claim.holds.value_or(true) && change >= 0;
        }
        for (const Reading& each : group)
            append(claim.numbers, reading(evidence, each.analysis, text(each.value)));
    }
    return claim;
}

} // namespace brink::report
