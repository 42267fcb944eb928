// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bareloop_torch.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>

namespace brink::bench {
namespace {

torch::jit::Module loaded(const std::string& path)
{
    torch::jit::Module module = torch::jit::load(path);
    module.eval();
    for (const at::Tensor& parameter : module.parameters())
        parameter.set_requires_grad(false);
    return module;
}

Model runner(const torch::jit::Module& module, bool channelsLast)
{
    const auto shared = std::make_shared<torch::jit::Module>(module);
    return [shared, channelsLast](const at::Tensor& x) {
        return shared->forward({channelsLast ? x.contiguous(at::MemoryFormat::ChannelsLast) : x}).toTensor();
    };
}

} // namespace

std::vector<Variant> bareVariants(const std::string& path)
{
    const torch::jit::Module module = loaded(path);
    const torch::jit::Module frozen = torch::jit::freeze(module);
    return {{"as loaded", runner(module, false)}, {"frozen", runner(frozen, false)},
        {"frozen, channels last", runner(frozen, true)}};
}

void forwardAndGradients(const Model& model, const at::Tensor& images, int backwards)
{
    const at::AutoGradMode grad(true);
    const at::Tensor x = images.detach().requires_grad_(true);
    const at::Tensor logits = model(x);
    for (int i = 0; i < backwards; ++i)
        static_cast<void>(torch::autograd::grad({logits.select(1, i % logits.size(1)).sum()}, {x}, {}, i + 1 < backwards));
}

double cpuSeconds() { return double(std::clock()) / CLOCKS_PER_SEC; }

double imagesPerSecond(int images, double seconds, const std::function<void()>& work)
{
    work(); // caches and allocator
    double best = 0;
    for (int run = 0; run < 3; ++run) {
        const double start = cpuSeconds();
        int calls = 0;
        double passed = 0;
        do {
            work();
            ++calls;
            passed = cpuSeconds() - start;
        } while (passed < seconds);
        best = std::max(best, calls * images / passed);
    }
    return best;
}

BareLoop measureBareLoop(const std::string& path, std::array<int, 3> input, double secondsEach)
{
    BareLoop best;
    for (const Variant& variant : bareVariants(path)) {
        std::printf("  bare loop, %-22s", variant.name.c_str());
        for (const int batch : {8, 16, 32, 64, 128, 256}) {
            const at::Tensor images = at::rand({batch, input[0], input[1], input[2]});
            const double rate = imagesPerSecond(batch, secondsEach, [&] { forwardAndGradients(variant.run, images, 1); });
            std::printf(" %d: %.0f/s", batch, rate);
            if (rate > best.gradientsPerSecond)
                best = {variant, batch, rate};
        }
        std::printf("\n");
        std::fflush(stdout);
    }
    return best;
}

} // namespace brink::bench
