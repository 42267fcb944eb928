// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/boundary/curvaturesurvey.h"
#include "core/boundary/detection.h"
#include "core/boundary/pathpairs.h"

#include <string>
#include <string_view>

namespace brink {

// Surveys, and single images of them, as bytes (CBOR) and back, bit for bit. Reading throws Error(Format) for bytes that are
// something else.

[[nodiscard]] std::string bytesOf(const SurveyImage& image);
[[nodiscard]] std::string bytesOf(const DetectionImage& image);
[[nodiscard]] std::string bytesOf(const CurvatureSurvey& survey);
[[nodiscard]] std::string bytesOf(const DetectionSurvey& survey);
[[nodiscard]] std::string bytesOf(const RegionSurvey& survey);

[[nodiscard]] SurveyImage surveyImageFrom(std::string_view bytes);
[[nodiscard]] DetectionImage detectionImageFrom(std::string_view bytes);
[[nodiscard]] CurvatureSurvey curvatureSurveyFrom(std::string_view bytes);
[[nodiscard]] DetectionSurvey detectionSurveyFrom(std::string_view bytes);
[[nodiscard]] RegionSurvey regionSurveyFrom(std::string_view bytes);

/// Without what is as large as images: boundary points, normals, principal directions and those that shared ones are compared with, but
/// for the first image that has directions; corners of paths, but for the first path with some. Their numbers stay.
[[nodiscard]] CurvatureSurvey withoutPixels(CurvatureSurvey survey);
[[nodiscard]] RegionSurvey withoutPixels(RegionSurvey survey);

} // namespace brink
