// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/certifiedparts.h"
#include "core/report/surveyparts.h"

#include "core/report/studyparts.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <functional>
#include <optional>

namespace brink::report {

namespace {

using Row = std::vector<Json>;

/// The value, then its interval.
void addBand(Row& row, const std::optional<SurveyBand>& band, double factor = 1)
{
    for (const double SurveyBand::*part : {&SurveyBand::value, &SurveyBand::low, &SurveyBand::high})
        row.push_back(band ? Json(factor * (*band).*part) : Json());
}

void addCounts(Row& row, const EvaluationCounts& counts) { row.insert(row.end(), {counts.forwards, counts.backwards}); }

/// The rows of a kind: model and analysis, then what `rowsOf` says of a finished survey, then why there is none.
template <typename Survey>
void addRows(StudyTable& table, const StudyResults& results, const StudySelection& selection, AnalysisKind kind,
    std::shared_ptr<const Survey> StudySurvey::*which, const std::function<std::vector<Row>(const Survey&)>& rowsOf)
{
    for (int a = 0; a < int(results.study.analyses.size()); ++a) {
        if (!isShownSurvey(results, selection, kind, a))
            continue;
        for (int m = 0; m < int(results.models.size()); ++m) {
            const StudyCell& cell = results.cell(a, m);
            const auto& survey = cell.survey.*which;
            std::vector<Row> rows = survey ? rowsOf(*survey) : std::vector<Row>();
            if (rows.empty())
                rows.emplace_back();
            const std::string& broken = results.models[std::size_t(m)].error;
            for (Row& middle : rows) {
                Row row{results.study.models[std::size_t(m)].name, results.study.analyses[std::size_t(a)].id};
                row.insert(row.end(), middle.begin(), middle.end());
                row.resize(table.columns.size() - 1);
                row.push_back(!broken.empty() ? Json(broken) : cell.errors.empty() ? Json() : Json(cell.errors.front()));
                table.rows.push_back(std::move(row));
            }
        }
    }
}

/// One value an image that has principal directions.
std::optional<SurveyBand> medianOf(const CurvatureSurvey& survey, const std::function<double(const CurvatureResult&)>& value)
{
    std::vector<double> values;
    for (const SurveyImage& image : survey.images)
        if (image.result && !image.result->lowest.empty())
            values.push_back(value(*image.result));
    return values.empty() ? std::nullopt : std::optional(medianWithInterval(std::move(values), survey.seed));
}

std::optional<SurveyBand> meanOf(const std::vector<double>& values, std::uint64_t seed)
{
    return values.empty() ? std::nullopt : std::optional(meanWithInterval(values, seed));
}

/// Median over held-out images of the leading shared direction.
Json leadingRho(const CurvatureSurvey& survey, bool isControl)
{
    const std::vector<double> rho = survey.shared ? rhoOf(survey, 0, isControl) : std::vector<double>();
    return rho.empty() ? Json() : Json(median(rho));
}

std::vector<Row> curvatureRows(const CurvatureSurvey& survey)
{
    Row row;
    std::int64_t measured = 0;
    for (const SurveyImage& image : survey.images)
        measured += image.result.has_value();
    row.insert(row.end(), {std::ssize(survey.images), std::ssize(survey.images) - measured});
    addBand(row, medianOf(survey, [](const CurvatureResult& each) { return each.point.distance; }));
    addBand(row, medianOf(survey, [](const CurvatureResult& each) { return each.mean; }));
    addBand(row, medianOf(survey, [](const CurvatureResult& each) { return each.lowest.front().curvature; }));
    addBand(row, medianOf(survey, [](const CurvatureResult& each) { return each.highest.front().curvature; }));
    addBand(row, meanOf(negativeShares(survey), survey.seed), 100);
    addBand(row, meanOf(flatShares(survey), survey.seed), 100);
    row.push_back(imagesWithNearerBoundary(survey));
    row.insert(row.end(), {leadingRho(survey, false), leadingRho(survey, true)});
    for (const NoiseKind kind : noiseKinds) {
        const bool isThere = !survey.noiseNorms.empty() && !fooledShares(survey, kind, 0).empty();
        const std::optional<SurveyBand> half = isThere ? halfNorm(survey, kind).norm : std::nullopt;
        row.push_back(half ? Json(half->value) : Json());
    }
    addCounts(row, survey.counts);
    return {row};
}

/// One an attack, then one a scale of DeepFool's perturbation.
std::vector<Row> detectionRows(const DetectionSurvey& survey)
{
    const std::optional<DetectionSummary> summary = summarise(survey);
    if (!summary)
        return {};
    std::vector<DetectionScore> scores = summary->attacks;
    for (const DetectionScore& score : summary->scales)
        if (score.scale != 1)
            scores.push_back(score);
    std::vector<Row> rows;
    for (const DetectionScore& score : scores) {
        Row row{score.attack, score.scale, score.medianDistance, score.clean, score.fooled, score.auroc, score.aurocLow, score.aurocHigh, 100 * score.bestAccuracy,
            summary->sign, summary->threshold, 100 * score.detected.share(), 100 * score.falseAlarms.share()};
        const auto [low, high] = wilsonInterval(score.recovered.hits, score.recovered.total);
        row.insert(row.end(), {100 * score.recovered.share(), 100 * low, 100 * high});
        addCounts(row, survey.counts);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<Row> regionRows(const RegionSurvey& survey)
{
    const PathSummary summary = summarise(survey.paths);
    const auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(); };
    const auto [low, high] = wilsonInterval(summary.found, summary.pairs);
    Row row{survey.images, summary.pairs, summary.found, 100 * low, 100 * high, summary.straight, number(summary.medianAnchors), number(summary.largestAnchors),
        number(summary.medianRatio), number(summary.largestRatio), number(summary.medianMargin), number(summary.smallestMargin)};
    for (const int k : {2, 10}) {
        Json share;
        if (survey.convexity)
            for (const ConvexityPoint& point : survey.convexity->points)
                if (point.k == k && point.samples > 0)
                    share = 100 * double(point.inside) / double(point.samples);
        row.push_back(std::move(share));
    }
    EvaluationCounts counts = summary.counts;
    if (survey.convexity)
        counts += survey.convexity->counts;
    addCounts(row, counts);
    return {row};
}

Row certifiedRow(const StudyResults& results, const StudySelection& selection, int analysis, int model, std::size_t columns)
{
    Row row{results.study.models[std::size_t(model)].name, results.study.analyses[std::size_t(analysis)].id};
    if (const auto bounded = boundedModel(results, selection, analysis, model); bounded && !bounded->images.empty()) {
        std::vector<double> radii, seconds;
        for (const BoundedImage& image : bounded->images)
            radii.push_back(image.radius);
        for (const CertifiedImage& image : bounded->survey->images)
            seconds.push_back(image.seconds);
        row.insert(row.end(), {normName(bounded->survey->request.norm), certifyMethodName(bounded->survey->request.method), std::ssize(radii), std::ranges::count(radii, 0.0)});
        addBand(row, medianWithInterval(radii, results.study.seed));
        const BoundAgreement agreement = agreementOf(*bounded);
        row.insert(row.end(), {agreement.compared, agreement.violations});
        row.push_back(agreement.compared > 0 ? Json(100 * agreement.medianShare) : Json());
        row.push_back(agreement.compared > 0 ? Json(100 * agreement.largestShare) : Json());
        row.push_back(median(seconds));
    }
    row.resize(columns - 1);
    const std::string& broken = results.models[std::size_t(model)].error;
    const StudyCell& cell = results.cell(analysis, model);
    row.push_back(!broken.empty() ? Json(broken) : cell.errors.empty() ? Json() : Json(cell.errors.front()));
    return row;
}

std::vector<std::string> columnsWith(const std::vector<std::string>& middle)
{
    std::vector<std::string> columns{"model", "analysis"};
    columns.insert(columns.end(), middle.begin(), middle.end());
    columns.insert(columns.end(), {"forwards", "backwards", "error"});
    return columns;
}

} // namespace

bool isShownSurvey(const StudyResults& results, const StudySelection& selection, AnalysisKind kind, int analysis)
{
    const std::vector<StudyAnalysis>& analyses = results.study.analyses;
    if (analyses[std::size_t(analysis)].kind != kind)
        return false;
    const auto isSelected = [&](const StudyAnalysis& each) { return each.id == selection.analysis && each.kind == kind; };
    return isSelected(analyses[std::size_t(analysis)]) || std::ranges::none_of(analyses, isSelected);
}

StudyTable curvatureTable(const StudyResults& results, const StudySelection& selection)
{
    StudyTable table;
    table.caption = "Curvature of the decision boundary (Fawzi et al. 2017), one over the radius in units of the L2 distance of pixels in [0,1]; below zero the boundary bends "
                    "towards the image. Medians, of shares means, over images with 95 % bootstrap intervals. Flat: principal curvatures of at most a tenth of the largest "
                    "magnitude, from full profiles only. ρ: curvature along the leading shared direction over its mean along random tangents, on held-out images. "
        + studySentence(results);
    table.columns = columnsWith({"images", "no boundary found", "distance L2", "low", "high", "mean curvature (1/L2)", "low", "high", "most negative (1/L2)", "low", "high", "most positive (1/L2)",
        "low", "high", "negative share (%)", "low", "high", "flat (%)", "low", "high", "nearer boundary", "ρ shared", "ρ random", "half fooled at L2, full noise",
        "random subspace", "flat subspace", "curved subspace"});
    addRows<CurvatureSurvey>(table, results, selection, AnalysisKind::Curvature, &StudySurvey::curvature, curvatureRows);
    return table;
}

StudyTable detectionTable(const StudyResults& results, const StudySelection& selection)
{
    StudyTable table;
    table.caption = "Detection of perturbed images by the curvature at the image (Fawzi et al. 2017): sign and threshold from every second image, rates on the others; AUROC with "
                    "its 95 % bootstrap interval, recovered labels with Wilson's. "
        + std::string(detectionNote) + " " + studySentence(results);
    table.columns = columnsWith({"attack", "scale", "median distance L2", "clean", "fooled", "AUROC", "low", "high", "best balanced accuracy (%)", "sign", "threshold (1/L2)",
        "detected (%)", "false alarms (%)", "label recovered (%)", "low", "high"});
    addRows<DetectionSurvey>(table, results, selection, AnalysisKind::Detection, &StudySurvey::detection, detectionRows);
    return table;
}

/// One row a model and analysis of certified radii; beside it what the attacks of the norm found on the same images.
StudyTable certifiedTable(const StudyResults& results, const StudySelection& selection)
{
    StudyTable table;
    table.caption = "The largest ball around each image that is proved to hold no image of another class, pixel units, with medians over images and their 95 % bootstrap "
                    "intervals. Best attack: the nearest adversarial image of the study's attacks in the same norm; a radius above it would be a fault. Seconds: median of an "
                    "image, on one thread. "
        + studySentence(results);
    table.columns = {"model", "analysis", "norm", "method", "images", "nothing proved", "median radius", "low", "high", "compared with attacks", "above an attack",
        "proved of the distance (%)", "at most (%)", "seconds", "error"};
    for (int a = 0; a < int(results.study.analyses.size()); ++a) {
        if (!isShownSurvey(results, selection, AnalysisKind::Certified, a))
            continue;
        for (int m = 0; m < int(results.models.size()); ++m)
            table.rows.push_back(certifiedRow(results, selection, a, m, table.columns.size()));
    }
    return table;
}

StudyTable regionsTable(const StudyResults& results, const StudySelection& selection)
{
    StudyTable table;
    table.caption = "Paths between images of one class that stay inside it (Fawzi et al. 2017), verified on grids of points, not proven; the interval of the share of pairs "
                    "connected is Wilson's. Convex combinations with uniform weights. "
        + studySentence(results);
    table.columns = columnsWith({"images", "pairs", "connected", "share low (%)", "share high (%)", "straight", "corners, median", "corners, most", "length ratio, median",
        "length ratio, largest", "smallest margin, median (logits)", "smallest margin (logits)", "combinations of 2 inside (%)", "of 10 (%)"});
    addRows<RegionSurvey>(table, results, selection, AnalysisKind::Regions, &StudySurvey::regions, regionRows);
    return table;
}

} // namespace brink::report
