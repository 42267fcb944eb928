// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/threat/metric_torch.h"

#include "core/base/error.h"
#include "core/threat/l1threshold.h"

#include <ATen/ATen.h>

namespace brink {

namespace {

at::Tensor lengthIn(Norm norm, const at::Tensor& rows)
{
    const at::Tensor flat = rows.flatten(1);
    switch (norm) {
    case Norm::L0: return flat.ne(0).sum(1).to(rows.scalar_type());
    case Norm::L1: return flat.abs().sum(1);
    case Norm::L2: return at::linalg_vector_norm(flat, 2, at::IntArrayRef{1});
    case Norm::Linf: return flat.abs().amax(1);
    }
    throw Error(ErrorCode::Domain, "Unknown norm.");
}

/// Soft thresholds theta [N,1] by sorting: rho is the last k where u_k > (sum_{1..k} u - radius)/k.
at::Tensor thresholdsBySorting(const at::Tensor& magnitude, const at::Tensor& radius)
{
    const at::Tensor sorted = std::get<0>(magnitude.sort(1, true));
    const at::Tensor rank = at::arange(1, magnitude.size(1) + 1, magnitude.options());
    const at::Tensor excess = (sorted.cumsum(1) - radius.unsqueeze(1)) / rank;
    const at::Tensor last = sorted.gt(excess).sum(1).sub(1).clamp_min(0);
    return excess.gather(1, last.unsqueeze(1)).clamp_min(0);
}

/// The same row by row on the CPU, without sorting: a sort of an image takes as long as a pass through a small net.
at::Tensor thresholdsByRow(const at::Tensor& magnitude, const at::Tensor& radius)
{
    const at::Tensor u = magnitude.contiguous(), limit = radius.to(at::kFloat).contiguous();
    const at::Tensor theta = at::empty({u.size(0), 1}, u.options());
    const auto length = std::size_t(u.size(1));
    for (std::int64_t row = 0; row < u.size(0); ++row)
        theta.data_ptr<float>()[row] = l1Threshold({u.data_ptr<float>() + std::size_t(row) * length, length}, double(limit.data_ptr<float>()[row]));
    return theta;
}

at::Tensor projectL1(const at::Tensor& delta, const at::Tensor& radius)
{
    const at::Tensor flat = delta.flatten(1);
    const at::Tensor magnitude = flat.abs();
    const at::Tensor isInside = magnitude.sum(1).le(radius);
    // An infinite radius is never exceeded; a finite stand-in keeps the arithmetic of that row free of NaN.
    const at::Tensor finite = at::where(at::isinf(radius), at::zeros_like(radius), radius);
    const bool isOnHost = flat.device().is_cpu() && flat.scalar_type() == at::kFloat;
    const at::Tensor theta = isOnHost ? thresholdsByRow(magnitude, finite) : thresholdsBySorting(magnitude, finite);
    const at::Tensor shrunk = (magnitude - theta).clamp_min(0).mul_(flat.sign());
    return at::where(isInside.unsqueeze(1), flat, shrunk).view_as(delta);
}

at::Tensor keepLargest(const at::Tensor& delta, const at::Tensor& count)
{
    const at::Tensor flat = delta.flatten(1);
    const auto order = std::get<1>(flat.abs().sort(1, true));
    const at::Tensor rank = at::arange(flat.size(1), flat.options()).unsqueeze(0);
    const at::Tensor isKeptByRank = rank.lt(count.floor().unsqueeze(1));
    const at::Tensor isKept = at::zeros_like(isKeptByRank.expand_as(flat)).scatter_(1, order, isKeptByRank.expand_as(flat));
    return (flat * isKept).view_as(delta);
}

/// Signed spacings of d sorted uniforms from 0: uniform in the solid L1 ball (handbook 1.2).
at::Tensor spacings(const at::Tensor& uniforms)
{
    const at::Tensor flat = uniforms.flatten(1);
    const at::Tensor sorted = std::get<0>(flat.sort(1));
    return at::diff(sorted, 1, 1, at::zeros({flat.size(0), 1}, flat.options())).view_as(uniforms);
}

} // namespace

at::Tensor perRow(const at::Tensor& values, const at::Tensor& like)
{
    std::vector<std::int64_t> shape(std::size_t(like.dim()), 1);
    shape[0] = values.size(0);
    return values.view(shape);
}

at::Tensor DistanceMetric::length(const at::Tensor& delta) const { return lengthIn(m_norm, delta); }

at::Tensor DistanceMetric::dualLength(const at::Tensor& gradient) const { return lengthIn(dualNorm(m_norm), gradient); }

at::Tensor DistanceMetric::project(const at::Tensor& delta, const at::Tensor& radius) const
{
    switch (m_norm) {
    case Norm::L0: return keepLargest(delta, radius);
    case Norm::L1: return projectL1(delta, radius);
    case Norm::L2: {
        const at::Tensor factor = (radius / length(delta).clamp_min(1e-30)).clamp_max(1);
        return delta * perRow(factor, delta);
    }
    case Norm::Linf: {
        const at::Tensor limit = perRow(radius, delta);
        return at::minimum(at::maximum(delta, -limit), limit);
    }
    }
    throw Error(ErrorCode::Domain, "Unknown norm.");
}

at::Tensor DistanceMetric::steepest(const at::Tensor& gradient) const
{
    switch (m_norm) {
    case Norm::Linf: return gradient.sign();
    case Norm::L2: return gradient / perRow(length(gradient).clamp_min(1e-30), gradient);
    case Norm::L1: {
        const at::Tensor flat = gradient.flatten(1);
        const at::Tensor where = flat.abs().argmax(1, true);
        return at::zeros_like(flat).scatter_(1, where, flat.gather(1, where).sign()).view_as(gradient);
    }
    case Norm::L0: break;
    }
    throw Error(ErrorCode::Domain, "L0 has no steepest direction.");
}

at::Tensor DistanceMetric::ballFromRandom(const at::Tensor& random, const at::Tensor& signs, const at::Tensor& radial) const
{
    switch (m_norm) {
    case Norm::Linf: return random * signs;
    case Norm::L2: {
        // In double: in float U^(1/d) is 1 for large d (handbook A3).
        const double dimension = double(random.numel() / random.size(0));
        const at::Tensor radius = radial.to(at::kDouble).pow(1.0 / dimension).to(random.scalar_type());
        return random * perRow(radius / length(random).clamp_min(1e-30), random);
    }
    case Norm::L1: return spacings(random) * signs;
    case Norm::L0: break;
    }
    throw Error(ErrorCode::Domain, "There is no uniform law in an L0 ball.");
}

at::Tensor DistanceMetric::farthestInBox(const at::Tensor& image) const
{
    if (m_norm == Norm::L0) // every value can be changed
        return at::full({image.size(0)}, double(image.numel() / image.size(0)), image.options());
    return length(at::maximum(image, 1 - image));
}

} // namespace brink
