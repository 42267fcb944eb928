// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/parts_torch.h"

#include <algorithm>
#include <utility>

namespace brink::certify {
namespace {

std::int64_t kernelSize(const Node& node, std::size_t side) { return node.operation == Operation::MaxPool ? node.kernel[side] : node.weight.size(std::int64_t(side) + 2); }

Part inputPart(const Network& network, const Node& node, const Part& part)
{
    if (!part || !keepsPatches(network, node))
        return {};
    const bool hasWindows = node.operation == Operation::Convolution || node.operation == Operation::MaxPool;
    const Patch patch = hasWindows ? throughWindows(node, *part) : *part;
    const std::vector<std::int64_t>& input = network.inputShape(node);
    return patch.size[0] * patch.size[1] < input[1] * input[2] ? Part(patch) : Part();
}

Part hull(const Part& a, const Part& b)
{
    if (!a || !b || a->stride != b->stride)
        return {};
    Patch both = *a;
    for (std::size_t side = 0; side < 2; ++side) {
        both.first[side] = std::min(a->first[side], b->first[side]);
        both.size[side] = std::max(a->first[side] + a->size[side], b->first[side] + b->size[side]) - both.first[side];
    }
    return both;
}

/// Of one row, from a number of a node to the pixels.
double rowCost(const Network& network, int node)
{
    const std::vector<Part> parts = partsBelow(network, node, singlePlace(network.nodes[std::size_t(node)]));
    double cost = 0;
    for (int place = 1; place <= node; ++place) {
        const Node& each = network.nodes[std::size_t(place)];
        const bool hasSums = each.operation == Operation::Convolution || each.operation == Operation::Linear;
        const std::int64_t terms = hasSums ? each.weight.numel() / each.weight.size(0) : 1;
        cost += double(terms * sizeOf(each, parts[std::size_t(place)]));
    }
    return cost;
}

} // namespace

bool keepsPatches(const Network& network, const Node& node)
{
    switch (node.operation) {
    case Operation::Input:
    case Operation::Convolution:
    case Operation::MaxPool:
    case Operation::Add:
    case Operation::Relu:
    case Operation::Clamp:
    case Operation::Sigmoid:
    case Operation::Tanh:
    case Operation::Softplus: return node.shape.size() == 3;
    case Operation::Scale: return node.shape.size() == 3 && network.inputShape(node) == node.shape;
    case Operation::Concatenate: return node.shape.size() == 3 && node.dimension == 1;
    default: return false;
    }
}

Patch throughWindows(const Node& node, const Patch& patch)
{
    Patch seen;
    for (std::size_t side = 0; side < 2; ++side) {
        seen.stride[side] = patch.stride[side] * node.stride[side];
        seen.first[side] = patch.first[side] * node.stride[side] - node.padding[side];
        seen.size[side] = (patch.size[side] - 1) * node.stride[side] + node.dilation[side] * (kernelSize(node, side) - 1) + 1;
    }
    return seen;
}

std::vector<Part> partsBelow(const Network& network, int node, const Part& part)
{
    std::vector<Part> parts(std::size_t(node) + 1);
    std::vector<bool> isReached(parts.size());
    parts.back() = part;
    isReached.back() = true;
    for (int place = node; place > 0; --place) {
        if (!isReached[std::size_t(place)])
            continue;
        const Node& each = network.nodes[std::size_t(place)];
        for (const int input : each.inputs) {
            const Part needed = inputPart(network, each, parts[std::size_t(place)]);
            Part& known = parts[std::size_t(input)];
            known = isReached[std::size_t(input)] ? hull(known, needed) : needed;
            isReached[std::size_t(input)] = true;
        }
    }
    return parts;
}

std::int64_t sizeOf(const Node& node, const Part& part) { return part ? node.shape[0] * part->size[0] * part->size[1] : node.size(); }

Part singlePlace(const Node& node) { return node.shape.size() == 3 && node.shape[1] * node.shape[2] > 1 ? Part(Patch()) : Part(); }

double crownCost(const Network& network)
{
    double cost = 0;
    bool isFirst = true;
    for (const Node& node : network.nodes) {
        if (!node.isNonlinear())
            continue;
        const int input = node.inputs.front();
        if (!std::exchange(isFirst, false) && !network.nodes[std::size_t(input)].isNonlinear())
            cost += 2 * double(network.nodes[std::size_t(input)].size()) * rowCost(network, input);
    }
    return cost;
}

} // namespace brink::certify
