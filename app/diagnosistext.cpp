// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/diagnosistext.h"

#include "app/qtext.h"
#include "core/base/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>

namespace brink {

namespace {

constexpr std::size_t linksShown = 24;

QString text(const char* sentence) { return QCoreApplication::translate("Diagnosis", sentence); }

QString counted(qint64 count, const char* one, const char* many) { return text(count == 1 ? one : many).arg(count); }

QString number(double value) { return QLocale().toString(value, 'g', 3); }

QString valueText(const ParamValue& value)
{
    if (const auto* flag = std::get_if<bool>(&value))
        return text(*flag ? "on" : "off");
    if (const auto* whole = std::get_if<long long>(&value))
        return QLocale().toString(qlonglong(*whole));
    if (const auto* real = std::get_if<double>(&value))
        return number(*real);
    return qtext(std::get<std::string>(value));
}

} // namespace

StatusBadge::Grade gradeOf(LightState state)
{
    switch (state) {
    case LightState::Good: return StatusBadge::Grade::Good;
    case LightState::Caution: return StatusBadge::Grade::Caution;
    case LightState::Alarm: return StatusBadge::Grade::Alarm;
    case LightState::NotJudged: break;
    }
    return StatusBadge::Grade::Neutral;
}

QString stateWord(LightState state)
{
    switch (state) {
    case LightState::Good: return text("good");
    case LightState::Caution: return text("caution");
    case LightState::Alarm: return text("alarm");
    case LightState::NotJudged: break;
    }
    return text("not judged");
}

std::vector<LightRow> lightRows(const Diagnosis& diagnosis)
{
    std::vector<LightRow> rows;
    for (const LightInfo& info : lightInfos()) {
        const Light* light = findLight(diagnosis, info.code);
        LightRow row{qtext(info.code), StatusBadge::Grade::Neutral, text("not done"), qtext(info.title), qtext(info.summary), qtext(info.summary)};
        if (light) {
            row.grade = gradeOf(light->state);
            row.word = stateWord(light->state);
            row.finding = qtext(light->finding);
            row.toolTip = QStringLiteral("%1\n%2").arg(qtext(info.summary), row.finding);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

QString diagnosisHeadline(const Diagnosis& diagnosis)
{
    std::array<qint64, 4> counts{};
    for (const Light& light : diagnosis.lights)
        ++counts[std::size_t(light.state)];
    const auto of = [&](LightState state) { return counts[std::size_t(state)]; };
    QStringList parts{counted(of(LightState::Alarm), "%1 alarm", "%1 alarms"), counted(of(LightState::Caution), "%1 caution", "%1 cautions"),
        counted(of(LightState::Good), "%1 good", "%1 good"), counted(of(LightState::NotJudged), "%1 not judged", "%1 not judged")};
    const QString lights = text("%1: %2.").arg(qtext(diagnosis.modelName), parts.join(QStringLiteral(", ")));
    if (!diagnosis.success)
        return lights;
    return lights + QLatin1Char(' ')
        + text("%1 in %2 at ε %3 fools %4 % of %5 images.")
              .arg(qtext(attackInfo(diagnosis.attack.name).label), qtext(normLabel(diagnosis.norm)), number(diagnosis.eps), number(100 * *diagnosis.success))
              .arg(diagnosis.attacked.size());
}

QString attackSummary(const AttackRequest& attack)
{
    QStringList parts{text("ε %1").arg(number(attack.parameters.real("eps")))};
    const Params standard(attackInfo(attack.name).parameters);
    for (const ParamSpec& spec : attack.parameters.specs()) {
        const bool isAlways = spec.key == "steps" || spec.key == "queries";
        if (spec.key != "eps" && (isAlways || attack.parameters.value(spec.key) != standard.value(spec.key)))
            parts << QStringLiteral("%1 %2").arg(qtext(lowerCase(spec.label)), valueText(attack.parameters.value(spec.key)));
    }
    return parts.join(QStringLiteral(", "));
}

QString remedyVerb(const Remedy& remedy)
{
    switch (remedy.kind) {
    case RemedyKind::MoreSteps: return text("Diagnose with more steps");
    case RemedyKind::Restarts: return text("Diagnose with more starts");
    case RemedyKind::Eot: return text("Diagnose with averaged gradients");
    case RemedyKind::Logits:
    case RemedyKind::ScaleLogits:
    case RemedyKind::OtherLoss: return text("Diagnose with the other loss");
    case RemedyKind::AttackModel: return text("Diagnose again");
    default: return text("Diagnose with %1").arg(remedy.attack ? qtext(attackInfo(remedy.attack->name).label) : QString());
    }
}

QString remedyToolTip(const Remedy& remedy)
{
    return text("Puts %1 under scrutiny (%2) and runs the checks again").arg(qtext(attackInfo(remedy.attack->name).label), attackSummary(*remedy.attack));
}

QString imageLinks(const std::vector<std::int64_t>& images)
{
    QStringList links;
    for (std::size_t i = 0; i < std::min(images.size(), linksShown); ++i)
        links << QStringLiteral("<a href=\"%1\">%1</a>").arg(images[i]);
    const QString more = images.size() > linksShown ? text(" and %1 more").arg(images.size() - linksShown) : QString();
    return links.join(QStringLiteral(", ")) + more;
}

QString lightHelp(const LightInfo& info)
{
    const QString about = text(info.subject == LightSubject::Model ? "This is about the model, whatever attacks it." : "This is about the attack under scrutiny.");
    return QStringLiteral("<b>%1</b><p>%2 %3</p><p>%4</p>").arg(qtext(info.title), qtext(info.summary), about, text("Source: %1.").arg(qtext(info.source)));
}

QStringList scrutinisedAttacks(Norm norm)
{
    QStringList names;
    for (const AttackInfo& info : attackInfos())
        if (info.kind == AttackKind::FixedBudget && std::ranges::find(info.norms, norm) != info.norms.end())
            names << qtext(info.name);
    return names;
}

} // namespace brink
