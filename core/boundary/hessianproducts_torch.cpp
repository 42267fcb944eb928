// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/hessianproducts_torch.h"

#include <algorithm>
#include <vector>

namespace brink {

HessianProducts::HessianProducts(
    Evaluator& evaluator, const at::Tensor& z, std::int64_t own, std::int64_t other, CurvatureMethod method, double reach)
    : m_evaluator(evaluator)
    , m_z(z.detach().unsqueeze(0).to(evaluator.device(), at::kFloat))
    , m_own(own)
    , m_other(other)
    , m_method(method)
    , m_reach(reach)
{
}

std::optional<at::Tensor> HessianProducts::times(const at::Tensor& directions, Monitor& monitor)
{
    // A difference takes two points a direction, so half as many directions fill a device batch.
    const std::int64_t points = m_method == CurvatureMethod::Difference ? 2 : 1;
    std::int64_t step = std::max<std::int64_t>(1, m_evaluator.classifier().bestBatch() / points);
    std::vector<at::Tensor> parts;
    for (std::int64_t begin = 0; begin < directions.size(0);) {
        if (monitor.stopRequested())
            return std::nullopt;
        withBatchHalving(int(step), monitor, [&](int batch) {
            step = batch;
            const at::Tensor some = directions.slice(0, begin, std::min(begin + batch, directions.size(0)));
            parts.push_back(m_method == CurvatureMethod::Difference ? differences(some) : secondBackward(some));
        });
        begin += parts.back().size(0);
    }
    return at::cat(parts);
}

void HessianProducts::times(std::span<const double> direction, std::span<double> product)
{
    const auto options = at::TensorOptions(at::kDouble);
    const at::Tensor row = at::from_blob(const_cast<double*>(direction.data()), {1, std::int64_t(direction.size())}, options);
    const at::Tensor result = (m_method == CurvatureMethod::Difference ? differences(row) : secondBackward(row)).contiguous();
    std::copy_n(result.data_ptr<double>(), product.size(), product.begin());
}

at::Tensor HessianProducts::differences(const at::Tensor& directions)
{
    const at::NoGradGuard noGrad;
    std::vector<std::int64_t> shape = m_z.sizes().vec();
    shape[0] = directions.size(0);
    const at::Tensor step = (directions * m_reach).to(at::kFloat).to(m_z.device()).view(shape);
    const at::Tensor both = gradients(at::cat({m_z + step, m_z - step})).to(at::kCPU, at::kDouble);
    const std::int64_t m = directions.size(0);
    return (both.slice(0, 0, m) - both.slice(0, m)) / (2 * m_reach);
}

at::Tensor HessianProducts::gradients(const at::Tensor& points)
{
    const ForwardPass pass = m_evaluator.forward(points);
    at::Tensor weights = at::zeros({points.size(0), pass.logits.size(1)}, pass.logits.options().requires_grad(false));
    weights.select(1, m_own).fill_(1);
    weights.select(1, m_other).fill_(-1);
    return m_evaluator.pullback(pass, weights).flatten(1);
}

at::Tensor HessianProducts::secondBackward(const at::Tensor& directions)
{
    const at::AutoGradMode grad(true);
    const std::int64_t m = directions.size(0);
    if (!m_copies.defined() || m_copies.size(0) != m) {
        m_copies = m_z.expand({m, m_z.size(1), m_z.size(2), m_z.size(3)}).contiguous().requires_grad_(true);
        const at::Tensor logits = m_evaluator.logitsOnGraph(m_copies);
        const at::Tensor difference = logits.select(1, m_own) - logits.select(1, m_other);
        m_gradient = torch::autograd::grad({difference.sum()}, {m_copies}, {}, true, true, true)[0];
        m_evaluator.countBackward(m);
    }
    m_evaluator.countBackward(m);
    if (!m_gradient.defined() || !m_gradient.requires_grad())
        return at::zeros_like(directions);
    const at::Tensor v = directions.to(at::kFloat).to(m_z.device()).view_as(m_copies);
    const at::Tensor product = torch::autograd::grad({(m_gradient * v).sum()}, {m_copies}, {}, true, false, true)[0];
    return product.defined() ? product.detach().flatten(1).to(at::kCPU, at::kDouble) : at::zeros_like(directions);
}

at::Tensor quadraticForms(const at::Tensor& directions, const at::Tensor& products) { return (directions * products).sum(1); }

} // namespace brink
