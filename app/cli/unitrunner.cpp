// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/unitrunner.h"

#include "core/jobs/scheduler.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace brink::cli {

namespace {

std::atomic<bool> g_interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void onInterrupt(int)
{
    g_interrupted.store(true);
    std::signal(SIGINT, SIG_DFL); // a second Ctrl-C ends the process at once
}

/// Handles Ctrl-C for as long as it lives.
class InterruptGuard {
public:
    InterruptGuard()
    {
        g_interrupted.store(false);
        m_previous = std::signal(SIGINT, onInterrupt);
    }
    ~InterruptGuard() { std::signal(SIGINT, m_previous); }
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

private:
    void (*m_previous)(int);
};

QString clockText(double seconds)
{
    const auto whole = qint64(seconds + 0.5);
    return QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

/// One line on the terminal: bar, share, units, remaining time.
class ProgressLine {
public:
    ProgressLine(const QString& title, std::int64_t count) : m_title(title), m_count(count), m_isTerminal(isatty(STDERR_FILENO) == 1)
    {
        m_clock.start();
    }

    void show(const QList<JobSnapshot>& jobs)
    {
        if (!m_isTerminal)
            return;
        double done = 0;
        for (const JobSnapshot& job : jobs)
            done += job.isFinished() ? 1.0 : job.total > 0 ? double(job.done) / double(job.total) : 0.0;
        const double share = std::min(1.0, done / double(m_count));
        const double seconds = double(m_clock.elapsed()) / 1000.0;
        const QString left = share > 0.01 ? clockText(seconds * (1 - share) / share) + QStringLiteral(" left") : QString();
        const int cells = int(share * 30 + 0.5);
        const QString bar = QString(cells, QLatin1Char('#')) + QString(30 - cells, QLatin1Char('-'));
        const QString units = m_count > 1 ? QStringLiteral("  %1 of %2").arg(qint64(done)).arg(m_count) : QString();
        const QString line
            = QStringLiteral("\r%1 [%2] %3 %%4  %5   ").arg(m_title, bar).arg(share * 100, 3, 'f', 0).arg(units, left);
        std::fputs(line.toUtf8().constData(), stderr);
        m_isShown = true;
    }

    void end() const
    {
        if (m_isShown)
            std::fputs("\r\033[K", stderr);
    }

private:
    QString m_title;
    std::int64_t m_count;
    bool m_isTerminal;
    bool m_isShown = false;
    QElapsedTimer m_clock;
};

} // namespace

UnitReport runUnits(const QString& title, std::int64_t count, int workers,
    const std::function<void(std::int64_t unit, Monitor&)>& work, const std::function<void(std::int64_t unit)>& finished)
{
    UnitReport report;
    report.errors.resize(std::size_t(count));
    const InterruptGuard interrupt;
    ProgressLine line(title, count);
    Scheduler scheduler(workers);
    QEventLoop loop;
    QObject::connect(&scheduler, &Scheduler::idle, &loop, &QEventLoop::quit);
    for (std::int64_t unit = 0; unit < count; ++unit)
        scheduler.submit({title, {}, JobPriority::Batch, [&work, unit](Monitor& monitor) { work(unit, monitor); },
            [&report, &finished, unit](const JobSnapshot& job) {
                report.errors[std::size_t(unit)] = job.error;
                report.failures += job.status == JobStatus::Failed;
                report.stopped |= job.status == JobStatus::Stopped;
                if (finished && job.status == JobStatus::Done)
                    finished(unit);
            }});
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &scheduler, [&] {
        if (g_interrupted.load())
            scheduler.stopAll();
        line.show(scheduler.jobs());
    });
    timer.start(100);
    if (!scheduler.isIdle())
        loop.exec();
    line.end();
    return report;
}

int reportUnits(const UnitReport& report, const char* unitName)
{
    if (report.failures > 0) {
        for (const auto& error : report.errors)
            if (error) {
                std::fprintf(stderr, "brink: %s\n", error->message().c_str());
                break;
            }
        if (report.failures > 1)
            std::fprintf(stderr, "brink: %lld of %lld %s failed; the others are in the results.\n", (long long)report.failures,
                (long long)report.errors.size(), unitName);
        const auto isUsage = [](const auto& error) {
            return error && (error->code() == ErrorCode::Usage || error->code() == ErrorCode::Domain);
        };
        if (report.failures == std::int64_t(report.errors.size()) && std::ranges::all_of(report.errors, isUsage))
            return 2;
    }
    if (report.stopped)
        std::fprintf(stderr, "brink: stopped; what was done is in the results.\n");
    return report.failures > 0 || report.stopped ? 1 : 0;
}

} // namespace brink::cli
