// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/scheduler.h"

#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace brink {

/// Makes one value after the other in jobs, never two at a time: of the wishes that come while one is being made only the
/// newest is kept. What was asked for last is always made, however fast wishes come. For one thread, the scheduler's.
template <typename T> class LatestJob {
public:
    /// @param slot of the jobs, unlike any other's. @param scheduler may go first.
    LatestJob(Scheduler& scheduler, QString title, QString slot)
        : m_state(std::make_shared<State>(State{scheduler, std::move(title), std::move(slot), false, {}}))
    {
    }

    /// @param make in a worker. @param use here, unless this is gone; of what throws, `failed` is told instead.
    void request(std::function<T()> make, std::function<void(T)> use, std::function<void(const Error&)> failed = {})
    {
        m_state->waiting = Wish{std::move(make), std::move(use), std::move(failed)};
        if (!m_state->isBusy)
            start(m_state);
    }
    [[nodiscard]] bool isBusy() const { return m_state->isBusy; }

private:
    struct Wish {
        std::function<T()> make;
        std::function<void(T)> use;
        std::function<void(const Error&)> failed;
    };
    struct State {
        Scheduler& scheduler;
        QString title, slot;
        bool isBusy = false;
        std::optional<Wish> waiting;
    };

    static void start(const std::shared_ptr<State>& state)
    {
        const Wish wish = std::move(*state->waiting);
        state->waiting.reset();
        state->isBusy = true;
        const auto made = std::make_shared<std::optional<T>>();
        JobRequest request;
        request.title = state->title;
        request.slot = state->slot;
        request.work = [make = wish.make, made](Monitor&) { *made = make(); };
        request.finished = [weak = std::weak_ptr(state), wish, made](const JobSnapshot& job) {
            const auto alive = weak.lock();
            if (!alive)
                return;
            alive->isBusy = false;
            if (*made)
                wish.use(std::move(**made));
            else if (job.error && wish.failed)
                wish.failed(*job.error);
            if (alive->waiting && !alive->isBusy)
                start(alive);
        };
        state->scheduler.submit(std::move(request));
    }

    std::shared_ptr<State> m_state;
};

} // namespace brink
