// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/boundary/surveyimages.h"
#include "core/study/studyresults.h"
#include "core/study/studyunits.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace brink {

/// Finished parts of a survey that outlive it when it is stopped or cut off. Called from any thread.
class SurveyParts {
public:
    SurveyParts() = default;
    SurveyParts(const SurveyParts&) = delete;
    SurveyParts& operator=(const SurveyParts&) = delete;
    virtual ~SurveyParts() = default;
    [[nodiscard]] virtual std::optional<std::string> find(int part) = 0;
    virtual void keep(int part, const std::string& bytes) = 0;
};

struct SurveyUnit {
    std::string bytes; ///< for surveyFrom()
    EvaluationCounts counts;
    bool stopped = false;
};

/// One boundary analysis of one model over all its images. What it gives does not depend on which parts were there already.
/// Every image of curvature, detection and certified radii is a part. @throws Error(Domain) for images that the analysis cannot do with.
[[nodiscard]] SurveyUnit surveyUnit(const StudyNet& net, const StudyAnalysis& analysis, const SurveyImages& images, std::uint64_t seed,
    SurveyParts& parts, Monitor& monitor);

/// @throws Error(Format) for bytes that are something else.
[[nodiscard]] StudySurvey surveyFrom(AnalysisKind kind, std::string_view bytes);

} // namespace brink
