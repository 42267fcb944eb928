// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/dlr_torch.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace brink {

namespace {

/// lead / spread and its derivative. @param usesFourth [n] bool: where the spread is that of targeted images.
LogitLoss perSpread(const LogitLoss& lead, const at::Tensor& logits, const at::Tensor& usesFourth)
{
    const std::int64_t classes = logits.size(1);
    if (classes < 3)
        return lead;
    const auto [top, order] = logits.topk(std::min<std::int64_t>(4, classes), 1);
    // Weights of the largest logits in the spread; they sum to 0.
    const at::Tensor half = usesFourth.to(logits.scalar_type()) / 2;
    at::Tensor share = at::zeros_like(top);
    share.select(1, 0).fill_(1);
    share.select(1, 2).copy_(half - 1);
    if (classes > 3)
        share.select(1, 3).copy_(-half);
    const at::Tensor isPlain = usesFourth.logical_and(at::full_like(usesFourth, classes == 3)).unsqueeze(1);
    const at::Tensor spread = ((top * share).sum(1, true) + 1e-12).masked_fill(isPlain, 1);
    const at::Tensor slope = at::zeros_like(logits).scatter_(1, order, share).masked_fill_(isPlain, 0);
    const at::Tensor value = lead.value.unsqueeze(1) / spread;
    return {value.squeeze(1), (lead.weights - value * slope) / spread};
}

} // namespace

LogitLoss dlr(const Anchors& anchors, const at::Tensor& logits)
{
    return perSpread(anchors.margin(logits), logits, anchors.sign().lt(0));
}

LogitLoss dlrTowards(const Anchors& anchors, const at::Tensor& logits, const at::Tensor& wanted)
{
    const LogitLoss margin = anchors.margin(logits);
    const at::Tensor isTargeted = anchors.sign().lt(0);
    const at::Tensor own = anchors.classes().unsqueeze(1), aim = wanted.unsqueeze(1);
    const at::Tensor one = at::ones_like(aim).to(logits.scalar_type());
    const at::Tensor weights = at::zeros_like(logits).scatter_(1, own, one).scatter_(1, aim, -one);
    const at::Tensor lead = (logits.gather(1, own) - logits.gather(1, aim)).squeeze(1);
    return perSpread({at::where(isTargeted, margin.value, lead), at::where(isTargeted.unsqueeze(1), margin.weights, weights)}, logits,
        at::ones_like(isTargeted));
}

} // namespace brink
