// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/bpda_torch.h"

#include "core/model/graphscan_torch.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/library.h>
#include <torch/script.h>

#include <set>
#include <string_view>

namespace brink {
namespace {

using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

/// Forward: `value`; backward: the gradient goes to `source`, of the same shape.
class Straight : public torch::autograd::Function<Straight> {
public:
    static torch::autograd::Variable forward(
        torch::autograd::AutogradContext*, const torch::autograd::Variable& value, const torch::autograd::Variable&)
    {
        return value.clone();
    }
    static torch::autograd::variable_list backward(torch::autograd::AutogradContext*, const torch::autograd::variable_list& gradients)
    {
        return {at::Tensor(), gradients[0]};
    }
};

at::Tensor straight(const at::Tensor& value, const at::Tensor& source) { return Straight::apply(value, source); }

TORCH_LIBRARY_FRAGMENT(brink, library) { library.def("straight(Tensor value, Tensor source) -> Tensor", straight); }

std::string_view nameOf(const Node& node) { return node.kind().is_aten() ? node.kind().toUnqualString() : ""; }

bool isRounding(const Node& node)
{
    static const std::set<std::string_view> names{"round", "floor", "ceil", "trunc", "fix", "sign", "sgn"};
    return names.contains(nameOf(node));
}

/// The type a cast asks for, where the graph says it.
std::optional<at::ScalarType> castTo(const Node& node)
{
    if (nameOf(node) != "to")
        return std::nullopt;
    for (const Value* input : node.inputs()) {
        if (!input->type()->isSubtypeOf(*c10::IntType::get()))
            continue;
        const auto constant = torch::jit::toIValue(input);
        return constant ? std::optional(at::ScalarType(constant->toInt())) : std::nullopt;
    }
    return std::nullopt;
}

bool isFloatCast(const Node& node)
{
    const auto type = castTo(node);
    return type && at::isFloatingType(*type);
}

/// What a step that gives back real numbers has made them from, over whole or quantised ones; null where it is another step.
Value* sourceOfReturn(const Node& node)
{
    const Node& before = *node.input(0)->node();
    const auto type = castTo(before);
    const bool isCast = isFloatCast(node) && type && at::isIntegralType(*type, true);
    const bool isQuantised = nameOf(node) == "dequantize" && nameOf(before).starts_with("quantize_per_");
    return isCast || isQuantised ? const_cast<Value*>(before.input(0)) : nullptr;
}

/// In place, where nothing else reads what it overwrites: the same values from the form that leaves its input alone.
Node* outOfPlace(Node* node)
{
    const std::string name(nameOf(*node));
    static const std::set<std::string, std::less<>> inPlace{"round_", "floor_", "ceil_", "trunc_", "fix_", "sign_", "sgn_"};
    if (!inPlace.contains(name) || node->input(0)->uses().size() != 1)
        return node;
    Graph* graph = node->owningGraph();
    Node* replacement = graph->create(c10::Symbol::fromQualString("aten::" + name.substr(0, name.size() - 1)), node->inputs(), 1);
    replacement->insertBefore(node);
    replacement->output()->copyMetadata(node->output());
    node->output()->replaceAllUsesWith(replacement->output());
    node->destroy();
    return replacement;
}

void passTo(Node* node, Value* source)
{
    Graph* graph = node->owningGraph();
    Node* step = graph->create(c10::Symbol::fromQualString("brink::straight"), {node->output(), source}, 1);
    step->insertAfter(node);
    step->output()->copyMetadata(node->output());
    node->output()->replaceAllUsesAfterNodeWith(step, step->output());
}

/// Name of the step, empty where the node is none.
std::string open(Node* node)
{
    if (node->kind() == c10::Symbol::fromQualString("brink::detach")) {
        node->output()->replaceAllUsesWith(node->input(0));
        return "detach";
    }
    if (node->inputs().size() == 0 || node->outputs().size() != 1)
        return {};
    if (isRounding(*node)) {
        passTo(node, node->input(0));
        return std::string(nameOf(*node));
    }
    if (Value* source = sourceOfReturn(*node)) {
        passTo(node, source);
        return nameOf(*node) == "to" ? "cast to whole numbers" : "quantize";
    }
    return {};
}

} // namespace

std::vector<std::string> passIdentityBackward(const std::shared_ptr<Graph>& graph)
{
    std::vector<Node*> nodes;
    forEachNode(graph->block(), [&](Node* node) { nodes.push_back(node); });
    std::vector<std::string> steps;
    for (Node* node : nodes)
        if (std::string name = open(outOfPlace(node)); !name.empty())
            steps.push_back(std::move(name));
    torch::jit::EliminateDeadCode(graph);
    return steps;
}

} // namespace brink
