// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/detectorstext.h"

#include "app/inspecttext.h"
#include "app/qtext.h"
#include "core/base/text.h"
#include "core/report/figureparts.h"
#include "core/report/studyparts.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Detectors)
};

QString percent(double share) { return qtext(report::percentText(share)); }
QString rate(const DetectionRate& hits) { return qtext(report::rateText(hits.hits, hits.total)); }

TableCell noCell() { return {QStringLiteral("–"), -1.0, {}, false, true}; }

TableCell rateCell(const DetectionRate& hits, const QString& what)
{
    if (hits.total == 0)
        return noCell();
    return {percent(hits.share()), hits.share(), Words::tr("%1: %2 of %3, %4 (95 % Wilson interval)").arg(what, shownCount(hits.hits), shownCount(hits.total), rate(hits)), false, false};
}

TableRow rowOf(const DetectorSurvey& survey, const DetectorScoreRow& row, std::size_t plain)
{
    const DetectorAttack& attack = survey.attacks[row.attack];
    const bool isKnowing = attack.adaptiveTo.has_value();
    const QString title = isKnowing ? Words::tr("… knowing it") : qtext(attackTitle(attack));
    TableRow result{QStringLiteral("%1 %2 %3").arg(row.attack).arg(plain).arg(row.detector), {}};
    result.cells.push_back({title, title, qtext(attackTitle(attack)), false, isKnowing});
    const CalibratedDetector& detector = survey.detectors[row.detector];
    const QString name = detector.choice.kind == DetectorKind::Squeezing ? Words::tr("squeezing") : Words::tr("curvature");
    result.cells.push_back({name, name, qtext(detectorLabel(detector.choice)), false, isKnowing});
    result.cells.push_back({QStringLiteral("%1 / %2").arg(shownCount(row.detected.total), shownCount(row.attacked)), double(row.detected.total),
        row.detected.total == 0 ? Words::tr("The attack fooled no image")
                                : Words::tr("Median distance %1 %2").arg(qtext(normLabel(attack.norm)), qtext(report::threeDigits(row.medianDistance))),
        false, false});
    result.cells.push_back(rateCell(row.detected, Words::tr("Found, of those that fool")));
    TableCell passing = rateCell(row.evading, Words::tr("Fool and pass, of all attacked"));
    passing.isStrong = isKnowing;
    result.cells.push_back(passing);
    result.cells.push_back(!row.auroc ? noCell()
                                      : TableCell{qtext(report::threeDigits(*row.auroc)), *row.auroc,
                                          Words::tr("95 % bootstrap interval over images: %1").arg(qtext(report::intervalText({row.aurocLow, row.aurocHigh}))), false, false});
    return result;
}

QString shortName(const CalibratedDetector& detector) { return detector.choice.kind == DetectorKind::Squeezing ? Words::tr("Feature squeezing") : Words::tr("Curvature"); }

/// The rate asked for lies in what chance allows around the one found.
Statement falseAlarmFinding(const DetectorSurvey& survey, const DetectorSummary& summary, std::size_t detector)
{
    const FalseAlarms& alarms = summary.falseAlarms[detector];
    const double found = alarms.heldOut.share();
    const bool isKept = found >= alarms.chanceLow && found <= alarms.chanceHigh;
    return {isKept ? StatusBadge::Grade::Good : StatusBadge::Grade::Caution, isKept ? Words::tr("kept") : found > alarms.chanceHigh ? Words::tr("exceeded") : Words::tr("below"),
        Words::tr("%1: %2 % false alarms").arg(shortName(survey.detectors[detector]), qtext(formatReal(100 * survey.falsePositiveRate))),
        Words::tr("%1 of %2 held-out clean images at threshold %3; over %4 random divisions %5 on average, within 1 point of what was asked in %6 of them")
            .arg(rate(alarms.heldOut), shownCount(alarms.heldOut.total), qtext(report::threeDigits(survey.detectors[detector].threshold)))
            .arg(alarms.splits).arg(percent(alarms.splitMean), percent(alarms.withinOnePoint)),
        Words::tr("Counts as kept: between %1 and %2, what chance leaves 95 % of the time with so many images").arg(percent(alarms.chanceLow), percent(alarms.chanceHigh))};
}

Statement attackFinding(const DetectorSurvey& survey, const DetectorSummary& summary, std::size_t detector)
{
    const DetectorScoreRow *worst = nullptr, *knowing = nullptr;
    const auto passes = [](const DetectorScoreRow* row) { return row ? row->evading.share() : -1.0; };
    for (const DetectorScoreRow& row : summary.rows) {
        if (row.detector != detector)
            continue;
        const DetectorScoreRow*& place = survey.attacks[row.attack].adaptiveTo ? knowing : worst;
        if (passes(&row) > passes(place))
            place = &row;
    }
    const QString name = shortName(survey.detectors[detector]);
    if (!worst)
        return {StatusBadge::Grade::Neutral, Words::tr("not attacked"), name, {}, {}};
    QString evidence = Words::tr("Of the attacks that do not know it, %1 fools and passes most often: %2 of %3 images").arg(qtext(attackTitle(survey.attacks[worst->attack])), rate(worst->evading), shownCount(worst->attacked));
    if (!knowing)
        return {StatusBadge::Grade::Caution, Words::tr("untested"), Words::tr("%1 against an attack that knows it").arg(name), evidence,
            Words::tr("No attack that knows the detector was run, so nothing is known of its strength")};
    evidence += Words::tr("; knowing it, %1: %2, at median distance %3 %4")
                    .arg(qtext(attackTitle(survey.attacks[knowing->attack])), rate(knowing->evading), qtext(normLabel(survey.attacks[knowing->attack].norm)),
                        qtext(report::threeDigits(knowing->medianDistance)));
    const bool isEvaded = knowing->evading.share() > 0.5, isWeak = survey.detectors[detector].choice.kind == DetectorKind::Curvature;
    return {isEvaded ? StatusBadge::Grade::Alarm : StatusBadge::Grade::Caution, isEvaded ? Words::tr("evaded") : isWeak ? Words::tr("weakly tested") : Words::tr("holds so far"),
        Words::tr("%1 against an attack that knows it").arg(name), evidence,
        isWeak ? Words::tr("The attack only makes perturbations longer or shorter, without gradients of the score: what it does not find proves nothing")
               : Words::tr("Counts as evaded: more than half of the attacked images fool the model and pass")};
}

QString classText(const DetectorSurvey& survey, std::int64_t index)
{
    return index >= 0 && std::size_t(index) < survey.classNames.size() ? qtext(survey.classNames[std::size_t(index)]) : QString::number(index);
}

} // namespace

std::vector<TableColumn> detectorColumns()
{
    return {{Words::tr("Attack"), Words::tr("Norm and budget; below it one in the same norm with the same budget that knows the detector and its threshold"), false},
        {Words::tr("Detector"), Words::tr("On the same images"), false, true}, {Words::tr("Fooled"), Words::tr("Attacked images that the model then takes for another class, of all")},
        {Words::tr("Found"), Words::tr("Above the threshold, of those that fool; the threshold comes from other, clean images")},
        {Words::tr("Passing"), Words::tr("Fool the model and are not found, of all attacked")},
        {Words::tr("AUC"), Words::tr("Chance that an image that fools scores above a held-out clean one; ties count one half"), true, true}};
}

std::vector<TableRow> detectorRows(const DetectorSurvey& survey, const DetectorSummary& summary)
{
    std::vector<TableRow> rows;
    for (const DetectorScoreRow& row : summary.rows) {
        if (survey.attacks[row.attack].adaptiveTo)
            continue;
        rows.push_back(rowOf(survey, row, row.attack));
        if (const DetectorScoreRow* twin = adaptiveTwin(survey, summary, row))
            rows.push_back(rowOf(survey, *twin, row.attack));
    }
    return rows;
}

std::optional<DetectorPick> detectorPick(const QString& key, const DetectorSurvey& survey)
{
    const QStringList parts = key.split(QLatin1Char(' '));
    if (parts.size() != 3)
        return std::nullopt;
    const DetectorPick pick{parts[0].toULongLong(), parts[1].toULongLong(), parts[2].toULongLong()};
    const bool isThere = pick.attack < survey.attacks.size() && pick.plain < survey.attacks.size() && pick.detector < survey.detectors.size();
    return isThere ? std::optional(pick) : std::nullopt;
}

std::vector<Statement> detectorFindings(const DetectorSurvey& survey, const DetectorSummary& summary)
{
    std::vector<Statement> findings;
    for (std::size_t d = 0; d < survey.detectors.size(); ++d) {
        findings.push_back(attackFinding(survey, summary, d));
        findings.push_back(falseAlarmFinding(survey, summary, d));
    }
    for (const Warning& warning : survey.warnings)
        findings.push_back({StatusBadge::Grade::Caution, Words::tr("note"), qtext(warning.text), {}, {}});
    findings.push_back({StatusBadge::Grade::Neutral, Words::tr("as published"), Words::tr("Settings of feature squeezing"), qtext(squeezingSourceNote), {}});
    return findings;
}

QString detectorsLine(const DetectorSurvey& survey)
{
    const auto calibration = std::ranges::count_if(survey.clean, &CleanImage::isCalibration);
    return Words::tr("%1 · %2 + %3 clean images, %4 attacked")
        .arg(qtext(survey.modelName), shownCount(calibration), shownCount(std::ssize(survey.clean) - calibration), shownCount(std::ssize(survey.originals)));
}

std::vector<std::pair<std::int64_t, QString>> fooledImages(const DetectorSurvey& survey, std::size_t attack)
{
    std::vector<std::pair<std::int64_t, QString>> images;
    if (attack >= survey.attacks.size())
        return images;
    const std::vector<AttackedImage>& attacked = survey.attacks[attack].images;
    for (std::size_t i = 0; i < attacked.size(); ++i)
        if (attacked[i].isFooled && attacked[i].image && i < survey.originals.size() && survey.originals[i])
            images.emplace_back(attacked[i].index,
                Words::tr("%1: %2 becomes %3").arg(attacked[i].index).arg(classText(survey, survey.originalScores[i].front().predicted), classText(survey, attacked[i].scores.front().predicted)));
    return images;
}

} // namespace brink
