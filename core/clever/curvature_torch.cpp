// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/curvature_torch.h"

#include <algorithm>
#include <span>

namespace brink {

namespace {

constexpr int mostProducts = 500;
constexpr double settledWithin = 1e-3;
/// Host and device meet once in this many products to see whether all points have settled.
constexpr int checkEvery = 4;

/// Products of the Hessian of f_c - f_j with one vector per point, on a graph that is built once.
class HessianProducts {
public:
    HessianProducts(Evaluator& evaluator, const at::Tensor& points, std::int64_t reference, std::int64_t target)
        : m_evaluator(evaluator)
    {
        const at::AutoGradMode grad(true);
        m_x = points.detach().to(evaluator.device()).requires_grad_(true);
        const at::Tensor logits = evaluator.logitsOnGraph(m_x);
        const at::Tensor difference = logits.select(1, reference) - logits.select(1, target);
        m_gradient = torch::autograd::grad({difference.sum()}, {m_x}, {}, true, true, true)[0];
        evaluator.countBackward(m_x.size(0));
    }

    /// @param v [N,D]. Zero where the gradient does not depend on x (piecewise linear).
    [[nodiscard]] at::Tensor times(const at::Tensor& v)
    {
        if (!m_gradient.defined() || !m_gradient.requires_grad())
            return at::zeros_like(v);
        const at::AutoGradMode grad(true);
        m_evaluator.countBackward(m_x.size(0));
        const at::Tensor product
            = torch::autograd::grad({(m_gradient * v.view_as(m_x)).sum()}, {m_x}, {}, true, false, true)[0];
        return product.defined() ? product.reshape_as(v).detach() : at::zeros_like(v);
    }

private:
    Evaluator& m_evaluator;
    at::Tensor m_x;
    at::Tensor m_gradient;
};

at::Tensor rowNorms(const at::Tensor& v) { return at::linalg_vector_norm(v, 2, at::IntArrayRef{1}, true); }

/// Dominant eigenvalue of H - shift I per point, [N]. A point keeps the value at which it settled, whatever its batch mates do.
at::Tensor dominantEigenvalue(HessianProducts& hessian, at::Tensor v, const at::Tensor& shift)
{
    v = v / rowNorms(v);
    at::Tensor settled = at::zeros({v.size(0)}, v.options().dtype(at::kBool));
    at::Tensor value = at::zeros({v.size(0)}, v.options());
    for (int product = 1; product <= mostProducts; ++product) {
        const at::Tensor w = hessian.times(v) - shift.unsqueeze(1) * v;
        const at::Tensor rayleigh = (v * w).sum(1);
        const at::Tensor change = (rayleigh - value).abs();
        value = at::where(settled, value, rayleigh);
        if (product > 1)
            settled = settled.logical_or(change <= settledWithin * rayleigh.abs());
        v = w / rowNorms(w).clamp_min(1e-30);
        if (product % checkEvery == 0 && settled.all().item<bool>())
            break;
    }
    return value;
}

at::Tensor startVectors(const at::Tensor& points, std::uint64_t seed, std::int64_t firstPoint)
{
    const at::Tensor v = at::empty({points.size(0), points[0].numel()}, at::kFloat);
    for (std::int64_t i = 0; i < v.size(0); ++i) {
        Rng rng(combineSeeds({seed, std::uint64_t(firstPoint + i)}));
        rng.fillNormal({v.data_ptr<float>() + i * v.size(1), std::size_t(v.size(1))});
    }
    return v;
}

/// max(0, -lambda_min) of the Hessian of f_c - f_j at each point, [N] float32 on the CPU.
at::Tensor negativeCurvature(Evaluator& evaluator, const at::Tensor& points, const CurvaturePlan& plan, std::int64_t firstPoint)
{
    HessianProducts hessian(evaluator, points, plan.reference, plan.target);
    const at::NoGradGuard noGrad;
    const at::Tensor start = startVectors(points, plan.startSeed, firstPoint).to(evaluator.device());
    const at::Tensor dominant = dominantEigenvalue(hessian, start, at::zeros({start.size(0)}, start.options()));
    const at::Tensor shift = dominant.clamp_min(0);
    at::Tensor lowest = dominant;
    if (shift.max().item<float>() > 0) // once per device batch: half of the work is saved where no point needs the shift
        lowest = at::where(dominant > 0, dominantEigenvalue(hessian, start, shift) + shift, dominant);
    return lowest.neg().clamp_min(0).to(at::kCPU);
}

/// The largest curvature at the points, in parts when memory is short.
double largestCurvature(Evaluator& evaluator, const at::Tensor& points, const CurvaturePlan& plan, std::int64_t firstPoint,
    Monitor& monitor)
{
    double largest = 0;
    withBatchHalving(int(points.size(0)), monitor, [&](int batch) {
        for (std::int64_t begin = 0; begin < points.size(0); begin += batch) {
            const at::Tensor part = points.slice(0, begin, std::min(begin + batch, points.size(0)));
            largest = std::max(largest, negativeCurvature(evaluator, part, plan, firstPoint + begin).max().item<double>());
        }
    });
    return largest;
}

} // namespace

std::optional<std::vector<double>> sampleCurvatureMaxima(Evaluator& evaluator, const Image& centre, const CurvaturePlan& plan,
    Monitor& monitor, const std::function<void(std::int64_t)>& afterPoints)
{
    BallSampler sampler(centre, Norm::L2, plan.radius, plan.law);
    const auto batch = std::min<std::int64_t>(evaluator.classifier().bestBatch(), plan.samples);
    const at::Tensor points = at::empty({batch, centre.channels, centre.height, centre.width}, at::kFloat);
    const std::size_t dimension = centre.size();
    std::vector<double> maxima;
    for (int maximum = 0; maximum < plan.batches; ++maximum) {
        Rng rng(combineSeeds({plan.pointSeed, std::uint64_t(maximum)}));
        maxima.push_back(0);
        for (std::int64_t done = 0; done < plan.samples; done += batch) {
            if (monitor.stopRequested())
                return std::nullopt;
            const auto count = std::min(batch, plan.samples - done);
            for (std::int64_t i = 0; i < count; ++i)
                (void)sampler.draw(rng, {points.data_ptr<float>() + std::size_t(i) * dimension, dimension});
            const std::int64_t first = std::int64_t(maximum) * plan.samples + done;
            maxima.back() = std::max(maxima.back(), largestCurvature(evaluator, points.slice(0, 0, count), plan, first, monitor));
            afterPoints(count);
        }
    }
    return maxima;
}

} // namespace brink
