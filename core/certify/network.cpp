// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/network_torch.h"

#include "core/base/error.h"
#include "core/model/classifier_torch.h"

#include <functional>
#include <numeric>

namespace brink::certify {
namespace {

std::vector<std::int64_t> batched(std::int64_t batch, const std::vector<std::int64_t>& shape)
{
    std::vector<std::int64_t> all{batch};
    all.insert(all.end(), shape.begin(), shape.end());
    return all;
}

std::vector<std::int64_t> inverted(const std::vector<std::int64_t>& order)
{
    std::vector<std::int64_t> inverse(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        inverse[std::size_t(order[i])] = std::int64_t(i);
    return inverse;
}

std::vector<std::int64_t> negated(std::vector<std::int64_t> values)
{
    for (std::int64_t& value : values)
        value = -value;
    return values;
}

/// Means keep their dimensions as 1 here; a node's shape may drop them.
at::Tensor spreadMean(const Node& node, const std::vector<std::int64_t>& input, const at::Tensor& coefficients)
{
    std::vector<std::int64_t> kept = batched(coefficients.size(0), input);
    const std::vector<std::int64_t> full = kept;
    std::int64_t count = 1;
    for (const std::int64_t dimension : node.dimensions) {
        count *= kept[std::size_t(dimension)];
        kept[std::size_t(dimension)] = 1;
    }
    return (coefficients.reshape(kept) / double(count)).expand(full);
}

at::Tensor valueOf(const Network& network, const Node& node, const std::vector<at::Tensor>& values)
{
    const auto input = [&](std::size_t i) { return values[std::size_t(node.inputs[i])]; };
    if (node.isNonlinear())
        return activation(node, input(0));
    at::Tensor value;
    if (node.operation == Operation::Add)
        value = input(0) + input(1);
    else if (node.operation == Operation::Concatenate) {
        std::vector<at::Tensor> parts;
        for (const int place : node.inputs)
            parts.push_back(values[std::size_t(place)]);
        value = at::cat(parts, node.dimension);
    } else
        value = linearPart(network, node, input(0));
    return node.bias.defined() ? value + node.bias : value;
}

/// Differences within a row only, none that softmax has rounded to 0: below this the log-probabilities of a classifier are cut.
at::Tensor comparable(const at::Tensor& logits, bool isUpToConstant)
{
    constexpr double lost = 60;
    const at::Tensor values = logits.to(at::kCPU, at::kDouble);
    return isUpToConstant ? (values - std::get<0>(values.max(1, true))).clamp_min(-lost) : values;
}

} // namespace

std::int64_t Node::size() const { return std::accumulate(shape.begin(), shape.end(), std::int64_t(1), std::multiplies<>()); }

Network Network::in(at::ScalarType precision) const
{
    Network converted = *this;
    for (Node& node : converted.nodes) {
        if (node.weight.defined())
            node.weight = node.weight.to(precision);
        if (node.bias.defined())
            node.bias = node.bias.to(precision);
    }
    return converted;
}

at::Tensor linearPart(const Network& network, const Node& node, const at::Tensor& x)
{
    switch (node.operation) {
    case Operation::Linear: return at::matmul(x, node.weight.t());
    case Operation::Convolution:
        return at::convolution(x, node.weight, {}, node.stride, node.padding, node.dilation, false, {0, 0}, node.groups);
    case Operation::Scale: return node.weight.defined() ? x * node.weight : x;
    case Operation::Reshape: return x.reshape(batched(x.size(0), node.shape));
    case Operation::Permute: return x.permute(node.dimensions);
    case Operation::Slice: return x.slice(node.dimension, node.begin, node.end, node.step);
    case Operation::Select: return x.index_select(node.dimension, node.index);
    case Operation::Pad: return at::constant_pad_nd(x, node.dimensions, 0);
    case Operation::Mean: return x.mean(node.dimensions, true).reshape(batched(x.size(0), node.shape));
    default: break;
    }
    (void)network;
    throw Error(ErrorCode::Unsupported, "No affine map: " + node.origin);
}

at::Tensor adjoint(const Network& network, const Node& node, const at::Tensor& coefficients)
{
    const std::vector<std::int64_t>& input = network.inputShape(node);
    const std::vector<std::int64_t> rows = batched(coefficients.size(0), input);
    switch (node.operation) {
    case Operation::Linear: return at::matmul(coefficients, node.weight);
    case Operation::Convolution: return convolutionAdjoint(node, coefficients, input[1], input[2]);
    case Operation::Scale: return node.weight.defined() ? coefficients * node.weight : coefficients;
    case Operation::Reshape: return coefficients.reshape(rows);
    case Operation::Permute: return coefficients.permute(inverted(node.dimensions));
    case Operation::Slice: return at::slice_backward(coefficients, rows, node.dimension, node.begin, node.end, node.step);
    case Operation::Select: return at::zeros(rows, coefficients.options()).index_add(node.dimension, node.index, coefficients);
    case Operation::Pad: return at::constant_pad_nd(coefficients, negated(node.dimensions), 0);
    case Operation::Mean: return spreadMean(node, input, coefficients);
    default: break;
    }
    throw Error(ErrorCode::Unsupported, "No affine map: " + node.origin);
}

at::Tensor convolutionAdjoint(const Node& node, const at::Tensor& coefficients, std::int64_t height, std::int64_t width)
{
    // Only the size of the input matters. As the gradient of a convolution it is two to three times as fast as transposed in single precision.
    const std::vector<std::int64_t> shape{coefficients.size(0), node.weight.size(1) * node.groups, height, width};
    const at::Tensor input = at::empty({1, 1, 1, 1}, coefficients.options()).expand(shape);
    return std::get<0>(at::convolution_backward(coefficients, input, node.weight, c10::nullopt, node.stride, node.padding, node.dilation, false, {0, 0}, node.groups, {true, false, false}));
}

Node withAbsoluteWeights(const Node& node)
{
    Node absolute = node;
    if (node.weight.defined())
        absolute.weight = node.weight.abs();
    absolute.bias = at::Tensor();
    return absolute;
}

at::Tensor activation(const Node& node, const at::Tensor& x)
{
    switch (node.operation) {
    case Operation::Relu: return node.slope == 0 ? at::relu(x) : at::leaky_relu(x, node.slope);
    case Operation::Clamp: return x.clamp(node.low, node.high);
    case Operation::Sigmoid: return at::sigmoid(x);
    case Operation::Tanh: return at::tanh(x);
    case Operation::Softplus: return at::softplus(x, node.beta, 1e9);
    case Operation::MaxPool: return at::max_pool2d(x, node.kernel, node.stride, node.padding, node.dilation);
    default: break;
    }
    throw Error(ErrorCode::Unsupported, "No activation: " + node.origin);
}

std::vector<at::Tensor> valuesOf(const Network& network, const at::Tensor& images)
{
    const at::NoGradGuard noGrad;
    std::vector<at::Tensor> values(network.nodes.size());
    for (std::size_t i = 0; i < network.nodes.size(); ++i)
        values[i] = i == 0 ? images : valueOf(network, network.nodes[i], values);
    return values;
}

at::Tensor logitsOf(const Network& network, const at::Tensor& images) { return valuesOf(network, images).back(); }

double disagreement(const Network& network, const Classifier& classifier, const at::Tensor& images)
{
    const at::NoGradGuard noGrad;
    const at::Device device = classifier.impl().device;
    const at::Tensor expected = comparable(classifier.impl().logits(images.to(device)), network.isUpToConstant);
    const at::Tensor found = comparable(logitsOf(network, images.to(device, at::kDouble)), network.isUpToConstant);
    return ((found - expected).abs().max() / expected.abs().max().clamp_min(1e-12)).item<double>();
}

} // namespace brink::certify
