// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/detection.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/model/classifier_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

/// Rows of one pass, one a class or one a (class, direction, side): the gradient of f_k - f_i with its own i.
at::Tensor pairGradients(Evaluator& evaluator, const at::Tensor& points, std::int64_t predicted, const at::Tensor& others)
{
    const ForwardPass pass = evaluator.forward(points);
    at::Tensor weights = at::zeros({points.size(0), pass.logits.size(1)}, pass.logits.options().requires_grad(false));
    weights.scatter_(1, others.unsqueeze(1).to(weights.device()), -1.0);
    weights.select(1, predicted).fill_(1);
    return evaluator.pullback(pass, weights).flatten(1).to(at::kCPU, at::kDouble);
}

/// The same for any number of rows. Absent when stopped.
std::optional<at::Tensor> batchedGradients(
    Evaluator& evaluator, const at::Tensor& points, std::int64_t predicted, const at::Tensor& others, Monitor& monitor)
{
    std::vector<at::Tensor> parts;
    std::int64_t step = evaluator.classifier().bestBatch();
    for (std::int64_t begin = 0; begin < points.size(0);) {
        if (monitor.stopRequested())
            return std::nullopt;
        withBatchHalving(int(step), monitor, [&](int batch) {
            step = batch;
            const std::int64_t end = std::min(begin + batch, points.size(0));
            parts.push_back(pairGradients(evaluator, points.slice(0, begin, end), predicted, others.slice(0, begin, end)));
        });
        begin += parts.back().size(0);
    }
    return at::cat(parts);
}

at::Tensor unitRows(std::int64_t count, std::int64_t d, std::uint64_t seed)
{
    Rng rng(seed);
    const at::Tensor rows = at::empty({count, d}, at::kDouble);
    for (std::int64_t i = 0; i < rows.numel(); ++i)
        rows.data_ptr<double>()[i] = rng.normal();
    return rows / rows.norm(2, {1}, true);
}

/// The most likely classes besides the predicted one.
at::Tensor rivalsOf(const at::Tensor& logits, int most)
{
    const at::Tensor order = logits.argsort(0, true);
    return order.slice(0, 1, std::min<std::int64_t>(logits.numel(), most + 1)).contiguous();
}

} // namespace

std::int64_t DetectionStatistic::recovered(int sign) const
{
    if (curvature.empty())
        return predicted;
    const auto largest = std::ranges::max_element(curvature, {}, [sign](double value) { return sign * value; });
    return classes[std::size_t(largest - curvature.begin())];
}

std::optional<DetectionStatistic> detectionStatistic(
    std::shared_ptr<const Classifier> classifier, const Image& image, const DetectionRequest& request, Monitor& monitor)
{
    if (!(request.reach > 0) || request.probes < 1 || request.classes < 1)
        throw Error(ErrorCode::Domain, "Detection takes a positive scale, and at least one random direction and one other class.");
    Evaluator evaluator(std::move(classifier));
    const at::Tensor x = tensorFromImages(std::span(&image, 1)).to(evaluator.device());
    const at::Tensor logits = evaluator.logits(x)[0].to(at::kCPU);
    DetectionStatistic result;
    result.predicted = logits.argmax().item<std::int64_t>();
    const at::Tensor rivals = rivalsOf(logits, request.classes);
    const std::int64_t d = x.numel(), classes = rivals.numel(), probes = request.probes;

    const auto gradients = batchedGradients(evaluator, x.expand({classes, x.size(1), x.size(2), x.size(3)}).contiguous(), result.predicted, rivals, monitor);
    if (!gradients)
        return std::nullopt;
    const at::Tensor lengths = gradients->norm(2, {1}, true);
    const at::Tensor normals = *gradients / lengths.clamp_min(1e-30);
    // P v for every class and direction, [classes, probes, d], at its own length 1 for the difference.
    const at::Tensor v = unitRows(probes, d, request.seed);
    const at::Tensor along = normals.mm(v.t()).unsqueeze(2);
    const at::Tensor tangential = v.unsqueeze(0) - along * normals.unsqueeze(1);
    const at::Tensor sizes = tangential.norm(2, {2}, true);
    const at::Tensor units = (tangential / sizes).view({classes * probes, d});
    const at::Tensor step = (units * request.reach).to(at::kFloat).to(x.device()).view({classes * probes, x.size(1), x.size(2), x.size(3)});
    const at::Tensor pairs = rivals.repeat_interleave(probes);
    const auto sides = batchedGradients(evaluator, at::cat({x + step, x - step}), result.predicted, at::cat({pairs, pairs}), monitor);
    if (!sides)
        return std::nullopt;
    const at::Tensor change = (sides->slice(0, 0, classes * probes) - sides->slice(0, classes * probes)) / (2 * request.reach);
    const at::Tensor forms = (units * change).sum(1).view({classes, probes}) * sizes.squeeze(2).square();
    const at::Tensor means = forms.mean(1);
    for (std::int64_t i = 0; i < classes; ++i) {
        const double length = lengths[i].item<double>();
        if (!(length > 0))
            continue;
        result.classes.push_back(rivals[i].item<std::int64_t>());
        result.curvature.push_back(means[i].item<double>() / length);
        result.statistic += result.curvature.back();
    }
    if (!result.curvature.empty())
        result.statistic /= double(result.curvature.size());
    result.counts = evaluator.counts();
    return result;
}

std::int64_t predictedClass(const std::shared_ptr<const Classifier>& classifier, const Image& image)
{
    Evaluator evaluator(classifier);
    return evaluator.logits(tensorFromImages(std::span(&image, 1)))[0].argmax().item<std::int64_t>();
}

Image scaledPerturbation(const Image& clean, const Image& perturbed, double scale)
{
    if (clean.size() != perturbed.size())
        throw Error(ErrorCode::Shape, "A perturbation is between images of one size.");
    Image moved = clean;
    for (std::size_t i = 0; i < moved.pixels.size(); ++i)
        moved.pixels[i] = std::clamp(clean.pixels[i] + float(scale) * (perturbed.pixels[i] - clean.pixels[i]), 0.0F, 1.0F);
    return moved;
}

} // namespace brink
