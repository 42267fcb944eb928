// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "core/margins/margins.h"
#include "core/study/studyresults.h"
#include "core/study/transfertable.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

enum class ModelOrder { AsGiven, Family, Accuracy, Clustering };
enum class DistanceStatistic { Median, Mean };

/// What of a study a figure shows.
struct StudySelection {
    std::optional<std::string> analysis{};  ///< id; absent: the first that the figure can show
    bool commonSet = false;                 ///< only images that all models classify correctly
    bool logError = true;                   ///< Pareto: ln(1 - accuracy) instead of accuracy
    DistanceStatistic statistic = DistanceStatistic::Median;
    TransferRule rule = TransferRule::CorrectOnBoth;
    ModelOrder order = ModelOrder::Family;
    std::vector<int> models{};              ///< only these are emphasised; empty: all
    MarginQuery margins{};                  ///< of the margin figures and tables
    bool operator==(const StudySelection&) const = default;
};

/// Panel of the "transfer" figure that holds the cells. Cell (r, c), row 0 on top, lies between x = c and c + 1 and y = n - r - 1 and
/// n - r; the axes have a tick with the model's name (without what all names begin with) in the middle of each row and column. Cells carry DataRef{"cell", "s,t"}, the
/// places of source and target in the study.
inline constexpr const char* transferPanel = "cells";
/// Points that stand for a model carry DataRef{"model", StudyModel::name}.
inline constexpr const char* modelRefKind = "model";
/// Points of the "margins" figure that stand for an image carry DataRef{"image", "m,i"}, places of model and image in the study. Its
/// panel of a model is named "model m"; rules "eps" (vertical) and "threshold" (horizontal) lie in each.
inline constexpr const char* imageRefKind = "image";

/// A figure made from a study's results; empty optional when there is no data for it yet.
struct StudyFigureInfo {
    std::string name;    ///< "pareto", "transfer", "success", "robust-accuracy"
    std::string label;
    std::string summary; ///< one line: what it shows
    std::optional<Figure> (*make)(const StudyResults&, const StudySelection&);
};

/// All of them, in the order of studyfigures.def.
[[nodiscard]] const std::vector<StudyFigureInfo>& studyFigureInfos();
/// Those of surveys of the decision boundary that a study holds: the figures of brink curvature, detect and connect, of the first
/// model selected that has the survey; and "certified", of several.
[[nodiscard]] const std::vector<StudyFigureInfo>& studySurveyFigureInfos();
/// Of both lists. @throws Error(Usage) naming the nearest.
[[nodiscard]] const StudyFigureInfo& studyFigureInfo(std::string_view name);

} // namespace brink
