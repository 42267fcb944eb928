// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/inspecttext.h"

#include "app/imagevalues.h"
#include "app/qtext.h"
#include "core/report/figureparts.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Inspect", sentence); }

const AttackOutcome* shownAttack(const InspectResult& result, const FigureSelection& selection)
{
    if (selection.attack) {
        const auto found = std::ranges::find(result.attacks, *selection.attack, &AttackOutcome::name);
        if (found != result.attacks.end() && found->success && found->adversarial)
            return &*found;
    }
    return result.best ? &result.attacks[*result.best] : nullptr;
}

QString attackLabel(const std::string& name)
{
    const auto& infos = attackInfos();
    const auto found = std::ranges::find(infos, name, &AttackInfo::name);
    return qtext(found == infos.end() ? name : found->label);
}

QString adversarialHint(const InspectResult* result, ResultState state)
{
    if (state == ResultState::Running)
        return text("The attacks are still searching.");
    if (result && !result->attacks.empty())
        return text("No attack changed the class.");
    return {};
}

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

TableRow targetRow(const InspectResult& result, const CleverTargetResult& target, bool isSmallest)
{
    TableRow row;
    row.key = QString::number(target.target);
    row.cells.push_back({shownClass(result, target.target), qlonglong(target.target), {}, isSmallest, false});
    row.cells.push_back(number(target.margin));
    TableCell score = number(target.score);
    score.isStrong = isSmallest;
    if (target.capped) {
        score.text = QStringLiteral("≥ ") + score.text;
        score.toolTip = text("Capped: the estimate reached the sampling radius, so the value is at least this.");
    }
    if (target.fit.status == WeibullStatus::Fallback)
        score.text += QStringLiteral(" *");
    row.cells.push_back(score);
    row.cells.push_back({shownInterval(target.interval), target.interval[0], fitToolTip(target.fit), false, false});
    return row;
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
    const QString survives = !outcome.survives8bit ? QStringLiteral("–") : *outcome.survives8bit ? text("yes") : text("no");
    row.cells.push_back({survives, {}, {}, false, outcome.survives8bit != true});
    row.cells.push_back({shownCount(outcome.counts.backwards), qlonglong(outcome.counts.backwards),
        text("%1 forwards, %2 backwards, %3 steps").arg(shownCount(outcome.counts.forwards), shownCount(outcome.counts.backwards), shownCount(outcome.steps)),
        false, true});
    return row;
}

QString alarmText(LadderAlarm alarm)
{
    switch (alarm) {
    case LadderAlarm::AttackBelowCertificate:
        return text("an attack lies below a certified bound: this is a bug");
    case LadderAlarm::AttackBelowClever:
        return text("an attack lies below the CLEVER estimate: too few samples or masked gradients");
    case LadderAlarm::GradientFreeBest:
        return text("a gradient-free search beats every attack: masked gradients");
    case LadderAlarm::None:
        break;
    }
    return {};
}

} // namespace

QString shownNumber(double value)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    QLocale locale;
    const double magnitude = std::abs(value);
    if (magnitude == 0)
        return locale.toString(0.0, 'f', 2);
    if (magnitude < 1e-3 || magnitude >= 1e6)
        return locale.toString(value, 'e', 2);
    // Three significant digits without an exponent.
    const int decimals = std::clamp(2 - int(std::floor(std::log10(magnitude))), 0, 5);
    return locale.toString(value, 'f', decimals);
}

QString shownCount(std::int64_t value) { return QLocale().toString(qlonglong(value)); }

QString shownInterval(const std::array<double, 2>& interval)
{
    return QStringLiteral("%1–%2").arg(shownNumber(interval[0]), shownNumber(interval[1]));
}

QString shownClass(const InspectResult& result, std::int64_t index)
{
    if (index >= 0 && std::size_t(index) < result.classNames.size())
        return qtext(result.classNames[std::size_t(index)]);
    return QString::number(index);
}

QString probabilityText(const std::vector<double>& logits, std::int64_t index)
{
    if (index < 0 || std::size_t(index) >= logits.size())
        return {};
    const double largest = std::ranges::max(logits);
    const double sum = std::accumulate(logits.begin(), logits.end(), 0.0, [largest](double s, double z) { return s + std::exp(z - largest); });
    const double percent = 100 * std::exp(logits[std::size_t(index)] - largest) / sum;
    return QLocale().toString(percent, 'f', 1) + QStringLiteral(" %");
}

ImagePair imagePair(const InspectResult* result, const CurrentImage* image, ResultState state, const FigureSelection& selection)
{
    ImagePair pair;
    if (result && !result->image.empty())
        pair.original = std::make_shared<const PixelImage>(pixelImage(result->image));
    else if (image)
        pair.original = std::make_shared<const PixelImage>(pixelImage(image->image));
    pair.adversarialHint = adversarialHint(result, state);
    if (!result || result->logits.empty())
        return pair;
    pair.originalTitle = text("original · %1 · %2").arg(shownClass(*result, result->predicted), probabilityText(result->logits, result->predicted));
    const AttackOutcome* attack = shownAttack(*result, selection);
    if (!attack || !attack->adversarial)
        return pair;
    pair.adversarial = std::make_shared<const PixelImage>(pixelImage(*attack->adversarial));
    const bool isBest = result->best && attack == &result->attacks[*result->best];
    QString end;
    if (attack->adversarialClass)
        end += QStringLiteral(" · ") + shownClass(*result, *attack->adversarialClass);
    if (isBest && !result->adversarialLogits.empty() && attack->adversarialClass)
        end += QStringLiteral(" · ") + probabilityText(result->adversarialLogits, *attack->adversarialClass);
    pair.adversarialTitle = (isBest ? text("nearest adversarial") : attackLabel(attack->name)) + end;
    pair.adversarialShortTitle = (isBest ? text("nearest") : attackLabel(attack->name)) + end;
    if (attack->distance)
        pair.distanceText = QStringLiteral("%1 %2").arg(qtext(normLabel(result->norm)), shownNumber(attack->distance->in(result->norm)));
    return pair;
}

QString headline(const InspectResult& result)
{
    QStringList parts;
    const QString norm = qtext(normLabel(result.norm));
    if (result.best) {
        const AttackOutcome& best = result.attacks[*result.best];
        if (best.distance && best.adversarialClass)
            parts << text("%1 becomes %2 at %3 %4 (%5)")
                         .arg(shownClass(result, result.predicted), shownClass(result, *best.adversarialClass), norm,
                             shownNumber(best.distance->in(result.norm)), attackLabel(best.name));
    }
    if (result.clever && result.clever->score) {
        QString estimate = result.clever->capped ? text("CLEVER estimate ≥ %1") : text("CLEVER estimate %1");
        estimate = estimate.arg(shownNumber(*result.clever->score));
        if (result.clever->interval)
            estimate += QStringLiteral(" [%1]").arg(shownInterval(*result.clever->interval));
        parts << estimate;
    }
    if (parts.isEmpty() && !result.logits.empty())
        parts << text("predicted %1, %2").arg(shownClass(result, result.predicted), probabilityText(result.logits, result.predicted));
    return parts.join(QStringLiteral("  ·  "));
}

Finding ladderFinding(const InspectResult& result)
{
    QStringList alarms;
    for (const LadderAlarm alarm : result.alarms)
        if (const QString sentence = alarmText(alarm); !sentence.isEmpty())
            alarms << sentence;
    if (!alarms.isEmpty())
        return {StatusBadge::Grade::Alarm, alarms.first(), alarms.join(QLatin1Char('\n'))};
    // Alarms are raised when all is done; before that an order is not yet claimed.
    const bool canCheck = !result.partial && result.best && result.clever && result.clever->score && result.clever->norm == result.norm;
    if (!canCheck)
        return {};
    if (*result.clever->score > result.attacks[*result.best].distance->in(result.norm))
        return {StatusBadge::Grade::Caution, text("estimate above the best attack, within its interval"),
            text("An attack came closer than the CLEVER estimate, but not closer than its interval: more batches can say more.")};
    if (result.clever->capped)
        return {StatusBadge::Grade::Caution, text("estimate capped at the radius"),
            text("The CLEVER estimate reached the sampling radius; a larger radius can say more.")};
    return {StatusBadge::Grade::Good, text("order holds: estimate ≤ attacks"),
        text("An estimate of a lower bound must not exceed the distance of any adversarial image found.")};
}

QString weibullSubtitle(const InspectResult& result, const FigureSelection& selection)
{
    if (!result.clever)
        return {};
    const auto target = selection.target ? selection.target : result.clever->target;
    QString out = text("%1 of %2 maxima · %3 samples each · radius %4")
                      .arg(shownCount(result.clever->batchesDone), shownCount(result.clever->batches), shownCount(result.clever->samples),
                          shownNumber(result.clever->radius));
    if (target)
        out.prepend(text("target %1 · ").arg(shownClass(result, *target)));
    return out;
}

QString traceSubtitle(const InspectResult& result, const FigureSelection& selection)
{
    const AttackOutcome* attack = report::tracedAttack(result, selection);
    if (!attack)
        return {};
    const QString end = attack->success ? text("◆ nearest adversarial step") : text("failed: %1").arg(qtext(attack->failure));
    return text("%1 · %2 · %3 steps · %4").arg(attackLabel(attack->name), qtext(normLabel(attack->norm)), shownCount(attack->steps), end);
}

std::vector<TableColumn> targetColumns()
{
    return {
        {text("class"), text("Class the image could change to"), false},
        {text("margin"), text("Logit of the predicted class minus logit of this class")},
        {text("score"), text("CLEVER estimate of the distance to this class: margin over the estimated largest gradient norm, at most the radius; "
                             "pixel range [0, 1]")},
        {text("interval"), text("95 % interval of the score, from the interval of the fitted end point")},
    };
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

std::vector<TableColumn> attackColumns(Norm norm)
{
    return {
        {text("attack"), text("Method that searched for the nearest image of another class"), false},
        {qtext(normLabel(norm)), text("Distance of the image found, pixel range [0, 1]; confirmed by a fresh forward")},
        {text("class"), text("Class of the image found"), false},
        {text("8 bit"), text("Still adversarial after rounding the pixels to k/255"), false},
        {text("gradients"), text("Input gradients computed for this image")},
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
