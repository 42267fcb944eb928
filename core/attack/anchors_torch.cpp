// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/anchors_torch.h"

#include <ATen/ATen.h>

#include <limits>

namespace brink {

Anchors::Anchors(const at::Tensor& classes, const at::Tensor& sign, std::int64_t count) : m_classes(classes), m_sign(sign)
{
    const at::Tensor index = classes.unsqueeze(1);
    const at::Tensor zeros = at::zeros({classes.size(0), count}, sign.options());
    m_own = zeros.scatter(1, index, sign.unsqueeze(1));
    m_blocked = zeros.scatter(1, index, -std::numeric_limits<double>::infinity());
}

LogitLoss Anchors::margin(const at::Tensor& logits) const
{
    const auto [best, which] = (logits + m_blocked).max(1, true);
    const at::Tensor lead = (logits.gather(1, m_classes.unsqueeze(1)) - best).squeeze(1);
    return {m_sign * lead, m_own.scatter(1, which, -m_sign.unsqueeze(1))};
}

LogitLoss Anchors::anchorLogit(const at::Tensor& logits) const { return {(logits * m_own).sum(1), m_own}; }

LogitLoss Anchors::logOdds(const at::Tensor& logits) const
{
    const at::Tensor others = logits + m_blocked;
    const at::Tensor shares = others.log_softmax(1);
    // The largest other minus the logarithm of its share is the logsumexp.
    const at::Tensor sum = others.amax(1) - shares.amax(1);
    const at::Tensor lead = logits.gather(1, m_classes.unsqueeze(1)).squeeze(1) - sum;
    return {m_sign * lead, m_own - m_sign.unsqueeze(1) * shares.exp()};
}

Anchors Anchors::select(const at::Tensor& rows) const
{
    return Anchors(m_classes.index_select(0, rows), m_sign.index_select(0, rows), m_own.size(1));
}

} // namespace brink
