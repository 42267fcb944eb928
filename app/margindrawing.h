// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "core/report/studyfigures.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// An image in the list of the Margins workspace.
struct MarginImage {
    int model = 0;      ///< places in the study
    int image = 0;
    bool isCorrect = false;
    std::optional<double> margin;
    int foundBy = -1;   ///< analysis
    double score = 0;
};

/// One model as the Margins workspace shows it.
struct MarginModel {
    int model = 0;
    std::vector<ScoredMargin> points;
    std::optional<double> threshold; ///< chosen, or the best at eps
};

/// All that the Margins workspace shows of one moment; made by a job, because the intervals take their time.
struct MarginDrawing {
    std::shared_ptr<const StudyResults> results;
    StudySelection selection;
    std::map<std::string, std::optional<Figure>> figures; ///< by name
    std::vector<MarginModel> models;                      ///< in the figures' order
    std::vector<MarginImage> images;                      ///< nearest first
    bool hasScores = true;                                ///< an older file has none
};
[[nodiscard]] MarginDrawing drawMargins(std::shared_ptr<const StudyResults> results, const StudySelection& selection);

/// Names of the figures of the Margins workspace, in the order shown.
[[nodiscard]] const std::vector<std::string>& marginFigureNames();

} // namespace brink
