// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvaturesurvey.h"
#include "core/boundary/detection.h"
#include "core/figure/figure.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// What of a survey of curvature a figure shows.
struct CurvatureSelection {
    std::vector<CurvatureProfile> others{}; ///< of other models, drawn over the survey's own
    std::optional<std::int64_t> image{};    ///< index of the image whose directions are shown; absent: the first that has some
};

/// A figure made from a survey of curvature; empty optional when there is no data for it.
struct CurvatureFigureInfo {
    std::string name;    ///< "curvature-profile", "curvature-directions", "shared-directions", "noise-directions"
    std::string label;
    std::string summary; ///< one line: what it shows
    std::optional<Figure> (*make)(const CurvatureSurvey&, const CurvatureSelection&);
};

/// All of them, in the order of curvaturefigures.def.
[[nodiscard]] const std::vector<CurvatureFigureInfo>& curvatureFigureInfos();

/// The same of a survey of detection.
struct DetectionFigureInfo {
    std::string name;    ///< "detection-roc", "detection-scaling", "detection-labels"
    std::string label;
    std::string summary; ///< one line: what it shows
    std::optional<Figure> (*make)(const DetectionSurvey&);
};
/// All of them, in the order of detectionfigures.def.
[[nodiscard]] const std::vector<DetectionFigureInfo>& detectionFigureInfos();

} // namespace brink
