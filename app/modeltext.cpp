// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/modeltext.h"

#include "app/inspecttext.h"
#include "app/qtext.h"

#include <QCoreApplication>

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

} // namespace

ModelRow modelRow(const LoadedModel& model)
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
    return row;
}

} // namespace brink
