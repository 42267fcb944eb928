// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/projection_torch.h"

#include "core/attack/boxdescent.h"
#include "core/base/error.h"
#include "core/threat/l1threshold.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <limits>

namespace brink {

namespace {

// The problem without signs. Coordinate i moves by m_i in [0, room_i] and lowers the function by slope_i m_i; together
// they must lower it by `need`. Sums over d terms are taken in double: the slope left over after most coordinates have
// hit the box is a small difference of large sums.
struct Descent {
    at::Tensor slope; ///< [N,d] double, |normal|
    at::Tensor room;  ///< [N,d] double, way to the face of the box; 0 where the slope is 0
    at::Tensor need;  ///< [N,1] double, |value|
    at::Tensor sign;  ///< [N,d] float, direction of the movement
};

Descent withoutSigns(const at::Tensor& points, const at::Tensor& normals, const at::Tensor& values)
{
    Descent descent;
    descent.sign = -normals.sign() * values.sign().unsqueeze(1);
    descent.slope = normals.to(at::kDouble).abs();
    descent.room = at::where(descent.sign > 0, 1.0 - points, points).to(at::kDouble);
    descent.room.masked_fill_(descent.sign == 0, 0.0);
    descent.need = values.to(at::kDouble).abs().unsqueeze(1);
    return descent;
}

// 0 before the first term: the sum of the terms ahead of each.
at::Tensor sumBefore(const at::Tensor& terms) { return terms.cumsum(1) - terms; }

// L2 and Linf: m_i = min(lambda speed_i, room_i) with speed |normal_i| or 1. The gain as a function of lambda is concave and
// piecewise linear with break points room_i / speed_i; the wanted lambda lies in the first piece whose end reaches `need`.
at::Tensor moveTogether(const Descent& descent, const at::Tensor& speed)
{
    const at::Tensor hitsAt = at::where(speed > 0, descent.room / speed, at::zeros_like(speed));
    const auto [breakPoint, order] = hitsAt.sort(1);
    const at::Tensor gainOfHit = (descent.slope * descent.room).gather(1, order);
    const at::Tensor rate = (descent.slope * speed).gather(1, order);
    // Summed from the back, so that the rate of the last pieces does not drown in rounding.
    const at::Tensor rateLeft = rate.flip(1).cumsum(1).flip(1);
    const at::Tensor hitBefore = sumBefore(gainOfHit);
    const at::Tensor reaches = hitBefore + breakPoint * rateLeft >= descent.need;
    const at::Tensor piece = reaches.to(at::kInt).argmax(1, true);
    const at::Tensor lambda = (descent.need - hitBefore.gather(1, piece)) / rateLeft.gather(1, piece);
    const at::Tensor wanted = at::where(reaches.any(1, true), lambda.clamp_min(0.0),
        at::full_like(lambda, std::numeric_limits<double>::infinity()));
    return at::minimum(at::where(speed > 0, wanted * speed, at::zeros_like(speed)), descent.room);
}

// L1: the steepest coordinates are used up one after the other; the last one moves as far as still needed.
at::Tensor moveSteepestFirst(const Descent& descent)
{
    const auto [slope, order] = descent.slope.sort(1, true);
    const at::Tensor room = descent.room.gather(1, order);
    const at::Tensor stillNeeded = (descent.need - sumBefore(slope * room)).clamp_min(0.0);
    const at::Tensor moved = at::where(slope > 0, at::minimum(stillNeeded / slope, room), at::zeros_like(room));
    return at::zeros_like(moved).scatter(1, order, moved);
}

constexpr const char* noProjection = "The projection onto a hyperplane is defined for l1, l2 and linf, not for l0.";

at::Tensor movement(const Descent& descent, Norm norm)
{
    switch (norm) {
    case Norm::L1:
        return moveSteepestFirst(descent);
    case Norm::L2:
        return moveTogether(descent, descent.slope);
    case Norm::Linf:
        return moveTogether(descent, (descent.slope > 0).to(at::kDouble));
    case Norm::L0:
        break;
    }
    throw Error(ErrorCode::Domain, noProjection);
}

/// The same row by row on the CPU, without sorting.
HyperplaneProjection projectByRow(const at::Tensor& points, const at::Tensor& normals, const at::Tensor& values, Norm norm)
{
    const at::Tensor x = points.contiguous(), w = normals.contiguous(), value = values.to(at::kFloat).contiguous();
    HyperplaneProjection projection{at::empty_like(x), at::empty({x.size(0)}, at::kBool)};
    BoxDescent descent;
    const auto length = std::size_t(x.size(1));
    for (std::int64_t row = 0; row < x.size(0); ++row) {
        const std::size_t first = std::size_t(row) * length;
        projection.reaches.data_ptr<bool>()[row] = descent.project({x.data_ptr<float>() + first, length}, {w.data_ptr<float>() + first, length},
            value.data_ptr<float>()[row], norm, {projection.step.data_ptr<float>() + first, length});
    }
    return projection;
}

} // namespace

HyperplaneProjection projectOntoHyperplane(
    const at::Tensor& points, const at::Tensor& normals, const at::Tensor& values, Norm norm)
{
    const at::NoGradGuard noGrad;
    if (norm == Norm::L0)
        throw Error(ErrorCode::Domain, noProjection);
    if (points.device().is_cpu() && points.scalar_type() == at::kFloat && normals.scalar_type() == at::kFloat)
        return projectByRow(points, normals, values, norm);
    const Descent descent = withoutSigns(points, normals, values);
    HyperplaneProjection projection;
    projection.step = movement(descent, norm).to(points.scalar_type()) * descent.sign;
    projection.reaches = ((descent.slope * descent.room).sum(1, true) >= descent.need).squeeze(1);
    return projection;
}

namespace {

/// lambda [N,1] of projectOntoL1BallInBox, by sorting where each value begins and ends to be taken from.
at::Tensor boxThresholdsBySorting(const at::Tensor& magnitude, const at::Tensor& cut, const at::Tensor& excess)
{
    const auto [breakPoint, order] = at::cat({magnitude - cut, magnitude}, 1).sort(1);
    const at::Tensor change = at::where(order.lt(magnitude.size(1)), at::ones_like(breakPoint), -at::ones_like(breakPoint));
    const at::Tensor rate = change.cumsum(1, at::kDouble);
    const at::Tensor gained = (rate.narrow(1, 0, rate.size(1) - 1) * at::diff(breakPoint, 1, 1)).cumsum(1);
    const at::Tensor gainedBefore = at::cat({at::zeros_like(excess), gained}, 1);
    // The piece in which the excess is reached begins at the last break point before it.
    const at::Tensor piece = gainedBefore.lt(excess).sum(1, true).sub_(1).clamp_min_(0);
    const at::Tensor into = (excess - gainedBefore.gather(1, piece)) / rate.gather(1, piece).clamp_min_(1);
    return (breakPoint.gather(1, piece) + into).to(magnitude.scalar_type());
}

/// The same row by row on the CPU, without sorting.
at::Tensor boxThresholdsByRow(const at::Tensor& magnitude, const at::Tensor& room, const at::Tensor& radius)
{
    const at::Tensor u = magnitude.contiguous(), most = room.contiguous(), limit = radius.to(at::kFloat).contiguous();
    const at::Tensor lambda = at::empty({u.size(0), 1}, u.options());
    const auto length = std::size_t(u.size(1));
    for (std::int64_t row = 0; row < u.size(0); ++row) {
        const std::size_t first = std::size_t(row) * length;
        lambda.data_ptr<float>()[row]
            = l1ThresholdInBox({u.data_ptr<float>() + first, length}, {most.data_ptr<float>() + first, length}, double(limit.data_ptr<float>()[row]));
    }
    return lambda;
}

} // namespace

at::Tensor projectOntoL1BallInBox(const at::Tensor& points, const at::Tensor& perturbations, const at::Tensor& radius)
{
    const at::NoGradGuard noGrad;
    const at::Tensor x = points.flatten(1), v = perturbations.flatten(1);
    const at::Tensor magnitude = v.abs();
    const at::Tensor room = at::where(v.gt(0), 1 - x, x);
    const at::Tensor cut = at::minimum(magnitude, room);
    // What has to go; lambda takes it away from a coordinate between magnitude - cut and magnitude, at the rate 1.
    const at::Tensor excess = (cut.sum(1, true, at::kDouble) - radius.unsqueeze(1)).clamp_min_(0);
    const bool isOnHost = v.device().is_cpu() && v.scalar_type() == at::kFloat;
    const at::Tensor lambda = isOnHost ? boxThresholdsByRow(magnitude, room, radius) : boxThresholdsBySorting(magnitude, cut, excess);
    const at::Tensor shrunk = at::minimum((magnitude - lambda).clamp_min_(0), room);
    return at::where(excess.gt(0), shrunk, cut).mul_(v.sign()).view_as(perturbations);
}

} // namespace brink
