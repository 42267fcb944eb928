// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/inspecttables.h"

#include "app/inspecttext.h"
#include "app/qtext.h"
#include "core/study/proofoutcome.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Inspect", sentence); }

TableCell number(double value) { return {shownNumber(value), value, {}, false, false}; }

TableCell missing(const QString& why) { return {QStringLiteral("–"), std::numeric_limits<double>::infinity(), why, false, true}; }

QString fitToolTip(const WeibullFit& fit)
{
    switch (fit.status) {
    case WeibullStatus::Ok:
        return text("Reverse Weibull fit: end point %1, scale %2, shape %3; KS distance %4, p %5 (optimistic: same data).")
            .arg(shownNumber(fit.location), shownNumber(fit.scale), shownNumber(fit.shape), shownNumber(fit.ks), shownNumber(fit.p));
    case WeibullStatus::Degenerate:
        return text("All maxima are equal: the end point is that value, exactly (a linear region).");
    case WeibullStatus::Fallback:
        break;
    }
    return text("No acceptable fit, the sample maximum is used: %1").arg(qtext(fit.reason));
}

const CertifiedMargin* provedOf(const InspectResult& result, const CleverTargetResult& target)
{
    if (!result.certifiedBall)
        return nullptr;
    const auto proved = std::ranges::find(result.certifiedBall->margins, target.target, &CertifiedMargin::target);
    return proved == result.certifiedBall->margins.end() ? nullptr : &*proved;
}

/// The largest gradient norm that the ball can hold, as proved; empty where nothing was.
QString provedSlope(const InspectResult& result, const CleverTargetResult& target)
{
    const CertifiedMargin* proved = provedOf(result, target);
    return !proved ? QString()
                   : text("%1 proves that no gradient in the ball of radius %2 is longer than %3; the estimate is %4.")
                         .arg(qtext(certifyMethodLabel(result.certifiedBall->method)), shownNumber(result.certifiedBall->eps), shownNumber(proved->lipschitz),
                             shownNumber(target.lipschitz));
}

/// End point and how it was found.
TableCell fitCell(const InspectResult& result, const CleverTargetResult& target)
{
    TableCell cell = number(target.lipschitz);
    cell.toolTip = fitToolTip(target.fit);
    if (target.isRuledOut) {
        cell.text = text("out %1").arg(shownCount(std::int64_t(target.maxima.size())));
        cell.toolTip = text("Ruled out after %1 maxima: even the low end of its interval lay above the high end of the smallest score's, so "
                            "its sampling ended there. End point so far %2.")
                           .arg(shownCount(std::int64_t(target.maxima.size())), shownNumber(target.lipschitz));
    }
    if (const QString proved = provedSlope(result, target); !proved.isEmpty())
        cell.toolTip += QLatin1Char('\n') + proved;
    return cell;
}

TableCell provedSlopeCell(const InspectResult& result, const CleverTargetResult& target)
{
    const CertifiedMargin* proved = provedOf(result, target);
    if (!proved)
        return missing(text("No bound was asked for to this class."));
    TableCell cell = number(proved->lipschitz);
    cell.toolTip = provedSlope(result, target);
    return cell;
}

TableRow targetRow(const InspectResult& result, const CleverTargetResult& target, bool isSmallest)
{
    TableRow row;
    row.key = QString::number(target.target);
    const QString name = shownClass(result, target.target);
    row.cells.push_back({name, qlonglong(target.target), name, isSmallest, false});
    row.cells.push_back(number(target.margin));
    TableCell score = number(target.score);
    score.isStrong = isSmallest;
    score.toolTip = provedSlope(result, target);
    if (target.capped) {
        score.text = QStringLiteral("≥ ") + score.text;
        score.toolTip = text("Capped: the estimate reached the sampling radius, so the value is at least this.");
    }
    if (target.fit.status == WeibullStatus::Fallback)
        score.text += QStringLiteral(" *");
    row.cells.push_back(score);
    row.cells.push_back({target.hasInterval ? shownInterval(target.interval) : QStringLiteral("–"), target.interval[0], fitToolTip(target.fit), false, false});
    row.cells.push_back(fitCell(result, target));
    if (result.certifiedBall)
        row.cells.push_back(provedSlopeCell(result, target));
    if (target.isRuledOut)
        for (TableCell& cell : row.cells)
            cell.isMuted = true;
    return row;
}

TableCell survivalCell(const std::optional<bool>& survives)
{
    const QString word = !survives ? QStringLiteral("–") : *survives ? text("yes") : text("no");
    return {word, {}, {}, false, survives != true};
}

TableRow attackRow(const InspectResult& result, const AttackOutcome& outcome, bool isBest)
{
    TableRow row;
    row.key = qtext(outcome.name);
    row.cells.push_back({attackLabel(outcome.name), {}, qtext(outcome.parameters.dump()), isBest, false});
    if (outcome.success && outcome.distance) {
        TableCell distance = number(outcome.distance->in(result.norm));
        distance.isStrong = isBest;
        distance.toolTip = text("L0 %1 · L1 %2 · L2 %3 · L∞ %4, pixel range [0, 1]")
                               .arg(shownNumber(outcome.distance->l0), shownNumber(outcome.distance->l1), shownNumber(outcome.distance->l2),
                                   shownNumber(outcome.distance->linf));
        row.cells.push_back(distance);
        row.cells.push_back({outcome.adversarialClass ? shownClass(result, *outcome.adversarialClass) : QStringLiteral("–"), {}, {}, false, false});
    } else {
        const QString why = outcome.wasMisclassified ? text("The image is already of another class.") : qtext(outcome.failure);
        TableCell failed = missing(why);
        failed.text = outcome.wasMisclassified ? failed.text : text("failed");
        row.cells.push_back(failed);
        row.cells.push_back({QStringLiteral("–"), {}, why, false, true});
    }
    row.cells.push_back(survivalCell(outcome.survives8bit));
    row.cells.push_back(survivalCell(outcome.survivesJpeg));
    if (isOfProof(outcome)) {
        row.cells.push_back({QStringLiteral("–"), {}, text("Met by the search for the certified bound, which takes no gradients of the model"), false, true});
        return row;
    }
    row.cells.push_back({shownCount(outcome.counts.backwards), qlonglong(outcome.counts.backwards),
        text("%1 forwards, %2 backwards, %3 steps, %4 s").arg(shownCount(outcome.counts.forwards), shownCount(outcome.counts.backwards), shownCount(outcome.steps), shownNumber(outcome.seconds)),
        false, true});
    return row;
}

} // namespace

std::vector<TableColumn> targetColumns(const InspectResult* result)
{
    std::vector<TableColumn> columns{
        {text("class"), text("Class the image could change to"), false},
        {text("margin"), text("Logit of the predicted class minus logit of this class"), true, true},
        {text("score"), text("CLEVER estimate of the distance to this class: margin over the estimated largest gradient norm, at most the radius; "
                             "pixel range [0, 1]")},
        {text("interval"), text("95 % interval of the score, from the interval of the fitted end point")},
        {text("slope"), text("Fitted end point: the largest gradient norm of the difference of the two logits in the ball, 1 per pixel unit; \"out\": "
                             "after how many maxima the target was ruled out"),
            true, true},
    };
    if (result && result->certifiedBall)
        columns.push_back({text("slope ≤"), text("Certified local Lipschitz constant: what no gradient norm in the same ball exceeds, proved by bounds; the slope beside it is "
                                                 "the estimate of the same quantity"),
            true, true});
    return columns;
}

std::vector<TableRow> targetRows(const InspectResult& result)
{
    std::vector<TableRow> rows;
    if (!result.clever)
        return rows;
    for (const CleverTargetResult& target : result.clever->targets)
        rows.push_back(targetRow(result, target, result.clever->target == target.target));
    return rows;
}

QString targetNote(const InspectResult* result)
{
    const QString always = text("An estimate, not a certificate.");
    if (!result || !result->clever)
        return always;
    const auto out = std::ranges::count_if(result->clever->targets, &CleverTargetResult::isRuledOut);
    if (out == 0)
        return always;
    return always + QLatin1Char(' ')
        + text("%1 of %2 targets ruled out, %3 % of the gradients saved.")
              .arg(shownCount(out), shownCount(std::ssize(result->clever->targets)), shownCount(std::llround(100 * result->clever->savedShare)));
}

std::vector<TableColumn> attackColumns(Norm norm)
{
    return {
        {text("attack"), text("Method that searched for the nearest image of another class"), false},
        {qtext(normLabel(norm)), text("Distance of the image found, pixel range [0, 1]; confirmed by a fresh forward")},
        {text("class"), text("Class of the image found"), false},
        {text("8 bit"), text("Still adversarial after rounding the pixels to k/255"), false, true},
        {text("JPEG"), text("Still adversarial after JPEG of quality %1 and back").arg(survivalJpegQuality), false, true},
        {text("cost"), text("Input gradients computed for this image")},
    };
}

std::vector<TableRow> attackRows(const InspectResult& result)
{
    std::vector<TableRow> rows;
    for (std::size_t i = 0; i < result.attacks.size(); ++i)
        rows.push_back(attackRow(result, result.attacks[i], result.best == i));
    return rows;
}

} // namespace brink
