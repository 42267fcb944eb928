// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/surveytext.h"

#include "app/qtext.h"
#include "core/base/text.h"
#include "core/report/boundaryclaims.h"
#include "core/report/boundaryfigures.h"
#include "core/report/figureparts.h"
#include "core/report/pathfigure.h"
#include "core/report/planefigures.h"
#include "core/report/studyparts.h"
#include "core/stats/summary.h"

#include <QCoreApplication>

#include <algorithm>

namespace brink {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Survey)
};

QString number(double value) { return qtext(report::threeDigits(value)); }
QString percent(double share) { return qtext(report::percentText(share)); }
TableCell numberCell(double value) { return {number(value), value, {}}; }
TableCell indexCell(std::int64_t index) { return {QString::number(index), qlonglong(index), {}}; }
TableCell mutedCell(const QString& text, const QString& toolTip = {}) { return {text, {}, toolTip, false, true}; }

double negativeShareOf(const SurveyImage& image)
{
    CurvatureSurvey one;
    one.images = {image};
    const std::vector<double> shares = negativeShares(one);
    return shares.empty() ? 0 : shares.front();
}

std::vector<TableRow> curvatureRows(const CurvatureSurvey& survey)
{
    std::vector<TableRow> rows;
    for (const SurveyImage& image : survey.images) {
        const QString key = QString::number(image.index);
        if (!image.result || image.result->lowest.empty() || image.result->highest.empty()) {
            const QString why = image.failure.empty() ? Words::tr("no principal directions") : qtext(image.failure);
            rows.push_back({key, {indexCell(image.index), mutedCell(Words::tr("none"), why), {}, {}, {}}});
            continue;
        }
        const CurvatureResult& result = *image.result;
        rows.push_back({key, {indexCell(image.index), numberCell(result.point.distance), numberCell(result.lowest.front().curvature),
            numberCell(result.highest.front().curvature), {percent(negativeShareOf(image)), negativeShareOf(image), {}}}});
    }
    return rows;
}

std::vector<TableRow> regionRows(const RegionSurvey& survey)
{
    std::vector<TableRow> rows;
    for (const RegionPath& path : survey.paths) {
        TableRow row{QStringLiteral("%1 %2").arg(path.fromIndex).arg(path.toIndex),
            {{Words::tr("%1 to %2, %3").arg(path.fromIndex).arg(path.toIndex).arg(qtext(path.className)), qlonglong(path.fromIndex), {}}}};
        if (path.isFound) {
            const auto corners = qlonglong(path.anchors.size()) - 2;
            row.cells.push_back(corners == 0 ? TableCell{Words::tr("straight"), 0, {}} : TableCell{QString::number(corners), corners, {}});
            row.cells.push_back({qtext(formatReal(path.lengthRatio(), 4)), path.lengthRatio(), {}});
            row.cells.push_back(numberCell(path.smallestMargin));
        } else {
            row.cells.insert(row.cells.end(), {mutedCell(Words::tr("not found"), qtext(path.failure)), {}, {}});
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

const PerturbedImage* deepfoolOf(const DetectionImage& image)
{
    const auto found = std::ranges::find_if(image.perturbed, [](const PerturbedImage& each) { return each.attack == "deepfool" && each.scale == 1; });
    return found == image.perturbed.end() ? nullptr : &*found;
}

std::vector<TableRow> detectionRows(const DetectionSurvey& survey)
{
    const auto summary = summarise(survey);
    const int sign = summary ? summary->sign : 1;
    const auto name = [&](std::int64_t label) {
        return std::size_t(label) < survey.classNames.size() ? qtext(survey.classNames[std::size_t(label)]) : QString::number(label);
    };
    std::vector<TableRow> rows;
    for (const DetectionImage& image : survey.images) {
        TableRow row{QString::number(image.index), {indexCell(image.index)}};
        const PerturbedImage* perturbed = deepfoolOf(image);
        if (!perturbed || !image.failure.empty()) {
            row.cells.insert(row.cells.end(), {mutedCell(Words::tr("none"), qtext(image.failure)), {}, {}, {}});
        } else {
            const std::int64_t recovered = perturbed->statistic.recovered(sign);
            const bool isDetected = summary && sign * perturbed->statistic.statistic > summary->threshold;
            row.cells.push_back(numberCell(image.clean.statistic));
            row.cells.push_back(numberCell(perturbed->statistic.statistic));
            row.cells.push_back(!summary ? mutedCell({}) : image.isCalibration ? mutedCell(Words::tr("chose"), Words::tr("Chose sign and threshold; it is not counted"))
                    : TableCell{isDetected ? Words::tr("yes") : Words::tr("no"), isDetected, {}});
            row.cells.push_back({name(recovered), {}, recovered == image.clean.predicted ? Words::tr("as before the perturbation") : Words::tr("another than before"),
                recovered == image.clean.predicted});
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

StatusBadge::Grade gradeOf(const report::StudyClaim& claim)
{
    return !claim.holds ? StatusBadge::Grade::Neutral : *claim.holds ? StatusBadge::Grade::Good : StatusBadge::Grade::Caution;
}

std::vector<Statement> curvatureFindings(const CurvatureSurvey& survey)
{
    std::vector<Statement> findings;
    for (const report::StudyClaim& claim : report::curvatureClaims(survey))
        findings.push_back({gradeOf(claim), qtext(report::verdictOf(claim)), qtext(claim.claim), qtext(claim.numbers), Words::tr("Counts as holding: %1").arg(qtext(claim.criterion))});
    for (const Warning& warning : survey.warnings)
        findings.push_back({StatusBadge::Grade::Caution, Words::tr("note"), {}, qtext(warning.text), {}});
    return findings;
}

std::vector<Statement> regionFindings(const RegionSurvey& survey)
{
    const PathSummary summary = summarise(survey.paths);
    std::vector<Statement> findings;
    if (summary.pairs > 0) {
        const bool isAll = summary.found == summary.pairs;
        QString evidence = Words::tr("%1 of %2 pairs connected, %3 by the straight line; verified on grids of points, not proven").arg(summary.found).arg(summary.pairs).arg(summary.straight);
        if (summary.medianRatio)
            evidence += Words::tr(". Corners: median %1, at most %2. Length over the straight line: median %3, at most %4. Smallest margin: median %5, at least %6")
                            .arg(number(*summary.medianAnchors), number(*summary.largestAnchors), qtext(formatReal(*summary.medianRatio, 4)), qtext(formatReal(*summary.largestRatio, 4)),
                                number(*summary.medianMargin), number(*summary.smallestMargin));
        findings.push_back({isAll ? StatusBadge::Grade::Good : StatusBadge::Grade::Caution, isAll ? Words::tr("holds") : Words::tr("does not hold"),
            Words::tr("Images of one class are connected inside its region."), evidence, Words::tr("Counts as holding: a path was found for every pair")});
    }
    if (survey.convexity && !survey.convexity->points.empty()) {
        QStringList shares;
        for (const ConvexityPoint& point : survey.convexity->points)
            shares << Words::tr("%1 images: %2").arg(point.k).arg(qtext(report::rateText(point.inside, point.samples)));
        findings.push_back({StatusBadge::Grade::Neutral, Words::tr("measured"), Words::tr("Convex combinations of images of one class stay in its region."), shares.join(QStringLiteral("; ")),
            Words::tr("Weights are uniform on the simplex; intervals are Wilson's, 95 %")});
    }
    return findings;
}

QString scoreText(const DetectionScore& score)
{
    return Words::tr("AUC %1 %2, best accuracy %3; detected %4, false alarms %5; label recovered %6; %7 images fooled at L2 %8")
        .arg(number(score.auroc), qtext(report::intervalText({score.aurocLow, score.aurocHigh})), percent(score.bestAccuracy),
            qtext(report::rateText(score.detected.hits, score.detected.total)), qtext(report::rateText(score.falseAlarms.hits, score.falseAlarms.total)),
            qtext(report::rateText(score.recovered.hits, score.recovered.total)), qtext(report::countText(score.fooled)), number(score.medianDistance));
}

/// Better than guessing is what counts.
Statement scoreFinding(const DetectionScore& score, const QString& what)
{
    const bool isDetected = score.aurocLow > 0.5;
    return {isDetected ? StatusBadge::Grade::Good : StatusBadge::Grade::Caution, isDetected ? Words::tr("detected") : Words::tr("not detected"), what, scoreText(score), {}};
}

std::vector<Statement> detectionFindings(const DetectionSurvey& survey)
{
    const auto summary = summarise(survey);
    if (!summary)
        return {{StatusBadge::Grade::Neutral, Words::tr("too few images"), Words::tr("Detection of perturbed images"), {},
            Words::tr("At least two clean and two fooled images are needed on either side; choose more.")}};
    std::vector<Statement> findings;
    for (const DetectionScore& score : summary->attacks)
        findings.push_back(scoreFinding(score, Words::tr("Perturbations of %1").arg(qtext(report::attackLabel(score.attack)))));
    for (const DetectionScore& score : summary->scales)
        if (score.scale != 1)
            findings.push_back(scoreFinding(score, Words::tr("%1's perturbations × %2").arg(qtext(report::attackLabel(score.attack)), number(score.scale))));
    findings.front().criterion = Words::tr("Counts as detected: the 95 % interval of the AUC lies above one half. %1 images chose sign and threshold and are not counted.").arg(summary->calibrationImages);
    QStringList published;
    for (const PublishedDetection& fact : publishedDetection())
        published << Words::tr("%1, %2: %3").arg(qtext(fact.network), qtext(fact.quantity), qtext(fact.value));
    findings.push_back({StatusBadge::Grade::Neutral, Words::tr("as published"), Words::tr("Other networks (Fawzi et al. 2017)"), published.join(QStringLiteral("; ")), {}});
    findings.push_back({StatusBadge::Grade::Caution, Words::tr("limit"), Words::tr("Attackers who know the detector"), {}, qtext(detectionNote)});
    return findings;
}

} // namespace

QString surveyName(SurveyKind kind)
{
    switch (kind) {
    case SurveyKind::Regions: return Words::tr("Regions");
    case SurveyKind::Detection: return Words::tr("Detection");
    default: return Words::tr("Curvature");
    }
}

QString surveySummary(SurveyKind kind)
{
    switch (kind) {
    case SurveyKind::Regions: return Words::tr("Whether images of one class are connected inside its region, and how often convex combinations of them stay there");
    case SurveyKind::Detection: return Words::tr("Whether the curvature at an image says that it was perturbed, and which class it had before");
    default: return Words::tr("Curvature of the boundary averaged over images, directions that images share, and noise in them");
    }
}

const std::vector<std::string>& surveyFigures(SurveyKind kind)
{
    static const std::vector<std::string> curvature{"curvature-survey", "shared-directions", "noise-directions"}, regions{"convexity"},
        detection{"detection-roc", "detection-scaling", "detection-labels"};
    return kind == SurveyKind::Curvature ? curvature : kind == SurveyKind::Regions ? regions : detection;
}

QString surveyFigureLabel(const std::string& figure)
{
    static const std::vector<std::pair<std::string, const char*>> labels{{"curvature-survey", QT_TRANSLATE_NOOP("Survey", "Profile")},
        {"shared-directions", QT_TRANSLATE_NOOP("Survey", "Shared")}, {"noise-directions", QT_TRANSLATE_NOOP("Survey", "Noise")},
        {"convexity", QT_TRANSLATE_NOOP("Survey", "Convexity")}, {"detection-roc", QT_TRANSLATE_NOOP("Survey", "ROC")},
        {"detection-scaling", QT_TRANSLATE_NOOP("Survey", "Scaling")}, {"detection-labels", QT_TRANSLATE_NOOP("Survey", "Labels")}};
    const auto found = std::ranges::find(labels, figure, &std::pair<std::string, const char*>::first);
    return found == labels.end() ? qtext(figure) : Words::tr(found->second);
}

QString surveyFigureTitle(const std::string& figure)
{
    if (figure == "curvature-survey")
        return Words::tr("Curvature profile of many images");
    for (const CurvatureFigureInfo& info : curvatureFigureInfos())
        if (info.name == figure)
            return qtext(info.label);
    for (const DetectionFigureInfo& info : detectionFigureInfos())
        if (info.name == figure)
            return qtext(info.label);
    const auto plane = std::ranges::find(planeFigureInfos(), figure, &PlaneFigureInfo::name);
    return plane == planeFigureInfos().end() ? qtext(figure) : qtext(plane->label);
}

QString surveyFigureSummary(const std::string& figure)
{
    if (figure == "curvature-survey")
        return Words::tr("Principal curvatures from the most positive to the most negative, averaged over images, with the range of the middle 80 %");
    for (const CurvatureFigureInfo& info : curvatureFigureInfos())
        if (info.name == figure)
            return qtext(info.summary);
    for (const DetectionFigureInfo& info : detectionFigureInfos())
        if (info.name == figure)
            return qtext(info.summary);
    const auto plane = std::ranges::find(planeFigureInfos(), figure, &PlaneFigureInfo::name);
    return plane == planeFigureInfos().end() ? QString() : qtext(plane->summary);
}

std::optional<Figure> surveyFigure(const std::string& figure, const ModelSurveys& surveys, const CurvatureSurvey* beside)
{
    if (figure == "convexity") {
        const auto& regions = surveys.regions.survey;
        return regions && regions->convexity && !regions->convexity->points.empty() ? std::optional(convexityFigure(*regions->convexity)) : std::nullopt;
    }
    for (const DetectionFigureInfo& info : detectionFigureInfos())
        if (info.name == figure)
            return surveys.detection.survey ? info.make(*surveys.detection.survey) : std::nullopt;
    if (!surveys.curvature.survey)
        return std::nullopt;
    CurvatureSelection selection;
    if (beside)
        if (auto profile = curvatureProfile(*beside))
            selection.others.push_back(std::move(*profile));
    // The profile of one image has the same figure; its name in the menu differs.
    const std::string name = figure == "curvature-survey" ? "curvature-profile" : figure;
    const auto info = std::ranges::find(curvatureFigureInfos(), name, &CurvatureFigureInfo::name);
    return info == curvatureFigureInfos().end() ? std::nullopt : info->make(*surveys.curvature.survey, selection);
}

QString surveyLine(SurveyKind kind, const ModelSurveys& surveys)
{
    if (kind == SurveyKind::Curvature && surveys.curvature.survey) {
        const std::vector<double> shares = negativeShares(*surveys.curvature.survey);
        if (shares.empty())
            return {};
        const SurveyBand band = meanWithInterval(shares, surveys.curvature.survey->seed);
        return Words::tr("%1 · %n images · %2 of the curvature negative", nullptr, int(shares.size())).arg(qtext(surveys.curvature.survey->modelName), percent(band.value));
    }
    if (kind == SurveyKind::Regions && surveys.regions.survey) {
        const PathSummary summary = summarise(surveys.regions.survey->paths);
        return Words::tr("%1 · %2 of %3 pairs connected, %4 straight").arg(qtext(surveys.regions.survey->modelName)).arg(summary.found).arg(summary.pairs).arg(summary.straight);
    }
    if (kind == SurveyKind::Detection && surveys.detection.survey) {
        const auto summary = summarise(*surveys.detection.survey);
        if (!summary)
            return Words::tr("too few images with and without a perturbation that fools");
        const DetectionScore& score = summary->attacks.front();
        return Words::tr("%1 · AUC %2 · label recovered %3").arg(qtext(surveys.detection.survey->modelName), number(score.auroc), percent(score.recovered.share()));
    }
    return {};
}

std::vector<TableColumn> surveyColumns(SurveyKind kind)
{
    switch (kind) {
    case SurveyKind::Regions:
        return {{Words::tr("Pair"), Words::tr("Images at both ends and their class; a row opens the first and makes the second the goal of Path"), false},
            {Words::tr("Corners"), Words::tr("Points where the path bends")}, {Words::tr("Length ratio"), Words::tr("Length of the path over the straight line, L2"), true, true},
            {Words::tr("Smallest margin"), Words::tr("Smallest margin along the path, logits")}};
    case SurveyKind::Detection:
        return {{Words::tr("Image"), Words::tr("Index in the set; a row opens it")}, {Words::tr("Clean, 1/L2"), Words::tr("Mean curvature of the pairwise level sets at the clean image")},
            {Words::tr("Perturbed, 1/L2"), Words::tr("The same at DeepFool's adversarial image")}, {Words::tr("Detected"), Words::tr("Beyond the threshold that the other images chose"), false, true},
            {Words::tr("Label"), Words::tr("The label recovered from the perturbed image; bold where it is the one before"), false}};
    default:
        return {{Words::tr("Image"), Words::tr("Index in the set; a row opens it")}, {Words::tr("Boundary at, L2"), Words::tr("Distance to the boundary point, pixel units")},
            {Words::tr("Lowest, 1/L2"), Words::tr("Most negative principal curvature: the boundary bends towards the image")},
            {Words::tr("Highest, 1/L2"), Words::tr("Most positive principal curvature")},
            {Words::tr("Negative"), Words::tr("Share of the summed magnitudes that is negative"), true, true}};
    }
}

std::vector<TableRow> surveyRows(SurveyKind kind, const ModelSurveys& surveys)
{
    if (kind == SurveyKind::Regions)
        return surveys.regions.survey ? regionRows(*surveys.regions.survey) : std::vector<TableRow>();
    if (kind == SurveyKind::Detection)
        return surveys.detection.survey ? detectionRows(*surveys.detection.survey) : std::vector<TableRow>();
    return surveys.curvature.survey ? curvatureRows(*surveys.curvature.survey) : std::vector<TableRow>();
}

SurveyPick surveyPick(const QString& key)
{
    const QStringList parts = key.split(QLatin1Char(' '));
    return {parts[0].toLongLong(), parts.size() > 1 ? parts[1].toLongLong() : -1};
}

std::vector<Statement> surveyFindings(SurveyKind kind, const ModelSurveys& surveys)
{
    if (kind == SurveyKind::Regions)
        return surveys.regions.survey ? regionFindings(*surveys.regions.survey) : std::vector<Statement>();
    if (kind == SurveyKind::Detection)
        return surveys.detection.survey ? detectionFindings(*surveys.detection.survey) : std::vector<Statement>();
    return surveys.curvature.survey ? curvatureFindings(*surveys.curvature.survey) : std::vector<Statement>();
}

} // namespace brink
