// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lights about what the model gives: outputs, gradients, and how they hang together.
#include "core/attack/autoattackchecks_torch.h"
#include "core/base/text.h"
#include "core/diagnosis/bench_torch.h"
#include "core/model/bpda_torch.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace brink {

namespace {

/// AutoAttack's tolerance for rows that sum to one.
constexpr double sumTolerance = 1e-5;
/// More images than this without a gradient are an alarm; any is a finding (Pintor et al. 2022).
constexpr double manyWithoutGradient = 0.1;
/// Relative difference between a slope by the gradient and one by differences. Ties of max-pooling on flat backgrounds alone give
/// 34 % (mnist_conv_maxpool).
constexpr double slopeCaution = 0.5, slopeAlarm = 0.75;
/// Differences are taken over so much of the margin, and the best agreement counts: over a long way the boundary bends, over a short
/// one single precision rounds. A gradient of another function agrees over none.
constexpr std::array slopeShares{0.05, 0.01, 0.002};
/// A difference must be so large beside the logits to be more than their roundoff.
constexpr double leastResolved = 5e-5;

std::vector<double> numbers(const at::Tensor& values)
{
    const at::Tensor onHost = values.detach().to(at::kCPU, at::kDouble).contiguous();
    return {onHost.data_ptr<double>(), onHost.data_ptr<double>() + onHost.numel()};
}

at::Tensor slice(const at::Tensor& values, std::int64_t begin, std::int64_t end) { return values.slice(0, begin, end); }

Anchors slice(const Anchors& anchors, std::int64_t begin, std::int64_t end)
{
    return anchors.select(at::arange(begin, end, anchors.classes().options()));
}

AttackRequest withLoss(const DiagnosisBench& bench, const char* loss)
{
    AttackRequest attack = bench.attack();
    if (attack.parameters.contains("loss"))
        attack.parameters.set("loss", std::string(loss));
    return attack;
}

AttackRequest withStarts(const DiagnosisBench& bench)
{
    AttackRequest attack = withLoss(bench, "margin");
    if (attack.parameters.contains("restarts"))
        attack.parameters.set("restarts", 5LL);
    return attack;
}

/// Absent in L1, which Square does not know.
std::optional<AttackRequest> gradientFree(const DiagnosisBench& bench)
{
    return bench.metric().norm() == Norm::L1 ? std::nullopt : std::optional(bench.rival("square"));
}

bool lookLikeProbabilities(const at::Tensor& outputs)
{
    return outputs.ge(0).logical_and(outputs.le(1)).all().item<bool>()
        && (outputs.sum(1) - 1).abs().max().item<double>() < sumTolerance;
}

/// Input gradient of the margin of each image, and how it came about.
struct MarginGradients {
    at::Tensor largest;      ///< [n] magnitude
    at::Tensor zeroPixels;   ///< [n] share
    bool isConnected = true; ///< the graph leads from the input to the output
    bool isFinite = true;
};

MarginGradients marginGradients(DiagnosisBench& bench)
{
    MarginGradients found;
    std::vector<at::Tensor> largest, zeros;
    bench.inBatches([&](std::int64_t begin, std::int64_t end) {
        const ForwardPass pass = bench.evaluator().forward(slice(bench.x(), begin, end));
        found.isConnected = found.isConnected && pass.logits.requires_grad();
        const LogitLoss margin = slice(bench.anchors(), begin, end).margin(pass.logits.detach());
        const at::Tensor gradient = bench.evaluator().pullback(pass, margin.weights).flatten(1);
        found.isFinite = found.isFinite && at::isfinite(gradient).all().item<bool>();
        largest.push_back(gradient.abs().amax(1));
        zeros.push_back(gradient.eq(0).to(at::kDouble).mean(1));
    });
    found.largest = at::cat(largest);
    found.zeroPixels = at::cat(zeros);
    return found;
}

/// Half widths of noise by which it is tried whether the outputs move at all, pixel range [0,1].
constexpr std::array tremors{1.0 / 255, 4.0 / 255, 16.0 / 255, 64.0 / 255};

/// Largest change of each image's margin under sign noise of each width, [n] each.
std::vector<std::vector<double>> marginChanges(DiagnosisBench& bench)
{
    const at::NoGradGuard noGrad;
    std::vector<Rng> generators = bench.generators(1);
    const at::Tensor clean = bench.anchors().margin(bench.evaluator().logits(bench.x())).value;
    std::vector<std::vector<double>> changes;
    for (const double width : tremors) {
        const at::Tensor noise = at::where(bench.uniform(generators).lt(0.5), at::full({}, -width), at::full({}, width)).to(bench.x().scalar_type());
        const at::Tensor logits = bench.evaluator().logits((bench.x() + noise).clamp(0, 1));
        changes.push_back(numbers((bench.anchors().margin(logits).value - clean).abs()));
    }
    return changes;
}

/// Whether noise of at most 16/255 moves the margins of most of the images `rows`.
bool moves(const std::vector<std::vector<double>>& changes, const std::vector<std::size_t>& rows)
{
    const auto canMove = [&](std::size_t row) { return std::any_of(changes.begin(), changes.end() - 1, [row](const auto& width) { return width[row] > 0; }); };
    return 2 * std::ranges::count_if(rows, canMove) > std::ssize(rows);
}

/// Steps of the graph that let no gradient through, as BPDA knows them: "round, detach".
std::string closedSteps(const Classifier& model)
{
    const auto& impl = model.impl();
    if (!impl.graph || impl.card.usesBpda)
        return {};
    std::string names;
    for (const std::string& step : passIdentityBackward(impl.graph->copy()))
        names += (names.empty() ? "" : ", ") + step;
    return names;
}

LightPlot changesPlot(const std::vector<std::vector<double>>& changes, const std::vector<double>& largest)
{
    LightPlot plot;
    plot.xLabel = "noise of so many steps of 1/255 on every value";
    plot.yLabel = "largest change of the margin (logits)";
    plot.isLogarithmicX = true;
    LightSeries with{"images with a gradient"}, without{"images without a gradient"};
    without.isRaised = true;
    for (std::size_t width = 0; width < changes.size(); ++width)
        for (std::size_t row = 0; row < largest.size(); ++row) {
            LightSeries& series = largest[row] > 0 ? with : without;
            series.x.push_back(255 * tremors[width]);
            series.y.push_back(changes[width][row]);
        }
    for (LightSeries* series : {&with, &without}) {
        series->isPoints = true;
        if (!series->x.empty())
            plot.series.push_back(std::move(*series));
    }
    return plot;
}

} // namespace

Light checkOutputs(DiagnosisBench& bench)
{
    const at::NoGradGuard noGrad;
    Light light;
    const bool takesLogarithms = bench.model().givesProbabilities();
    const at::Tensor logits = bench.evaluator().logits(bench.allX());
    if (!takesLogarithms && !lookLikeProbabilities(logits)) {
        light.state = LightState::Good;
        light.finding = "The outputs are logits, from " + formatReal(logits.min().item<double>()) + " to " + formatReal(logits.max().item<double>()) + " on these images.";
        return light;
    }
    const at::Tensor probabilities = takesLogarithms ? logits.exp() : logits;
    const double certain = probabilities.amax(1).ge(1).to(at::kDouble).mean().item<double>();
    light.value = certain;
    light.state = takesLogarithms && certain == 0 ? LightState::Caution : LightState::Alarm;
    light.finding = "The outputs lie in [0,1] and each image's sum to 1: probabilities, not logits; " + percent(certain)
        + " of the images have one that single precision cannot tell from 1. "
        + (takesLogarithms ? "Brink takes their logarithms as logits." : "They are taken as logits, so that losses saturate.");
    light.remedy = {RemedyKind::Logits, "Export the model without its softmax. Until then drive the margin of the log-probabilities, not the cross-entropy.",
        withLoss(bench, "margin")};
    return light;
}

Light checkRepeatable(DiagnosisBench& bench)
{
    Light light;
    light.threshold = 1e-4;
    if (!answersAtRandom(bench.evaluator(), bench.allX())) {
        light.state = LightState::Good;
        light.finding = "Five passes over the same images agree in every class and within 0.0001 in normalised logits.";
        return light;
    }
    light.state = LightState::Alarm;
    light.finding = "Five passes over the same images differ in a class, or by more than 0.0001 in normalised logits: the model answers at random, "
                    "so one gradient is not that of the average answer.";
    AttackRequest attack = bench.attack();
    if (attack.parameters.contains("eot"))
        attack.parameters.set("eot", 20LL);
    light.remedy = {RemedyKind::Eot, "If dropout or noise was left on, export the model after model.eval(). If it belongs to the model, take the mean of 20 passes as gradient.",
        attack};
    return light;
}

Light checkGradients(DiagnosisBench& bench)
{
    Light light;
    const MarginGradients found = marginGradients(bench);
    const std::vector<double> largest = numbers(found.largest);
    std::vector<std::size_t> without;
    for (std::size_t row = 0; row < largest.size(); ++row)
        if (largest[row] == 0) {
            without.push_back(row);
            light.flagged.push_back(bench.index(row));
        }
    const auto changes = marginChanges(bench);
    light.plot = changesPlot(changes, largest);
    light.value = double(without.size()) / double(largest.size());
    light.threshold = 0;
    if (!found.isFinite) {
        light.state = LightState::Alarm;
        light.finding = "Some input gradients are NaN or infinite: look for a root, a logarithm or a norm at 0 in the model.";
        light.remedy = {RemedyKind::OtherAttack, "Until the model is mended, ask it without gradients.", gradientFree(bench)};
        return light;
    }
    if (without.empty()) {
        light.state = LightState::Good;
        light.finding = "Every image has an input gradient; " + percent(found.zeroPixels.mean().item<double>()) + " of its values are exactly zero."
            + (bench.model().card().usesBpda ? " They pass closed steps as if those were the identity (BPDA)." : "");
        return light;
    }
    light.state = *light.value > manyWithoutGradient ? LightState::Alarm : LightState::Caution;
    const std::string who = "The input gradient of " + ofImages(std::ssize(without), std::ssize(largest)) + " is exactly zero", steps = closedSteps(bench.model());
    const bool isStaircase = !steps.empty() || (2 * without.size() > largest.size() && moves(changes, without));
    if (found.isConnected && !isStaircase) {
        light.finding = who + ": units are saturated there, and small changes of the pixels move nothing that the outputs see.";
        light.remedy = {RemedyKind::OtherAttack, "Drive the margin of the logits from several random starts; where nothing moves at all, only attacks that come from other images lead away.",
            withStarts(bench)};
        return light;
    }
    light.finding = who
        + (found.isConnected ? ", although the outputs move with the pixels: a staircase is in the way" : ": the graph does not lead from the input to the outputs")
        + (steps.empty() ? "." : " (" + steps + ").");
    const bool canPass = !steps.empty() || !bench.model().impl().graph;
    if (canPass)
        light.remedy = {RemedyKind::Bpda, "Put the identity in place of the step that stops the gradient, on the way back only (BPDA, Athalye et al. 2018).", std::nullopt, true};
    else
        light.remedy = {RemedyKind::OtherAttack, "No step was found that BPDA could pass; ask the model without gradients.", gradientFree(bench)};
    return light;
}

namespace {

/// Slopes of one image's margin along its gradient.
struct SlopePair {
    double predicted = 0, measured = 0;
    double disagreement = 2; ///< above 1: not resolved
};

/// By differences over each share of the margin; the best agreement of each image.
std::vector<SlopePair> slopes(DiagnosisBench& bench, std::int64_t begin, std::int64_t end)
{
    const at::Tensor x = slice(bench.x(), begin, end);
    const ForwardPass pass = bench.evaluator().forward(x);
    const at::Tensor logits = pass.logits.detach();
    const LogitLoss margin = slice(bench.anchors(), begin, end).margin(logits);
    const at::Tensor gradient = bench.evaluator().pullback(pass, margin.weights);
    const at::Tensor slope = DistanceMetric(Norm::L2).length(gradient), safe = slope.clamp_min(1e-30);
    // The class that was next stays the one compared with.
    const auto at = [&](const at::Tensor& place) { return (bench.evaluator().logits(place) * margin.weights).sum(1); };
    std::vector<SlopePair> best(std::size_t(end - begin));
    const std::vector<double> predicted = numbers(slope);
    for (const double share : slopeShares) {
        const at::Tensor step = (share * margin.value / safe).clamp_max(0.1 * std::sqrt(double(bench.model().dimension())));
        const at::Tensor along = gradient * perRow(step / safe, gradient);
        const std::vector<double> measured = numbers((at(x + along) - at(x - along)) / (2 * step));
        const std::vector<double> resolved = numbers(share * margin.value.abs() / logits.abs().amax(1));
        for (std::size_t i = 0; i < best.size(); ++i) {
            // A gradient of zero is another light's.
            if (!(predicted[i] > 0) || !(resolved[i] > leastResolved))
                continue;
            const double disagreement = std::abs(measured[i] - predicted[i]) / std::max(std::abs(measured[i]), predicted[i]);
            if (disagreement < best[i].disagreement)
                best[i] = {predicted[i], measured[i], disagreement};
        }
    }
    return best;
}

} // namespace

Light checkSlope(DiagnosisBench& bench)
{
    Light light;
    LightSeries agreeing{"images"}, disagreeing{"images that disagree"};
    agreeing.isPoints = disagreeing.isPoints = disagreeing.isRaised = true;
    std::vector<double> differences;
    bench.inBatches([&](std::int64_t begin, std::int64_t end) {
        const std::vector<SlopePair> pairs = slopes(bench, begin, end);
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            if (pairs[i].disagreement > 1)
                continue;
            differences.push_back(pairs[i].disagreement);
            const bool isOff = pairs[i].disagreement > slopeCaution;
            LightSeries& series = isOff ? disagreeing : agreeing;
            series.x.push_back(pairs[i].predicted);
            series.y.push_back(pairs[i].measured);
            series.tips.push_back("image " + std::to_string(bench.index(std::size_t(begin) + i)));
            if (isOff)
                light.flagged.push_back(bench.index(std::size_t(begin) + i));
        }
    });
    light.threshold = slopeCaution;
    if (differences.empty()) {
        light.finding = "No image has a gradient to compare with.";
        return light;
    }
    LightPlot plot{"slope of the margin by the gradient, L2 (logits per pixel unit)", "slope by differences (logits per pixel unit)"};
    plot.hasDiagonal = true;
    for (LightSeries* series : {&agreeing, &disagreeing})
        if (!series->x.empty())
            plot.series.push_back(std::move(*series));
    light.plot = std::move(plot);
    light.value = median(differences);
    const std::string measured = "Along its gradient the margin moves as the gradient says to within " + percent(*light.value) + " (median of " + std::to_string(differences.size()) + " "
        + imagesWord(std::ssize(differences)) + ")";
    if (bench.model().card().usesBpda) {
        light.finding = measured + "; BPDA is on, so they need not agree: the gradient is that of a smoother model.";
        return light;
    }
    light.state = *light.value > slopeAlarm ? LightState::Alarm : *light.value > slopeCaution ? LightState::Caution : LightState::Good;
    light.finding = measured + (light.isRaised() ? ", however short the way: the gradient is not that of the outputs." : ".");
    if (light.isRaised())
        light.remedy = {RemedyKind::Bpda, "A part of the model passes another gradient back than it has, or none: load it with the identity in its place (BPDA).", std::nullopt, true};
    return light;
}

} // namespace brink
