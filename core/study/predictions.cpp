// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/predictions.h"

#include "core/base/error.h"
#include "core/data/preprocessing.h"
#include "core/model/classifier_torch.h"

#include <algorithm>
#include <chrono>

namespace brink {

namespace {

using Clock = std::chrono::steady_clock;
using State = ImagePrediction::State;

constexpr double publishSeconds = 0.2;
constexpr double blockSeconds = 0.1;
constexpr std::size_t firstBlock = 4;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Images of one block that can be given to the model, and their places in the set.
struct Block {
    std::vector<std::size_t> places;
    std::vector<Image> inputs;
};

/// A bad file or a size that does not fit is a finding about that image, not an end of the whole.
void readImage(const Classifier& model, const Dataset& dataset, std::size_t place, Block& block, ImagePrediction& prediction)
{
    try {
        prediction.label = std::int32_t(dataset.label(std::int64_t(place)).value_or(-1));
        const Image image = dataset.image(std::int64_t(place));
        PreparedImage prepared = prepareImage(image, model.channels(), model.height(), model.width(), model.card().resizeRule);
        block.inputs.push_back(std::move(prepared.image));
        block.places.push_back(place);
    } catch (const Error&) {
        prediction.state = State::Refused;
    }
}

void predictBlock(Evaluator& evaluator, const Block& block, Predictions& predictions)
{
    if (block.inputs.empty())
        return;
    const at::Tensor logits = evaluator.logits(tensorFromImages(block.inputs)).to(at::kCPU, at::kDouble);
    const auto [values, classes] = logits.topk(2, 1);
    const at::Tensor confidence = values.select(1, 0) - logits.logsumexp(1);
    const at::Tensor finite = logits.isfinite().all(1);
    const auto value = values.accessor<double, 2>();
    const auto index = classes.accessor<std::int64_t, 2>();
    const auto share = confidence.accessor<double, 1>();
    const auto isFinite = finite.accessor<bool, 1>();
    for (std::size_t i = 0; i < block.places.size(); ++i) {
        const auto row = std::int64_t(i);
        ImagePrediction& prediction = predictions[block.places[i]];
        prediction.state = isFinite[row] ? State::Known : State::Refused;
        if (!isFinite[row])
            continue;
        prediction.predicted = std::int32_t(index[row][0]);
        prediction.margin = float(value[row][0] - value[row][1]);
        prediction.confidence = float(std::exp(share[row]));
    }
}

/// Places left open, from `begin` on, at most `count`. `end` is where the next block begins.
std::vector<std::size_t> openPlaces(const Predictions& predictions, std::size_t begin, std::size_t count, std::size_t& end)
{
    std::vector<std::size_t> places;
    end = begin;
    for (; end < predictions.size() && places.size() < count; ++end)
        if (predictions[end].state == State::Open)
            places.push_back(end);
    return places;
}

/// As many images as fit into the time, from what the last block took; never more than the model's best batch.
std::size_t nextBlock(std::size_t last, double seconds, int bestBatch)
{
    const double fitting = double(last) * blockSeconds / std::max(seconds, 1e-4);
    return std::size_t(std::clamp(fitting, 1.0, double(std::max(bestBatch, 1))));
}

} // namespace

Predictions predictSet(const std::shared_ptr<const Classifier>& model, const Dataset& dataset, Predictions known, Monitor& monitor,
    const PredictionsPublish& publish)
{
    Predictions predictions = std::move(known);
    predictions.resize(std::size_t(dataset.size()));
    Evaluator evaluator(model);
    auto published = Clock::now();
    std::size_t count = firstBlock;
    for (std::size_t begin = 0, end = 0; begin < predictions.size() && !monitor.stopRequested(); begin = end) {
        const auto start = Clock::now();
        const std::vector<std::size_t> places = openPlaces(predictions, begin, count, end);
        Block block;
        for (const std::size_t place : places)
            readImage(*model, dataset, place, block, predictions[place]);
        predictBlock(evaluator, block, predictions);
        count = nextBlock(std::max<std::size_t>(places.size(), 1), secondsSince(start), model->bestBatch());
        monitor.progress(std::int64_t(end), std::int64_t(predictions.size()));
        if (publish && secondsSince(published) > publishSeconds) {
            publish(std::make_shared<const Predictions>(predictions));
            published = Clock::now();
        }
    }
    return predictions;
}

Accuracy accuracyOf(const Predictions& predictions)
{
    Accuracy accuracy;
    accuracy.images = std::int64_t(predictions.size());
    for (const ImagePrediction& prediction : predictions) {
        accuracy.done += prediction.state != State::Open;
        accuracy.refused += prediction.state == State::Refused;
        accuracy.labelled += prediction.state == State::Known && prediction.label >= 0;
        accuracy.right += prediction.isRight();
    }
    return accuracy;
}

} // namespace brink
