// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryfigures.h"
#include "core/report/certifiedparts.h"
#include "core/report/pathfigure.h"
#include "core/report/studyparts.h"
#include "core/report/surveyparts.h"

#include <algorithm>

namespace brink {

using namespace report;

namespace {

/// The figure is of a survey; that it comes from a study is added.
std::optional<Figure> withStudy(std::optional<Figure> figure, const StudyResults& results, const StudySelection& selection)
{
    if (!figure)
        return figure;
    figure->provenance["study"] = studyProvenance(results, selection);
    return figure;
}

/// Profiles of the other models that are shown, for the one figure that compares them.
std::vector<CurvatureProfile> otherProfiles(const std::vector<std::shared_ptr<const CurvatureSurvey>>& surveys)
{
    std::vector<CurvatureProfile> profiles;
    for (std::size_t i = 1; i < surveys.size(); ++i)
        if (auto profile = curvatureProfile(*surveys[i]))
            profiles.push_back(std::move(*profile));
    return profiles;
}

/// A figure of curvatureFigureInfos() of the first model that is shown.
template <std::size_t number>
std::optional<Figure> ofCurvature(const StudyResults& results, const StudySelection& selection)
{
    const auto surveys = shownSurveys(results, selection, AnalysisKind::Curvature, &StudySurvey::curvature);
    if (surveys.empty())
        return std::nullopt;
    return withStudy(curvatureFigureInfos()[number].make(*surveys.front(), {otherProfiles(surveys), {}}), results, selection);
}

template <std::size_t number>
std::optional<Figure> ofDetection(const StudyResults& results, const StudySelection& selection)
{
    const auto surveys = shownSurveys(results, selection, AnalysisKind::Detection, &StudySurvey::detection);
    return surveys.empty() ? std::nullopt : withStudy(detectionFigureInfos()[number].make(*surveys.front()), results, selection);
}

/// The first path with corners; the others have no pictures in the file.
std::optional<Figure> makePath(const StudyResults& results, const StudySelection& selection)
{
    for (const auto& survey : shownSurveys(results, selection, AnalysisKind::Regions, &StudySurvey::regions)) {
        const auto shown = std::ranges::find_if(survey->paths, [](const RegionPath& path) { return path.isFound && !path.isStraight; });
        if (shown != survey->paths.end())
            return withStudy(pathFigure(*shown, survey->classNames), results, selection);
    }
    return std::nullopt;
}

std::optional<Figure> makeConvexity(const StudyResults& results, const StudySelection& selection)
{
    for (const auto& survey : shownSurveys(results, selection, AnalysisKind::Regions, &StudySurvey::regions))
        if (survey->convexity)
            return withStudy(convexityFigure(*survey->convexity), results, selection);
    return std::nullopt;
}

template <std::size_t number>
StudyFigureInfo curvatureInfo()
{
    const CurvatureFigureInfo& info = curvatureFigureInfos()[number];
    return {info.name, info.label, info.summary, ofCurvature<number>};
}

template <std::size_t number>
StudyFigureInfo detectionInfo()
{
    const DetectionFigureInfo& info = detectionFigureInfos()[number];
    return {info.name, info.label, info.summary, ofDetection<number>};
}

} // namespace

const std::vector<StudyFigureInfo>& studySurveyFigureInfos()
{
    static const std::vector<StudyFigureInfo> infos{curvatureInfo<0>(), curvatureInfo<1>(), curvatureInfo<2>(), curvatureInfo<3>(), detectionInfo<0>(), detectionInfo<1>(),
        detectionInfo<2>(), {"path", "Path between images", "A path with corners between two images of one class that stays inside it", makePath},
        {"convexity", "Convex combinations", "How often convex combinations of images of one class stay in it", makeConvexity},
        certifiedStudyFigure()};
    return infos;
}

} // namespace brink
