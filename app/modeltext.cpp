// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/modeltext.h"

#include "app/inspecttext.h"
#include "app/qtext.h"
#include "core/stats/summary.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Models", sentence); }

/// 166,000 -> "166 k"
QString parameterText(std::int64_t count)
{
    if (count >= 1'000'000)
        return text("%1 M").arg(shownNumber(double(count) / 1e6));
    if (count >= 1000)
        return text("%1 k").arg(shownCount((count + 500) / 1000));
    return shownCount(count);
}

ModelRow::Grade worstGrade(const ModelReport& report)
{
    CheckState worst = CheckState::Good;
    for (const ModelCheck& check : report.checks)
        worst = std::max(worst, check.state);
    return worst == CheckState::Good ? ModelRow::Grade::Good : worst == CheckState::Caution ? ModelRow::Grade::Caution : ModelRow::Grade::Alarm;
}

QString stateWord(CheckState state)
{
    return state == CheckState::Good ? text("good") : state == CheckState::Caution ? text("caution") : text("alarm");
}

QString toolTip(const LoadedModel& model)
{
    QStringList lines{qtext(model.classifier->path()), text("%1 classes, %2 parameters, device %3")
                          .arg(model.classifier->classes())
                          .arg(shownCount(model.classifier->parameterCount()), qtext(model.classifier->device()))};
    if (!model.report)
        lines << text("The checks are still running.");
    else
        for (const ModelCheck& check : model.report->checks) {
            lines << QStringLiteral("%1: %2").arg(stateWord(check.state), qtext(check.finding));
            if (!check.remedy.empty())
                lines << QStringLiteral("    ") + qtext(check.remedy);
        }
    return lines.join(QLatin1Char('\n'));
}

/// "96.0 %"; while images are missing, an ellipsis says so.
QString accuracyText(const Accuracy& accuracy)
{
    if (accuracy.labelled == 0)
        return {};
    const QString percent = QLocale().toString(100 * accuracy.share(), 'f', 1) + QStringLiteral(" %");
    return accuracy.isComplete() ? percent : percent + QStringLiteral("…");
}

QString accuracyToolTip(const Accuracy& accuracy)
{
    if (accuracy.labelled == 0)
        return text("Clean accuracy: not known, the images have no labels.");
    const auto interval = wilsonInterval(accuracy.right, accuracy.labelled);
    QStringList parts{text("Clean accuracy on the open images: %1 right of %2 labelled = %3 (95 % Wilson interval %4 to %5 %)")
                          .arg(shownCount(accuracy.right), shownCount(accuracy.labelled), accuracyText(accuracy),
                              QLocale().toString(100 * interval[0], 'f', 1), QLocale().toString(100 * interval[1], 'f', 1))};
    if (accuracy.refused > 0)
        parts << text("%1 images were refused").arg(shownCount(accuracy.refused));
    if (!accuracy.isComplete())
        parts << text("%1 of %2 images predicted so far").arg(shownCount(accuracy.done), shownCount(accuracy.images));
    return parts.join(QStringLiteral("; ")) + QLatin1Char('.');
}

} // namespace

ModelRow modelRow(const LoadedModel& model, const std::optional<Accuracy>& accuracy)
{
    const Classifier& classifier = *model.classifier;
    QStringList facts{qtext(classifier.card().family),
        QStringLiteral("%1×%2×%3").arg(classifier.channels()).arg(classifier.height()).arg(classifier.width()),
        parameterText(classifier.parameterCount())};
    facts.removeAll(QString());
    ModelRow row;
    row.name = qtext(classifier.card().name);
    row.facts = facts.join(QStringLiteral(" · "));
    row.grade = model.report ? worstGrade(*model.report) : ModelRow::Grade::Unknown;
    row.toolTip = toolTip(model);
    if (accuracy) {
        row.value = accuracyText(*accuracy);
        row.valueNote = row.value.isEmpty() ? QString() : text("of %1").arg(shownCount(accuracy->labelled));
        row.toolTip += QLatin1Char('\n') + accuracyToolTip(*accuracy);
    }
    return row;
}

} // namespace brink
