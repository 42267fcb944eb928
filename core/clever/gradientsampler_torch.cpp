// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/gradientsampler_torch.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <optional>

namespace brink {

namespace {

/// [N,D] -> [N].
at::Tensor dualNorms(const at::Tensor& flat, Norm norm)
{
    switch (dualNorm(norm)) {
    case Norm::L1:
        return flat.abs().sum(1);
    case Norm::Linf:
        return flat.abs().amax(1);
    default:
        return at::linalg_vector_norm(flat, 2, at::IntArrayRef{1});
    }
}

/// A run of complete maxima, sampled by itself: the unit that lanes share.
class MaximaGroup {
public:
    /// @param first, last maxima of the plan, last excluded.
    MaximaGroup(const Evaluator& evaluator, const Image& centre, const GradientPlan& plan, int first, int last)
        : m_plan(plan)
        , m_first(first)
        , m_points(std::int64_t(last - first) * plan.samples)
        , m_evaluator(evaluator.another())
        , m_centre(centre)
        , m_shape{0, centre.channels, centre.height, centre.width}
    {
        m_result.rows.resize(plan.targets.size() * plan.norms.size());
        for (auto& row : m_result.rows) {
            row.maxima.assign(std::size_t(last - first), 0);
            row.innerMaxima.assign(plan.innerFractions.size(), std::vector<double>(std::size_t(last - first), 0));
        }
    }

    /// Stopping leaves the group incomplete; its complete maxima are kept.
    void sample(Monitor& monitor, std::atomic<std::int64_t>& pointsDone)
    {
        auto deviceBatch = std::min<std::int64_t>(m_evaluator.classifier().bestBatch(), m_points);
        m_shape[0] = deviceBatch;
        const at::Tensor points = at::empty(m_shape, at::kFloat);
        const std::int64_t all = std::int64_t(m_plan.batches - m_plan.firstBatch) * m_plan.samples;
        while (!isComplete() && !monitor.stopRequested()) {
            const auto count = std::min(points.size(0), m_points - m_result.samplesDone);
            draw(points.data_ptr<float>(), count);
            std::vector<at::Tensor> parts;
            withBatchHalving(int(deviceBatch), monitor, [&](int batch) {
                deviceBatch = batch;
                parts.clear();
                for (std::int64_t begin = 0; begin < count; begin += batch)
                    parts.push_back(gradientNorms(m_evaluator, points.slice(0, begin, std::min(begin + batch, count)), m_plan));
            });
            collect(parts.size() == 1 ? parts[0] : at::cat(parts, 1));
            m_result.samplesDone += count;
            monitor.progress(pointsDone += count, all);
        }
        keepCompleteMaxima();
    }

    [[nodiscard]] bool isComplete() const { return m_result.samplesDone == m_points; }
    [[nodiscard]] const GradientMaximaRows& result() const { return m_result; }
    [[nodiscard]] const EvaluationCounts& counts() const { return m_evaluator.counts(); }

private:
    /// Writes the next points and remembers their distances as parts of the radius.
    void draw(float* points, std::int64_t count)
    {
        const auto dimension = std::size_t(m_shape[1] * m_shape[2] * m_shape[3]);
        m_fractions.resize(std::size_t(count));
        for (std::int64_t i = 0; i < count; ++i) {
            const std::int64_t point = m_result.samplesDone + i;
            if (point % m_plan.samples == 0) {
                m_rng.emplace(combineSeeds({m_plan.seed, std::uint64_t(m_first + point / m_plan.samples)}));
                m_sampler.emplace(m_centre, m_plan.ball, m_plan.radius, m_plan.law);
            }
            m_fractions[std::size_t(i)] = m_sampler->draw(*m_rng, {points + std::size_t(i) * dimension, dimension});
            if ((point + 1) % m_plan.samples == 0)
                m_result.meanDistances.push_back(m_sampler->meanDistance());
        }
    }

    /// Takes the norms [rows, N] of the points drawn last into the maxima.
    void collect(const at::Tensor& norms)
    {
        const auto count = norms.size(1);
        for (std::size_t r = 0; r < m_result.rows.size(); ++r) {
            const float* values = norms.data_ptr<float>() + std::int64_t(r) * count;
            GradientMaximaRows::Row& row = m_result.rows[r];
            for (std::int64_t i = 0; i < count; ++i) {
                const auto value = double(values[i]);
                if (!std::isfinite(value))
                    throw Error(ErrorCode::Domain,
                        "A gradient in the sampling ball is not finite; use a smaller radius or repair the model.");
                const auto batch = std::size_t((m_result.samplesDone + i) / m_plan.samples);
                row.zeroGradients += value == 0;
                row.maxima[batch] = std::max(row.maxima[batch], value);
                for (std::size_t k = m_plan.innerFractions.size(); k-- > 0 && m_fractions[std::size_t(i)] <= m_plan.innerFractions[k];)
                    row.innerMaxima[k][batch] = std::max(row.innerMaxima[k][batch], value);
            }
        }
    }

    void keepCompleteMaxima()
    {
        m_result.batchesDone = int(m_result.samplesDone / m_plan.samples);
        m_result.meanDistances.resize(std::size_t(m_result.batchesDone));
        for (auto& row : m_result.rows) {
            row.maxima.resize(std::size_t(m_result.batchesDone));
            for (auto& inner : row.innerMaxima)
                inner.resize(std::size_t(m_result.batchesDone));
        }
    }

    const GradientPlan& m_plan;
    int m_first;
    std::int64_t m_points; ///< of the whole group
    Evaluator m_evaluator;
    const Image& m_centre;
    std::array<std::int64_t, 4> m_shape;
    std::optional<Rng> m_rng;             ///< of the maximum at work
    std::optional<BallSampler> m_sampler; ///< likewise
    std::vector<double> m_fractions;
    GradientMaximaRows m_result;
};

void append(GradientMaximaRows& all, const GradientMaximaRows& more)
{
    all.rows.resize(more.rows.size());
    for (std::size_t r = 0; r < all.rows.size(); ++r)
        all.rows[r].append(more.rows[r]);
    all.meanDistances.insert(all.meanDistances.end(), more.meanDistances.begin(), more.meanDistances.end());
    all.batchesDone += more.batchesDone;
    all.samplesDone += more.samplesDone;
}

/// Maxima of a group: enough for several device batches of one target, so that a last one that is not full costs little;
/// with many targets fewer points, so that something is seen soon.
int groupSize(const Classifier& classifier, const GradientPlan& plan)
{
    const int batches = std::max(1, 4 / int(plan.targets.size()));
    return (batches * classifier.bestBatch() + plan.samples - 1) / plan.samples;
}

} // namespace

void GradientMaximaRows::Row::append(const Row& next)
{
    maxima.insert(maxima.end(), next.maxima.begin(), next.maxima.end());
    innerMaxima.resize(next.innerMaxima.size());
    for (std::size_t k = 0; k < innerMaxima.size(); ++k)
        innerMaxima[k].insert(innerMaxima[k].end(), next.innerMaxima[k].begin(), next.innerMaxima[k].end());
    zeroGradients += next.zeroGradients;
}

at::Tensor gradientNorms(Evaluator& evaluator, const ForwardPass& pass, const GradientPlan& plan)
{
    // One backward of the difference per target: K - 1 of them, against K when single logits are differentiated and subtracted.
    std::vector<at::Tensor> rows;
    const at::Tensor reference = pass.logits.select(1, plan.reference);
    for (std::size_t t = 0; t < plan.targets.size(); ++t) {
        const bool isLast = t + 1 == plan.targets.size();
        const at::Tensor gradient = evaluator.gradient(pass, reference - pass.logits.select(1, plan.targets[t]), !isLast);
        const at::Tensor flat = gradient.reshape({gradient.size(0), -1});
        for (const Norm norm : plan.norms)
            rows.push_back(dualNorms(flat, norm));
    }
    return at::stack(rows).to(at::kCPU);
}

at::Tensor gradientNorms(Evaluator& evaluator, const at::Tensor& points, const GradientPlan& plan)
{
    return gradientNorms(evaluator, evaluator.forward(points), plan);
}

GradientMaximaRows sampleGradientMaxima(Evaluator& evaluator, const Image& centre, const GradientPlan& plan, Monitor& monitor,
    const std::function<void(const GradientMaximaRows&)>& afterGroup)
{
    GradientMaximaRows result;
    std::atomic<std::int64_t> pointsDone{0};
    const int size = groupSize(evaluator.classifier(), plan);
    while (plan.firstBatch + result.batchesDone < plan.batches && !result.isStopped) {
        std::vector<MaximaGroup> groups;
        // Alone where someone waits for the first ones.
        const int most = afterGroup && plan.firstBatch + result.batchesDone == 0 ? 1 : monitor.lanes();
        for (int first = plan.firstBatch + result.batchesDone; first < plan.batches && int(groups.size()) < most; first += size)
            groups.emplace_back(evaluator, centre, plan, first, std::min(first + size, plan.batches));
        std::vector<Task> tasks;
        for (MaximaGroup& group : groups)
            tasks.emplace_back([&group, &monitor, &pointsDone] { group.sample(monitor, pointsDone); });
        monitor.runTogether(tasks);
        for (const MaximaGroup& group : groups) {
            evaluator.addCounts(group.counts());
            if (!result.isStopped)
                append(result, group.result());
            result.isStopped = result.isStopped || !group.isComplete();
        }
        if (afterGroup && !result.isStopped)
            afterGroup(result);
    }
    return result;
}

} // namespace brink
