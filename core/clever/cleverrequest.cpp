// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clever/cleverrequest.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace brink {

namespace {

[[noreturn]] void throwDomain(const std::string& sentence) { throw Error(ErrorCode::Domain, sentence); }

void requireCount(int value, int most, const char* name)
{
    if (value < 1 || value > most)
        throwDomain("CLEVER's " + std::string(name) + " must lie between 1 and " + std::to_string(most) + ", not "
            + std::to_string(value) + ".");
}

void requireNumbers(const CleverRequest& request)
{
    if (request.norm == Norm::L0)
        throwDomain("CLEVER has no L0 form: L0 has no dual norm. Use l1, l2 or linf.");
    if (!(request.radius > 0) || request.radius > 1e6)
        throwDomain("CLEVER's radius must be above 0 and at most 1e6 (pixel units), not " + formatReal(request.radius) + ".");
    requireCount(request.batches, 1'000'000, "number of batches");
    requireCount(request.samples, 100'000'000, "samples per batch");
    requireCount(request.curvatureBatches, 1'000'000, "number of curvature batches");
    requireCount(request.curvatureSamples, 100'000'000, "curvature samples per batch");
    if (!(request.fit.shapePenalty >= 0) || !std::isfinite(request.fit.shapePenalty))
        throwDomain("CLEVER's shape penalty must be a number of at least 0.");
    if (!(request.intervalWidth >= 0) || !std::isfinite(request.intervalWidth))
        throwDomain("CLEVER's interval width to stop at must be a number of at least 0.");
    if (request.allNorms && request.sampling != CleverSampling::ReleasedCode)
        throwDomain("All norms at once need the released-code sampling; paper sampling draws each norm's own ball.");
}

void requireClasses(const CleverRequest& request, const Classifier& classifier)
{
    const int classes = classifier.classes();
    const auto isClass = [classes](std::int64_t c) { return c >= 0 && c < classes; };
    const std::string range = "the model has classes 0 to " + std::to_string(classes - 1) + ".";
    if (request.targets == CleverTargets::Likely && request.likely < 1)
        throwDomain("CLEVER needs at least one likely class as a target.");
    if (request.reference && !isClass(*request.reference))
        throwDomain("Reference class " + std::to_string(*request.reference) + " does not exist: " + range);
    if (request.targets == CleverTargets::RunnerUp && (request.runnerUp < 1 || request.runnerUp >= classes))
        throwDomain("Runner-up " + std::to_string(request.runnerUp) + " does not exist: " + range);
    if (request.targets != CleverTargets::Classes)
        return;
    if (request.classes.empty())
        throwDomain("No target class was named.");
    for (const std::int64_t target : request.classes)
        if (!isClass(target))
            throwDomain("Target class " + std::to_string(target) + " does not exist: " + range);
}

void requireImage(const Image& image, const Classifier& classifier)
{
    if (image.channels != classifier.channels() || image.height != classifier.height() || image.width != classifier.width()
        || std::int64_t(image.size()) != classifier.dimension())
        throw Error(ErrorCode::Shape, "The image is not of the model's input size; convert it first.");
    if (!std::ranges::all_of(image.pixels, [](float v) { return v >= 0 && v <= 1; }))
        throwDomain("The image has values outside [0,1].");
}

void requireSecondOrder(const CleverRequest& request, const Classifier& classifier)
{
    if (!request.secondOrder)
        return;
    if (request.norm != Norm::L2)
        throwDomain("Second-order CLEVER is defined for l2 only.");
    if (!classifier.isSmooth())
        throw Error(ErrorCode::Unsupported,
            "Second-order CLEVER needs a twice differentiable model (softplus, tanh, sigmoid ...); this one has ReLU, "
            "max-pooling or other kinks, whose second derivatives say nothing.");
}

} // namespace

std::uint64_t streamSeed(std::uint64_t seed, CleverStream stream, std::uint64_t part)
{
    return combineSeeds({seed, std::uint64_t(stream), part});
}

void checkCleverRequest(const CleverRequest& request, const Classifier& classifier, const Image& image)
{
    requireNumbers(request);
    requireClasses(request, classifier);
    requireImage(image, classifier);
    requireSecondOrder(request, classifier);
}

std::vector<std::int64_t> ranking(const std::vector<double>& logits)
{
    std::vector<std::int64_t> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::int64_t c) { return logits[std::size_t(c)]; });
    return order;
}

std::vector<std::int64_t> chooseTargets(const CleverRequest& request, const std::vector<double>& logits)
{
    const std::vector<std::int64_t> order = ranking(logits);
    const std::vector<std::int64_t> others(order.begin() + 1, order.end());
    switch (request.targets) {
    case CleverTargets::Top2:
        return {others.front()};
    case CleverTargets::LeastLikely:
        return {others.back()};
    case CleverTargets::RunnerUp:
        return {others[std::size_t(request.runnerUp - 1)]};
    case CleverTargets::Random:
        return {others[Rng(streamSeed(request.seed, CleverStream::RandomTarget)).below(others.size())]};
    case CleverTargets::All:
        return others;
    case CleverTargets::Likely:
        return {others.begin(), others.begin() + std::min(std::ptrdiff_t(request.likely), std::ssize(others))};
    case CleverTargets::Classes:
        break;
    }
    std::vector<std::int64_t> targets = request.classes;
    std::ranges::sort(targets);
    targets.erase(std::ranges::unique(targets).begin(), targets.end());
    if (std::ranges::find(targets, order.front()) != targets.end())
        throwDomain("Target class " + std::to_string(order.front()) + " is the predicted class; choose another.");
    return targets;
}

} // namespace brink
