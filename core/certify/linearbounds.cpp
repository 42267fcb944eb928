// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/bounds_torch.h"

#include <algorithm>

namespace brink::certify {
namespace {

/// Inputs of max pooling that can be the largest of a window, where more than one can.
at::Tensor undecided(const Node& pool, const Interval& range)
{
    const at::Tensor canBeLargest = windowsOf(pool, range.upper) > windowsOf(pool, range.lower).amax(2, true);
    const at::Tensor isOpen = at::logical_and(canBeLargest, canBeLargest.sum(2, true) > 1).to(range.lower.scalar_type());
    return windowSums(pool, isOpen, range.lower.sizes().slice(1).vec()) > 0;
}

} // namespace

at::Tensor Bounds::intervalBounds(const Rows& rows) const
{
    const at::NoGradGuard noGrad;
    return carriedBack(rows, End::Activations);
}

at::Tensor Bounds::linearBounds(const Rows& rows) const
{
    const at::NoGradGuard noGrad;
    return at::maximum(carriedBack(rows, End::Pixels), carriedBack(rows, End::Activations));
}

void Bounds::refine(int node, const Node& consumer, InnerBounds inner)
{
    const Interval& before = m_states[std::size_t(node)].range;
    const auto matters = [&](const Interval& range) {
        if (consumer.operation == Operation::Relu)
            return at::logical_and(range.lower < 0, range.upper > 0);
        if (consumer.operation == Operation::Clamp)
            return at::logical_or(at::logical_and(range.lower < consumer.low, range.upper > consumer.low),
                at::logical_and(range.lower < consumer.high, range.upper > consumer.high));
        const at::Tensor isOpen = range.upper - range.lower > 1e-9;
        return consumer.operation == Operation::MaxPool ? at::logical_and(isOpen, undecided(consumer, range)) : isOpen;
    };
    // What goes into an activation was narrowed already; a second time, behind it, gives next to nothing (max pooling of relus).
    const Node& source = m_network.nodes[std::size_t(node)];
    if (source.isNonlinear() && source.operation != Operation::MaxPool)
        return;
    narrow(node, matters(before), false);
    if (inner == InnerBounds::Optimised)
        narrow(node, matters(m_states[std::size_t(node)].range), true);
}

std::int64_t Bounds::rowsTogether(int node, bool keepsGraph, const Part& part) const
{
    std::int64_t largest = 1, all = 0;
    const std::vector<Part> parts = partsBelow(m_network, node, part);
    for (int place = 0; place <= node; ++place) {
        const Node& each = m_network.nodes[std::size_t(place)];
        const std::int64_t size = sizeOf(each, parts[std::size_t(place)]);
        largest = std::max(largest, each.operation == Operation::MaxPool ? size * each.kernel[0] * each.kernel[1] : size);
        all += size;
    }
    const auto number = std::int64_t(m_region.centre.element_size());
    // What is computed together should stay in the processor's cache.
    const std::int64_t quick = m_region.centre.device().is_cpu() ? m_settings.cache / (number * largest) : std::int64_t(1) << 20;
    constexpr std::int64_t copies = 6; // of coefficients, slopes and what comes of them, at one node
    return std::clamp(std::min(m_settings.memory / (number * copies * (keepsGraph ? all : largest)), quick), std::int64_t(2), std::int64_t(1) << 20);
}

/// Rows of the numbers at places [n,2] (image, number) and of their negatives.
Rows Bounds::unitRows(int node, const at::Tensor& places, bool isByPatches) const
{
    const Node& target = m_network.nodes[std::size_t(node)];
    const std::int64_t count = places.size(0);
    const at::Tensor image = places.select(1, 0), both = at::cat({image, image});
    at::Tensor number = places.select(1, 1), place;
    std::vector<std::int64_t> shape{2 * count};
    if (isByPatches) {
        const std::int64_t height = target.shape[1], width = target.shape[2];
        place = at::stack({number.div(width, "floor").remainder(height), number.remainder(width)}, 1);
        number = number.div(height * width, "floor"); // the channel
        shape.insert(shape.end(), {target.shape[0], 1, 1});
    } else
        shape.insert(shape.end(), target.shape.begin(), target.shape.end());
    const at::Tensor coefficients = at::zeros(shape, m_region.centre.options());
    const at::Tensor row = at::arange(count, number.options()), numbers = coefficients.view({2 * count, -1});
    numbers.index_put_({row, number}, at::scalar_tensor(1.0, coefficients.options()));
    numbers.index_put_({row + count, number}, at::scalar_tensor(-1.0, coefficients.options()));
    return {node, coefficients, both, place.defined() ? at::cat({place, place}) : place};
}

/// The wanted numbers and their negatives as rows, some at a time; those of one place of one image follow each other.
void Bounds::narrow(int node, const at::Tensor& wanted, bool isOptimised)
{
    Interval& range = m_states[std::size_t(node)].range;
    const Node& target = m_network.nodes[std::size_t(node)];
    const bool isByPatches = !isOptimised && m_region.centre.device().is_cpu() && singlePlace(target);
    const at::Tensor lower = range.lower.flatten(1).contiguous().clone(), upper = range.upper.flatten(1).contiguous().clone();
    at::Tensor places = wanted.flatten(1).nonzero(); // [n,2]: image, number
    if (isByPatches) {
        const std::int64_t plane = target.shape[1] * target.shape[2];
        places = places.index_select(0, (places.select(1, 0) * plane + places.select(1, 1).remainder(plane)).argsort());
    }
    const std::int64_t together = std::max(std::int64_t(1), rowsTogether(node, isOptimised, isByPatches ? singlePlace(target) : Part()) / 2);
    for (std::int64_t begin = 0; begin < places.size(0) && !m_monitor.stopRequested(); begin += together) {
        const at::Tensor part = places.slice(0, begin, begin + together);
        const std::int64_t count = part.size(0);
        const at::Tensor image = part.select(1, 0), number = part.select(1, 1);
        const Rows rows = unitRows(node, part, isByPatches);
        const at::Tensor found = isOptimised ? optimisedBounds(rows) : carriedBack(rows, End::Pixels);
        const at::Tensor low = at::maximum(lower.index({image, number}), found.slice(0, 0, count));
        const at::Tensor high = at::minimum(upper.index({image, number}), -found.slice(0, count));
        lower.index_put_({image, number}, at::minimum(low, high));
        upper.index_put_({image, number}, at::maximum(low, high));
    }
    range = {lower.view_as(range.lower), upper.view_as(range.upper)};
}

Rows marginRows(const Bounds& bounds, std::span<const std::int64_t> references, std::span<const std::int64_t> targets)
{
    const Network& network = bounds.network();
    const std::int64_t classes = network.nodes.back().shape[0];
    std::vector<std::int64_t> from, to, image;
    for (std::size_t i = 0; i < references.size(); ++i)
        for (std::int64_t j = 0; j < classes; ++j)
            if (j != references[i] && (targets.empty() || std::ranges::find(targets, j) != targets.end())) {
                from.push_back(references[i]);
                to.push_back(j);
                image.push_back(std::int64_t(i));
            }
    const at::Tensor row = at::arange(std::int64_t(from.size()), at::kLong);
    const at::Tensor coefficients = at::zeros({row.size(0), classes}, at::kDouble);
    coefficients.index_put_({row, at::tensor(from, at::kLong)}, at::scalar_tensor(1.0, at::kDouble));
    coefficients.index_put_({row, at::tensor(to, at::kLong)}, at::scalar_tensor(-1.0, at::kDouble));
    const at::TensorOptions options = bounds.region().centre.options();
    return {network.last(), coefficients.to(options), at::tensor(image, at::kLong).to(options.device())};
}

} // namespace brink::certify
