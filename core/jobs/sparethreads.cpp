// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/sparethreads.h"

#include "core/jobs/handover.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <semaphore>

namespace brink {

/// The tasks of one call. Shared with the helpers, which may still hold it for a moment after the last task has ended.
class SpareThreads::Round {
public:
    explicit Round(std::span<const Task> tasks) : m_tasks(tasks) {}

    [[nodiscard]] std::size_t left() const
    {
        const std::size_t next = m_next.load();
        return next < m_tasks.size() ? m_tasks.size() - next : 0;
    }

    /// @return false when none was left.
    bool runNext()
    {
        const std::size_t next = m_next.fetch_add(1);
        if (next >= m_tasks.size())
            return false;
        try {
            m_tasks[next]();
        } catch (...) {
            const std::lock_guard lock(m_mutex);
            if (!m_error)
                m_error = std::current_exception();
            m_next.store(m_tasks.size());
        }
        return true;
    }

    void helperEnded() { m_ended.release(); }

    void waitFor(int helpers)
    {
        for (; helpers > 0; --helpers)
            m_ended.acquire();
        if (m_error)
            std::rethrow_exception(m_error);
    }

private:
    std::span<const Task> m_tasks;
    std::atomic<std::size_t> m_next{0};
    std::counting_semaphore<> m_ended{0};
    std::mutex m_mutex;
    std::exception_ptr m_error;
};

namespace {

/// Counts the thread again, however the wait ends.
class Occupied {
public:
    explicit Occupied(std::atomic<int>& busy) : m_busy(busy) {}
    ~Occupied() { ++m_busy; }
    Occupied(const Occupied&) = delete;
    Occupied& operator=(const Occupied&) = delete;

private:
    std::atomic<int>& m_busy;
};

} // namespace

SpareThreads::SpareThreads(int workers) : m_workers(std::max(workers, 1))
{
    m_pool.setMaxThreadCount(m_workers);
    m_pool.setExpiryTimeout(-1); // LibTorch keeps caches per thread: the same few threads all the time
}

bool SpareThreads::occupy()
{
    int busy = m_busy.load();
    while (busy < m_workers)
        if (m_busy.compare_exchange_weak(busy, busy + 1))
            return true;
    return false;
}

void SpareThreads::help(const std::shared_ptr<Round>& round)
{
    startOn(m_pool, [this, round] {
        // A job that has begun since has the first claim on this place.
        while (m_busy.load() <= m_workers && round->runNext()) {
        }
        --m_busy;
        round->helperEnded();
    });
}

void SpareThreads::runTogether(std::span<const Task> tasks)
{
    const auto round = std::make_shared<Round>(tasks);
    int helpers = 0;
    do {
        for (; round->left() > std::size_t(helpers) + 1 && occupy(); ++helpers)
            help(round);
    } while (round->runNext());
    if (helpers == 0)
        return round->waitFor(0);
    // While it waits, a task of its own may use this thread's place for tasks inside it.
    --m_busy;
    const Occupied again(m_busy);
    round->waitFor(helpers);
}

} // namespace brink
