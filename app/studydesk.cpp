// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studydesk.h"

#include <algorithm>
#include <utility>

namespace brink {

bool hasTransfers(const StudyResults& results, int analysis)
{
    const StudyAnalysis& wanted = results.study.analyses[std::size_t(analysis)];
    return wanted.kind == AnalysisKind::Attack && (wanted.transfers || !results.transfers[std::size_t(analysis)].empty());
}

void StudyDesk::setPath(const QString& path)
{
    if (path == m_path)
        return;
    m_path = path;
    m_results.reset();
    m_failure.clear();
    m_state = path.isEmpty() ? StudyState::None : StudyState::Opening;
    m_cells = m_otherCells = {};
    m_view.models.clear();
    Q_EMIT pathChanged();
    Q_EMIT resultsChanged();
    Q_EMIT viewChanged();
    Q_EMIT cellsChanged();
    Q_EMIT stateChanged();
}

void StudyDesk::setResults(std::shared_ptr<const StudyResults> results)
{
    if (results == m_results)
        return;
    const bool isFirst = !m_results;
    m_results = std::move(results);
    if (isFirst && m_results)
        showMeasuredMargins();
    Q_EMIT resultsChanged();
}

/// Margins begin in a norm that the study's attacks minimise.
void StudyDesk::showMeasuredMargins()
{
    StudyView view = m_view;
    view.margins.norm = minimisedNorm(m_results->study, view.margins.norm);
    if (view.margins.norm != m_view.margins.norm)
        view.margins.eps.reset();
    setView(std::move(view));
}

void StudyDesk::setState(StudyState state, const QString& failure)
{
    if (state == m_state && failure == m_failure)
        return;
    m_state = state;
    m_failure = failure;
    Q_EMIT stateChanged();
}

void StudyDesk::setView(StudyView view)
{
    if (view == m_view)
        return;
    m_view = std::move(view);
    Q_EMIT viewChanged();
}

int StudyDesk::analysis() const
{
    if (!m_results || m_results->study.analyses.empty())
        return -1;
    const int chosen = analysisIndex(m_results->study, m_view.analysis);
    if (chosen >= 0)
        return chosen;
    // A fixed budget gives every model the same distance; what searches the smallest one has something to compare.
    const auto& analyses = m_results->study.analyses;
    const auto comparesDistances = [](const StudyAnalysis& analysis) {
        return analysis.kind == AnalysisKind::Attack && attackInfo(analysis.attack.name).kind == AttackKind::MinimumNorm;
    };
    const auto isCompared = [](const StudyAnalysis& analysis) { return !isOfBoundary(analysis.kind); };
    auto found = std::ranges::find_if(analyses, comparesDistances);
    if (found == analyses.end())
        found = std::ranges::find_if(analyses, isCompared);
    return found == analyses.end() ? 0 : int(found - analyses.begin());
}

int StudyDesk::transferAnalysis() const
{
    if (!m_results)
        return -1;
    const int chosen = analysisIndex(m_results->study, m_view.transferAnalysis);
    if (chosen >= 0 && hasTransfers(*m_results, chosen))
        return chosen;
    for (int i = 0; i < int(m_results->study.analyses.size()); ++i)
        if (hasTransfers(*m_results, i))
            return i;
    return -1;
}

StudySelection StudyDesk::selection() const { return selectionOf(analysis()); }

StudySelection StudyDesk::transferSelection() const { return selectionOf(transferAnalysis()); }

StudySelection StudyDesk::marginSelection() const
{
    StudySelection selection = this->selection();
    if (m_results)
        std::erase_if(selection.margins.analyses, [this](const std::string& id) { return analysisIndex(m_results->study, id) < 0; });
    return selection;
}

StudySelection StudyDesk::selectionOf(int analysis) const
{
    StudySelection selection;
    if (!m_results)
        return selection;
    if (analysis >= 0)
        selection.analysis = m_results->study.analyses[std::size_t(analysis)].id;
    selection.commonSet = m_view.commonSet;
    selection.logError = m_view.logError;
    selection.statistic = m_view.statistic;
    selection.rule = m_view.rule;
    selection.order = m_view.order;
    selection.models = modelIndices(m_results->study, m_view.models);
    selection.margins = m_view.margins;
    return selection;
}

void StudyDesk::pickModels(const std::vector<int>& models)
{
    if (!m_results)
        return;
    StudyView view = m_view;
    view.models.clear();
    for (const int model : models)
        if (isModel(model))
            view.models.push_back(m_results->study.models[std::size_t(model)].name);
    setView(std::move(view));
}

bool StudyDesk::isModel(int model) const
{
    return m_results && model >= 0 && model < int(m_results->study.models.size());
}

/// Only what the study has: a selection may come from a file that has grown smaller since.
CellSelection StudyDesk::within(CellSelection cells) const
{
    const auto isForeign = [this](int model) { return !isModel(model); };
    std::erase_if(cells.sources, isForeign);
    std::erase_if(cells.targets, isForeign);
    return cells.sources.empty() || cells.targets.empty() ? CellSelection() : cells;
}

void StudyDesk::pickCells(CellSelection cells)
{
    cells = within(std::move(cells));
    if (cells == m_cells && m_otherCells.empty())
        return;
    m_cells = std::move(cells);
    m_otherCells = {};
    Q_EMIT cellsChanged();
}

void StudyDesk::pickOtherCells(CellSelection cells)
{
    cells = within(std::move(cells));
    if (m_cells.empty())
        return pickCells(std::move(cells));
    if (cells == m_otherCells)
        return;
    m_otherCells = std::move(cells);
    Q_EMIT cellsChanged();
}

PairQuery StudyDesk::pairQuery() const
{
    return {transferAnalysis(), m_view.rule, m_cells, m_otherCells, m_view.filter, m_view.sort};
}

} // namespace brink
