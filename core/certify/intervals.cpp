// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/bounds_torch.h"

#include "core/base/error.h"

#include <cmath>

namespace brink::certify {
namespace {

/// Operators that change each number by itself, or only move numbers.
bool keepsNumbersApart(const Node& node)
{
    switch (node.operation) {
    case Operation::Scale:
    case Operation::Reshape:
    case Operation::Permute:
    case Operation::Slice:
    case Operation::Pad: return true;
    case Operation::Select: return node.index.numel() == std::get<0>(at::_unique(node.index)).numel(); // each place at most once
    default: return false;
    }
}

at::Tensor withBias(const Node& node, const at::Tensor& x) { return node.bias.defined() ? x + node.bias : x; }

/// Sums of n numbers in double precision are off by at most n * 2^-53 of the sum of their sizes. In single precision nothing is claimed.
double roundingOf(const Node& node, const at::Tensor& x)
{
    if (x.scalar_type() != at::kDouble)
        return 0;
    const std::int64_t terms = node.weight.defined() && node.weight.dim() >= 2 ? node.weight.numel() / node.weight.size(0) : 100;
    return double(terms + 10) * std::ldexp(1.0, -52);
}

at::Tensor shaped(const at::Tensor& eps, const at::Tensor& like)
{
    std::vector<std::int64_t> shape(std::size_t(like.dim()), 1);
    shape[0] = eps.size(0);
    return eps.view(shape);
}

/// Largest of |weight| * spread over the pixels that a value sees: the dual norm of L1. For convolutions the largest over the whole
/// kernel, which is more than there is at edges.
at::Tensor largestWeights(const Node& node, const at::Tensor& spread)
{
    if (node.operation == Operation::Linear)
        return (spread.unsqueeze(-2) * node.weight.abs()).amax(-1);
    const at::Tensor perChannel = spread.amax(at::IntArrayRef({0, 2, 3}));
    const at::Tensor grouped = perChannel.view({node.groups, 1, -1, 1, 1});
    const at::Tensor weight = node.weight.abs().view({node.groups, node.weight.size(0) / node.groups, node.weight.size(1), node.weight.size(2), node.weight.size(3)});
    return (weight * grouped).amax(at::IntArrayRef({2, 3, 4})).view({1, -1, 1, 1});
}

} // namespace

Bounds::State Bounds::inputState() const
{
    const at::Tensor& x = m_region.centre;
    const at::Tensor eps = shaped(m_region.eps, x);
    State state;
    state.range = {x - eps, x + eps};
    if (m_region.norm == Norm::Linf) {
        state.range = {at::minimum(state.range.lower.clamp_min(0), x), at::maximum(state.range.upper.clamp_max(1), x)};
        state.centre = (state.range.lower + state.range.upper) / 2;
        state.spread = (state.range.upper - state.range.lower) / 2; // in units of 1 rather than eps: the box is cut
    } else {
        state.centre = x;
        state.spread = at::ones_like(x.slice(0, 0, 1));
    }
    state.isExact = true;
    return state;
}

/// The interval of centre + spread * d.
Bounds::State Bounds::boxOf(const State& state) const
{
    const at::Tensor radius = m_region.norm == Norm::Linf ? state.spread : state.spread * shaped(m_region.eps, state.centre);
    State box;
    box.range = {state.centre - radius, state.centre + radius};
    box.isExact = true;
    return box;
}

/// Linear or convolution of a ball: the radius of each value is eps times the dual norm of its weights (methods 7.1).
Bounds::State Bounds::throughBall(const Node& node, const State& before) const
{
    const at::Tensor centre = withBias(node, linearPart(m_network, node, before.centre));
    Node weights = withAbsoluteWeights(node);
    at::Tensor radius;
    State state;
    state.isExact = true;
    if (m_region.norm == Norm::Linf)
        radius = linearPart(m_network, weights, before.spread);
    else if (m_region.norm == Norm::L2) {
        weights.weight = weights.weight.square();
        radius = linearPart(m_network, weights, before.spread.square()).sqrt() * shaped(m_region.eps, centre);
    } else {
        radius = largestWeights(node, before.spread) * shaped(m_region.eps, centre);
        state.isExact = node.operation == Operation::Linear;
    }
    const at::Tensor slack = roundingOf(node, centre) * (centre.abs() + radius + 1);
    state.range = {centre - radius - slack, centre + radius + slack};
    return state;
}

Bounds::State Bounds::affineState(const Node& node) const
{
    const State& before = m_states[std::size_t(node.inputs.front())];
    if (before.centre.defined()) {
        if (keepsNumbersApart(node)) {
            State state{{}, withBias(node, linearPart(m_network, node, before.centre)), linearPart(m_network, withAbsoluteWeights(node), before.spread), true};
            state.range = boxOf(state).range;
            return state;
        }
        if (node.operation == Operation::Linear || node.operation == Operation::Convolution)
            return throughBall(node, before);
    }
    const at::Tensor middle = (before.range.lower + before.range.upper) / 2, half = (before.range.upper - before.range.lower) / 2;
    const at::Tensor centre = withBias(node, linearPart(m_network, node, middle));
    const at::Tensor radius = linearPart(m_network, withAbsoluteWeights(node), half);
    const at::Tensor slack = roundingOf(node, centre) * (centre.abs() + radius + 1);
    State state;
    state.range = {centre - radius - slack, centre + radius + slack};
    state.isExact = before.isExact && keepsNumbersApart(node);
    return state;
}

Bounds::State Bounds::stateOf(const Node& node) const
{
    const auto before = [&](std::size_t i) -> const State& { return m_states[std::size_t(node.inputs[i])]; };
    State state;
    if (node.isNonlinear()) {
        state.range = {activation(node, before(0).range.lower), activation(node, before(0).range.upper)}; // all of them increase
        state.isExact = before(0).isExact && node.operation != Operation::MaxPool;
        return state;
    }
    if (node.operation == Operation::Add) {
        state.range = {before(0).range.lower + before(1).range.lower, before(0).range.upper + before(1).range.upper};
        return state;
    }
    if (node.operation == Operation::Concatenate) {
        std::vector<at::Tensor> lower, upper;
        state.isExact = true;
        for (std::size_t i = 0; i < node.inputs.size(); ++i) {
            lower.push_back(before(i).range.lower);
            upper.push_back(before(i).range.upper);
            state.isExact = state.isExact && before(i).isExact;
        }
        state.range = {at::cat(lower, node.dimension), at::cat(upper, node.dimension)};
        return state;
    }
    return affineState(node);
}

const Relaxation& Bounds::relaxationOf(int place) const
{
    const auto known = m_relaxations.find(place);
    if (known != m_relaxations.end())
        return known->second;
    const at::NoGradGuard noGrad;
    const Node& node = m_network.nodes[std::size_t(place)];
    return m_relaxations.emplace(place, relax(node, m_states[std::size_t(node.inputs[0])].range)).first->second;
}

Bounds::Bounds(const Network& network, Region region, const BoundSettings& settings, Monitor& monitor)
    : m_network(network), m_region(std::move(region)), m_settings(settings), m_monitor(monitor)
{
    if (m_region.norm == Norm::L0)
        throw Error(ErrorCode::Domain, "Certified bounds are for L1, L2 and Linf; L0 has no ball that linear bounds could use.");
    const at::NoGradGuard noGrad;
    m_states.reserve(network.nodes.size());
    for (int place = 0; place <= network.last(); ++place) {
        const Node& node = network.nodes[std::size_t(place)];
        if (place == 0) {
            m_states.push_back(inputState());
            continue;
        }
        if (node.isNonlinear() && m_settings.inner != InnerBounds::Intervals && !m_states[std::size_t(node.inputs[0])].isExact)
            refine(node.inputs[0], node, m_settings.inner);
        m_states.push_back(stateOf(node));
    }
}

} // namespace brink::certify
