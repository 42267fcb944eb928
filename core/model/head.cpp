// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/head.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/model/batchinvariance_torch.h"
#include "core/model/classifier_torch.h"
#include "core/model/graphscan_torch.h"
#include "core/model/inputprobe_torch.h"

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <algorithm>
#include <array>
#include <limits>
#include <set>

namespace brink {
namespace {

using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

/// weights [K,D] and bias [K] in double precision.
struct Affine {
    at::Tensor weights;
    at::Tensor bias;
};

/// What follows the last layer: steps that keep it affine, the last one first.
struct Tail {
    std::vector<std::function<void(Affine&)>> steps;
    bool averages = false; ///< places are averaged on the way
    bool isUpToConstant = false;
};

/// The last layer as the graph has it: x -> x * matrix^T + bias.
struct LastLayer {
    Value* x = nullptr;
    at::Tensor weights; ///< [K,D], or [K,C,h,w] of a convolution
    at::Tensor bias;    ///< [K], undefined for none
};

std::string nameOf(const Node& node) { return node.kind().toUnqualString(); }

/// Operators that only move values, or do nothing once a model is in eval mode.
bool isNoOp(const Node& node)
{
    static const std::set<std::string, std::less<>> names{"flatten", "reshape", "view", "squeeze", "squeeze_", "unsqueeze",
        "contiguous", "dropout", "dropout_", "feature_dropout", "clone", "alias", "to", "type_as", "detach", "permute",
        "transpose", "select", "_reshape_alias", "_unsafe_view", "expand", "view_as", "reshape_as"};
    return names.contains(nameOf(node));
}

/// Means over places: they can as well be taken before an affine map of each place.
bool isMean(const Node& node)
{
    const std::string name = nameOf(node);
    return name == "mean" || name == "adaptive_avg_pool2d" || name == "avg_pool2d";
}

bool isSoftmax(const Node& node)
{
    const std::string name = nameOf(node);
    return name == "softmax" || name == "log_softmax" || name == "_softmax" || name == "_log_softmax";
}

/// A constant number or tensor as doubles, flattened; undefined for anything else.
at::Tensor constantNumbers(const Value* value)
{
    const auto constant = torch::jit::toIValue(value);
    if (!constant)
        return {};
    if (constant->isTensor())
        return constant->toTensor().to(at::kCPU, at::kDouble).flatten();
    return constant->isScalar() ? at::full({1}, constant->toScalar().to<double>(), at::kDouble) : at::Tensor();
}

/// Sums and products with constants, one number or one a class. The value they are applied to, or null for anything else.
const Value* absorbedArithmetic(const Node& node, Tail& tail)
{
    const std::string name = nameOf(node);
    const bool isSum = name == "add" || name == "add_" || name == "sub" || name == "sub_";
    const bool isProduct = name == "mul" || name == "mul_" || name == "div" || name == "div_";
    const bool commutes = name.starts_with("add") || name.starts_with("mul");
    if ((!isSum && !isProduct) || node.inputs().size() < 2)
        return nullptr;
    at::Tensor constant = constantNumbers(node.input(1));
    const Value* operand = node.input(0);
    if (!constant.defined() && commutes) {
        constant = constantNumbers(node.input(0));
        operand = node.input(1);
    }
    if (!constant.defined())
        return nullptr;
    if (node.inputs().size() > 2) {
        const at::Tensor alpha = constantNumbers(node.input(2)); // of a sum; a quotient is rounded instead
        if (!isSum || !alpha.defined() || (operand == node.input(1) && alpha.item<double>() != 1.0))
            return nullptr;
        constant = constant * alpha;
    }
    if (isSum)
        tail.steps.push_back([term = name.starts_with("sub") ? -constant : constant](Affine& affine) { affine.bias = affine.bias + term; });
    else
        tail.steps.push_back([factor = name.starts_with("mul") ? constant : constant.reciprocal()](Affine& affine) {
            affine = {affine.weights * factor.unsqueeze(1), affine.bias * factor};
        });
    return operand;
}

/// Begin, end and step of a slice with constant bounds.
struct Bounds {
    std::array<c10::optional<std::int64_t>, 3> values; ///< None is the customary value

    [[nodiscard]] at::Tensor of(const at::Tensor& rows) const { return rows.slice(0, values[0], values[1], values[2].value_or(1)); }
    /// x[:, ...] is written with a slice of all images.
    [[nodiscard]] bool areEverything() const
    {
        constexpr auto end = std::numeric_limits<std::int64_t>::max();
        return values[0].value_or(0) == 0 && values[1].value_or(end) == end && values[2].value_or(1) == 1;
    }
};

std::optional<Bounds> constantBounds(const Node& node)
{
    Bounds bounds;
    for (std::size_t i = 0; i < bounds.values.size() && i + 2 < node.inputs().size(); ++i) {
        const auto bound = torch::jit::toIValue(node.input(i + 2));
        if (!bound || (!bound->isInt() && !bound->isNone()))
            return std::nullopt;
        if (bound->isInt())
            bounds.values[i] = bound->toInt();
    }
    return bounds;
}

/// Classes left out or put in another order. The value they are chosen from, or null for anything else.
const Value* absorbedChoice(const Node& node, Tail& tail)
{
    const std::string name = nameOf(node);
    if ((name != "slice" && name != "index_select") || node.inputs().size() < 3)
        return nullptr;
    const auto dimension = torch::jit::toIValue(node.input(1));
    const bool isOfClasses = dimension && dimension->isInt() && (dimension->toInt() == 1 || dimension->toInt() == -1);
    if (name == "slice") {
        const auto bounds = constantBounds(node);
        if (!bounds || (!isOfClasses && !bounds->areEverything()))
            return nullptr;
        if (!bounds->areEverything())
            tail.steps.push_back([bounds](Affine& affine) { affine = {bounds->of(affine.weights), bounds->of(affine.bias)}; });
        return node.input(0);
    }
    const at::Tensor chosen = constantTensor(node.input(2));
    if (!isOfClasses || !chosen.defined())
        return nullptr;
    tail.steps.push_back([chosen = chosen.to(at::kCPU)](Affine& affine) {
        affine = {affine.weights.index_select(0, chosen), affine.bias.index_select(0, chosen)};
    });
    return node.input(0);
}

/// The value that the last layer gives, and what follows it.
const Value* beforeTail(const Value* output, Tail& tail)
{
    for (;;) {
        const Node& node = *output->node();
        if (!node.kind().is_aten() && nameOf(node) != "detach")
            return output;
        if (isNoOp(node) || isMean(node)) {
            tail.averages = tail.averages || isMean(node);
            output = node.input(0);
        } else if (isSoftmax(node)) {
            tail.isUpToConstant = true;
            output = node.input(0);
        } else if (const Value* operand = absorbedArithmetic(node, tail)) {
            output = operand;
        } else if (const Value* all = absorbedChoice(node, tail)) {
            output = all;
        } else {
            return output;
        }
    }
}

bool isOne(const Value* value)
{
    const at::Tensor number = constantNumbers(value);
    return number.defined() && number.numel() == 1 && number.item<double>() == 1.0;
}

/// The weights that batchinvariance_torch.h packed.
LastLayer packedLayer(const Node& node)
{
    const auto depth = torch::jit::toIValue(node.input(4)), columns = torch::jit::toIValue(node.input(5));
    return {const_cast<Value*>(node.input(0)), unpackedMatrix(constantTensor(node.input(1)), depth->toInt(), columns->toInt()), constantTensor(node.input(3))};
}

std::optional<LastLayer> lastLayer(const Value* value)
{
    const Node& node = *value->node();
    const std::string name = nameOf(node);
    const auto input = [&](std::size_t i) { return const_cast<Value*>(node.input(i)); };
    if (node.kind() == c10::Symbol::fromQualString("brink::linear"))
        return packedLayer(node);
    LastLayer layer;
    bool isTransposed = false;
    if (name == "linear" || name == "conv2d" || name == "_convolution") {
        layer = {input(0), constantTensor(input(1)), constantTensor(input(2))};
        if (!layer.bias.defined() && !input(2)->mustBeNone())
            return std::nullopt;
    } else if (name == "addmm" && isOne(input(3)) && isOne(input(4))) {
        layer = {input(1), constantTensor(input(2)), constantTensor(input(0))};
        isTransposed = true;
        if (!layer.bias.defined())
            return std::nullopt;
    } else if (name == "mm" || name == "matmul") {
        layer = {input(0), constantTensor(input(1)), at::Tensor()};
        isTransposed = true;
    }
    if (!layer.weights.defined() || !layer.weights.is_floating_point())
        return std::nullopt;
    const bool isConvolution = name == "conv2d" || name == "_convolution";
    if (layer.weights.dim() != (isConvolution ? 4 : 2))
        return std::nullopt;
    if (isTransposed)
        layer.weights = layer.weights.t();
    return layer;
}

/// The layer's input [N,...] as one row of features an image.
at::Tensor featureRows(const at::Tensor& x, std::int64_t features, std::int64_t channels, bool averages)
{
    if (x.numel() == x.size(0) * features)
        return x.reshape({x.size(0), features});
    TORCH_CHECK(averages && features == channels, "the last layer sees more than one place");
    if (x.dim() == 4)
        return x.mean({2, 3});
    return x.reshape({x.size(0), -1, features}).mean(1);
}

/// Runs the graph up to the last layer, as runnerFor in torchscript.cpp runs all of it.
std::function<at::Tensor(const at::Tensor&)> encoderRun(
    const std::shared_ptr<Graph>& graph, std::int64_t features, std::int64_t channels, bool averages)
{
    const auto function = std::make_shared<torch::jit::GraphFunction>("features", graph, nullptr);
    return [function, features, channels, averages](const at::Tensor& x) {
        const torch::jit::GraphOptimizerEnabledGuard simpleExecutor(false);
        torch::jit::Stack stack{x};
        function->run(stack);
        return featureRows(stack.back().toTensor(), features, channels, averages);
    };
}

std::vector<float> floats(const at::Tensor& tensor)
{
    const at::Tensor values = tensor.to(at::kCPU, at::kFloat).contiguous();
    return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

std::string layerName(const at::Tensor& weights)
{
    return weights.dim() == 2
        ? "linear layer"
        : std::to_string(weights.size(2)) + "x" + std::to_string(weights.size(3)) + " convolution";
}

/// Largest difference of weights * features + bias from the logits, relative to the largest logit.
/// Softmax leaves only differences within a row, and none it has rounded to 0.
double disagreement(const Classifier& classifier, const ClassifierHead& head)
{
    constexpr int images = 4;
    constexpr double lost = 60; // below the row's largest log-probability; Impl::logits stops at log 1e-30
    const at::NoGradGuard noGrad;
    const at::Tensor x = probeImages(classifier.impl().input, images, 5).to(classifier.impl().device);
    at::Tensor expected = classifier.impl().logits(x).to(at::kCPU, at::kDouble);
    const at::Tensor h = head.encoder->impl().logits(x).to(at::kCPU, at::kDouble);
    const at::Tensor weights = at::tensor(head.weights, at::kDouble).view({head.classes, head.features});
    at::Tensor found = h.matmul(weights.t()) + at::tensor(head.bias, at::kDouble);
    if (head.isUpToConstant) {
        found = found - std::get<0>(found.max(1, true));
        expected = expected - std::get<0>(expected.max(1, true));
        found = found.clamp_min(-lost);
        expected = expected.clamp_min(-lost);
    }
    return ((found - expected).abs().max() / expected.abs().max().clamp_min(1e-12)).item<double>();
}

std::string refusedNode(const Node& node)
{
    if (nameOf(node) == "Param")
        return "The model has no layer with constant weights before its output.";
    return "The model's logits come from \"" + nameOf(node) + "\" and not from an affine layer with constant weights.";
}

/// @throws what LibTorch throws where the shapes do not fit after all.
ClassifierHead headFrom(const Classifier& classifier, const std::shared_ptr<Graph>& graph, const LastLayer& layer, const Tail& tail)
{
    Affine affine{layer.weights.to(at::kCPU, at::kDouble).flatten(1), {}};
    affine.bias = layer.bias.defined() ? layer.bias.to(at::kCPU, at::kDouble) : at::zeros({affine.weights.size(0)}, at::kDouble);
    for (auto step = tail.steps.rbegin(); step != tail.steps.rend(); ++step)
        (*step)(affine);
    ClassifierHead head;
    head.classes = int(affine.weights.size(0));
    head.features = int(affine.weights.size(1));
    head.layer = layerName(layer.weights);
    head.isUpToConstant = tail.isUpToConstant;
    head.weights = floats(affine.weights);
    head.bias = floats(affine.bias);
    graph->registerOutput(layer.x);
    graph->eraseOutput(0);
    torch::jit::EliminateDeadCode(graph);
    graph->eraseInput(0);
    auto impl = std::make_unique<Classifier::Impl>(classifier.impl());
    impl->classes = head.features;
    impl->givesProbabilities = false;
    impl->card.classNames.clear();
    impl->graph = nullptr;
    impl->run = encoderRun(graph, head.features, layer.weights.size(1), tail.averages);
    head.encoder = std::make_shared<const Classifier>(std::move(impl));
    return head;
}

} // namespace

HeadSearch classifierHead(const Classifier& classifier)
{
    constexpr double agreement = 1e-3; // float32 sums in another order; a wrong layer is off by its size
    const Classifier::Impl& impl = classifier.impl();
    if (!impl.freezeFailure.empty())
        return {std::nullopt, "The model's graph could not be frozen (" + impl.freezeFailure + "), so its weights are not constants."};
    if (!impl.graph)
        return {std::nullopt, "The model has no TorchScript graph in which its last layer could be found."};
    const std::shared_ptr<Graph> graph = impl.graph->copy();
    if (graph->inputs().size() != 2 || graph->inputs()[0]->hasUses() || graph->outputs().size() != 1)
        return {std::nullopt, "The model's graph reads attributes of the module while it runs, so its weights are not constants."};
    Tail tail;
    const Value* value = beforeTail(graph->outputs()[0], tail);
    const std::optional<LastLayer> layer = lastLayer(value);
    if (!layer)
        return {std::nullopt, refusedNode(*value->node())};
    try {
        ClassifierHead head = headFrom(classifier, graph, *layer, tail);
        if (head.classes != classifier.classes())
            return {std::nullopt, "The last layer found, a " + head.layer + ", has " + std::to_string(head.classes) + " outputs for "
                    + std::to_string(classifier.classes()) + " classes."};
        const double difference = disagreement(classifier, head);
        if (difference <= agreement)
            return {std::move(head), {}};
        return {std::nullopt, "The last layer found, a " + head.layer + ", does not give the logits: on probe images they differ by "
                + formatReal(100 * difference, 2) + " % of the largest."};
    } catch (const std::exception& error) {
        return {std::nullopt, "The last layer found, a " + layerName(layer->weights) + ", does not take one row of features ("
                + torchReason(error) + ")."};
    }
}

std::vector<float> penultimateFeatures(const ClassifierHead& head, std::span<const Image> images, Monitor& monitor)
{
    std::vector<float> rows;
    rows.reserve(images.size() * std::size_t(head.features));
    Evaluator evaluator(head.encoder);
    const auto batch = std::size_t(head.encoder->bestBatch());
    for (std::size_t begin = 0; begin < images.size() && !monitor.stopRequested(); begin += batch) {
        const auto part = images.subspan(begin, std::min(batch, images.size() - begin));
        const std::vector<float> features = floats(evaluator.logits(tensorFromImages(part)));
        rows.insert(rows.end(), features.begin(), features.end());
        monitor.progress(std::int64_t(begin + part.size()), std::int64_t(images.size()));
    }
    return rows;
}

} // namespace brink
