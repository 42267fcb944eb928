// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/examples/examplenet_torch.h"

#include "core/base/rng.h"

#include <cmath>
#include <numeric>
#include <span>

namespace brink {

namespace {

constexpr const char* lastLayer = "linear2";

/// A layer with weights; shape as PyTorch stores it: [out,in] or [out,in,h,w].
struct Layer {
    std::string name;
    std::vector<std::int64_t> shape;
};

std::vector<Layer> layersOf(const ExampleNet& net)
{
    if (!net.isConvolutional)
        return {{"linear0", {128, 784}}, {"linear1", {64, 128}}, {lastLayer, {10, 64}}};
    return {{"convolution0", {8, 1, 5, 5}}, {"convolution1", {16, 8, 3, 3}}, {"linear1", {48, 784}}, {lastLayer, {10, 48}}};
}

std::string activated(Activation activation, const std::string& value)
{
    switch (activation) {
    case Activation::Relu: return "torch.relu(" + value + ")";
    case Activation::BoundedRelu: return "torch.clamp(" + value + ", 0.0, 1.0)";
    // beta 5: nearly ReLU, so that the same initial weights serve, and still smooth.
    case Activation::Softplus: return "torch.softplus(" + value + ", 5.0)";
    }
    return {};
}

std::string linear(const std::string& layer, const std::string& value)
{
    return "torch.linear(" + value + ", self." + layer + "_weight, self." + layer + "_bias)";
}

std::string convolution(const std::string& layer, const std::string& value, int padding)
{
    const std::string pad = std::to_string(padding);
    return "torch.conv2d(" + value + ", self." + layer + "_weight, self." + layer + "_bias, [1, 1], [" + pad + ", " + pad + "])";
}

std::string forwardSource(const ExampleNet& net)
{
    const auto active = [&](const std::string& value) { return activated(net.activation, value); };
    const std::string pool = net.activation == Activation::Softplus ? "torch.avg_pool2d(h, [2, 2])" : "torch.max_pool2d(h, [2, 2])";
    std::string source = "def forward(self, x):\n";
    if (net.isConvolutional) {
        source += "    h = " + active(convolution("convolution0", "x", 2)) + "\n    h = " + pool + "\n";
        source += "    h = " + active(convolution("convolution1", "h", 1)) + "\n    h = " + pool + "\n";
        source += "    h = torch.flatten(h, 1)\n";
    } else {
        source += "    h = torch.flatten(x, 1)\n    h = " + active(linear("linear0", "h")) + "\n";
    }
    source += "    h = " + active(linear("linear1", "h")) + "\n    return " + linear(lastLayer, "h") + "\n";
    return source;
}

at::Tensor randomWeights(const std::vector<std::int64_t>& shape, Rng& rng)
{
    at::Tensor weights = at::empty(shape, at::kFloat);
    const auto inputs = double(weights.numel() / shape[0]);
    rng.fillNormal({weights.data_ptr<float>(), std::size_t(weights.numel())});
    return weights.mul_(std::sqrt(2.0 / inputs));
}

} // namespace

const std::vector<ExampleNet>& exampleNets()
{
    static const std::vector<ExampleNet> nets{
        {"mlp", "MLP", false, Activation::Relu, TrainingRule::Plain, "two hidden layers of 128 and 64 with ReLU, standard training"},
        {"cnn", "CNN", true, Activation::Relu, TrainingRule::Plain, "two convolutions with ReLU, standard training"},
        {"cnn-distilled", "CNN, distilled", true, Activation::Relu, TrainingRule::Distilled,
            "two convolutions with ReLU, defensive distillation at temperature 100; gives the logits at temperature 1"},
        {"cnn-brelu", "CNN, bounded ReLU", true, Activation::BoundedRelu, TrainingRule::Plain,
            "two convolutions with ReLU bounded at 1, standard training"},
        {"cnn-pgd", "CNN, robust", true, Activation::Relu, TrainingRule::Pgd,
            "two convolutions with ReLU, trained on PGD examples (Linf 0.1, 5 steps)"},
        {"cnn-smooth", "CNN, smooth", true, Activation::Softplus, TrainingRule::Plain,
            "two convolutions with softplus and average-pooling, standard training"},
    };
    return nets;
}

torch::jit::Module makeModule(const ExampleNet& net, std::uint64_t seed)
{
    torch::jit::Module module("ExampleNet");
    module.register_attribute("training", c10::BoolType::get(), false);
    Rng rng(seed);
    for (const Layer& layer : layersOf(net)) {
        module.register_parameter(layer.name + "_weight", randomWeights(layer.shape, rng).requires_grad_(true), false);
        module.register_parameter(layer.name + "_bias", at::zeros({layer.shape[0]}).requires_grad_(true), false);
    }
    module.define(forwardSource(net));
    return module;
}

void scaleLogits(torch::jit::Module& module, double factor)
{
    const at::NoGradGuard noGrad;
    for (const char* part : {"_weight", "_bias"})
        module.attr(std::string(lastLayer) + part).toTensor().mul_(factor);
}

} // namespace brink
