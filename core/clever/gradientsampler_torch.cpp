// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/gradientsampler_torch.h"

#include "core/base/error.h"

#include <algorithm>
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

/// The stream of points of a plan, in device batches.
class PointStream {
public:
    PointStream(const Image& centre, const GradientPlan& plan)
        : m_plan(plan), m_sampler(centre, plan.ball, plan.radius, plan.law), m_dimension(centre.size())
    {
    }

    /// Writes the next `count` points; `fractions` gets their distances as parts of the radius.
    void draw(float* points, std::int64_t count, std::vector<double>& fractions)
    {
        fractions.resize(std::size_t(count));
        for (std::int64_t i = 0; i < count; ++i, ++m_next) {
            if (m_next % m_plan.samples == 0)
                m_rng.emplace(combineSeeds({m_plan.seed, std::uint64_t(m_next / m_plan.samples)}));
            fractions[std::size_t(i)] = m_sampler.draw(*m_rng, {points + std::size_t(i) * m_dimension, m_dimension});
        }
    }

    [[nodiscard]] double meanDistance() const { return m_sampler.meanDistance(); }

private:
    const GradientPlan& m_plan;
    BallSampler m_sampler;
    std::size_t m_dimension;
    std::int64_t m_next = 0;
    std::optional<Rng> m_rng;
};

/// Takes the norms of points first .. first + N - 1 into the maxima.
void collect(const at::Tensor& norms, std::int64_t first, const std::vector<double>& fractions, const GradientPlan& plan,
    GradientMaximaRows& result)
{
    const auto count = norms.size(1);
    for (std::size_t r = 0; r < result.rows.size(); ++r) {
        const float* values = norms.data_ptr<float>() + std::int64_t(r) * count;
        GradientMaximaRows::Row& row = result.rows[r];
        for (std::int64_t i = 0; i < count; ++i) {
            const auto value = double(values[i]);
            if (!std::isfinite(value))
                throw Error(ErrorCode::Domain,
                    "A gradient in the sampling ball is not finite; use a smaller radius or repair the model.");
            const auto batch = std::size_t((first + i) / plan.samples);
            row.zeroGradients += value == 0;
            row.maxima[batch] = std::max(row.maxima[batch], value);
            for (std::size_t k = plan.innerFractions.size(); k-- > 0 && fractions[std::size_t(i)] <= plan.innerFractions[k];)
                row.innerMaxima[k][batch] = std::max(row.innerMaxima[k][batch], value);
        }
    }
}

GradientMaximaRows emptyRows(const GradientPlan& plan)
{
    GradientMaximaRows result;
    const auto batches = std::size_t(plan.batches);
    result.rows.resize(plan.targets.size() * plan.norms.size());
    for (auto& row : result.rows) {
        row.maxima.assign(batches, 0);
        row.innerMaxima.assign(plan.innerFractions.size(), std::vector<double>(batches, 0));
    }
    return result;
}

void keepCompleteBatches(GradientMaximaRows& result)
{
    for (auto& row : result.rows) {
        row.maxima.resize(std::size_t(result.batchesDone));
        for (auto& inner : row.innerMaxima)
            inner.resize(std::size_t(result.batchesDone));
    }
}

} // namespace

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
    const std::function<void(const GradientMaximaRows&)>& afterBatch)
{
    GradientMaximaRows result = emptyRows(plan);
    PointStream stream(centre, plan);
    const std::int64_t total = std::int64_t(plan.batches) * plan.samples;
    auto deviceBatch = std::min<std::int64_t>(evaluator.classifier().bestBatch(), total);
    const at::Tensor points = at::empty({deviceBatch, centre.channels, centre.height, centre.width}, at::kFloat);
    std::vector<double> fractions;
    while (result.samplesDone < total) {
        if (monitor.stopRequested()) {
            result.isStopped = true;
            break;
        }
        const auto count = std::min(points.size(0), total - result.samplesDone);
        stream.draw(points.data_ptr<float>(), count, fractions);
        std::vector<at::Tensor> parts;
        withBatchHalving(int(deviceBatch), monitor, [&](int batch) {
            deviceBatch = batch;
            parts.clear();
            for (std::int64_t begin = 0; begin < count; begin += batch)
                parts.push_back(gradientNorms(evaluator, points.slice(0, begin, std::min(begin + batch, count)), plan));
        });
        collect(parts.size() == 1 ? parts[0] : at::cat(parts, 1), result.samplesDone, fractions, plan, result);
        result.samplesDone += count;
        result.batchesDone = int(result.samplesDone / plan.samples);
        result.meanDistance = stream.meanDistance();
        if (afterBatch)
            afterBatch(result);
    }
    keepCompleteBatches(result);
    return result;
}

} // namespace brink
