// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/graphcall_torch.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/model/classifier_torch.h"
#include "core/model/inputprobe_torch.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <map>

namespace brink::certify {
namespace {

namespace prim = torch::jit::prim;
using torch::jit::Block;
using torch::jit::Value;

constexpr int probes = 3; ///< images that stand for a batch

c10::IValue valueOf(const Operand& operand)
{
    if (operand.constant)
        return *operand.constant;
    if (operand.list.empty())
        return operand.sample;
    c10::List<at::Tensor> list;
    for (const Operand& each : operand.list)
        list.push_back(valueOf(each).toTensor());
    return list;
}

bool anyDependsOnImage(const std::vector<Operand>& operands)
{
    return std::ranges::any_of(operands, [](const Operand& each) { return each.dependsOnImage(); });
}

/// A list of constants with the type that the graph gives it: operators check it.
c10::IValue constantList(const torch::jit::Node& node, const std::vector<Operand>& operands)
{
    const auto element = node.output()->type()->expect<c10::ListType>()->getElementType();
    c10::impl::GenericList list(element);
    for (const Operand& each : operands)
        list.push_back(*each.constant);
    return list;
}

/// Walks a graph in order; each value becomes known.
class Reader {
public:
    explicit Reader(const Classifier& classifier) : m_classifier(classifier) {}

    Network read()
    {
        const Classifier::Impl& impl = m_classifier.impl();
        if (!impl.graph)
            throw Error(ErrorCode::Unsupported, impl.freezeFailure.empty()
                    ? "The model has no TorchScript graph that could be read."
                    : "The model's graph could not be frozen (" + impl.freezeFailure + "), so its weights are not constants.");
        const auto graph = impl.graph->copy();
        if (graph->inputs().size() != 2 || graph->inputs()[0]->hasUses() || graph->outputs().size() != 1)
            throw Error(ErrorCode::Unsupported, "The model's graph reads attributes of the module while it runs, so its weights are not constants.");
        m_known[graph->inputs()[1]] = preprocessedInput(impl);
        readBlock(*graph->block());
        const Operand& output = m_known.at(graph->outputs()[0]);
        if (!output.dependsOnImage() || output.node != m_network.last() || m_network.nodes.back().shape != std::vector<std::int64_t>{m_classifier.classes()})
            throw Error(ErrorCode::Unsupported, "The model's graph does not end with its logits.");
        return std::move(m_network);
    }

private:
    /// Channel order, range, mean and deviation as affine nodes, so that bounds hold for pixels in [0,1].
    Operand preprocessedInput(const Classifier::Impl& impl)
    {
        at::Tensor sample = probeImages(impl.input, probes, 11).to(impl.device);
        const std::vector<std::int64_t> shape(impl.input.begin(), impl.input.end());
        m_network.nodes.push_back({.shape = shape, .origin = "pixels"});
        if (impl.swapsChannels) {
            const at::Tensor order = at::arange(shape[0] - 1, -1, -1, at::kLong).to(impl.device);
            m_network.nodes.push_back({.operation = Operation::Select, .inputs = {m_network.last()}, .shape = shape, .origin = "channel order", .index = order});
            sample = sample.flip(1);
        }
        if (impl.scale.defined()) {
            const auto spread = [&](const at::Tensor& values) { return values[0].to(at::kDouble).expand(shape).contiguous(); };
            m_network.nodes.push_back({.operation = Operation::Scale, .inputs = {m_network.last()}, .shape = shape, .origin = "range, mean and deviation",
                .weight = spread(impl.scale), .bias = spread(impl.shift)});
            sample = sample * impl.scale + impl.shift;
        }
        return {{}, m_network.last(), sample, {}};
    }

    void readBlock(const Block& block)
    {
        for (const torch::jit::Node* node : block.nodes())
            readNode(*node);
    }

    void readNode(const torch::jit::Node& node)
    {
        if (node.kind() == prim::Constant) {
            set(node.output(), {torch::jit::toIValue(node.output()).value(), -1, {}, {}});
            return;
        }
        std::vector<Operand> operands;
        for (const Value* input : node.inputs())
            operands.push_back(m_known.at(input));
        if (node.kind() == prim::If)
            readBranch(node, operands.front());
        else if (node.kind() == prim::ListConstruct)
            set(node.output(), anyDependsOnImage(operands) ? Operand{{}, -1, {}, operands} : Operand{constantList(node, operands), -1, {}, {}});
        else
            readOperator(node, operands);
    }

    /// Only the branch that is taken; which one must be known before any image is seen.
    void readBranch(const torch::jit::Node& node, const Operand& condition)
    {
        if (condition.dependsOnImage())
            throw Error(ErrorCode::Unsupported, "The graph has a branch that depends on the image: " + describe(node) + ".");
        const Block& taken = *node.blocks()[condition.constant->toBool() ? 0 : 1];
        readBlock(taken);
        for (std::size_t i = 0; i < node.outputs().size(); ++i)
            set(node.outputs()[i], m_known.at(taken.outputs()[i]));
    }

    void readOperator(const torch::jit::Node& node, const std::vector<Operand>& operands)
    {
        if (!node.blocks().empty() || !node.maybeOperator())
            throw Error(ErrorCode::Unsupported, "The graph has " + describe(node) + ".");
        torch::jit::Stack stack;
        for (const Operand& each : operands)
            stack.push_back(valueOf(each));
        node.getOperation()(stack);
        for (std::size_t i = 0; i < node.outputs().size(); ++i)
            set(node.outputs()[i], {stack[stack.size() - node.outputs().size() + i], -1, {}, {}});
        if (!anyDependsOnImage(operands) || node.outputs().size() != 1 || !stack.back().isTensor()) {
            if (anyDependsOnImage(operands) && std::ranges::any_of(stack, [](const c10::IValue& value) { return value.isTensor() || value.isTensorList(); }))
                throw Error(ErrorCode::Unsupported, "The graph has " + describe(node) + ".");
            return; // sizes and the like: they do not depend on what is in an image
        }
        const Call call(m_network, node, operands, stack.back().toTensor());
        if (call.result().dim() < 1 || call.result().size(0) != probes)
            call.refuse("its value mixes images of a batch");
        const bool followsSoftmax = m_network.isUpToConstant;
        const int place = translated(call, node);
        if (followsSoftmax && m_network.nodes[std::size_t(place)].operation != Operation::Reshape)
            call.refuse("it follows a softmax");
        set(node.output(), {{}, place, call.result(), {}});
        if (operands.front().dependsOnImage() && node.kind().toUnqualString()[std::string_view(node.kind().toUnqualString()).size() - 1] == '_')
            m_known[node.input(0)] = m_known.at(node.output()); // written in place
    }

    void set(const Value* value, Operand operand) { m_known[value] = std::move(operand); }

    const Classifier& m_classifier;
    Network m_network;
    std::map<const Value*, Operand> m_known;
};

} // namespace

std::string describe(const torch::jit::Node& node)
{
    const std::string name = node.kind().toQualString();
    const auto place = node.sourceRange().file_line_col();
    if (!place)
        return name;
    const auto& [file, line, column] = *place;
    return name + " (line " + std::to_string(line) + " of " + file + ")";
}

Network readNetwork(const Classifier& classifier)
{
    constexpr double agreement = 1e-4; // float32 against double; a wrong step is off by its size
    const at::NoGradGuard noGrad;
    Network network;
    try {
        network = Reader(classifier).read();
    } catch (const c10::Error& error) {
        throw Error(ErrorCode::Unsupported, "The model's graph cannot be read (" + torchReason(error) + ").");
    }
    const double difference = disagreement(network, classifier, probeImages(classifier.impl().input, 4, 5));
    if (!(difference <= agreement))
        throw Error(ErrorCode::Unsupported,
            "The network read from the graph does not give the model's logits: on probe images they differ by " + formatReal(100 * difference, 2) + " % of the largest.");
    return network;
}

} // namespace brink::certify
