// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/transferpairs.h"
#include "core/base/json.h"
#include "core/report/studyfigures.h"

#include <string>
#include <vector>

namespace brink {

/// What the user chose to see of a study, in its workspaces. Named by what stays the same when the study grows.
struct StudyView {
    std::string analysis;         ///< id, of the Study workspace; empty: the first that searches a smallest distance, else the first
    std::string transferAnalysis; ///< id, of the Transfer workspace; empty: the first that has transfers
    bool commonSet = false;
    bool logError = true;
    DistanceStatistic statistic = DistanceStatistic::Median;
    TransferRule rule = TransferRule::CorrectOnBoth;
    ModelOrder order = ModelOrder::Family;
    PairSort sort = PairSort::Margin;
    PairFilter filter = PairFilter::Transferring;
    std::vector<std::string> models; ///< picked ones, by name
    MarginQuery margins;          ///< of the Margins workspace
    int tableColumn = -1;         ///< the model table is sorted by it; -1: as in the study
    bool isTableDescending = false;
    bool operator==(const StudyView&) const = default;
};

[[nodiscard]] Json toJson(const StudyView& view);
/// What is missing or not known keeps its standard value: another version may have written it.
[[nodiscard]] StudyView studyViewFromJson(const Json& json);

/// Places of an analysis id and of model names in a study; those that are not there are left out.
[[nodiscard]] int analysisIndex(const Study& study, const std::string& id); ///< -1: none
[[nodiscard]] std::vector<int> modelIndices(const Study& study, const std::vector<std::string>& names);

} // namespace brink
