// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/studyfigures.h"
#include "core/report/studytables.h"
#include "core/stats/paretobootstrap.h"

#include <optional>
#include <string>
#include <vector>

namespace brink::report {

inline constexpr int paretoResamples = 2000;

/// What each of the models did on every image of the study with one analysis: distances of successful attacks, or CLEVER scores
/// that are not refused, on images that the model classifies correctly and the selection leaves in.
[[nodiscard]] std::vector<ModelImages> modelImages(const StudyResults& results, int analysis, const StudySelection& selection,
    const std::vector<int>& models);
/// The same for an attack of fixed budget: 100 where the image withstands it, 0 where it is fooled.
[[nodiscard]] std::vector<ModelImages> withstoodImages(const StudyResults& results, int analysis, const StudySelection& selection,
    const std::vector<int>& models);
[[nodiscard]] Centre centreOf(DistanceStatistic statistic);
/// "median distance", "mean CLEVER estimate".
[[nodiscard]] std::string statisticName(const StudyAnalysis& analysis, DistanceStatistic statistic);
/// Whether the attack spends its whole budget, so that its distances are no distances to the boundary.
[[nodiscard]] bool isFixedBudget(const StudyAnalysis& analysis);

/// All that the Pareto plot shows; vectors have one entry a model.
struct ParetoData {
    int analysis = 0;
    std::vector<int> models;
    std::vector<ModelSummary> summaries;
    std::vector<ModelPoint> points;
    std::vector<std::optional<double>> success; ///< attacks only
    std::vector<bool> isCapped;                 ///< the true value is at least the one shown: capped scores, or most attacks failed
    ParetoFits fits;
    ParetoBootstrap bootstrap;
    std::vector<double> grid;                   ///< ln(error), rising
    double errorFloor = 0;                      ///< error at which models without errors are drawn: half an image
    int withoutErrors = 0;
    std::string statisticName, axisLabel;
    bool isFixedBudget = false; ///< the values are the shares of images, in percent, that withstand the attack: its distances say nothing
};
/// Without a selected analysis: the first minimum-norm attack, else CLEVER, else any attack. Absent without any model that has both values.
[[nodiscard]] std::optional<ParetoData> paretoData(const StudyResults& results, const StudySelection& selection, int gridPoints);

} // namespace brink::report
