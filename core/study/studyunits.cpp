// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/studyunits.h"

#include "core/base/error.h"
#include "core/data/preprocessing.h"
#include "core/model/classifier_torch.h"
#include "core/study/describe_torch.h"
#include "core/threat/roundoff.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace brink {

namespace {

std::string nameOf(const StudyNet& net) { return net.classifier->card().name; }

void checkFinite(const at::Tensor& logits, const StudyNet& net, const std::string& image)
{
    if (!logits.isfinite().all().item<bool>())
        throw Error(ErrorCode::Domain,
            nameOf(net) + ": the logits of " + image + " are not finite (NaN or infinite); check the model's range and normalisation.");
}

/// Logits of many images in one go, [N,K] on the host.
at::Tensor logitsOfAll(const StudyNet& net, std::span<const Image> inputs)
{
    Evaluator evaluator(net.classifier);
    return evaluator.logits(tensorFromImages(inputs)).to(at::kCPU, at::kDouble).contiguous();
}

std::span<const double> rowOf(const at::Tensor& logits, std::int64_t row)
{
    return {logits.data_ptr<double>() + row * logits.size(1), std::size_t(logits.size(1))};
}

std::vector<Image> inputsOf(const StudyNet& net, std::span<const UnitImage> images)
{
    std::vector<Image> inputs;
    for (const UnitImage& each : images)
        inputs.push_back(modelInput(net, each.source));
    return inputs;
}

/// What an analysis starts from: inputs, predicted class and target of each image, in the model's classes.
struct Start {
    std::vector<Image> inputs;
    std::vector<std::int64_t> predicted;
    std::vector<std::optional<std::int64_t>> targets;
};

/// A class named by number is one of the data set.
TargetRule inModelClasses(TargetRule rule, const StudyNet& net)
{
    if (rule.kind == TargetRule::Kind::Class)
        rule.value += net.classOffset;
    return rule;
}

Start startOf(const StudyNet& net, const TargetRule& rule, std::span<const UnitImage> images, std::uint64_t seed)
{
    Start start;
    start.inputs = inputsOf(net, images);
    const at::Tensor logits = logitsOfAll(net, start.inputs);
    const TargetRule own = inModelClasses(rule, net);
    for (std::size_t i = 0; i < images.size(); ++i) {
        checkFinite(logits[std::int64_t(i)], net, images[i].source.source);
        const std::span<const double> row = rowOf(logits, std::int64_t(i));
        start.predicted.push_back(std::ranges::max_element(row) - row.begin());
        start.targets.push_back(targetFor(own, row, start.predicted.back(), imageSeeds(seed, images[i].index).target));
    }
    return start;
}

StudyAttackRow rowOf(const StudyNet& net, const AttackOutcome& outcome, std::int32_t image)
{
    StudyAttackRow row;
    row.image = image;
    row.target = outcome.target ? net.dataClass(*outcome.target) : -1;
    row.success = outcome.success;
    row.stopped = outcome.stopped;
    if (outcome.success) {
        row.adversarialClass = net.dataClass(*outcome.adversarialClass);
        row.distance = *outcome.distance;
        row.survives8bit = outcome.survives8bit.value_or(false);
        row.survivesJpeg = outcome.survivesJpeg.value_or(false);
    }
    row.steps = outcome.steps;
    row.forwards = std::int32_t(outcome.counts.forwards);
    row.backwards = std::int32_t(outcome.counts.backwards);
    row.seconds = float(outcome.seconds);
    return row;
}

Image shownOf(AttackOutcome& outcome)
{
    if (outcome.adversarial)
        return std::move(*outcome.adversarial);
    return outcome.attempt ? std::move(*outcome.attempt) : Image{};
}

StudyCleverRow rowOf(const StudyNet& net, const CleverResult& result, std::int32_t image)
{
    StudyCleverRow row;
    row.image = image;
    row.isRefused = !result.score;
    row.score = result.score.value_or(0);
    row.interval = result.interval.value_or(std::array{row.score, row.score});
    row.target = result.target ? net.dataClass(*result.target) : -1;
    row.capped = result.capped;
    row.forwards = std::int32_t(result.counts.forwards);
    row.backwards = std::int32_t(result.counts.backwards);
    row.seconds = float(result.seconds);
    return row;
}

/// @param label class of the model.
OutputScores scoresOf(std::span<const double> logits, std::int64_t label)
{
    std::array<double, 2> largest{-std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const double logit : logits) {
        if (logit > largest[0])
            largest = {logit, largest[0]};
        else
            largest[1] = std::max(largest[1], logit);
    }
    double sum = 0;
    for (const double logit : logits)
        sum += std::exp(logit - largest[0]);
    OutputScores scores;
    scores.logitMargin = float(largest[0] - largest[1]);
    scores.probabilityMargin = float(-std::expm1(largest[1] - largest[0]) / sum);
    scores.maxProbability = float(1 / sum);
    if (label >= 0 && label < std::ssize(logits))
        scores.labelProbability = float(std::exp(logits[std::size_t(label)] - largest[0]) / sum);
    return scores;
}

PreparedImage stretched(const Classifier& model, const Image& image)
{
    return prepareImage(image, model.channels(), model.height(), model.width(), ResizeRule::Stretch);
}

std::vector<std::int32_t> classesOf(const StudyNet& net, const at::Tensor& logits)
{
    const at::Tensor classes = logits.argmax(1).contiguous();
    std::vector<std::int32_t> all;
    for (std::int64_t i = 0; i < classes.size(0); ++i)
        all.push_back(net.dataClass(classes.data_ptr<std::int64_t>()[i]));
    return all;
}

/// Whether the class of the data set is as likely as the most likely one, but for rounding.
bool isTied(const StudyNet& net, std::span<const double> logits, std::int32_t dataClass)
{
    if (dataClass < 0)
        return false;
    const auto [smallest, largest] = std::ranges::minmax(logits);
    return logits[std::size_t(dataClass + net.classOffset)] >= largest - logitRoundoff * std::max(std::abs(smallest), std::abs(largest));
}

} // namespace

Image modelInput(const StudyNet& net, const Image& source, std::vector<std::string>* conversions)
{
    const Classifier& model = *net.classifier;
    PreparedImage prepared = prepareImage(source, model.channels(), model.height(), model.width(), model.card().resizeRule);
    prepared.image.source = source.source;
    if (conversions)
        *conversions = std::move(prepared.conversions);
    return std::move(prepared.image);
}

PredictionUnit predictUnit(const StudyNet& net, std::span<const UnitImage> images, std::span<const std::int64_t> labels)
{
    const at::Tensor logits = logitsOfAll(net, inputsOf(net, images));
    PredictionUnit unit;
    for (std::size_t i = 0; i < images.size(); ++i) {
        checkFinite(logits[std::int64_t(i)], net, images[i].source.source);
        unit.scores.push_back(scoresOf(rowOf(logits, std::int64_t(i)), labels[i] + net.classOffset));
        if (net.head)
            unit.scores.back().outputDistance = float(headScores(*net.head, rowOf(logits, std::int64_t(i))).outputDistance);
    }
    unit.predicted = classesOf(net, logits);
    return unit;
}

AttackUnit attackUnit(const StudyNet& net, const StudyAnalysis& analysis, std::span<const UnitImage> images, std::uint64_t seed,
    Monitor& monitor)
{
    const Start start = startOf(net, analysis.target, images, seed);
    std::vector<AttackItem> items;
    for (std::size_t i = 0; i < images.size(); ++i)
        items.push_back({&start.inputs[i], {start.predicted[i], start.targets[i], 0}, imageSeeds(seed, images[i].index).attacks});
    std::vector<AttackOutcome> outcomes = runAttack(net.classifier, analysis.attack, items, monitor);
    AttackUnit unit;
    for (std::size_t i = 0; i < images.size(); ++i) {
        unit.rows.push_back(rowOf(net, outcomes[i], images[i].image));
        unit.shown.push_back(shownOf(outcomes[i]));
    }
    return unit;
}

CleverUnit cleverUnit(const StudyNet& net, const StudyAnalysis& analysis, std::span<const UnitImage> images, std::uint64_t seed,
    Monitor& monitor)
{
    const Start start = startOf(net, analysis.target, images, seed);
    CleverUnit unit;
    for (std::size_t i = 0; i < images.size() && !unit.stopped; ++i) {
        CleverRequest request = analysis.clever;
        request.seed = imageSeeds(seed, images[i].index).clever;
        if (start.targets[i]) {
            request.targets = CleverTargets::Classes;
            request.classes = {*start.targets[i]};
        }
        PartMonitor part(monitor, std::int64_t(i), 1, std::int64_t(images.size()));
        const CleverResult result = computeClever(net.classifier, start.inputs[i], request, part);
        unit.stopped = result.partial;
        unit.rows.push_back(rowOf(net, result, images[i].image));
        unit.fits.push_back(toJson(result));
    }
    return unit;
}

StudyTransfer transferUnit(const StudyNet& target, std::span<const Image> shown, std::span<const Image> clean,
    std::span<const std::int32_t> knownClean)
{
    const Classifier& model = *target.classifier;
    StudyTransfer transfer;
    std::vector<Image> inputs, cleanInputs;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        // A failed attack that made no image leaves the clean one.
        PreparedImage prepared = stretched(model, shown[i].empty() ? clean[i] : shown[i]);
        transfer.conversions = std::move(prepared.conversions);
        inputs.push_back(std::move(prepared.image));
        if (knownClean.empty())
            cleanInputs.push_back(stretched(model, clean[i]).image);
    }
    const at::Tensor logits = logitsOfAll(target, inputs);
    const at::Tensor best = std::get<0>(logits.topk(2, 1));
    const at::Tensor margin = (best.select(1, 0) - best.select(1, 1)).contiguous();
    for (std::size_t i = 0; i < shown.size(); ++i) {
        checkFinite(logits[std::int64_t(i)], target, shown[i].source);
        transfer.margin.push_back(float(margin.data_ptr<double>()[i]));
    }
    if (!knownClean.empty())
        transfer.clean.assign(knownClean.begin(), knownClean.end());
    else
        transfer.clean = classesOf(target, logitsOfAll(target, cleanInputs));
    transfer.predicted = classesOf(target, logits);
    for (std::size_t i = 0; i < shown.size(); ++i)
        if (isTied(target, rowOf(logits, std::int64_t(i)), transfer.clean[i]))
            transfer.predicted[i] = transfer.clean[i];
    return transfer;
}

bool takeTheSame(const StudyNet& a, const StudyNet& b)
{
    const auto way = [](const Classifier& model) {
        return std::tuple(model.channels(), model.height(), model.width(), model.card().resizeRule);
    };
    return way(*a.classifier) == way(*b.classifier);
}

std::string refusalOf(const StudyNet& source, const StudyNet& target)
{
    if (source.dataClasses() == target.dataClasses())
        return {};
    const auto classes = [](const StudyNet& net) { return nameOf(net) + " has " + std::to_string(net.dataClasses()); };
    return classes(source) + " classes and " + classes(target)
        + "; if one of them has a background class first, say \"classOffset\": 1 for it in the study.";
}

} // namespace brink
