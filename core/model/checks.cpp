// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/checks.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/model/calibration_torch.h"
#include "core/model/classifier_torch.h"
#include "core/model/inputprobe_torch.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace brink {
namespace {

using Impl = Classifier::Impl;

constexpr int probeCount = 32;

std::string shapeText(const std::array<int, 3>& shape)
{
    return std::to_string(shape[0]) + "x" + std::to_string(shape[1]) + "x" + std::to_string(shape[2]);
}

at::Tensor probes(const Impl& impl, std::span<const Image> images)
{
    if (images.empty())
        return probeImages(impl.input, probeCount, 4).to(impl.device);
    const at::Tensor batch = tensorFromImages(images.first(std::min<std::size_t>(images.size(), probeCount)));
    if (batch.sizes().slice(1) != at::IntArrayRef({impl.input[0], impl.input[1], impl.input[2]}))
        throw Error(ErrorCode::Shape, "The probe images do not have the model's input size " + shapeText(impl.input) + ".");
    return batch.to(impl.device);
}

at::Tensor logitsOf(const Impl& impl, const at::Tensor& images)
{
    const at::NoGradGuard noGrad;
    std::vector<at::Tensor> parts;
    for (const at::Tensor& part : images.split(impl.bestBatch))
        parts.push_back(impl.logits(part));
    return at::cat(parts);
}

ModelCheck checkLogits(const Impl& impl, const at::Tensor& logits)
{
    if (impl.givesProbabilities)
        return {"logits", CheckState::Caution, "The outputs lie in [0,1] and sum to 1: probabilities, not logits.",
            "Export the model without its softmax; until then margins come from log-probabilities."};
    return {"logits", CheckState::Good,
        "The outputs are logits, from " + formatReal(logits.min().item<double>()) + " to "
            + formatReal(logits.max().item<double>()) + " on the probe images.",
        {}};
}

ModelCheck checkRepeatable(const Impl& impl, const at::Tensor& images, const at::Tensor& logits)
{
    const double difference = (logitsOf(impl, images) - logits).abs().max().item<double>();
    if (difference == 0)
        return {"repeatable", CheckState::Good, "Two runs give the same bits.", {}};
    return {"repeatable", difference > 1e-4 ? CheckState::Alarm : CheckState::Caution,
        "Two runs on the same images differ by up to " + formatReal(difference) + " in a logit.",
        "Call model.eval() before the export and remove random or counting layers."};
}

/// Up to this, gradient-based distances agree to the accuracy that is reported.
constexpr double tolerableDifference = 1e-5;

ModelCheck checkBatch(const Impl& impl)
{
    if (impl.batchDifference == 0)
        return {"batch-invariant", CheckState::Good,
            impl.rowTile == 1 ? "An image alone and in a batch gives the same bits."
                              : "An image alone and in a batch gives the same bits, with batches padded to multiples of "
                    + std::to_string(impl.rowTile) + ".",
            {}};
    const bool isSmall = impl.batchDifference <= tolerableDifference;
    return {"batch-invariant", isSmall ? CheckState::Caution : CheckState::Alarm,
        "Logits or gradients of an image alone and in a batch differ by up to " + formatReal(impl.batchDifference)
            + " of the largest value.",
        isSmall ? "Results of long attacks may depend on the batch in their last digits."
                : "Remove layers that mix images (batch-norm in training mode, a reshape over the batch) and export again."};
}

/// Gradient of the margin between the two largest logits, as attacks see it.
at::Tensor marginGradient(const Impl& impl, const at::Tensor& images)
{
    const at::AutoGradMode grad(true);
    std::vector<at::Tensor> parts;
    for (const at::Tensor& part : images.split(impl.bestBatch)) {
        const at::Tensor x = part.detach().requires_grad_(true);
        const at::Tensor top = std::get<0>(impl.logits(x).topk(2, 1));
        parts.push_back(inputGradient((top.select(1, 0) - top.select(1, 1)).sum(), x));
    }
    return at::cat(parts);
}

ModelCheck checkGradients(const at::Tensor& gradient, double& zeroShare)
{
    const at::Tensor norms = gradient.flatten(1).abs().amax(1);
    zeroShare = norms.eq(0).to(at::kDouble).mean().item<double>();
    if (!at::isfinite(gradient).all().item<bool>())
        return {"gradients", CheckState::Alarm, "Some input gradients are NaN or infinite.",
            "Look for a square root, logarithm or norm at 0 in the model; gradient-based results cannot be trusted."};
    const std::string share = formatReal(100 * zeroShare) + " % of the probe images have a margin gradient of exactly zero.";
    if (zeroShare == 0)
        return {"gradients", CheckState::Good, share, {}};
    return {"gradients", zeroShare > 0.5 ? CheckState::Alarm : CheckState::Caution, share,
        "Saturated, quantised or rounded layers mask gradients: compare with random directions and transferred examples."};
}

ModelCheck checkRange(const Impl& impl, const at::Tensor& logits)
{
    const double spread = (logits - logits.mean(0, true)).abs().max().item<double>();
    std::string stated = formatReal(impl.card.range[0]);
    stated.append(" to ").append(formatReal(impl.card.range[1]));
    if (logits.size(0) > 1 && spread < 1e-6)
        return {"range", CheckState::Alarm, "All probe images get the same logits with pixels scaled to " + stated + ".",
            "State the range, mean and std that the model was trained with in its card."};
    return {"range", CheckState::Good,
        "Different images get different logits with pixels scaled to " + stated + " (spread " + formatReal(spread) + ").", {}};
}

ModelCheck checkShape(const Impl& impl)
{
    const bool wasProbed = impl.card.origin.find("probed") != std::string::npos;
    const std::string shape = shapeText(impl.input);
    if (impl.otherInputs.empty())
        return {"shape", CheckState::Good,
            "Input " + shape + (wasProbed ? ", the only customary shape that fits." : ", as the card states."), {}};
    std::string others;
    for (const auto& other : impl.otherInputs)
        others += (others.empty() ? "" : ", ") + shapeText(other);
    return {"shape", CheckState::Caution, "Input " + shape + " was chosen by custom; the model also takes " + others + ".",
        "Name the size it was trained with: \"input\" in the card or --input C,H,W."};
}

ModelCheck checkMode(const Impl& impl)
{
    if (!impl.freezeFailure.empty())
        return {"frozen", CheckState::Caution, "The graph could not be frozen (" + impl.freezeFailure + "); it runs as it is, one call at a time.",
            "Remove what changes the module's attributes in forward, or trace it with torch.jit.trace."};
    if (impl.wasTraining)
        return {"frozen", CheckState::Caution, "The model was saved in training mode; Brink switched it to eval mode and froze it.",
            "Call model.eval() before the export, so that other programs see the same model."};
    return {"frozen", CheckState::Good, "The graph is in eval mode and frozen.", {}};
}

ModelCheck checkBpda(const Impl& impl)
{
    if (impl.bpdaSteps.empty())
        return {"bpda", CheckState::Caution, "BPDA is on, but no step was found that rounds, quantises or detaches.",
            "Switch BPDA off in the model's card; where gradients are zero all the same, look for saturation."};
    std::string steps;
    for (const std::string& step : impl.bpdaSteps)
        steps += (steps.empty() ? "" : ", ") + step;
    return {"bpda", CheckState::Good, "Gradients pass these steps as if they were the identity (BPDA): " + steps + "; outputs are those of the file.", {}};
}

/// Seconds of a forward without a graph at the given batch, the least of three.
double forwardSeconds(const Impl& impl, const at::Tensor& pixels)
{
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 3; ++i) {
        const auto start = std::chrono::steady_clock::now();
        static_cast<void>(logitsOf(impl, pixels).sum().item<float>()); // waits for a device
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

const char* stateName(CheckState state)
{
    switch (state) {
    case CheckState::Good: return "good";
    case CheckState::Caution: return "caution";
    case CheckState::Alarm: return "alarm";
    }
    return "";
}

} // namespace

ModelReport checkModel(std::shared_ptr<const Classifier> classifier, std::span<const Image> images)
{
    const Impl& impl = classifier->impl();
    ModelReport report;
    const at::Tensor pixels = probes(impl, images);
    const at::Tensor logits = logitsOf(impl, pixels);
    report.checks = {checkLogits(impl, logits), checkRepeatable(impl, pixels, logits), checkBatch(impl),
        checkGradients(marginGradient(impl, pixels), report.zeroGradientShare), checkRange(impl, logits), checkShape(impl),
        checkMode(impl)};
    if (impl.card.usesBpda)
        report.checks.push_back(checkBpda(impl));
    const at::Tensor batch = probeImages(impl.input, impl.bestBatch, 5).to(impl.device);
    report.forwardSecondsPerImage = forwardSeconds(impl, batch) / impl.bestBatch;
    report.gradientSecondsPerImage = gradientSeconds(impl, batch, 3) / impl.bestBatch;
    return report;
}

Json toJson(const ModelReport& report, const Classifier& classifier)
{
    Json json;
    json["model"] = {{"path", classifier.path()}, {"sha256", classifier.sha256()}, {"classes", classifier.classes()},
        {"parameters", classifier.parameterCount()}, {"device", classifier.device()}, {"smooth", classifier.isSmooth()},
        {"bestBatch", classifier.bestBatch()}, {"trusted", classifier.card().isTrusted}};
    json["card"] = toJson(classifier.card());
    json["checks"] = Json::array();
    for (const ModelCheck& check : report.checks) {
        Json entry{{"code", check.code}, {"state", stateName(check.state)}, {"finding", check.finding}};
        if (!check.remedy.empty())
            entry["remedy"] = check.remedy;
        json["checks"].push_back(std::move(entry));
    }
    json["zeroGradientShare"] = report.zeroGradientShare;
    json["forwardSecondsPerImage"] = report.forwardSecondsPerImage;
    json["gradientSecondsPerImage"] = report.gradientSecondsPerImage;
    return json;
}

} // namespace brink
