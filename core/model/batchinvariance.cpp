// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/batchinvariance_torch.h"

#include "core/model/graphscan_torch.h"
#include "core/model/rowproduct.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/library.h>
#include <torch/script.h>

#include <optional>

namespace brink {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;
using OptionalTensor = c10::optional<at::Tensor>;

/// x [n, depth] times packed panels, in float32 on the CPU.
at::Tensor productOf(const at::Tensor& x, const at::Tensor& panels, const OptionalTensor& bias, std::int64_t columns)
{
    const at::Tensor rows = x.contiguous();
    at::Tensor out = at::empty({rows.size(0), columns}, rows.options());
    const float* start = bias && bias->defined() ? bias->data_ptr<float>() : nullptr;
    const auto panelCount = (columns + panelWidth - 1) / panelWidth;
    at::parallel_for(0, panelCount, 1, [&](std::int64_t begin, std::int64_t end) {
        rowProduct(rows.data_ptr<float>(), rows.size(0), rows.size(1), panels.data_ptr<float>(), columns, start,
            out.data_ptr<float>(), begin, end);
    });
    return out;
}

/// Linear in x, so its derivative is the same function with the transposed matrix, to any order.
class RowProduct : public torch::autograd::Function<RowProduct> {
public:
    static Variable forward(AutogradContext* context, const Variable& x, const at::Tensor& panels,
        const at::Tensor& transposedPanels, const OptionalTensor& bias, std::int64_t columns)
    {
        context->saved_data["panels"] = panels;
        context->saved_data["transposed"] = transposedPanels;
        context->saved_data["depth"] = x.size(1);
        return productOf(x, panels, bias, columns);
    }
    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const at::Tensor none;
        return {apply(gradients[0], context->saved_data["transposed"].toTensor(), context->saved_data["panels"].toTensor(),
                    OptionalTensor(), context->saved_data["depth"].toInt()),
            none, none, none, none};
    }
};

/// `brink::linear`: x [..., depth] -> [..., columns].
at::Tensor linear(const at::Tensor& x, const at::Tensor& panels, const at::Tensor& transposedPanels,
    const OptionalTensor& bias, std::int64_t depth, std::int64_t columns)
{
    TORCH_CHECK(x.dim() >= 1 && x.size(-1) == depth, "linear layer expects ", depth, " inputs, got a tensor of shape ", x.sizes());
    if (x.dim() == 2)
        return RowProduct::apply(x, panels, transposedPanels, bias, columns);
    auto shape = x.sizes().vec();
    shape.back() = columns;
    return RowProduct::apply(x.reshape({-1, depth}), panels, transposedPanels, bias, columns).reshape(shape);
}

/// `brink::conv2d`: with two images at least oneDNN is used for every kernel but 1x1 below 16 images; there a dilation,
/// which means nothing for a 1x1 kernel, makes LibTorch choose oneDNN too (Convolution.cpp, use_mkldnn).
at::Tensor conv2d(const at::Tensor& x, const at::Tensor& weight, const OptionalTensor& bias, at::IntArrayRef stride,
    at::IntArrayRef padding, at::IntArrayRef dilation, std::int64_t groups)
{
    constexpr std::int64_t alwaysFast = 20480; // numbers in a batch from which use_mkldnn also takes one image
    const bool isPointwise = weight.size(2) == 1 && weight.size(3) == 1;
    const std::vector<std::int64_t> two{2, 2};
    const at::IntArrayRef spread = isPointwise ? at::IntArrayRef(two) : dilation;
    const auto convolve = [&](const at::Tensor& images) {
        return at::convolution(images, weight, bias, stride, padding, spread, false, {0, 0}, groups);
    };
    if (x.dim() == 4 && x.size(0) == 1 && x.numel() <= alwaysFast)
        return convolve(x.expand({2, -1, -1, -1})).narrow(0, 0, 1);
    return convolve(x);
}

at::Tensor detached(const at::Tensor& x) { return x.detach().clone(); }

TORCH_LIBRARY(brink, library)
{
    library.def("detach(Tensor x) -> Tensor", detached);
    library.def("linear(Tensor x, Tensor panels, Tensor transposed, Tensor? bias, int depth, int columns) -> Tensor", linear);
    library.def("conv2d(Tensor x, Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] dilation, int groups) -> Tensor",
        conv2d);
}

bool isPlainFloat(const at::Tensor& tensor)
{
    return tensor.defined() && tensor.scalar_type() == at::kFloat && tensor.is_cpu() && tensor.layout() == at::kStrided;
}

/// A dense layer found in a graph: value = x * matrix + bias, matrix [depth, columns] by any strides.
struct DenseLayer {
    Value* x = nullptr;
    at::Tensor matrix;
    at::Tensor bias;
};

bool isOne(const Value* value)
{
    const auto constant = torch::jit::toIValue(value);
    return constant && constant->isScalar() && constant->toScalar().to<double>() == 1.0;
}

std::optional<DenseLayer> denseLayer(const Node& node)
{
    const std::string_view name = node.kind().is_aten() ? node.kind().toUnqualString() : "";
    DenseLayer layer;
    if (name == "linear") {
        layer = {const_cast<Value*>(node.input(0)), constantTensor(node.input(1)), constantTensor(node.input(2))};
        if (!isPlainFloat(layer.matrix) || (!layer.bias.defined() && !node.input(2)->mustBeNone()))
            return std::nullopt;
        layer.matrix = layer.matrix.t();
    } else if (name == "addmm" && isOne(node.input(3)) && isOne(node.input(4))) {
        layer = {const_cast<Value*>(node.input(1)), constantTensor(node.input(2)), constantTensor(node.input(0))};
        if (!layer.bias.defined())
            return std::nullopt;
    } else if (name == "mm" || name == "matmul") {
        layer = {const_cast<Value*>(node.input(0)), constantTensor(node.input(1)), at::Tensor()};
    }
    const bool fits = isPlainFloat(layer.matrix) && layer.matrix.dim() == 2
        && (!layer.bias.defined()
            || (isPlainFloat(layer.bias) && layer.bias.dim() == 1 && layer.bias.size(0) == layer.matrix.size(1)));
    return fits ? std::optional(layer) : std::nullopt;
}

at::Tensor packed(const at::Tensor& matrix)
{
    at::Tensor panels = at::empty({packedSize(matrix.size(0), matrix.size(1))}, at::kFloat);
    packPanels(matrix.data_ptr<float>(), matrix.stride(0), matrix.stride(1), matrix.size(0), matrix.size(1),
        panels.data_ptr<float>());
    return panels;
}

void replaceNode(Node* node, const char* kind, const std::vector<Value*>& inputs)
{
    Graph* graph = node->owningGraph();
    Node* replacement = graph->create(c10::Symbol::fromQualString(kind), inputs, 1);
    replacement->insertBefore(node);
    replacement->output()->copyMetadata(node->output());
    node->output()->replaceAllUsesWith(replacement->output());
}

void replaceDense(Node* node, const DenseLayer& layer)
{
    Graph* graph = node->owningGraph();
    const torch::jit::WithInsertPoint here(node);
    Value* bias = graph->insertConstant(
        layer.bias.defined() ? torch::jit::IValue(layer.bias.contiguous()) : torch::jit::IValue());
    replaceNode(node, "brink::linear",
        {layer.x, graph->insertConstant(packed(layer.matrix)), graph->insertConstant(packed(layer.matrix.t())), bias,
            graph->insertConstant(layer.matrix.size(0)), graph->insertConstant(layer.matrix.size(1))});
}

bool isPlainConvolution(const Node& node)
{
    if (!node.kind().is_aten())
        return false;
    const std::string_view name = node.kind().toUnqualString();
    if (name != "_convolution" && name != "conv2d")
        return false;
    const at::Tensor weight = constantTensor(node.input(1));
    if (!isPlainFloat(weight) || weight.dim() != 4)
        return false;
    const auto padding = torch::jit::toIValue(node.input(4)); // conv2d also takes "same" and "valid"
    if (name == "conv2d")
        return padding && padding->isIntList();
    const auto isTransposed = torch::jit::toIValue(node.input(6));
    return isTransposed && !isTransposed->toBool();
}

void replaceConvolution(Node* node)
{
    const bool isGeneral = std::string_view(node->kind().toUnqualString()) == "_convolution";
    std::vector<Value*> inputs;
    for (std::size_t i = 0; i < 6; ++i)
        inputs.push_back(node->input(i));
    inputs.push_back(node->input(isGeneral ? 8 : 6));
    replaceNode(node, "brink::conv2d", inputs);
}

} // namespace

void makeBatchInvariant(const std::shared_ptr<Graph>& graph)
{
    std::vector<Node*> nodes;
    forEachNode(graph->block(), [&](Node* node) { nodes.push_back(node); });
    for (Node* node : nodes) {
        if (const auto layer = denseLayer(*node))
            replaceDense(node, *layer);
        else if (isPlainConvolution(*node))
            replaceConvolution(node);
    }
    torch::jit::EliminateDeadCode(graph);
}

void keepDetachments(const torch::jit::Module& module)
{
    for (torch::jit::Function* function : module._ivalue()->compilation_unit()->get_functions()) {
        if (!function->isGraphFunction())
            continue;
        const auto graph = torch::jit::toGraphFunction(*function).graph();
        std::vector<Node*> nodes;
        forEachNode(graph->block(), [&](Node* node) {
            if (node->kind() == c10::Symbol::fromQualString("aten::detach"))
                nodes.push_back(node);
        });
        for (Node* node : nodes) {
            replaceNode(node, "brink::detach", {node->input(0)});
            node->destroy();
        }
    }
}

at::Tensor unpackedMatrix(const at::Tensor& panels, std::int64_t depth, std::int64_t columns)
{
    at::Tensor matrix = at::empty({columns, depth}, at::kFloat);
    unpackPanels(panels.data_ptr<float>(), depth, columns, matrix.data_ptr<float>());
    return matrix;
}

} // namespace brink
