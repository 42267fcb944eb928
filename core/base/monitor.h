// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace brink {

/// A part of a work that may run beside other parts of it, on any thread.
using Task = std::function<void()>;

/// The one parameter of everything long: asks whether to stop, takes progress and notes, lends threads that are free.
/// Implementations must be callable from several threads at once.
class Monitor {
public:
    virtual ~Monitor() = default;
    /// Polled once per attack iteration, sampled batch or row block.
    [[nodiscard]] virtual bool stopRequested() const = 0;
    /// Work units done of the total; what a unit is, is the caller's business.
    virtual void progress(std::int64_t done, std::int64_t total) = 0;
    /// One line for the log of the job, e.g. "batch halved to 32: out of memory".
    virtual void note(std::string_view text) = 0;

    /// How many tasks can run at the same time at most, the caller's included. What a work computes must not depend on it.
    [[nodiscard]] virtual int lanes() const { return 1; }
    /// Runs all tasks, in order but for those that free threads take meanwhile, and returns when all have ended.
    /// A task that throws ends the others that have not begun; the first exception is thrown on.
    virtual void runTogether(std::span<const Task> tasks)
    {
        for (const Task& task : tasks)
            task();
    }
};

/// A monitor for tests and one-shot commands: never stops unless told to, remembers progress.
class PlainMonitor : public Monitor {
public:
    [[nodiscard]] bool stopRequested() const override { return m_stop.load(std::memory_order_relaxed); }
    void progress(std::int64_t done, std::int64_t total) override
    {
        m_done.store(done, std::memory_order_relaxed);
        m_total.store(total, std::memory_order_relaxed);
    }
    void note(std::string_view) override {}

    void requestStop() { m_stop.store(true, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t done() const { return m_done.load(std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t total() const { return m_total.load(std::memory_order_relaxed); }

private:
    std::atomic<bool> m_stop{false};
    std::atomic<std::int64_t> m_done{0};
    std::atomic<std::int64_t> m_total{0};
};

/// Shows the progress of one part of a longer work as a slice of the whole: parts `first` to `first + width` of `total`.
class PartMonitor : public Monitor {
public:
    PartMonitor(Monitor& whole, std::int64_t first, std::int64_t width, std::int64_t total)
        : m_whole(whole), m_first(first), m_width(width), m_total(total)
    {
    }
    [[nodiscard]] bool stopRequested() const override { return m_whole.stopRequested(); }
    void progress(std::int64_t done, std::int64_t total) override
    {
        if (total > 0)
            m_whole.progress(m_first * resolution + m_width * resolution * done / total, m_total * resolution);
    }
    void note(std::string_view text) override { m_whole.note(text); }
    [[nodiscard]] int lanes() const override { return m_whole.lanes(); }
    void runTogether(std::span<const Task> tasks) override { m_whole.runTogether(tasks); }

private:
    static constexpr std::int64_t resolution = 1000;
    Monitor& m_whole;
    std::int64_t m_first, m_width, m_total;
};

} // namespace brink
