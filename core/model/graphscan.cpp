// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/graphscan_torch.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/script.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace brink {
namespace {

using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;

/// Namespaces whose operators only compute. Others (c10d, rpc, user libraries) may do anything.
const std::set<std::string, std::less<>>& harmlessNamespaces()
{
    static const std::set<std::string, std::less<>> names{"aten", "prim", "prims", "quantized", "_quantized", "quantization",
        "prepacked", "mkldnn", "mkldnn_prepacked", "profiler", "sparse", "brink"};
    return names;
}

/// Operators of those namespaces that reach files or other processes, in LibTorch 1.13 to 2.6.
bool isForbiddenName(std::string_view name)
{
    return name == "from_file" || name == "save" || name == "load" || name.starts_with("rpc_");
}

std::optional<std::string> forbiddenKind(const Node& node)
{
    if (!node.kind().is_prim() && node.maybeSchema() == nullptr)
        return std::nullopt;
    const std::string space = node.kind().ns().toUnqualString();
    const std::string name = node.kind().toUnqualString();
    if (!harmlessNamespaces().contains(space) || isForbiddenName(name))
        return space + "::" + name;
    return std::nullopt;
}

const std::set<std::string, std::less<>>& smoothOperators()
{
    static const std::set<std::string, std::less<>> names{
        // affine in the image
        "linear", "addmm", "mm", "bmm", "baddbmm", "matmul", "_convolution", "conv1d", "conv2d", "conv3d", "convolution",
        "conv_transpose2d", "batch_norm", "avg_pool2d", "adaptive_avg_pool2d", "mean", "sum", "cumsum", "add", "add_", "sub",
        "sub_", "rsub", "neg", "upsample_bilinear2d", "upsample_nearest2d", "pixel_shuffle", "einsum", "dot", "mv",
        // smooth
        "mul", "mul_", "div", "div_", "sigmoid", "sigmoid_", "tanh", "tanh_", "softplus", "gelu", "silu", "silu_", "mish",
        "softmax", "log_softmax", "log_sigmoid", "exp", "sin", "cos", "erf", "square", "reciprocal", "logsumexp", "layer_norm",
        "group_norm", "instance_norm", "scaled_dot_product_attention", "dropout", "dropout_", "feature_dropout", "var",
        // only move values
        "flatten", "reshape", "view", "permute", "transpose", "t", "contiguous", "cat", "stack", "constant_pad_nd", "slice",
        "select", "index_select", "narrow", "flip", "expand", "expand_as", "unsqueeze", "squeeze", "chunk", "split",
        "split_with_sizes", "unbind", "roll", "repeat", "clone", "alias", "to", "type_as", "detach", "pixel_unshuffle",
        "movedim", "swapaxes", "unflatten", "tensor_split",
        // sizes and numbers
        "size", "Int", "Float", "IntImplicit", "FloatImplicit", "ScalarImplicit", "len", "dim", "numel", "__getitem__",
        "floor_divide", "floordiv", "eq", "ne", "lt", "gt", "le", "ge", "__not__", "__isnot__", "__is__", "warn", "format",
        "append", "list", "zeros", "ones", "full", "zeros_like", "ones_like"};
    return names;
}

/// Padding copies only when it adds constants or mirrors; all modes move values.
bool isSmoothNode(const Node& node)
{
    const std::string space = node.kind().ns().toUnqualString();
    if (space == "prim" || space == "brink")
        return true;
    const std::string_view name = node.kind().toUnqualString();
    return space == "aten" && (smoothOperators().contains(name) || name.find("pad") != std::string_view::npos);
}

bool isIdentifierCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Identifiers and dots of a program, in order; white space cannot hide a name from this.
std::vector<std::string_view> identifiers(std::string_view code)
{
    std::vector<std::string_view> tokens;
    for (std::size_t i = 0; i < code.size();) {
        std::size_t end = i;
        while (end < code.size() && isIdentifierCharacter(code[end]))
            ++end;
        if (end > i)
            tokens.push_back(code.substr(i, end - i));
        i = std::max(end, i + 1);
    }
    return tokens;
}

} // namespace

void forEachNode(Block* block, const std::function<void(Node*)>& visit)
{
    for (Node* node : block->nodes()) {
        visit(node);
        for (Block* inner : node->blocks())
            forEachNode(inner, visit);
    }
}

std::optional<std::string> forbiddenOperator(const torch::jit::Module& module)
{
    std::optional<std::string> found;
    for (torch::jit::Function* function : module._ivalue()->compilation_unit()->get_functions()) {
        if (!function->isGraphFunction())
            continue;
        forEachNode(torch::jit::toGraphFunction(*function).graph()->block(), [&](Node* node) {
            if (!found)
                found = forbiddenKind(*node);
        });
    }
    return found;
}

std::optional<std::string> forbiddenInLoadingCode(std::string_view code)
{
    if (code.find("__setstate__") == std::string_view::npos)
        return std::nullopt;
    std::string_view previous;
    for (const std::string_view token : identifiers(code)) {
        const bool isForeign = previous == "ops" && !harmlessNamespaces().contains(token);
        if (isForeign || isForbiddenName(token))
            return isForeign ? std::string(token) + "::..." : "aten::" + std::string(token);
        previous = token;
    }
    return std::nullopt;
}

bool keepsState(Graph& graph)
{
    bool found = false;
    forEachNode(graph.block(), [&](Node* node) {
        found = found || node->kind() == torch::jit::prim::GetAttr || node->kind() == torch::jit::prim::SetAttr
            || node->kind() == torch::jit::prim::CallMethod;
    });
    return found;
}

bool isSmooth(Graph& graph)
{
    bool smooth = true;
    forEachNode(graph.block(), [&](Node* node) { smooth = smooth && isSmoothNode(*node); });
    return smooth;
}

at::Tensor constantTensor(const torch::jit::Value* value)
{
    const auto constant = torch::jit::toIValue(value);
    return constant && constant->isTensor() ? constant->toTensor() : at::Tensor();
}

std::optional<int> channelsOfFirstConvolution(Graph& graph)
{
    std::optional<int> channels;
    forEachNode(graph.block(), [&](Node* node) {
        const std::string_view name = node->kind().toUnqualString();
        if (channels || (name != "_convolution" && name != "conv2d"))
            return;
        const at::Tensor weight = constantTensor(node->input(1));
        const auto groups = torch::jit::toIValue(node->input(name == "conv2d" ? 6 : 8));
        if (weight.defined() && weight.dim() == 4 && groups && groups->isInt())
            channels = int(weight.size(1) * groups->toInt());
    });
    return channels;
}

} // namespace brink
