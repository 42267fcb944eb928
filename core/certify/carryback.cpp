// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/bounds_torch.h"

#include <cmath>

// Rows of linear bounds carried back through the network.

namespace brink::certify {
namespace {

void addTo(at::Tensor& total, const at::Tensor& part) { total = total.defined() ? total + part : part; }

template <typename Value>
const Value* foundIn(const std::map<int, Value>* values, int place)
{
    const auto found = values ? values->find(place) : typename std::map<int, Value>::const_iterator{};
    return values && found != values->end() ? &found->second : nullptr;
}

at::Tensor flatRows(const at::Tensor& a) { return a.reshape({a.size(0), -1}); }

/// Of all values, whole numbers of them at every place alike.
bool isByChannel(const at::Tensor& weight) { return weight.dim() >= 3 && weight.size(-1) == 1 && weight.size(-2) == 1; }

} // namespace

Bounds::Carried Bounds::carriedTo(int place, const at::Tensor& coefficients, const Rows& rows, const Part& part) const
{
    const Node& node = m_network.nodes[std::size_t(place)];
    Carried carried{place, coefficients, {rows.image, rows.places, part.value_or(Patch())}, part && keepsPatches(m_network, node)};
    if (part && !carried.isPatch)
        carried.coefficients = wholeRows(coefficients, carried.of, node.shape);
    return carried;
}

at::Tensor Bounds::leastSumsOf(const Carried& carried, const at::Tensor& lower, const at::Tensor& upper) const
{
    return carried.isPatch ? leastSumsOfPatches(carried.coefficients, lower, upper, carried.of) : leastSums(carried.coefficients, lower, upper, carried.of.image);
}

at::Tensor Bounds::atPixels(const Carried& carried) const
{
    const State& input = m_states.front();
    at::Tensor least, size; // size: of the summands of the bound, whose sum is rounded
    if (m_region.norm == Norm::Linf) {
        least = leastSumsOf(carried, input.range.lower, input.range.upper);
        size = input.centre.abs() + input.spread;
    } else {
        // What lies over the edges of the image is not of it.
        const at::Tensor rows = flatRows(carried.isPatch ? clipped(carried.coefficients, carried.of, m_network.nodes.front().shape) : carried.coefficients);
        const at::Tensor length = m_region.norm == Norm::L2 ? rows.norm(2, 1) : rows.abs().amax(1);
        least = leastSumsOf(carried, input.centre, input.centre) - forRows(m_region.eps, carried.of.image) * length;
        size = input.centre.abs() + m_region.eps.view({-1, 1, 1, 1});
    }
    const at::Tensor& a = carried.coefficients;
    if (a.scalar_type() != at::kDouble || a.size(0) == 0)
        return least;
    Carried values = carried;
    values.coefficients = a.detach();
    return least + 10 * double(a.numel() / a.size(0)) * std::ldexp(1.0, -53) * leastSumsOf(values, -size, size);
}

/// Of the whole of max pooling.
at::Tensor Bounds::throughPool(const Carried& carried, at::Tensor& total) const
{
    const Node& node = m_network.nodes[std::size_t(carried.place)];
    const Lines& lines = relaxationOf(carried.place).lines;
    const at::Tensor &a = carried.coefficients, &image = carried.of.image;
    if (a.device().is_cpu() && !(at::GradMode::is_enabled() && a.requires_grad())) {
        const PatchPlaces whole{image, at::zeros({a.size(0), 2}, image.options()), {{1, 1}, {0, 0}, {node.shape[1], node.shape[2]}}};
        const RowPass pass = passPools(a, node, lines, whole);
        addTo(total, pass.sum);
        return wholeRows(pass.next, {image, whole.places, throughWindows(node, whole.patch)}, m_network.inputShape(node));
    }
    const at::Tensor flat = a.reshape({a.size(0), a.size(1), -1}), places = flat.unsqueeze(2);
    addTo(total, flatRows(flat.clamp_max(0) * forRows(lines.upperBias, image)).sum(1));
    return windowSums(node, at::where(places > 0, forRows(lines.lowerSlope, image), forRows(lines.upperSlope, image)) * places, m_network.inputShape(node));
}

at::Tensor Bounds::throughNonlinear(const Carried& carried, const Guide& guide, at::Tensor& total) const
{
    const Node& node = m_network.nodes[std::size_t(carried.place)];
    const Relaxation& relaxation = relaxationOf(carried.place);
    const at::Tensor* choice = foundIn(guide.choices, carried.place);
    const RowSides* sides = foundIn(guide.sides, carried.place);
    const at::Tensor &a = carried.coefficients, &image = carried.of.image;
    RowPass pass;
    if (carried.isPatch)
        pass = passPatches(a, relaxation.lines, carried.of);
    else if (!choice)
        pass = passRows(a, relaxation.lines, image);
    else if (node.operation != Operation::Relu)
        pass = passByTensors(a, chosenLines(node, relaxation, image, *choice));
    else if (!sides)
        pass = passChosenRows(a, relaxation.lines, {relaxation.lowerBegin, relaxation.lowerEnd - relaxation.lowerBegin, *choice}, image);
    else {
        pass = passChosenRows(a, sides->lines, {sides->base, sides->span, *choice}, at::arange(a.size(0), image.options()));
        pass.next = pass.next.flatten(1).scatter_add(1, sides->number, sides->weight).view(a.sizes());
    }
    addTo(total, pass.sum);
    return pass.next;
}

at::Tensor Bounds::throughScale(const Carried& carried) const
{
    const Node& node = m_network.nodes[std::size_t(carried.place)];
    if (!carried.isPatch || !node.weight.defined() || isByChannel(node.weight))
        return adjoint(m_network, node, carried.coefficients);
    const at::Tensor weight = node.weight.expand(node.shape);
    return passPatches(carried.coefficients, {weight, {}, weight, at::zeros_like(weight)}, carried.of).next;
}

/// Patches of what windows see, as a part of that node.
at::Tensor Bounds::asPart(const at::Tensor& coefficients, const PatchPlaces& places, int node, const Part& part) const
{
    const Node& source = m_network.nodes[std::size_t(node)];
    if (!part)
        return wholeRows(coefficients, places, source.shape);
    const at::Tensor moved = movedPatches(coefficients, places.patch, *part);
    // Activations and pixels take nothing from over the edges by themselves.
    return source.isNonlinear() || source.operation == Operation::Input ? moved : clipped(moved, {places.image, places.places, *part}, source.shape);
}

/// A patch of a convolution, without its bias, or of max pooling.
at::Tensor Bounds::throughWindowsOf(const Carried& carried, const Part& input, at::Tensor& total) const
{
    const Node& node = m_network.nodes[std::size_t(carried.place)];
    PatchPlaces below = carried.of;
    below.patch = throughWindows(node, carried.of.patch);
    at::Tensor sums;
    if (node.operation == Operation::MaxPool) {
        const RowPass pass = passPools(carried.coefficients, node, relaxationOf(carried.place).lines, carried.of);
        addTo(total, pass.sum);
        sums = pass.next;
    } else {
        Node bare = node;
        bare.padding = {0, 0};
        sums = convolutionAdjoint(bare, carried.coefficients, below.patch.size[0], below.patch.size[1]);
    }
    return asPart(sums, below, node.inputs[0], input);
}

at::Tensor Bounds::carriedBack(const Rows& rows, End end, const Guide& guide) const
{
    const std::vector<Part> parts = partsBelow(m_network, rows.node, rows.places.defined() ? Part(Patch()) : Part());
    std::vector<at::Tensor> pending(std::size_t(rows.node) + 1);
    pending.back() = rows.coefficients;
    at::Tensor total = at::zeros({rows.coefficients.size(0)}, rows.coefficients.options());
    for (int place = rows.node; place >= 0; --place) {
        const at::Tensor a = std::exchange(pending[std::size_t(place)], at::Tensor());
        if (!a.defined())
            continue;
        const Node& node = m_network.nodes[std::size_t(place)];
        const Carried carried = carriedTo(place, a, rows, parts[std::size_t(place)]);
        if (guide.seen && (place == 0 || node.operation == Operation::Relu))
            (*guide.seen)[place] = carried.coefficients.detach();
        if (place == 0) {
            addTo(total, atPixels(carried));
            continue;
        }
        const auto give = [&](std::size_t i, const at::Tensor& coefficients) { addTo(pending[std::size_t(node.inputs[i])], coefficients); };
        /// To a node of the same height and width.
        const auto giveAlike = [&](std::size_t i, const at::Tensor& coefficients) {
            const Part& input = parts[std::size_t(node.inputs[i])];
            if (!carried.isPatch)
                give(i, coefficients);
            else if (input)
                give(i, movedPatches(coefficients, carried.of.patch, *input));
            else
                give(i, wholeRows(coefficients, carried.of, m_network.nodes[std::size_t(node.inputs[i])].shape));
        };
        if (node.isNonlinear() && end == End::Activations)
            addTo(total, leastSumsOf(carried, range(place).lower, range(place).upper));
        else if (node.operation == Operation::MaxPool)
            give(0, carried.isPatch ? throughWindowsOf(carried, parts[std::size_t(node.inputs[0])], total) : throughPool(carried, total));
        else if (node.isNonlinear())
            giveAlike(0, throughNonlinear(carried, guide, total));
        else {
            if (node.bias.defined())
                addTo(total, carried.isPatch ? leastSumsOf(carried, node.bias, node.bias) : flatRows(carried.coefficients).matmul(node.bias.reshape({-1})));
            if (node.operation == Operation::Add) {
                giveAlike(0, carried.coefficients);
                giveAlike(1, carried.coefficients);
            } else if (node.operation == Operation::Concatenate) {
                std::int64_t begin = 0;
                for (std::size_t i = 0; i < node.inputs.size(); ++i) {
                    const std::int64_t size = m_network.nodes[std::size_t(node.inputs[i])].shape[std::size_t(node.dimension - 1)];
                    giveAlike(i, carried.coefficients.narrow(node.dimension, begin, size));
                    begin += size;
                }
            } else if (node.operation == Operation::Scale)
                giveAlike(0, throughScale(carried));
            else if (carried.isPatch)
                give(0, throughWindowsOf(carried, parts[std::size_t(node.inputs[0])], total));
            else
                give(0, adjoint(m_network, node, carried.coefficients));
        }
    }
    return total;
}

} // namespace brink::certify
