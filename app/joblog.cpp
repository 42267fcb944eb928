// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/joblog.h"

#include "app/qtext.h"

#include <QCoreApplication>
#include <QDateTime>

namespace brink {

namespace {

QString words(const char* sentence) { return QCoreApplication::translate("JobLog", sentence); }

/// ISO, so that lines of several days sort and no locale is needed to read them.
QString stamp(qint64 msecs) { return QDateTime::fromMSecsSinceEpoch(msecs).toString(QStringLiteral("yyyy-MM-dd hh:mm:ss.zzz")); }

QString stateWord(JobStatus status)
{
    switch (status) {
    case JobStatus::Done:
        return words("done");
    case JobStatus::Stopped:
        return words("stopped");
    case JobStatus::Failed:
        return words("failed");
    case JobStatus::Queued:
    case JobStatus::Running:
        break;
    }
    return words("running");
}

} // namespace

void JobLog::add(const JobSnapshot& job, const std::optional<EvaluationCounts>& counts)
{
    const auto line = [this, &job](qint64 msecs, const QString& what) { m_lines << QStringLiteral("%1  %2  %3").arg(stamp(msecs), job.title, what); };
    if (job.startedMsecs > 0)
        line(job.startedMsecs, words("started"));
    for (const JobNote& note : job.notes)
        line(note.msecs, note.text);
    QString end = words("%1 after %2 s").arg(stateWord(job.status)).arg(job.seconds, 0, 'f', 2);
    if (job.total > 0 && job.status != JobStatus::Done)
        end += words(", %1 of %2").arg(job.done).arg(job.total);
    if (counts)
        end += words(", %1 forwards, %2 backwards").arg(counts->forwards).arg(counts->backwards);
    if (job.error)
        end += QStringLiteral(": ") + qtext(job.error->message());
    line(job.startedMsecs + qint64(job.seconds * 1000), end);
    if (m_lines.size() > mostLines)
        m_lines = m_lines.mid(m_lines.size() - mostLines);
}

} // namespace brink
