// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/adam_torch.h"

#include "core/threat/metric_torch.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

namespace brink {

namespace {

constexpr double meanDecay = 0.9, squareDecay = 0.999;

} // namespace

Adam::Adam(const at::Tensor& like) : m_mean(at::zeros_like(like)), m_square(at::zeros_like(like)) {}

at::Tensor Adam::stepped(const at::Tensor& variables, const at::Tensor& gradient, const at::Tensor& stepSize)
{
    const at::NoGradGuard noGrad;
    m_meanWeight *= meanDecay;
    m_squareWeight *= squareDecay;
    m_mean.mul_(meanDecay).add_(gradient, 1 - meanDecay);
    m_square.mul_(squareDecay).addcmul_(gradient, gradient, 1 - squareDecay);
    m_denominator = m_square.sqrt().mul_(1 / std::sqrt(1 - m_squareWeight)).add_(1e-8);
    const at::Tensor length = perRow(stepSize / (1 - m_meanWeight), variables);
    return at::addcdiv(variables, m_mean * length, m_denominator, -1);
}

} // namespace brink
