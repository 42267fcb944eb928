// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/studyfigures.h"
#include "core/stats/cluster.h"
#include "core/stats/groups.h"

#include <optional>
#include <vector>

namespace brink::report {

/// The transfer of one attack as the selection wants it: rule, common set, order. Rows are sources, columns targets.
struct TransferRates {
    std::vector<int> models;                            ///< of row and column i
    std::vector<std::optional<TransferCount>> counts;   ///< [n][n]
    SquareMatrix rates;                                 ///< hits / total; NaN where missing or without images
    std::vector<std::optional<double>> sourceStrength;  ///< mean of the row without the diagonal
    std::vector<std::optional<double>> targetVulnerability; ///< mean of the column without the diagonal
    std::optional<Dendrogram> tree;                     ///< ordered by clustering only; its order is 0, 1, 2 ...

    [[nodiscard]] std::size_t size() const { return models.size(); }
    [[nodiscard]] const std::optional<TransferCount>& count(std::size_t row, std::size_t column) const { return counts[row * size() + column]; }
};
/// Clustering: average linkage on 1 - (T_ij + T_ji) / 2 with optimal leaf order; a pair without numbers counts as unlike.
[[nodiscard]] TransferRates transferRates(const StudyResults& results, int analysis, const StudySelection& selection);

/// Do models of one family fool each other more than others?
struct FamilyTransfer {
    GroupMeans means;
    double p = 1; ///< permutation test, 10,000 draws, seeded by the study
};
/// Absent without two models of one family and another.
[[nodiscard]] std::optional<FamilyTransfer> familyTransfer(const StudyResults& results, const TransferRates& rates);

} // namespace brink::report
