// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/calibration_torch.h"

#include "core/model/inputprobe_torch.h"

#include <ATen/Parallel.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>
#include <set>
#include <utility>
#include <vector>

namespace brink {
namespace {

double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Time spent on work: where this thread does all of it, its processor time, so that other programs do not decide.
double workTime(const Classifier::Impl& impl)
{
    if (!impl.device.is_cpu() || at::get_num_threads() > 1)
        return now();
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

struct Answer {
    at::Tensor logits;
    at::Tensor gradient;
};

Answer answer(const Classifier::Impl& impl, const at::Tensor& pixels)
{
    const at::AutoGradMode grad(true);
    const at::Tensor x = pixels.detach().requires_grad_(true);
    const at::Tensor logits = impl.logits(x);
    // A different weight for each class, so that no part of the gradient cancels.
    const at::Tensor weights = at::linspace(-1.0, 1.0, logits.size(1), logits.options());
    return {logits.detach(), inputGradient((logits * weights).sum(), x)};
}

double relativeDifference(const at::Tensor& a, const at::Tensor& b)
{
    const double scale = std::max(b.abs().max().item<double>(), double(std::numeric_limits<float>::min()));
    return (a - b).abs().max().item<double>() / scale;
}

/// Bytes of the tensors that a forward of one image makes and its graph keeps, views not counted twice.
std::int64_t bytesPerImage(const Classifier::Impl& impl)
{
    thread_local std::int64_t bytes;
    thread_local std::set<const void*> seen;
    bytes = 0;
    seen.clear();
    const auto count = at::addThreadLocalCallback(at::RecordFunctionCallback(
        [](const at::RecordFunction&) -> std::unique_ptr<at::ObserverContext> { return nullptr; },
        [](const at::RecordFunction& function, at::ObserverContext*) {
            for (const c10::IValue& output : function.outputs()) {
                if (output.isTensor() && output.toTensor().has_storage() && seen.insert(output.toTensor().storage().data()).second)
                    bytes += std::int64_t(output.toTensor().storage().nbytes());
            }
        })
            .needsOutputs(true)
            .scopes({at::RecordScope::FUNCTION}));
    constexpr int images = 2;
    const at::AutoGradMode grad(true); // keeps the tensors, so that no address is used twice
    const at::Tensor kept = impl.logits(probeImages(impl.input, images, 1).to(impl.device).requires_grad_(true));
    at::removeCallback(count);
    return std::max<std::int64_t>(1, bytes / images);
}

} // namespace

double gradientSeconds(const Classifier::Impl& impl, const at::Tensor& pixels, int repeats)
{
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i < repeats; ++i) {
        const double start = now();
        static_cast<void>(answer(impl, pixels).gradient.sum().item<float>()); // waits for a device
        best = std::min(best, now() - start);
    }
    return best;
}

double batchDifference(const Classifier::Impl& impl, double secondsPerImage)
{
    // Odd counts fit no tile. Slow models get few images: about 0.3 s at one tile.
    const int count = secondsPerImage < 0.002 ? 37 : secondsPerImage < 0.02 ? 5 : 3;
    const at::Tensor images = probeImages(impl.input, count, 2).to(impl.device);
    const Answer whole = answer(impl, images);
    double difference = 0;
    const auto compare = [&](std::int64_t begin, std::int64_t length) {
        const Answer part = answer(impl, images.narrow(0, begin, length));
        difference = std::max(difference, relativeDifference(part.logits, whole.logits.narrow(0, begin, length)));
        difference = std::max(difference, relativeDifference(part.gradient, whole.gradient.narrow(0, begin, length)));
    };
    // Beginnings and ends: vectorised loops treat the last numbers of a batch differently.
    compare(count - 1, 1);
    for (const std::int64_t length : {1, 2, 3, 8, 17}) {
        if (length < count)
            compare(0, length);
    }
    if (count > 16)
        compare(count - 16, 16);
    return difference;
}

void calibrateRowTile(Classifier::Impl& impl)
{
    const at::Tensor one = probeImages(impl.input, 1, 2).to(impl.device);
    const double secondsPerImage = gradientSeconds(impl, one, 2);
    for (const int tile : {1, 2, 4, 8, 16, 32, 64}) {
        impl.rowTile = tile;
        const double difference = batchDifference(impl, secondsPerImage);
        if (tile == 1)
            impl.batchDifference = difference;
        if (difference == 0) {
            impl.batchDifference = 0;
            return;
        }
    }
    impl.rowTile = 1;
}

void calibrateBatch(Classifier::Impl& impl)
{
    constexpr double secondsAllowed = 0.3;
    constexpr double stepSeconds = 3e-4; // what an attack's own step costs at small batches (C&W on 1 x 28 x 28)
    constexpr double slowImage = 0.01; // from here on convolutions fill the machine and a larger batch gains nothing
    constexpr std::int64_t activationBudget = std::int64_t(1) << 30;
    // The gradients of the activations come on top of them.
    const auto largest = int(std::clamp<std::int64_t>(activationBudget / (2 * bytesPerImage(impl)), 1, 512));
    const double start = now();
    const double single = gradientSeconds(impl, probeImages(impl.input, 1, 3).to(impl.device), 2);
    impl.bestBatch = std::min(single > slowImage ? 16 : 64, largest);
    if (single > slowImage)
        return;
    // Upwards, each size a few times on end: the first time at a size pays for fresh memory, and a size measured only once
    // looks a fifth slower than it is.
    constexpr int repeats = 3;
    std::vector<std::pair<int, double>> perImage;
    double best = std::numeric_limits<double>::infinity();
    for (int batch = 16; batch <= largest && now() - start < secondsAllowed; batch *= 2) {
        const at::Tensor pixels = probeImages(impl.input, batch, 3).to(impl.device);
        double shortest = std::numeric_limits<double>::infinity();
        for (int i = 0; i < repeats; ++i) {
            const double begin = workTime(impl);
            static_cast<void>(gradientSeconds(impl, pixels, 1));
            shortest = std::min(shortest, workTime(impl) - begin);
        }
        perImage.emplace_back(batch, (shortest + stepSeconds) / batch);
        best = std::min(best, perImage.back().second);
        if (perImage.back().second > 1.15 * best)
            break;
    }
    // Of equals the largest: less work of ours a step.
    constexpr double noise = 1.03;
    for (const auto& [batch, seconds] : perImage) {
        if (seconds <= noise * best)
            impl.bestBatch = batch;
    }
}

} // namespace brink
