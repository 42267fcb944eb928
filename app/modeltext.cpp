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

QString namesText(const Classifier& classifier, bool namesOfSet)
{
    if (!classifier.card().classNames.empty())
        return text("Class names: from the model card.");
    return namesOfSet ? text("Class names: the card has none, those of the image set are used.") : text("Class names: none, classes are numbers.");
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

/// Word, and what the check is about, by its code; in the order shown.
struct CheckText {
    const char* code;
    const char* name;
    const char* meaning;
};
constexpr CheckText checkTexts[] = {
    {"logits", QT_TRANSLATE_NOOP("Models", "logits"),
        QT_TRANSLATE_NOOP("Models", "Margins and gradients are those of the logits. Softmax outputs saturate: their margins and gradients vanish for confident images.")},
    {"repeatable", QT_TRANSLATE_NOOP("Models", "repeatable"),
        QT_TRANSLATE_NOOP("Models", "The same image must give the same logits each time. Dropout or random layers make every distance a matter of luck.")},
    {"range", QT_TRANSLATE_NOOP("Models", "range"),
        QT_TRANSLATE_NOOP("Models", "Pixels in [0, 1] are scaled to the range the model was trained with. A wrong range gives wrong classes and wrong distances.")},
    {"batch-invariant", QT_TRANSLATE_NOOP("Models", "batch"),
        QT_TRANSLATE_NOOP("Models", "An image must give the same logits alone and in a batch. Batch-norm in training mode mixes the images.")},
    {"gradients", QT_TRANSLATE_NOOP("Models", "gradients"),
        QT_TRANSLATE_NOOP("Models", "Attacks and CLEVER follow input gradients. Where these are zero or not finite, distances come out too large: gradient masking.")},
    {"shape", QT_TRANSLATE_NOOP("Models", "shape"),
        QT_TRANSLATE_NOOP("Models", "The size of the input: stated in the card, or found by trying customary sizes.")},
    {"frozen", QT_TRANSLATE_NOOP("Models", "frozen"),
        QT_TRANSLATE_NOOP("Models", "The weights are constants and the layers in eval mode, so that all analyses ask the same model.")},
};

StatusBadge::Grade chipGrade(CheckState state)
{
    return state == CheckState::Good ? StatusBadge::Grade::Good : state == CheckState::Caution ? StatusBadge::Grade::Caution : StatusBadge::Grade::Alarm;
}

CheckChip checkChip(const CheckText& about, const ModelReport* report)
{
    CheckChip chip{text(about.name), StatusBadge::Grade::Neutral, text("This check is still running."), {}};
    QString help = QStringLiteral("<b>%1</b><p>%2</p>").arg(text(about.name), text(about.meaning));
    if (report)
        for (const ModelCheck& check : report->checks)
            if (check.code == about.code) {
                chip.grade = chipGrade(check.state);
                chip.finding = qtext(check.finding);
                help += QStringLiteral("<p>%1</p>").arg(qtext(check.finding).toHtmlEscaped());
                if (!check.remedy.empty()) {
                    chip.finding += QLatin1Char('\n') + qtext(check.remedy);
                    help += text("<p><b>What to do:</b> %1</p>").arg(qtext(check.remedy).toHtmlEscaped());
                }
            }
    chip.help = help;
    return chip;
}

} // namespace

QList<CheckChip> checkChips(const std::optional<ModelReport>& report)
{
    QList<CheckChip> chips;
    for (const CheckText& about : checkTexts)
        chips << checkChip(about, report ? &*report : nullptr);
    return chips;
}

ModelRow modelRow(const LoadedModel& model, const std::optional<Accuracy>& accuracy, bool namesOfSet)
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
    row.toolTip = toolTip(model) + QLatin1Char('\n') + namesText(classifier, namesOfSet);
    if (accuracy) {
        row.value = accuracyText(*accuracy);
        row.valueNote = row.value.isEmpty() ? QString() : text("of %1").arg(shownCount(accuracy->labelled));
        row.toolTip += QLatin1Char('\n') + accuracyToolTip(*accuracy);
    }
    return row;
}

} // namespace brink
