// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/script.h>

#include <cstdint>
#include <string>
#include <vector>

namespace brink {

/// What is between the layers.
enum class Activation { Relu, BoundedRelu, Softplus };

/// How a net is trained.
enum class TrainingRule { Plain, Distilled, Pgd };

/// One of the example nets as data.
struct ExampleNet {
    std::string name;
    std::string family; ///< for the model card
    bool isConvolutional = true;
    Activation activation = Activation::Relu;
    TrainingRule rule = TrainingRule::Plain;
    std::string description; ///< for the model card
};

[[nodiscard]] const std::vector<ExampleNet>& exampleNets();

/// The net as a TorchScript module, written from C++, with random weights (He et al. 2015) that require gradients.
/// Its forward takes pixels [N,1,28,28] in [0,1] and gives logits [N,10].
[[nodiscard]] torch::jit::Module makeModule(const ExampleNet& net, std::uint64_t seed);

/// Multiplies the logits by a factor, by the weights of the last layer.
void scaleLogits(torch::jit::Module& module, double factor);

} // namespace brink
