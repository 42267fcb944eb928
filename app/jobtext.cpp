// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/jobtext.h"

#include "app/inspecttext.h"
#include "app/qtext.h"

#include <QCoreApplication>

#include <cmath>

namespace brink {

namespace {

QString text(const char* sentence) { return QCoreApplication::translate("Jobs", sentence); }

JobRow::State rowState(JobStatus status)
{
    switch (status) {
    case JobStatus::Queued:
        return JobRow::State::Waiting;
    case JobStatus::Running:
        return JobRow::State::Running;
    case JobStatus::Done:
        return JobRow::State::Done;
    case JobStatus::Stopped:
        return JobRow::State::Stopped;
    case JobStatus::Failed:
        break;
    }
    return JobRow::State::Failed;
}

std::optional<double> doneFraction(const JobSnapshot& job)
{
    return job.total > 0 ? std::optional(std::clamp(double(job.done) / double(job.total), 0.0, 1.0)) : std::nullopt;
}

QStringList costTexts(const EvaluationCounts& counts, double seconds)
{
    QStringList parts;
    if (seconds > 0 && counts.backwards > 0)
        parts << text("%1 gradients/s").arg(shownCount(std::llround(double(counts.backwards) / seconds)));
    else if (seconds > 0 && counts.forwards > 0)
        parts << text("%1 forwards/s").arg(shownCount(std::llround(double(counts.forwards) / seconds)));
    parts << text("%1 forwards").arg(shownCount(counts.forwards)) << text("%1 backwards").arg(shownCount(counts.backwards));
    return parts;
}

QString stateText(const JobSnapshot& job)
{
    switch (job.status) {
    case JobStatus::Queued:
        return text("waiting");
    case JobStatus::Done:
        return text("done in %1").arg(durationText(job.seconds));
    case JobStatus::Stopped:
        return text("stopped after %1").arg(durationText(job.seconds));
    default:
        return {};
    }
}

} // namespace

JobRow jobRow(const JobSnapshot& job, const std::optional<EvaluationCounts>& counts)
{
    JobRow row{job.id, job.title, rowState(job.status), doneFraction(job), {}, {}};
    QStringList parts{stateText(job)};
    if (job.status == JobStatus::Running && row.fraction) {
        parts << QStringLiteral("%1 %").arg(std::lround(*row.fraction * 100));
        // Too early an estimate jumps about.
        if (*row.fraction > 0.02 && job.seconds > 0.5)
            parts << text("%1 left").arg(durationText(job.seconds * (1 - *row.fraction) / *row.fraction));
    }
    if (counts)
        parts << costTexts(*counts, job.seconds);
    parts.removeAll(QString());
    row.detail = parts.join(QStringLiteral(" · "));
    if (job.error)
        row.error = qtext(job.error->message());
    return row;
}

} // namespace brink
