// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/joblog.h"
#include "app/jobtext.h"

#include <QRegularExpression>
#include <QTest>

using namespace brink;

namespace {

JobSnapshot sample(JobStatus status)
{
    JobSnapshot job;
    job.id = 7;
    job.title = QStringLiteral("Inspect L2");
    job.status = status;
    job.startedMsecs = 1'700'000'000'000;
    job.seconds = 2.5;
    job.done = 30;
    job.total = 100;
    job.notes = {{1'700'000'001'000, QStringLiteral("batch halved to 32")}};
    if (status == JobStatus::Failed)
        job.error = Error(ErrorCode::Io, "The file is gone.");
    return job;
}

} // namespace

class TestJobLog : public QObject {
    Q_OBJECT
private slots:
    void everyLineHasATimeStampAndTheJob()
    {
        JobLog log;
        log.add(sample(JobStatus::Done), EvaluationCounts{12, 34});
        QCOMPARE(log.lines().size(), 3);
        static const QRegularExpression stamped(QStringLiteral("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}  Inspect L2  "));
        for (const QString& line : log.lines())
            QVERIFY2(line.contains(stamped), qPrintable(line));
        QVERIFY(log.lines()[1].endsWith(QStringLiteral("batch halved to 32")));
        QVERIFY2(log.lines()[2].endsWith(QStringLiteral("done after 2.50 s, 12 forwards, 34 backwards")), qPrintable(log.lines()[2]));
        log.clear();
        QVERIFY(log.text().isEmpty());
    }

    void howItEnded_data()
    {
        QTest::addColumn<JobStatus>("status");
        QTest::addColumn<QString>("end");
        QTest::addRow("stopped") << JobStatus::Stopped << QStringLiteral("stopped after 2.50 s, 30 of 100");
        QTest::addRow("failed") << JobStatus::Failed << QStringLiteral("failed after 2.50 s, 30 of 100: The file is gone.");
    }
    void howItEnded()
    {
        QFETCH(JobStatus, status);
        QFETCH(QString, end);
        JobLog log;
        log.add(sample(status), {});
        QVERIFY2(log.lines().last().endsWith(end), qPrintable(log.lines().last()));
    }

    void theNewestLinesAreKept()
    {
        JobLog log;
        for (int i = 0; i < JobLog::mostLines; ++i)
            log.add(sample(JobStatus::Done), {});
        QCOMPARE(log.lines().size(), qsizetype(JobLog::mostLines));
    }

    void aRunningRowSaysRateRestAndCost()
    {
        JobSnapshot job = sample(JobStatus::Running);
        const JobRow row = jobRow(job, EvaluationCounts{100, 250});
        QCOMPARE(row.fraction.value_or(-1), 0.3);
        QVERIFY2(row.detail.contains(QStringLiteral("30 %")) && row.detail.contains(QStringLiteral("0:06 left")), qPrintable(row.detail));
        QVERIFY2(row.detail.contains(QStringLiteral("100 gradients/s")) && row.detail.contains(QStringLiteral("250 backwards")), qPrintable(row.detail));
        const JobRow forwards = jobRow(job, EvaluationCounts{100, 0});
        QVERIFY2(forwards.detail.contains(QStringLiteral("40 forwards/s")), qPrintable(forwards.detail));
    }
};

QTEST_APPLESS_MAIN(TestJobLog)
#include "tst_joblog.moc"
