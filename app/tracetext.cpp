// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tracetext.h"

#include "app/inspecttext.h"
#include "app/qtext.h"
#include "core/report/figureparts.h"

#include <QCoreApplication>

#include <algorithm>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Inspect", sentence); }

} // namespace

ScrubbedTrace scrubbedTrace(const InspectResult* result, const FigureSelection& selection)
{
    ScrubbedTrace shown;
    const AttackOutcome* attack = result ? report::tracedAttack(*result, selection) : nullptr;
    if (!attack)
        return shown;
    shown.steps = int(attack->trace.size());
    const TraceStep* best = nullptr;
    for (const TraceStep& step : attack->trace) {
        if (!(step.margin < 0))
            continue;
        if (!best || step.distance < best->distance)
            best = &step;
        if (!shown.firstSuccess)
            shown.firstSuccess = step.step;
    }
    if (best)
        shown.best = best->step;
    shown.text = attack->success ? text("kept image") : text("not adversarial");
    if (selection.step && *selection.step >= 0 && *selection.step < shown.steps) {
        const TraceStep& step = attack->trace[std::size_t(*selection.step)];
        shown.shown = step.step;
        shown.text = text("step %1 · margin %2 · %3 %4")
                         .arg(step.step)
                         .arg(shownNumber(double(step.margin)), qtext(normLabel(attack->norm)), shownNumber(double(step.distance)));
    }
    return shown;
}

QString traceSubtitle(const InspectResult& result, const FigureSelection& selection)
{
    const AttackOutcome* attack = report::tracedAttack(result, selection);
    if (!attack)
        return {};
    const QString end = attack->success ? text("◆ nearest adversarial step") : text("failed: %1").arg(qtext(attack->failure));
    return text("%1 · %2 · %3 steps · %4").arg(attackLabel(attack->name), qtext(normLabel(attack->norm)), shownCount(attack->steps), end);
}

const AttackIterate* shownIterate(const InspectResult& result, const FigureSelection& selection)
{
    const AttackOutcome* attack = selection.step ? report::tracedAttack(result, selection) : nullptr;
    if (!attack || !attack->iterates || attack->iterates->empty())
        return nullptr;
    const auto after = std::ranges::upper_bound(*attack->iterates, *selection.step, {}, &AttackIterate::step);
    return after == attack->iterates->begin() ? nullptr : &*std::prev(after);
}

} // namespace brink
