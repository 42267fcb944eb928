// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/inspecttext.h"

#include "app/imagevalues.h"
#include "app/qtext.h"
#include "app/tracetext.h"
#include "core/base/text.h"
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

QString adversarialHint(const InspectResult* result, ResultState state)
{
    if (state == ResultState::Running)
        return text("The attacks are still searching.");
    if (result && !result->attacks.empty())
        return text("No attack changed the class.");
    return {};
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

QString attackLabel(const std::string& name)
{
    return qtext(report::attackLabel(name));
}

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

/// An iterate of a trace in the place of the adversarial image.
void showIterate(ImagePair& pair, const InspectResult& result, const AttackOutcome& attack, const AttackIterate& iterate)
{
    pair.adversarial = std::make_shared<const PixelImage>(pixelImage(iterate.image));
    QString end = text(" · step %1").arg(iterate.step);
    if (std::size_t(iterate.step) < attack.trace.size())
        end += QStringLiteral(" · ") + shownClass(result, attack.trace[std::size_t(iterate.step)].predicted);
    pair.adversarialTitle = attackLabel(attack.name) + end;
    pair.adversarialShortTitle = text("step %1").arg(iterate.step);
    const Distances distances = distancesBetween(result.image, iterate.image);
    pair.distanceText = QStringLiteral("%1 %2").arg(qtext(normLabel(result.norm)), shownNumber(distances.in(result.norm)));
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
    if (const AttackIterate* iterate = shownIterate(*result, selection)) {
        showIterate(pair, *result, *report::tracedAttack(*result, selection), *iterate);
        return pair;
    }
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
    if (const auto bracket = distanceBracket(result); bracket && bracket->isTight() && !result.partial)
        return {StatusBadge::Grade::Good, text("distance known within %1 %").arg(qtext(formatReal(100 * bracket->width(), 2))),
            text("No image of another class is nearer than %1, which is proved, and one was found at %2.").arg(qtext(formatReal(bracket->proved, 4)), qtext(formatReal(bracket->found, 4)))};
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
    if (result.certified && result.certified->radius.value_or(0) > 0)
        return {StatusBadge::Grade::Good, text("order holds: bound, estimate ≤ attacks"),
            text("No adversarial image found lies below the certified bound or below the CLEVER estimate of a lower bound.")};
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
    const auto& targets = result.clever->targets;
    if (const auto shown = std::ranges::find(targets, target.value_or(-1), &CleverTargetResult::target); shown != targets.end() && shown->isRuledOut)
        out.prepend(text("ruled out after %1 maxima · ").arg(shownCount(std::ssize(shown->maxima))));
    if (target)
        out.prepend(text("target %1 · ").arg(shownClass(result, *target)));
    return out;
}

} // namespace brink
