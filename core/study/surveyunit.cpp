// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/surveyunit.h"

#include "core/boundary/surveydata.h"
#include "core/study/boundaryanalysis.h"

#include <utility>

namespace brink {

namespace {

/// Measures the images that no earlier run has measured.
template <typename Run>
void measureAll(Run& run, SurveyParts& parts, Monitor& monitor, auto fromBytes)
{
    surveyUnits(run.images(), monitor, [&](std::int64_t unit, Monitor& own) {
        if (const std::optional<std::string> there = parts.find(int(unit))) {
            run.restore(unit, fromBytes(*there));
            return;
        }
        run.measure(unit, own);
        if (const auto* measured = run.measured(unit))
            parts.keep(int(unit), bytesOf(*measured));
    });
}

SurveyUnit curvatureUnit(const StudyNet& net, const SurveyImages& images, const CurvatureRunRequest& request, SurveyParts& parts, Monitor& monitor)
{
    CurvatureRun run(net.classifier, images, request);
    PartMonitor measuring(monitor, 0, 1, 2), testing(monitor, 1, 1, 2);
    measureAll(run, parts, measuring, surveyImageFrom);
    const std::int64_t heldOut = run.endMeasuring(monitor.stopRequested());
    surveyUnits(heldOut, testing, [&](std::int64_t unit, Monitor& own) { run.test(unit, own); });
    run.endTesting(monitor.stopRequested());
    if (monitor.stopRequested())
        return {{}, {}, true};
    return {bytesOf(withoutPixels(run.survey())), run.survey().counts, false};
}

SurveyUnit detectionUnit(const StudyNet& net, const SurveyImages& images, const DetectionRunRequest& request, SurveyParts& parts, Monitor& monitor)
{
    DetectionRun run(net.classifier, images, request);
    PartMonitor attacking(monitor, 0, 1, 2), measuring(monitor, 1, 1, 2);
    surveyUnits(run.blocks(), attacking, [&](std::int64_t block, Monitor& own) { run.attack(block, own); });
    if (!monitor.stopRequested() && run.endAttacks())
        measureAll(run, parts, measuring, detectionImageFrom);
    run.end(monitor.stopRequested());
    if (monitor.stopRequested())
        return {{}, {}, true};
    return {bytesOf(run.survey()), run.survey().counts, false};
}

SurveyUnit regionUnit(const StudyNet& net, const SurveyImages& images, const RegionSurveyRequest& request, Monitor& monitor)
{
    RegionSurvey survey = surveyRegions(net.classifier, images, request, monitor);
    if (survey.partial)
        return {{}, {}, true};
    EvaluationCounts counts = summarise(survey.paths).counts;
    if (survey.convexity)
        counts += survey.convexity->counts;
    return {bytesOf(withoutPixels(std::move(survey))), counts, false};
}

SurveyUnit certifiedUnit(const StudyNet& net, const SurveyImages& images, const CertificationRequest& request, SurveyParts& parts, Monitor& monitor)
{
    const std::shared_ptr<const CertifiableModel> model = certifiableModel(net.classifier);
    CertifiedSurvey survey{net.classifier->card().name, net.classifier->sha256(), request, model->disagreement(), {}};
    survey.images.resize(images.indices.size());
    surveyUnits(std::int64_t(images.indices.size()), monitor, [&](std::int64_t unit, Monitor& own) {
        CertifiedImage& image = survey.images[std::size_t(unit)];
        if (const std::optional<std::string> there = parts.find(int(unit))) {
            image = certifiedImageFrom(*there);
            return;
        }
        if (const auto proved = certifyImage(model, images, images.indices[std::size_t(unit)], request, own)) {
            image = *proved;
            parts.keep(int(unit), bytesOf(image));
        }
    });
    if (monitor.stopRequested())
        return {{}, {}, true};
    return {bytesOf(survey), {}, false};
}

} // namespace

SurveyUnit surveyUnit(const StudyNet& net, const StudyAnalysis& analysis, const SurveyImages& images, std::uint64_t seed,
    SurveyParts& parts, Monitor& monitor)
{
    if (analysis.kind == AnalysisKind::Curvature)
        return curvatureUnit(net, images, curvatureRunRequest(analysis.boundary, seed), parts, monitor);
    if (analysis.kind == AnalysisKind::Detection)
        return detectionUnit(net, images, detectionRunRequest(analysis.boundary, seed), parts, monitor);
    if (analysis.kind == AnalysisKind::Certified)
        return certifiedUnit(net, images, certificationRequest(analysis.boundary), parts, monitor);
    return regionUnit(net, images, regionSurveyRequest(analysis.boundary, seed), monitor);
}

StudySurvey surveyFrom(AnalysisKind kind, std::string_view bytes)
{
    StudySurvey survey;
    if (kind == AnalysisKind::Curvature)
        survey.curvature = std::make_shared<const CurvatureSurvey>(curvatureSurveyFrom(bytes));
    else if (kind == AnalysisKind::Detection)
        survey.detection = std::make_shared<const DetectionSurvey>(detectionSurveyFrom(bytes));
    else if (kind == AnalysisKind::Certified)
        survey.certified = std::make_shared<const CertifiedSurvey>(certifiedSurveyFrom(bytes));
    else
        survey.regions = std::make_shared<const RegionSurvey>(regionSurveyFrom(bytes));
    return survey;
}

} // namespace brink
