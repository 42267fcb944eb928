// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/data/image.h"
#include "core/model/classifier.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <functional>
#include <memory>
#include <span>

namespace torch::jit {
struct Graph;
}

namespace brink {

/// One differentiable pass: x is a leaf that requires grad, logits [N,K] hang on it.
struct ForwardPass {
    at::Tensor x;
    at::Tensor logits;
};

/// What an analysis uses to ask a classifier; one per unit of work, it counts exactly. Not thread-safe itself (the
/// classifier is). All tensors are float32 pixels [N,C,H,W] in [0,1] on the classifier's device, logits [N,K].
/// If the model gives probabilities, `logits` are log-probabilities.
///
/// Guarantee on the CPU: logits and gradients of an image have the same bits alone, in any batch, at any place in it and
/// from any thread, for every model whose Impl::batchDifference is 0 (measured at load; all models of layers that
/// batchinvariance_torch.h knows). So iterated attacks may drop finished images from the batch without changing the others.
/// The scalar per image must itself depend on its image only; sums over classes of one row are safe.
class Evaluator {
public:
    explicit Evaluator(std::shared_ptr<const Classifier> classifier);

    [[nodiscard]] const Classifier& classifier() const { return *m_classifier; }
    [[nodiscard]] at::Device device() const;

    /// Logits without a graph; splits into device batches of bestBatch().
    [[nodiscard]] at::Tensor logits(const at::Tensor& x);
    /// One pass with a graph on a detached copy of x. The caller keeps N at or below bestBatch().
    [[nodiscard]] ForwardPass forward(const at::Tensor& x);
    /// d(sum of scalarPerImage)/dx, [N,C,H,W], detached. `keepGraph` when more gradients of the same pass follow.
    [[nodiscard]] at::Tensor gradient(const ForwardPass& pass, const at::Tensor& scalarPerImage, bool keepGraph = false);
    /// d(sum of weights * logits)/dx for constant weights [N,K]: as gradient, without a graph behind the logits.
    [[nodiscard]] at::Tensor pullback(const ForwardPass& pass, const at::Tensor& weights, bool keepGraph = false);

    /// Model output on a graph of the caller's own (second derivatives); counts a forward per image.
    [[nodiscard]] at::Tensor logitsOnGraph(const at::Tensor& x);
    void countBackward(std::int64_t images) { m_counts.backwards += images; }

    [[nodiscard]] const EvaluationCounts& counts() const { return m_counts; }
    /// One more on the same classifier, for a task that runs beside this one, ...
    [[nodiscard]] Evaluator another() const { return Evaluator(m_classifier); }
    /// ... whose costs come back here when it has ended.
    void addCounts(const EvaluationCounts& counts) { m_counts += counts; }

private:
    std::shared_ptr<const Classifier> m_classifier;
    EvaluationCounts m_counts;
};

/// The state behind Classifier.
struct Classifier::Impl {
    ModelCard card;
    std::string path;
    std::string sha256;
    std::array<int, 3> input{};
    int classes = 0;
    std::int64_t parameterCount = 0;
    at::Device device = at::kCPU;
    bool givesProbabilities = false;
    bool isSmooth = false;
    int bestBatch = 64;
    at::Tensor scale;  ///< [1,C,1,1] of the affine map modelFromPixel, undefined when it is the identity
    at::Tensor shift;  ///< [1,C,1,1]
    bool swapsChannels = false;
    /// Batches are padded (by repeating the last image) to a multiple of this, where that is what makes bits equal.
    int rowTile = 1;
    /// Largest relative difference of logits or gradients of an image between batches, measured at load; 0: the same bits.
    double batchDifference = 0;
    bool wasTraining = false;                      ///< the file was saved in training mode; it runs in eval mode
    std::vector<std::string> bpdaSteps;            ///< with identity backward, in graph order; empty unless the card asks for it
    std::string freezeFailure;                     ///< why the graph could not be frozen; empty when it is
    std::vector<std::array<int, 3>> otherInputs;   ///< shapes that fit as well, when `input` was found by probing
    /// What `run` executes, frozen: its weights are constants. Null for functions of our own and graphs that cannot be frozen.
    std::shared_ptr<torch::jit::Graph> graph;
    /// Model input [N,C,H,W] -> output [N,K]; safe from several threads.
    std::function<at::Tensor(const at::Tensor&)> run;

    /// Pixels -> what the model returns, with range, mean/std and channel order applied.
    [[nodiscard]] at::Tensor output(const at::Tensor& pixels) const;
    /// Pixels -> logits, differentiable.
    [[nodiscard]] at::Tensor logits(const at::Tensor& pixels) const;
};

/// A classifier around any differentiable function of pixels, for analytic tests and the calibration bench.
/// `function`: [N,C,H,W] float32 in pixel units -> logits [N,K].
[[nodiscard]] std::shared_ptr<const Classifier> makeClassifier(std::string name, std::array<int, 3> input, int classes,
    std::function<at::Tensor(const at::Tensor&)> function, bool isSmooth = false);

/// d(output)/dx, detached; zeros where a detached or rounding model lets no gradient through, which is a finding, not an error.
/// @param weights of the output's values, of its shape; left out for a scalar.
[[nodiscard]] at::Tensor inputGradient(
    const at::Tensor& output, const at::Tensor& x, bool keepGraph = false, const at::Tensor& weights = {});

/// Images of equal shape as [N,C,H,W] float32 on the CPU, and one row back.
[[nodiscard]] at::Tensor tensorFromImages(std::span<const Image> images);
[[nodiscard]] Image imageFromTensor(const at::Tensor& chw, std::string source = {});

/// Runs `work(batch)`; on out-of-memory halves the batch, notes it, and tries again down to 1.
/// @throws Error(Resource) when even one image does not fit.
void withBatchHalving(int batch, Monitor& monitor, const std::function<void(int batch)>& work);

} // namespace brink
