// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/describe_torch.h"

#include "core/base/error.h"
#include "core/base/rng.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace brink {

namespace {

void checkLabel(const InspectRequest& request)
{
    const int classes = request.model->classes();
    if (request.label && (*request.label < 0 || *request.label >= classes))
        throw Error(ErrorCode::Domain,
            request.source.source + ": the label " + std::to_string(*request.label) + " is outside the model's "
                + std::to_string(classes) + " classes (0 to " + std::to_string(classes - 1)
                + "); open the label file that belongs to this model.");
}

/// The model's own, else those of the image set if they can be the model's.
std::vector<std::string> classNamesFor(const InspectRequest& request)
{
    const auto& own = request.model->card().classNames;
    const bool fits = own.empty() && request.classNames.size() == std::size_t(request.model->classes());
    return fits ? request.classNames : own;
}

std::string className(const InspectResult& result, std::int64_t index)
{
    return std::size_t(index) < result.classNames.size() ? result.classNames[std::size_t(index)] : std::to_string(index);
}

std::int64_t argmax(const std::vector<double>& values) { return std::ranges::max_element(values) - values.begin(); }

} // namespace

std::vector<double> logitsOf(Evaluator& evaluator, const Image& image)
{
    const at::Tensor logits = evaluator.logits(tensorFromImages(std::span(&image, 1)))[0].to(at::kCPU, at::kDouble).contiguous();
    return {logits.data_ptr<double>(), logits.data_ptr<double>() + logits.numel()};
}

InspectResult describeImage(const InspectRequest& request, Evaluator& evaluator)
{
    const Classifier& model = *request.model;
    checkLabel(request);
    InspectResult result;
    result.modelName = model.card().name;
    result.modelSha256 = model.sha256();
    result.imageSource = request.source.source;
    result.channels = model.channels();
    result.height = model.height();
    result.width = model.width();
    result.classes = model.classes();
    result.classNames = classNamesFor(request);
    result.index = request.index;
    result.label = request.label;
    result.norm = request.norm;
    result.seed = request.seed;
    PreparedImage prepared
        = prepareImage(request.source, model.channels(), model.height(), model.width(), model.card().resizeRule);
    result.image = std::move(prepared.image);
    result.image.source = request.source.source;
    result.conversions = std::move(prepared.conversions);
    if (!request.whatIf.isNothing()) {
        result.image = applyWhatIf(result.image, request.whatIf);
        std::ranges::move(whatIfRecord(request.whatIf), std::back_inserter(result.conversions));
    }
    result.warnings = request.source.notes;
    result.logits = logitsOf(evaluator, result.image);
    if (!std::ranges::all_of(result.logits, [](double z) { return std::isfinite(z); }))
        throw Error(ErrorCode::Domain,
            model.card().name + ": the logits of " + request.source.source
                + " are not finite (NaN or infinite); check the model's range and normalisation.");
    result.predicted = argmax(result.logits);
    if (model.givesProbabilities())
        result.warnings.push_back({"probabilities",
            "The model returns probabilities; margins and gradients use their logarithms. Export it without the final softmax for exact logits."});
    if (result.label && *result.label != result.predicted)
        result.warnings.push_back({"misclassified",
            "The image is labelled " + className(result, *result.label) + " and classified as " + className(result, result.predicted)
                + "; distances are measured from the predicted class."});
    return result;
}

ImageSeeds imageSeeds(std::uint64_t studySeed, std::int64_t index)
{
    // The last number is the purpose: it keeps the streams of one image apart.
    const auto image = std::uint64_t(index);
    return {combineSeeds({studySeed, image, 1}), combineSeeds({studySeed, image, 2}), combineSeeds({studySeed, image, 3}),
        combineSeeds({studySeed, image, 4})};
}

void findBest(InspectResult& result)
{
    result.best.reset();
    for (std::size_t i = 0; i < result.attacks.size(); ++i) {
        const AttackOutcome& outcome = result.attacks[i];
        if (!outcome.success || !outcome.distance)
            continue;
        if (!result.best || outcome.distance->in(result.norm) < result.attacks[*result.best].distance->in(result.norm))
            result.best = i;
    }
}

} // namespace brink
