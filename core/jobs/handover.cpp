// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/handover.h"

#include <QRunnable>
#include <QThreadPool>

#include <memory>
#include <utility>

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace brink {

namespace {

[[maybe_unused]] char g_handedOver;

class HandedOver final : public QRunnable {
public:
    explicit HandedOver(std::function<void()> work) : m_work(std::move(work)) {}

    void run() override
    {
        takeOver();
        m_work();
    }

private:
    std::function<void()> m_work;
};

} // namespace

void handOver()
{
#ifdef __SANITIZE_THREAD__
    __tsan_release(&g_handedOver);
#endif
}

void takeOver()
{
#ifdef __SANITIZE_THREAD__
    __tsan_acquire(&g_handedOver);
#endif
}

void startOn(QThreadPool& pool, std::function<void()> work)
{
    auto runnable = std::make_unique<HandedOver>(std::move(work));
    handOver();
    pool.start(runnable.release()); // the pool deletes it
}

} // namespace brink
