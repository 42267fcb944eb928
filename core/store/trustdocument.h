// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/detectors/detectorsurvey.h"
#include "core/diagnosis/diagnosis.h"
#include "core/smoothing/smoothing.h"
#include "core/store/resultdocument.h"

#include <string_view>
#include <vector>

namespace brink {

/// What the Trust workspace finds, as it is written to disk. Everything of it; reading it back gives the same bits. A field that a document
/// lacks keeps its standard value. Reading throws Error(Format) for a document that does not fit together, or is about what is not known here.
[[nodiscard]] ResultDocument documentOf(const Diagnosis& diagnosis);
[[nodiscard]] Diagnosis diagnosisFrom(const Json& header, std::string_view data);

[[nodiscard]] ResultDocument documentOf(const DetectorSurvey& survey);
[[nodiscard]] DetectorSurvey detectorSurveyFrom(const Json& header, std::string_view data);

/// One survey a standard deviation.
[[nodiscard]] ResultDocument documentOf(const std::vector<SmoothingSurvey>& surveys);
[[nodiscard]] std::vector<SmoothingSurvey> smoothingSurveysFrom(const Json& header, std::string_view data);

} // namespace brink
