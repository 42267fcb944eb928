// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/bounds_torch.h"

#include "core/base/error.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>

namespace brink::certify {
namespace {

/// sum over all but the rows of a * b; one vector of b serves all rows with a single product.
at::Tensor rowSums(const at::Tensor& a, const at::Tensor& b)
{
    const at::Tensor rows = a.reshape({a.size(0), -1});
    if (b.size(0) == 1)
        return rows.matmul(b.reshape({-1}));
    return (rows * b.reshape({b.size(0), -1})).sum(1);
}

/// Rows of images of which some row is not yet above `enough`. So an image's bounds do not depend on the others.
at::Tensor openRows(const at::Tensor& bounds, const at::Tensor& enough, const at::Tensor& image, std::int64_t images)
{
    const at::Tensor lacking = at::zeros({images}, bounds.options()).index_add(0, image, (bounds <= enough).to(bounds.scalar_type()));
    return (lacking > 0).index_select(0, image);
}

/// Inputs of max pooling that can be the largest of a window, where more than one can.
at::Tensor undecided(const Node& pool, const Interval& range)
{
    const at::Tensor canBeLargest = windowsOf(pool, range.upper) > windowsOf(pool, range.lower).amax(2, true);
    const at::Tensor isOpen = at::logical_and(canBeLargest, canBeLargest.sum(2, true) > 1).to(range.lower.scalar_type());
    return windowSums(pool, isOpen, range.lower.sizes().slice(1).vec()) > 0;
}

void addTo(at::Tensor& total, const at::Tensor& part) { total = total.defined() ? total + part : part; }

} // namespace

at::Tensor Bounds::atPixels(const at::Tensor& coefficients, const at::Tensor& image) const
{
    const State& input = m_states.front();
    const at::Tensor rows = coefficients.reshape({coefficients.size(0), -1});
    const at::Tensor middle = rowSums(rows, forRows(input.centre, image));
    at::Tensor reach;
    if (m_region.norm == Norm::Linf)
        reach = rowSums(rows.abs(), forRows(input.spread, image));
    else
        reach = forRows(m_region.eps, image) * (m_region.norm == Norm::L2 ? rows.norm(2, 1) : rows.abs().amax(1));
    if (coefficients.scalar_type() != at::kDouble)
        return middle - reach;
    const double rounding = 10 * double(rows.size(1)) * std::ldexp(1.0, -53);
    return middle - reach - rounding * (rowSums(rows.detach().abs(), forRows(input.centre.abs(), image)) + reach.detach());
}

at::Tensor Bounds::throughNonlinear(int place, const at::Tensor& coefficients, const at::Tensor& image, const Choices* choices, at::Tensor& total) const
{
    const Node& node = m_network.nodes[std::size_t(place)];
    const Relaxation& relaxation = m_relaxations.at(place);
    const auto chosen = choices ? choices->find(place) : Choices::const_iterator{};
    Lines lines;
    if (choices && chosen != choices->end())
        lines = chosenLines(node, relaxation, image, chosen->second);
    else
        lines = {forRows(relaxation.lines.lowerSlope, image), forRows(relaxation.lines.lowerBias, image), forRows(relaxation.lines.upperSlope, image),
            forRows(relaxation.lines.upperBias, image)};
    const bool isPool = node.operation == Operation::MaxPool;
    const at::Tensor a = isPool ? coefficients.reshape({coefficients.size(0), coefficients.size(1), -1}) : coefficients;
    addTo(total, rowSums(a.clamp_max(0), lines.upperBias));
    if (lines.lowerBias.defined())
        addTo(total, rowSums(a.clamp_min(0), lines.lowerBias));
    if (!isPool)
        return at::where(a > 0, lines.lowerSlope, lines.upperSlope) * a;
    const at::Tensor places = a.unsqueeze(2);
    return windowSums(node, at::where(places > 0, lines.lowerSlope, lines.upperSlope) * places, m_network.inputShape(node));
}

at::Tensor Bounds::carriedBack(const Rows& rows, End end, const Choices* choices) const
{
    std::vector<at::Tensor> pending(std::size_t(rows.node) + 1);
    pending.back() = rows.coefficients;
    at::Tensor total = at::zeros({rows.coefficients.size(0)}, rows.coefficients.options());
    for (int place = rows.node; place >= 0; --place) {
        const at::Tensor a = std::exchange(pending[std::size_t(place)], at::Tensor());
        if (!a.defined())
            continue;
        const Node& node = m_network.nodes[std::size_t(place)];
        const auto give = [&](std::size_t i, const at::Tensor& part) { addTo(pending[std::size_t(node.inputs[i])], part); };
        if (place == 0)
            addTo(total, atPixels(a, rows.image));
        else if (node.isNonlinear() && end == End::Activations)
            addTo(total, rowSums(a.clamp_min(0), forRows(range(place).lower, rows.image)) + rowSums(a.clamp_max(0), forRows(range(place).upper, rows.image)));
        else if (node.isNonlinear())
            give(0, throughNonlinear(place, a, rows.image, choices, total));
        else {
            if (node.bias.defined())
                addTo(total, rowSums(a, node.bias.unsqueeze(0)));
            if (node.operation == Operation::Add) {
                give(0, a);
                give(1, a);
            } else if (node.operation == Operation::Concatenate) {
                std::int64_t begin = 0;
                for (std::size_t i = 0; i < node.inputs.size(); ++i) {
                    const std::int64_t size = m_network.nodes[std::size_t(node.inputs[i])].shape[std::size_t(node.dimension - 1)];
                    give(i, a.narrow(node.dimension, begin, size));
                    begin += size;
                }
            } else
                give(0, adjoint(m_network, node, a));
        }
    }
    return total;
}

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

Choices Bounds::startingChoices(const Rows& rows) const
{
    Choices choices;
    for (const auto& [place, relaxation] : m_relaxations) {
        if (place > rows.node || !relaxation.hasChoice())
            continue;
        const bool isAnyFree = relaxation.lowerIsFree.any().item<bool>() || (relaxation.hasUpperChoice() && relaxation.upperIsFree.any().item<bool>());
        if (!isAnyFree)
            continue;
        const at::Tensor standard = standardChoice(m_network.nodes[std::size_t(place)], relaxation);
        // One a row: what is best for one margin is not for another.
        const std::int64_t dimension = relaxation.hasUpperChoice() ? 1 : 0;
        choices[place] = standard.index_select(dimension, rows.image).contiguous().requires_grad_(true);
    }
    return choices;
}

at::Tensor Bounds::optimisedBounds(const Rows& rows, const at::Tensor& enough) const
{
    at::Tensor best = linearBounds(rows);
    Choices choices = startingChoices(rows);
    std::map<int, at::Tensor> mean, square;
    constexpr double meanDecay = 0.9, squareDecay = 0.999;
    for (int step = 1; step <= m_settings.iterations && !choices.empty() && !m_monitor.stopRequested(); ++step) {
        const at::Tensor isOpen = enough.defined() ? openRows(best, enough, rows.image, images()) : at::Tensor();
        if (isOpen.defined() && !isOpen.any().item<bool>())
            break;
        std::vector<at::Tensor> leaves, gradients;
        for (const auto& [place, choice] : choices)
            leaves.push_back(choice);
        {
            const at::AutoGradMode grad(true);
            const at::Tensor bounds = carriedBack(rows, End::Pixels, &choices);
            const at::Tensor better = at::maximum(best, bounds.detach());
            best = isOpen.defined() ? at::where(isOpen, better, best) : better;
            if (!bounds.requires_grad())
                break; // no row reaches a node with a choice
            gradients = torch::autograd::grad({bounds.sum()}, leaves, {}, false, false, true);
        }
        const at::NoGradGuard noGrad;
        const double rate = m_settings.rate * std::pow(0.98, step - 1);
        for (std::size_t i = 0; auto& [place, choice] : choices) {
            const at::Tensor& gradient = gradients[i++];
            if (!gradient.defined())
                continue;
            at::Tensor &m = mean[place], &v = square[place];
            m = m.defined() ? m * meanDecay + gradient * (1 - meanDecay) : gradient * (1 - meanDecay);
            v = v.defined() ? v * squareDecay + gradient.square() * (1 - squareDecay) : gradient.square() * (1 - squareDecay);
            const at::Tensor direction = (m / (1 - std::pow(meanDecay, step))) / ((v / (1 - std::pow(squareDecay, step))).sqrt() + 1e-12);
            choice = (choice + rate * direction).clamp(0, 1).requires_grad_(true);
        }
    }
    return best;
}

std::int64_t Bounds::rowsTogether(int node, bool keepsGraph) const
{
    std::int64_t largest = 1, all = 0;
    for (int place = 0; place <= node; ++place) {
        const std::int64_t size = m_network.nodes[std::size_t(place)].size();
        const bool isPool = m_network.nodes[std::size_t(place)].operation == Operation::MaxPool;
        largest = std::max(largest, isPool ? size * m_network.nodes[std::size_t(place)].kernel[0] * m_network.nodes[std::size_t(place)].kernel[1] : size);
        all += size;
    }
    constexpr std::int64_t copies = 6; // of coefficients, slopes and what comes of them, at one node
    const auto number = std::int64_t(m_region.centre.element_size());
    return std::clamp(m_settings.memory / (number * copies * (keepsGraph ? all : largest)), std::int64_t(2), std::int64_t(1) << 20);
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

/// The wanted numbers and their negatives as rows, some at a time.
void Bounds::narrow(int node, const at::Tensor& wanted, bool isOptimised)
{
    Interval& range = m_states[std::size_t(node)].range;
    const at::Tensor places = wanted.flatten(1).nonzero(); // [n,2]: image, number
    std::vector<std::int64_t> shape{-1};
    const Node& target = m_network.nodes[std::size_t(node)];
    shape.insert(shape.end(), target.shape.begin(), target.shape.end());
    const std::int64_t together = std::max(std::int64_t(1), rowsTogether(node, isOptimised) / 2);
    const at::Tensor lower = range.lower.flatten(1).contiguous().clone(), upper = range.upper.flatten(1).contiguous().clone();
    for (std::int64_t begin = 0; begin < places.size(0) && !m_monitor.stopRequested(); begin += together) {
        const at::Tensor part = places.slice(0, begin, begin + together);
        const std::int64_t count = part.size(0);
        const at::Tensor image = part.select(1, 0), number = part.select(1, 1);
        at::Tensor coefficients = at::zeros({2 * count, target.size()}, range.lower.options());
        const at::Tensor row = at::arange(count, number.options());
        coefficients.index_put_({row, number}, at::scalar_tensor(1.0, coefficients.options()));
        coefficients.index_put_({row + count, number}, at::scalar_tensor(-1.0, coefficients.options()));
        const Rows rows{node, coefficients.view(shape), at::cat({image, image})};
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
