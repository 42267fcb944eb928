// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/surveyimages.h"

#include "core/data/preprocessing.h"

#include <atomic>
#include <utility>

namespace brink {

namespace {

constexpr std::int64_t resolution = 1000;

/// Progress of one unit, added to that of the others.
class UnitMonitor : public Monitor {
public:
    UnitMonitor(Monitor& whole, std::atomic<std::int64_t>& sum, std::int64_t units) : m_whole(whole), m_sum(sum), m_units(units) {}
    [[nodiscard]] bool stopRequested() const override { return m_whole.stopRequested(); }
    void progress(std::int64_t done, std::int64_t total) override
    {
        if (total <= 0)
            return;
        const std::int64_t now = resolution * done / total, before = m_share.exchange(now);
        m_whole.progress(m_sum += now - before, m_units * resolution);
    }
    void note(std::string_view text) override { m_whole.note(text); }

private:
    Monitor& m_whole;
    std::atomic<std::int64_t>& m_sum;
    std::int64_t m_units;
    std::atomic<std::int64_t> m_share{0};
};

} // namespace

Image surveyImage(const SurveyImages& images, std::int64_t index, const Classifier& model)
{
    PreparedImage prepared = prepareImage(images.dataset->image(index), model.channels(), model.height(), model.width(), model.card().resizeRule);
    return std::move(prepared.image);
}

void surveyUnits(std::int64_t count, Monitor& monitor, const std::function<void(std::int64_t unit, Monitor&)>& work)
{
    std::atomic<std::int64_t> sum{0};
    std::vector<Task> tasks;
    for (std::int64_t unit = 0; unit < count; ++unit)
        tasks.emplace_back([&, unit] {
            if (monitor.stopRequested())
                return;
            UnitMonitor own(monitor, sum, count);
            work(unit, own);
            own.progress(1, 1);
        });
    monitor.runTogether(tasks);
}

} // namespace brink
