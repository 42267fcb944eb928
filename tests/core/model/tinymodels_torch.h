// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/script.h>

#include <string>

namespace brink::test {

/// A module with one tensor attribute for each "wN" in order and the given methods.
inline torch::jit::Module moduleOf(const std::string& code, const std::vector<at::Tensor>& weights = {})
{
    torch::jit::Module module("Tiny");
    for (std::size_t i = 0; i < weights.size(); ++i)
        module.register_parameter(std::string("w").append(std::to_string(i)), weights[i], false);
    module.define(code);
    return module;
}

/// Weights of a fixed seed: the same in every run.
inline at::Tensor fixedNormal(std::vector<std::int64_t> shape, std::int64_t seed, double scale)
{
    const auto generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t(seed));
    return at::randn(shape, generator, at::kFloat) * scale;
}

/// 1x28x28 -> 10 logits: convolution, relu, 1x1 convolution, relu, two linear layers.
inline torch::jit::Module smallConvolutional()
{
    return moduleOf(R"(
        def forward(self, x):
            x = torch.relu(torch.conv2d(x, self.w0, self.w1, [2, 2], [1, 1]))
            x = torch.relu(torch.conv2d(x, self.w2, self.w3))
            x = torch.relu(torch.linear(torch.flatten(x, 1), self.w4, self.w5))
            return torch.linear(x, self.w6, self.w7)
    )",
        {fixedNormal({8, 1, 3, 3}, 1, 0.3), fixedNormal({8}, 2, 0.1), fixedNormal({5, 8, 1, 1}, 3, 0.3),
            fixedNormal({5}, 4, 0.1), fixedNormal({50, 980}, 5, 0.05), fixedNormal({50}, 6, 0.1), fixedNormal({10, 50}, 7, 0.2),
            fixedNormal({10}, 8, 0.1)});
}

/// 3x8x8 -> 3 logits, linear in the pixels: weight w0 [3,192].
inline torch::jit::Module linearModule()
{
    return moduleOf(R"(
        def forward(self, x):
            return torch.matmul(torch.flatten(x, 1), torch.t(self.w0))
    )",
        {fixedNormal({3, 192}, 9, 0.1)});
}

} // namespace brink::test
