// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studytext.h"

#include "app/inspecttext.h"
#include "app/qtext.h"
#include "app/studycontroller.h"
#include "core/report/studyparts.h"
#include "core/stats/summary.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

#include <cmath>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Study", sentence); }

QString counted(const char* sentence, qint64 n) { return QCoreApplication::translate("Study", sentence, nullptr, int(n)); }

/// "1 model", "2,000 images".
QString numbered(std::size_t n, const char* one, const char* many) { return text(n == 1 ? one : many).arg(shownCount(std::int64_t(n))); }

QString goalText(const StudyAnalysis& analysis)
{
    return analysis.target.kind == TargetRule::Kind::Untargeted ? text("the target misclassifies them") : text("the target says the attack's target class");
}

QStringList conversionLines(const StudyResults& results, int analysis, int source, int target)
{
    const auto& transfers = results.transfers[std::size_t(analysis)];
    const auto found = transfers.find({source, target});
    QStringList lines;
    if (found != transfers.end())
        for (const std::string& conversion : found->second->conversions)
            lines << qtext(conversion);
    return lines;
}

} // namespace

QString percentNumber(double share) { return shownNumber(100 * share); }

QString wilsonText(std::int64_t hits, std::int64_t total)
{
    if (total == 0)
        return {};
    const auto [low, high] = wilsonInterval(hits, total);
    const QLocale locale;
    return text("[%1, %2] %").arg(locale.toString(100 * low, 'f', 1), locale.toString(100 * high, 'f', 1));
}

QString studyClass(const StudyResults& results, std::int64_t index)
{
    if (index < 0)
        return text("a class outside the set");
    return std::size_t(index) < results.classNames.size() ? qtext(results.classNames[std::size_t(index)]) : QString::number(index);
}

QString modelName(const StudyResults& results, int model) { return qtext(results.study.models[std::size_t(model)].name); }

QStringList shownNames(const StudyResults& results)
{
    QStringList names;
    for (const std::string& name : report::shortNames(results))
        names << qtext(name);
    return names;
}

QString distanceText(const StudyResults& results, int analysis, double distance)
{
    return QStringLiteral("%1 %2").arg(qtext(normLabel(results.study.analyses[std::size_t(analysis)].norm())), shownNumber(distance));
}

QString studyTitle(const StudyDesk& desk)
{
    if (desk.results() && !desk.results()->study.name.empty())
        return qtext(desk.results()->study.name);
    return QFileInfo(desk.path()).completeBaseName();
}

QString progressText(const StudyResults& results)
{
    const QString size = QStringList{numbered(results.models.size(), "%1 model", "%1 models"), numbered(results.images.size(), "%1 image", "%1 images"),
        numbered(results.study.analyses.size(), "%1 analysis", "%1 analyses")}
                             .join(QStringLiteral(" × "));
    if (results.isComplete())
        return size;
    return text("%1 of %2 units · %3").arg(shownCount(results.unitsDone), shownCount(results.unitsTotal), size);
}

ViewState viewState(StudyState state)
{
    switch (state) {
    case StudyState::Running:
    case StudyState::Growing:
    case StudyState::Opening:
        return ViewState::Running;
    case StudyState::Incomplete:
        return ViewState::Partial;
    case StudyState::Complete:
        return ViewState::Complete;
    case StudyState::Failed:
        return ViewState::Failed;
    case StudyState::None:
        break;
    }
    return ViewState::Empty;
}

QStringList studyRemarks(const StudyResults& results)
{
    QStringList remarks;
    for (std::size_t model = 0; model < results.models.size(); ++model)
        if (!results.models[model].error.empty())
            remarks << text("%1 was left out: %2").arg(modelName(results, int(model)), qtext(results.models[model].error));
    for (const auto& perModel : results.cells)
        for (const auto& cell : perModel)
            for (const std::string& error : cell->errors)
                remarks << qtext(error);
    for (const auto& [pair, reason] : results.refusedPairs)
        remarks << text("%1 → %2 is not compared: %3").arg(modelName(results, pair.first), modelName(results, pair.second), qtext(reason));
    for (const Warning& warning : results.warnings)
        remarks << qtext(warning.text);
    return remarks;
}

QString endSentence(const QString& file, const StudyRunEnd& end)
{
    const QString units = text("%1 of %2 units").arg(shownCount(end.unitsDone), shownCount(end.unitsTotal));
    if (!end.failures.empty())
        return text("%1: %2 are done, %3 failed and are tried again by Continue; the first: %4")
            .arg(file, units, shownCount(std::int64_t(end.failures.size())), qtext(end.failures.front()));
    if (end.stopped)
        return text("%1 was stopped with %2 done; Continue computes the rest.").arg(file, units);
    return text("%1 is complete: %2, %3 of them computed now.").arg(file, units, shownCount(end.unitsComputed));
}

QString cellHint(const StudyResults& results, int analysis, int source, int target, TransferRule rule)
{
    QStringList lines{source == target ? text("%1 on itself (the attack's own success)").arg(modelName(results, source))
                                       : QStringLiteral("%1 → %2").arg(modelName(results, source), modelName(results, target))};
    const auto refused = results.refusedPairs.find({source, target});
    const auto count = transferCount(results, analysis, source, target, rule);
    if (refused != results.refusedPairs.end())
        lines << text("not compared: %1").arg(qtext(refused->second));
    else if (!count)
        lines << text("not computed yet");
    else if (count->total == 0)
        lines << text("no image counts under this rule: %1").arg(qtext(transferRuleLabel(rule)));
    else
        lines << text("%1 of %2 = %3 %, %4 Wilson 95 %")
                     .arg(shownCount(count->hits), shownCount(count->total), percentNumber(double(count->hits) / double(count->total)),
                         wilsonText(count->hits, count->total))
              << text("counts: adversarial images, %1; hits: %2")
                     .arg(qtext(transferRuleLabel(rule)), goalText(results.study.analyses[std::size_t(analysis)]));
    return (lines + conversionLines(results, analysis, source, target)).join(QLatin1Char('\n'));
}

QString cellsTitle(const StudyResults& results, const CellSelection& cells)
{
    const QStringList names = shownNames(results);
    if (cells.sources.size() == 1 && cells.targets.size() == 1)
        return QStringLiteral("%1 → %2").arg(names[cells.sources.front()], names[cells.targets.front()]);
    const QString sources = cells.sources.size() == 1 ? names[cells.sources.front()] : counted("%n sources", qint64(cells.sources.size()));
    const QString targets = cells.targets.size() == 1 ? names[cells.targets.front()] : counted("%n targets", qint64(cells.targets.size()));
    return QStringLiteral("%1 × %2").arg(sources, targets);
}

QString pairsHeadline(const PairList& list, bool isContrast)
{
    if (list.total == 0)
        return isContrast ? text("no image counts on both sides") : text("no image counts here under this rule");
    const QString sentence = isContrast ? text("%1 of %2 images transfer here, not there, %3") : text("%1 of %2 pairs transfer, %3");
    return sentence.arg(shownCount(list.hits), shownCount(list.total), wilsonText(list.hits, list.total));
}

PairItem pairItem(const StudyResults& results, const QStringList& names, int analysis, const TransferPair& pair)
{
    const StudyAttackRow& row = results.cell(analysis, pair.source).attack[std::size_t(pair.row)];
    const StudyImageFacts& image = results.images[std::size_t(pair.image)];
    PairItem item;
    item.before = originalKey(pair.image);
    item.after = adversarialKey(analysis, pair.source, pair.row);
    const QString label = studyClass(results, image.label);
    const QString onSource = row.success ? studyClass(results, row.adversarialClass) : text("not fooled");
    item.change = QStringLiteral("%1 → %2").arg(label, onSource);
    item.verdict = pair.source == pair.target ? text("source says %1").arg(studyClass(results, pair.says)) : text("target says %1").arg(studyClass(results, pair.says));
    item.origin = QStringLiteral("%1 → %2").arg(names[pair.source], names[pair.target]);
    item.isHit = pair.hits;
    QStringList lines{text("image %1 · %2").arg(QString::number(image.index), qtext(image.source)), text("label %1").arg(label)};
    if (row.target >= 0)
        lines << text("target class of the attack: %1").arg(studyClass(results, row.target));
    lines << (row.success ? text("%1 says %2 at %3").arg(modelName(results, pair.source), onSource, distanceText(results, analysis, double(pair.distance)))
                          : text("%1 was not fooled").arg(modelName(results, pair.source)))
          << text("%1 says %2, margin %3").arg(modelName(results, pair.target), studyClass(results, pair.says), shownNumber(std::abs(double(pair.margin))))
          << (pair.hits ? text("It transfers.") : text("It does not transfer."));
    item.toolTip = lines.join(QLatin1Char('\n'));
    return item;
}

} // namespace brink
