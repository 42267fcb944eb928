// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvaturerun.h"
#include "core/boundary/detectionrun.h"
#include "core/boundary/pathpairs.h"
#include "core/params/params.h"
#include "core/study/certification.h"
#include "core/study/study.h"

#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// An analysis of a study that looks at all its images together: curvature, detection, regions, certified radii.
struct BoundaryAnalysisInfo {
    AnalysisKind kind = AnalysisKind::Curvature;
    std::string name;       ///< "curvature", "detection", "regions", "certified": the word in study files
    std::string label;
    std::string summary;    ///< one line: what it gives
    ParamSpecs parameters;
};
[[nodiscard]] const std::vector<BoundaryAnalysisInfo>& boundaryAnalyses();
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] const BoundaryAnalysisInfo& boundaryAnalysis(std::string_view name);
/// Of an analysis of one of these kinds.
[[nodiscard]] const BoundaryAnalysisInfo& boundaryAnalysis(AnalysisKind kind);

/// What the parameters ask for. @throws Error(Usage|Domain) for attacks that do not exist or do not minimise the L2 distance.
[[nodiscard]] CurvatureRunRequest curvatureRunRequest(const Params& parameters, std::uint64_t seed);
[[nodiscard]] DetectionRunRequest detectionRunRequest(const Params& parameters, std::uint64_t seed);
[[nodiscard]] RegionSurveyRequest regionSurveyRequest(const Params& parameters, std::uint64_t seed);

} // namespace brink
