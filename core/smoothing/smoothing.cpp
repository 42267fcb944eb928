// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smoothing/smoothing.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/model/classifier_torch.h"
#include "core/stats/binomial.h"
#include "core/stats/summary.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace brink {

namespace {

enum Purpose : std::uint64_t { Selection = 1, Certification };

/// Noisy copies made together, each lot from a stream of its own: the batch that the device likes decides nothing.
constexpr std::int64_t lotSize = 250;

void check(const SmoothingRequest& request)
{
    if (!(request.sigma > 0) || !(request.sigma <= 100))
        throw Error(ErrorCode::Domain, "The noise of a smoothed classifier needs a sigma above 0 (and at most 100), e.g. 0.25.");
    if (request.selection < 1 || request.samples < 1 || request.selection > 100'000'000 || request.samples > 100'000'000)
        throw Error(ErrorCode::Domain, "Smoothing takes between 1 and 100 million samples.");
    if (!(request.alpha > 0 && request.alpha < 1))
        throw Error(ErrorCode::Domain, "The failure probability alpha must lie between 0 and 1, e.g. 0.001.");
}

/// How often each class is said of so many noisy copies. Absent when stopped.
std::optional<std::vector<std::int64_t>> votesOf(Evaluator& evaluator, const Image& image, double sigma, std::int64_t samples, std::uint64_t seed, Monitor& monitor)
{
    const at::Tensor x = tensorFromImages(std::span(&image, 1));
    std::vector<std::int64_t> votes(std::size_t(evaluator.classifier().classes()), 0);
    for (std::int64_t begin = 0, lot = 0; begin < samples; begin += lotSize, ++lot) {
        if (monitor.stopRequested())
            return std::nullopt;
        const std::int64_t count = std::min(lotSize, samples - begin);
        const at::Tensor noise = at::empty({count, x.size(1), x.size(2), x.size(3)}, at::kFloat);
        Rng(combineSeeds({seed, std::uint64_t(lot)})).fillNormal({noise.data_ptr<float>(), std::size_t(noise.numel())});
        const at::Tensor noisy = noise.mul_(float(sigma)).add_(x).to(evaluator.device());
        const at::Tensor classes = evaluator.logits(noisy).argmax(1).to(at::kCPU).contiguous();
        for (std::int64_t i = 0; i < count; ++i)
            ++votes[std::size_t(classes.data_ptr<std::int64_t>()[i])];
    }
    return votes;
}

std::int64_t placeOfLargest(const std::vector<std::int64_t>& votes) { return std::ranges::max_element(votes) - votes.begin(); }

/// By the label, or by what the model says without noise where there is none.
bool isRight(const SmoothedImage& image) { return !image.abstains && image.top == image.label.value_or(image.base); }

} // namespace

double largestCertifiableRadius(const SmoothingRequest& request)
{
    check(request);
    const double probability = clopperPearsonLower(request.samples, request.samples, request.alpha);
    return probability <= 0.5 ? 0 : request.sigma * normalQuantile(probability);
}

std::optional<SmoothedImage> certifySmoothed(
    const std::shared_ptr<const Classifier>& model, const Image& image, const SmoothingRequest& request, Monitor& monitor)
{
    check(request);
    Evaluator evaluator(model);
    SmoothedImage result;
    result.source = image.source;
    result.sha256 = imageSha256(image);
    result.base = evaluator.logits(tensorFromImages(std::span(&image, 1)).to(evaluator.device())).argmax(1).item<std::int64_t>();
    const auto chosen = votesOf(evaluator, image, request.sigma, request.selection, combineSeeds({request.seed, Selection}), monitor);
    const auto counted = chosen ? votesOf(evaluator, image, request.sigma, request.samples, combineSeeds({request.seed, Certification}), monitor) : std::nullopt;
    if (!counted)
        return std::nullopt;
    result.top = placeOfLargest(*chosen);
    result.votes = (*counted)[std::size_t(result.top)];
    result.probability = clopperPearsonLower(result.votes, request.samples, request.alpha);
    result.abstains = result.probability <= 0.5;
    result.radius = result.abstains ? 0 : request.sigma * normalQuantile(result.probability);
    result.counts = evaluator.counts();
    return result;
}

std::optional<SmoothedPrediction> predictSmoothed(
    const std::shared_ptr<const Classifier>& model, const Image& image, const SmoothingRequest& request, Monitor& monitor)
{
    check(request);
    Evaluator evaluator(model);
    auto votes = votesOf(evaluator, image, request.sigma, request.samples, combineSeeds({request.seed, Selection}), monitor);
    if (!votes)
        return std::nullopt;
    SmoothedPrediction prediction;
    const std::int64_t top = placeOfLargest(*votes);
    prediction.votes = std::exchange((*votes)[std::size_t(top)], -1);
    prediction.runnerUpVotes = std::max<std::int64_t>(0, (*votes)[std::size_t(placeOfLargest(*votes))]);
    if (fairCoinTest(prediction.votes, prediction.votes + prediction.runnerUpVotes) <= request.alpha)
        prediction.predicted = top;
    prediction.counts = evaluator.counts();
    return prediction;
}

CertifiedCurve certifiedCurve(const SmoothingSurvey& survey)
{
    if (survey.images.empty())
        throw Error(ErrorCode::Domain, "A certified curve needs at least one image.");
    CertifiedCurve curve;
    curve.images = std::ssize(survey.images);
    std::vector<double> radii{0};
    std::int64_t right = 0;
    for (const SmoothedImage& image : survey.images) {
        curve.abstained += image.abstains ? 1 : 0;
        curve.wrong += !image.abstains && !isRight(image) ? 1 : 0;
        right += image.label.value_or(image.base) == image.base ? 1 : 0;
        if (isRight(image))
            radii.push_back(image.radius);
    }
    curve.baseAccuracy = double(right) / double(curve.images);
    std::ranges::sort(radii);
    radii.erase(std::ranges::unique(radii).begin(), radii.end());
    for (const double radius : radii) {
        curve.radius.push_back(radius);
        curve.accuracy.push_back(certifiedAccuracyAt(survey, radius));
    }
    return curve;
}

double certifiedAccuracyAt(const SmoothingSurvey& survey, double radius)
{
    const auto holds = [radius](const SmoothedImage& image) { return isRight(image) && image.radius >= radius; };
    return survey.images.empty() ? 0 : double(std::ranges::count_if(survey.images, holds)) / double(survey.images.size());
}

Json toJson(const SmoothedImage& image)
{
    Json json{{"index", image.index}, {"source", image.source}, {"sha256", image.sha256}};
    setIfPresent(json, "label", image.label);
    json.update({{"base", image.base}, {"class", image.abstains ? Json() : Json(image.top)}, {"abstains", image.abstains}, {"votes", image.votes},
        {"probability", image.probability}, {"radius", image.radius}, {"forwards", image.counts.forwards}});
    return json;
}

Json toJson(const SmoothingRequest& request)
{
    return {{"sigma", request.sigma}, {"selection", request.selection}, {"samples", request.samples}, {"alpha", request.alpha}};
}

Json summaryJson(const SmoothingSurvey& survey)
{
    Json json{{"ceiling", largestCertifiableRadius(survey.request)}, {"partial", survey.partial}, {"note", smoothingNote}};
    if (survey.images.empty())
        return json;
    const CertifiedCurve curve = certifiedCurve(survey);
    json.update({{"images", curve.images}, {"abstained", curve.abstained}, {"wrong", curve.wrong}, {"baseAccuracy", curve.baseAccuracy}, {"radius", curve.radius},
        {"certifiedAccuracy", curve.accuracy}});
    return json;
}

} // namespace brink
