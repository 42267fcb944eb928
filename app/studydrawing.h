// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/studymodeltable.h"
#include "core/figure/figure.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// All that the Study workspace shows of one moment; made by a job, because the intervals take their time.
struct StudyDrawing {
    std::shared_ptr<const StudyResults> results;
    ModelTable table;
    std::map<std::string, std::optional<Figure>> figures; ///< by name
    std::optional<StudyTable> survey;   ///< of a survey of the boundary, which has no such figures; one row a model
    std::int64_t commonImages = 0;      ///< classified correctly by every model
    std::int64_t leastOwn = 0, mostOwn = 0; ///< images that enter, over models
};
[[nodiscard]] StudyDrawing drawStudy(std::shared_ptr<const StudyResults> results, int analysis, const StudySelection& selection);

/// All that the Transfer workspace shows but for the images behind cells.
struct TransferDrawing {
    std::shared_ptr<const StudyResults> results;
    int analysis = -1;
    TransferRule rule = TransferRule::All;
    std::optional<Figure> figure;
    std::vector<int> sources, targets; ///< models along rows, from the top, and columns, from the left
};
[[nodiscard]] TransferDrawing drawTransfer(std::shared_ptr<const StudyResults> results, int analysis, const StudySelection& selection);

/// Names of the figures of the Study workspace, in the order shown.
[[nodiscard]] const std::vector<std::string>& studyFigureNames();

} // namespace brink
