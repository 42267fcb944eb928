// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/script.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace brink::bench {

using Model = std::function<at::Tensor(const at::Tensor&)>;

/// One way to run a model with LibTorch alone, nothing of Brink in it.
struct Variant {
    std::string name;
    Model run;
};

/// "as loaded", "frozen" (batch-norms folded) and "frozen, channels last".
[[nodiscard]] std::vector<Variant> bareVariants(const std::string& path);

/// What the bare loop reaches, at its best variant and batch.
struct BareLoop {
    Variant variant;
    int batch = 0;
    double gradientsPerSecond = 0; ///< forward plus one input gradient
};

/// Processor seconds this process has used, all threads together. Not wall time: other work on a busy machine makes a
/// program wait, but counts here only as far as it disturbs the caches.
[[nodiscard]] double cpuSeconds();

/// Measures every variant at every batch, prints the table, returns the fastest.
[[nodiscard]] BareLoop measureBareLoop(const std::string& path, std::array<int, 3> input, double secondsEach);

/// Images a processor second of `work`, which handles `images` images: the best of three runs of at least `seconds`.
[[nodiscard]] double imagesPerSecond(int images, double seconds, const std::function<void()>& work);

/// A forward and `backwards` input gradients of one class each, on a fresh batch.
void forwardAndGradients(const Model& model, const at::Tensor& images, int backwards);

} // namespace brink::bench
