// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"

#include <QThreadPool>

#include <atomic>
#include <memory>

namespace brink {

/// Lends the threads that no job uses to jobs that can split their work, so that one image keeps all workers busy.
/// A job never waits for one: it works through its tasks itself and is helped while threads are free.
/// All members but the constructor may be called from any thread.
class SpareThreads {
public:
    /// @param workers threads that compute at the same time, those of the jobs included; at least 1.
    explicit SpareThreads(int workers);

    void jobStarted() { ++m_busy; }
    void jobEnded() { --m_busy; }

    [[nodiscard]] int workers() const { return m_workers; }
    /// See Monitor::runTogether().
    void runTogether(std::span<const Task> tasks);

private:
    class Round;
    [[nodiscard]] bool occupy();
    void help(const std::shared_ptr<Round>& round);

    const int m_workers;
    std::atomic<int> m_busy{0}; ///< jobs and helpers
    QThreadPool m_pool;
};

} // namespace brink
