// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/graphcall_torch.h"

#include "core/base/error.h"
#include "core/model/batchinvariance_torch.h"

#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

namespace brink::certify {

int Call::node(std::size_t i) const
{
    if (i >= m_operands.size() || !m_operands[i].dependsOnImage() || m_operands[i].node < 0)
        refuse();
    return m_operands[i].node;
}

at::Tensor Call::tensorOrNone(std::size_t i) const
{
    if (i >= m_operands.size() || m_operands[i].dependsOnImage())
        refuse("its weights depend on the image");
    const c10::IValue& value = *m_operands[i].constant;
    if (value.isTensor())
        return value.toTensor().to(m_result.device(), at::kDouble);
    if (value.isScalar())
        return at::scalar_tensor(value.toScalar().to<double>(), m_result.options().dtype(at::kDouble));
    if (!value.isNone())
        refuse();
    return {};
}

at::Tensor Call::tensor(std::size_t i) const
{
    at::Tensor value = tensorOrNone(i);
    if (!value.defined())
        refuse();
    return value;
}

double Call::number(std::size_t i) const
{
    const at::Tensor value = tensor(i);
    if (value.numel() != 1)
        refuse();
    return value.item<double>();
}

std::int64_t Call::integer(std::size_t i) const { return std::int64_t(number(i)); }
bool Call::flag(std::size_t i) const { return number(i) != 0; }

std::vector<std::int64_t> Call::integers(std::size_t i) const
{
    if (i >= m_operands.size() || m_operands[i].dependsOnImage())
        refuse();
    const c10::IValue& value = *m_operands[i].constant;
    if (value.isInt())
        return {value.toInt()};
    if (!value.isIntList())
        refuse();
    return value.toIntVector();
}

std::vector<std::int64_t> Call::pair(std::size_t i, std::vector<std::int64_t> standard) const
{
    std::vector<std::int64_t> values = integers(i);
    if (values.empty())
        values = std::move(standard);
    if (values.size() == 1)
        values.push_back(values[0]);
    if (values.size() != 2)
        refuse();
    return values;
}

std::int64_t Call::dimension(std::int64_t stated) const
{
    const std::int64_t counted = stated < 0 ? stated + m_operands[0].sample.dim() : stated;
    if (counted < 1)
        refuse("it works across the images of a batch");
    return counted;
}

int Call::add(Node node) const
{
    if (node.shape.empty())
        node.shape = m_result.sizes().slice(1).vec();
    node.origin = describe(m_node);
    m_network.nodes.push_back(std::move(node));
    return m_network.last();
}

void Call::refuse(const std::string& why) const
{
    throw Error(ErrorCode::Unsupported, "The graph has " + describe(m_node) + (why.empty() ? "" : ": " + why) + ".");
}

namespace {

std::vector<std::int64_t> shapeOf(const Call& call, int node) { return call.network().nodes[std::size_t(node)].shape; }

/// A constant with one value for each of the node's, from anything that broadcasts to a batch of them.
at::Tensor spread(const Call& call, const at::Tensor& constant, const std::vector<std::int64_t>& shape)
{
    at::Tensor values = constant;
    if (values.dim() == std::int64_t(shape.size()) + 1) {
        if (values.size(0) != 1)
            call.refuse("its constant differs between the images of a batch");
        values = values[0];
    }
    if (values.dim() > std::int64_t(shape.size()))
        call.refuse("its value has more dimensions than its operand");
    return values.expand(shape).contiguous();
}

at::Tensor biasOf(const Call& call, const at::Tensor& bias, bool isPerChannel)
{
    if (!bias.defined())
        return {};
    const std::vector<std::int64_t> shape = call.result().sizes().slice(1).vec();
    return spread(call, isPerChannel ? bias.view({-1, 1, 1}) : bias, shape);
}

int reshaped(const Call& call, int node)
{
    const std::vector<std::int64_t> shape = call.result().sizes().slice(1).vec();
    return shapeOf(call, node) == shape ? node : call.add({.operation = Operation::Reshape, .inputs = {node}, .shape = shape});
}

int reshape(const Call& call)
{
    const at::Tensor& before = call.operand(0).sample;
    if (!call.operand(0).dependsOnImage() || before.numel() != call.result().numel())
        call.refuse("it repeats values");
    return reshaped(call, call.node(0));
}

int sameValue(const Call& call) { return call.node(0); }

int linearNode(const Call& call, std::size_t x, const at::Tensor& weight, const at::Tensor& bias)
{
    if (weight.dim() != 2)
        call.refuse("its matrix has not two dimensions");
    return call.add({.operation = Operation::Linear, .inputs = {call.node(x)}, .weight = weight.contiguous(), .bias = biasOf(call, bias, false)});
}

int linear(const Call& call) { return linearNode(call, 0, call.tensor(1), call.operands() > 2 ? call.tensorOrNone(2) : at::Tensor()); }

/// The weights that batchinvariance_torch.h packed.
int packedLinear(const Call& call)
{
    const at::Tensor weight = unpackedMatrix(call.operand(1).constant->toTensor(), call.integer(4), call.integer(5));
    return linearNode(call, 0, weight.to(at::kDouble), call.tensorOrNone(3));
}

int matrixProduct(const Call& call)
{
    const at::Tensor matrix = call.tensor(1);
    if (matrix.dim() != 2)
        call.refuse("its matrix has not two dimensions");
    return linearNode(call, 0, matrix.t(), {});
}

int addmm(const Call& call)
{
    const double beta = call.number(3), alpha = call.number(4);
    return linearNode(call, 1, call.tensor(2).t() * alpha, call.tensor(0) * beta);
}

int convolutionNode(const Call& call, std::size_t padding, std::size_t groups)
{
    const at::Tensor weight = call.tensor(1);
    if (weight.dim() != 4 || call.operand(0).sample.dim() != 4)
        call.refuse("only convolutions of two dimensions are known");
    return call.add({.operation = Operation::Convolution, .inputs = {call.node(0)}, .weight = weight.contiguous(), .bias = biasOf(call, call.tensorOrNone(2), true),
        .stride = call.pair(3), .padding = call.pair(padding), .dilation = call.pair(5), .groups = call.integer(groups)});
}

int convolution(const Call& call) { return convolutionNode(call, 4, 6); }

int generalConvolution(const Call& call)
{
    if (call.flag(6))
        call.refuse("transposed convolutions are not known");
    return convolutionNode(call, 4, 8);
}

int batchNorm(const Call& call)
{
    if (call.flag(5))
        call.refuse("it takes mean and deviation from the batch");
    const std::vector<std::int64_t> shape = call.result().sizes().slice(1).vec();
    std::vector<std::int64_t> channels(shape.size(), 1);
    channels[0] = shape[0];
    const at::Tensor weight = call.tensorOrNone(1), bias = call.tensorOrNone(2);
    at::Tensor scale = (call.tensor(4) + call.number(7)).rsqrt();
    if (weight.defined())
        scale = scale * weight;
    at::Tensor shift = -call.tensor(3) * scale;
    if (bias.defined())
        shift = shift + bias;
    return call.add({.operation = Operation::Scale, .inputs = {call.node(0)}, .weight = spread(call, scale.view(channels), shape),
        .bias = spread(call, shift.view(channels), shape)});
}

} // namespace

int scaled(const Call& call, int x, const at::Tensor& factor, const at::Tensor& term)
{
    const std::vector<std::int64_t> shape = shapeOf(call, x);
    if (call.result().sizes().slice(1) != at::IntArrayRef(shape))
        call.refuse("it repeats values");
    return call.add({.operation = Operation::Scale, .inputs = {x}, .weight = factor.defined() ? spread(call, factor, shape) : at::Tensor(),
        .bias = term.defined() ? spread(call, term, shape) : at::Tensor()});
}

namespace {

/// first + sign * alpha * second, either of them constant.
int sum(const Call& call, double sign)
{
    const double factor = sign * (call.operands() > 2 ? call.number(2) : 1.0);
    const auto scalar = [&](double value) { return at::scalar_tensor(value, call.result().options().dtype(at::kDouble)); };
    if (!call.operand(1).dependsOnImage())
        return scaled(call, call.node(0), {}, call.tensor(1) * factor);
    if (!call.operand(0).dependsOnImage())
        return scaled(call, call.node(1), scalar(factor), call.tensor(0));
    const int first = call.node(0);
    int second = call.node(1);
    if (shapeOf(call, first) != shapeOf(call, second))
        call.refuse("its operands have different shapes");
    if (factor != 1)
        second = scaled(call, second, scalar(factor), {});
    return call.add({.operation = Operation::Add, .inputs = {first, second}});
}

int add(const Call& call) { return sum(call, 1); }
int subtract(const Call& call) { return sum(call, -1); }

/// second - alpha * first.
int reversedSubtract(const Call& call)
{
    const double alpha = call.operands() > 2 ? call.number(2) : 1.0;
    return scaled(call, call.node(0), at::scalar_tensor(-alpha, call.result().options().dtype(at::kDouble)), call.tensor(1));
}

int multiply(const Call& call)
{
    if (call.operand(0).dependsOnImage() && call.operand(1).dependsOnImage())
        call.refuse("both of its factors depend on the image");
    const std::size_t x = call.operand(0).dependsOnImage() ? 0 : 1;
    return scaled(call, call.node(x), call.tensor(1 - x), {});
}

int divide(const Call& call)
{
    if (call.operand(1).dependsOnImage())
        call.refuse("its divisor depends on the image");
    if (call.operands() > 2 && !call.operand(2).constant->isNone())
        call.refuse("it rounds");
    return scaled(call, call.node(0), call.tensor(1).reciprocal(), {});
}

int negative(const Call& call) { return scaled(call, call.node(0), at::scalar_tensor(-1.0, call.result().options().dtype(at::kDouble)), {}); }

int permuted(const Call& call, std::vector<std::int64_t> order)
{
    const auto dimensions = std::int64_t(order.size());
    for (std::int64_t& dimension : order)
        dimension = dimension < 0 ? dimension + dimensions : dimension;
    if (order.front() != 0)
        call.refuse("it moves the images of a batch");
    return call.add({.operation = Operation::Permute, .inputs = {call.node(0)}, .dimensions = order});
}

int permute(const Call& call) { return permuted(call, call.integers(1)); }

int transpose(const Call& call)
{
    std::vector<std::int64_t> order(std::size_t(call.result().dim()));
    std::iota(order.begin(), order.end(), 0);
    std::swap(order[std::size_t(call.dimension(call.integer(1)))], order[std::size_t(call.dimension(call.integer(2)))]);
    return permuted(call, order);
}

int slice(const Call& call)
{
    const at::Tensor& before = call.operand(0).sample;
    const auto bound = [&](std::size_t i, std::int64_t standard) { return i >= call.operands() || call.operand(i).constant->isNone() ? standard : call.operand(i).constant->toInt(); };
    if (before.sizes() == call.result().sizes())
        return call.node(0); // x[:, ...] is written with a slice of all images
    const std::int64_t dimension = call.dimension(call.integer(1)), size = before.size(dimension);
    const auto within = [&](std::int64_t place) { return std::clamp(place < 0 ? place + size : place, std::int64_t(0), size); };
    return call.add({.operation = Operation::Slice, .inputs = {call.node(0)}, .dimension = dimension, .begin = within(bound(2, 0)),
        .end = within(bound(3, size)), .step = bound(4, 1)});
}

int narrow(const Call& call)
{
    const std::int64_t begin = call.integer(2);
    return call.add({.operation = Operation::Slice, .inputs = {call.node(0)}, .dimension = call.dimension(call.integer(1)), .begin = begin,
        .end = begin + call.integer(3)});
}

/// One place of a dimension, which is then gone.
int select(const Call& call)
{
    const std::int64_t dimension = call.dimension(call.integer(1)), size = call.operand(0).sample.size(dimension);
    const std::int64_t place = call.integer(2) < 0 ? call.integer(2) + size : call.integer(2);
    std::vector<std::int64_t> shape = shapeOf(call, call.node(0));
    shape[std::size_t(dimension - 1)] = 1;
    const int kept = call.add({.operation = Operation::Slice, .inputs = {call.node(0)}, .shape = shape, .dimension = dimension, .begin = place, .end = place + 1});
    return reshaped(call, kept);
}

int indexSelect(const Call& call)
{
    return call.add({.operation = Operation::Select, .inputs = {call.node(0)}, .index = call.tensor(2).to(at::kLong).flatten(),
        .dimension = call.dimension(call.integer(1))});
}

int flip(const Call& call)
{
    int place = call.node(0);
    for (const std::int64_t stated : call.integers(1)) {
        const std::int64_t dimension = call.dimension(stated), size = call.result().size(dimension);
        const at::Tensor order = at::arange(size - 1, -1, -1, call.result().options().dtype(at::kLong));
        place = call.add({.operation = Operation::Select, .inputs = {place}, .index = order, .dimension = dimension});
    }
    return place;
}

int padNode(const Call& call, double value)
{
    std::vector<std::int64_t> sizes = call.integers(1); // the last dimension first; the batch may be named, unpadded
    while (sizes.size() >= 2 && sizes.back() == 0 && sizes[sizes.size() - 2] == 0)
        sizes.resize(sizes.size() - 2);
    if (sizes.empty())
        return call.node(0);
    const bool onlyGrows = std::ranges::all_of(sizes, [](std::int64_t size) { return size >= 0; });
    if (std::int64_t(sizes.size()) / 2 >= call.result().dim() || !onlyGrows)
        call.refuse("it pads the batch, or cuts off");
    const std::vector<std::int64_t> before = shapeOf(call, call.node(0));
    const at::Tensor around = at::constant_pad_nd(at::zeros(before, call.result().options().dtype(at::kDouble)), sizes, value);
    return call.add({.operation = Operation::Pad, .inputs = {call.node(0)}, .bias = value == 0 ? at::Tensor() : around, .dimensions = sizes});
}

int constantPad(const Call& call) { return padNode(call, call.operands() > 2 ? call.number(2) : 0.0); }

int pad(const Call& call)
{
    if (call.operands() > 2 && call.operand(2).constant->toStringRef() != "constant")
        call.refuse("only padding by constants is known");
    return padNode(call, call.operands() > 3 && !call.operand(3).constant->isNone() ? call.number(3) : 0.0);
}

int meanNode(const Call& call, std::vector<std::int64_t> dimensions)
{
    for (std::int64_t& dimension : dimensions)
        dimension = call.dimension(dimension);
    return call.add({.operation = Operation::Mean, .inputs = {call.node(0)}, .dimensions = std::move(dimensions)});
}

int mean(const Call& call)
{
    if (call.operands() < 3 || call.operand(1).constant->isNone())
        call.refuse("it works across the images of a batch");
    return meanNode(call, call.integers(1));
}

/// Sums over windows as a convolution of each channel by itself.
int windowSums(const Call& call, const std::vector<std::int64_t>& kernel, const std::vector<std::int64_t>& stride, const std::vector<std::int64_t>& padding, double weight)
{
    const std::int64_t channels = call.operand(0).sample.size(1);
    const at::Tensor weights = at::full({channels, 1, kernel[0], kernel[1]}, weight, call.result().options().dtype(at::kDouble));
    return call.add({.operation = Operation::Convolution, .inputs = {call.node(0)}, .weight = weights, .stride = stride, .padding = padding,
        .dilation = {1, 1}, .groups = channels});
}

int averagePool(const Call& call)
{
    const std::vector<std::int64_t> kernel = call.pair(1), stride = call.pair(2, kernel), padding = call.pair(3);
    const at::Tensor& before = call.operand(0).sample;
    const bool countsPadding = call.operands() < 6 || call.flag(5) || (padding[0] == 0 && padding[1] == 0);
    const bool hasDivisor = call.operands() > 6 && !call.operand(6).constant->isNone();
    for (std::int64_t i = 0; i < 2; ++i)
        if (call.result().size(i + 2) != (before.size(i + 2) + 2 * padding[std::size_t(i)] - kernel[std::size_t(i)]) / stride[std::size_t(i)] + 1)
            call.refuse("its windows reach beyond the edge (ceil_mode)");
    const double divisor = hasDivisor ? call.number(6) : double(kernel[0] * kernel[1]);
    if (countsPadding || hasDivisor)
        return windowSums(call, kernel, stride, padding, 1 / divisor);
    const int sums = windowSums(call, kernel, stride, padding, 1);
    const Node& node = call.network().nodes[std::size_t(sums)];
    const at::Tensor ones = at::ones({1, before.size(1), before.size(2), before.size(3)}, node.weight.options());
    return scaled(call, sums, linearPart(call.network(), node, ones)[0].reciprocal(), {});
}

int adaptiveAveragePool(const Call& call)
{
    const at::Tensor& before = call.operand(0).sample;
    const std::int64_t height = call.result().size(2), width = call.result().size(3);
    if (height == 1 && width == 1)
        return meanNode(call, {2, 3});
    if (before.size(2) % height != 0 || before.size(3) % width != 0)
        call.refuse("its windows differ in size");
    const std::vector<std::int64_t> kernel{before.size(2) / height, before.size(3) / width};
    return windowSums(call, kernel, kernel, {0, 0}, 1.0 / double(kernel[0] * kernel[1]));
}

int maxPool(const Call& call)
{
    const std::vector<std::int64_t> kernel = call.pair(1), stride = call.pair(2, kernel), padding = call.pair(3), dilation = call.pair(4, {1, 1});
    const Node node{.operation = Operation::MaxPool, .inputs = {call.node(0)}, .kernel = kernel, .stride = stride, .padding = padding, .dilation = dilation};
    if (activation(node, call.operand(0).sample).sizes() != call.result().sizes())
        call.refuse("its windows reach beyond the edge (ceil_mode)");
    return call.add(node);
}

int concatenate(const Call& call)
{
    Node node{.operation = Operation::Concatenate, .dimension = call.integer(1)};
    if (node.dimension < 0)
        node.dimension += call.result().dim();
    for (const Operand& part : call.operand(0).list) {
        if (!part.dependsOnImage() || part.node < 0)
            call.refuse("a part of it does not depend on the image");
        node.inputs.push_back(part.node);
    }
    if (node.dimension < 1)
        call.refuse("it works across the images of a batch");
    return call.add(std::move(node));
}

/// And those that take the largest or join values.
const Translations& affineTranslations()
{
    static const Translations all{{"brink::linear", packedLinear}, {"brink::conv2d", convolution}, {"brink::detach", sameValue},
        {"aten::linear", linear}, {"aten::matmul", matrixProduct}, {"aten::mm", matrixProduct}, {"aten::addmm", addmm}, {"aten::conv2d", convolution},
        {"aten::_convolution", generalConvolution}, {"aten::batch_norm", batchNorm}, {"aten::add", add}, {"aten::add_", add}, {"aten::sub", subtract},
        {"aten::sub_", subtract}, {"aten::rsub", reversedSubtract}, {"aten::mul", multiply}, {"aten::mul_", multiply}, {"aten::div", divide}, {"aten::div_", divide},
        {"aten::neg", negative}, {"aten::avg_pool2d", averagePool}, {"aten::adaptive_avg_pool2d", adaptiveAveragePool}, {"aten::mean", mean}, {"aten::max_pool2d", maxPool},
        {"aten::cat", concatenate}, {"aten::flatten", reshape}, {"aten::reshape", reshape}, {"aten::view", reshape}, {"aten::view_as", reshape},
        {"aten::reshape_as", reshape}, {"aten::_reshape_alias", reshape}, {"aten::_unsafe_view", reshape}, {"aten::squeeze", reshape}, {"aten::unsqueeze", reshape},
        {"aten::expand", reshape}, {"aten::expand_as", reshape}, {"aten::permute", permute}, {"aten::transpose", transpose}, {"aten::slice", slice},
        {"aten::narrow", narrow}, {"aten::select", select}, {"aten::index_select", indexSelect}, {"aten::flip", flip}, {"aten::pad", pad},
        {"aten::constant_pad_nd", constantPad}, {"aten::contiguous", sameValue},
        {"aten::dropout", sameValue}, {"aten::dropout_", sameValue}, {"aten::feature_dropout", sameValue}, {"aten::clone", sameValue}, {"aten::alias", sameValue},
        {"aten::to", sameValue}, {"aten::type_as", sameValue}, {"aten::detach", sameValue}, {"prim::data", sameValue}};
    return all;
}

} // namespace

int translated(const Call& call, const torch::jit::Node& node)
{
    const std::string_view name = node.kind().toQualString();
    for (const Translations* table : {&affineTranslations(), &activationTranslations()})
        if (const auto found = table->find(name); found != table->end())
            return found->second(call);
    call.refuse();
}

} // namespace brink::certify
