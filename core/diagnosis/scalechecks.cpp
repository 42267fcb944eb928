// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lights about the size of the logits, and about how they tremble near the images.
#include "core/base/text.h"
#include "core/diagnosis/bench_torch.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

/// Success that is lost to the scale: at least so much, and at least two images.
constexpr double scaleCaution = 0.05, scaleAlarm = 0.2;
constexpr int scaleSteps = 20;

/// Pintor et al. 2022, released code: 100 draws, each value within 4/255.
constexpr int draws = 100;
constexpr double halfWidth = 4.0 / 255;
/// The released code gives the number; from where on it is too large is ours: undefended CIFAR nets came to 15 %.
constexpr double trembleCaution = 0.25, trembleAlarm = 0.5;

std::vector<double> numbers(const at::Tensor& values)
{
    const at::Tensor onHost = values.detach().to(at::kCPU, at::kDouble).contiguous();
    return {onHost.data_ptr<double>(), onHost.data_ptr<double>() + onHost.numel()};
}

/// Steepest step of the norm for gradients of any size: tiny ones are not lost to their squares.
at::Tensor steepest(const DistanceMetric& metric, const at::Tensor& gradient)
{
    const at::Tensor largest = gradient.flatten(1).abs().amax(1).clamp_min(1e-37);
    return metric.steepest(gradient / perRow(largest, gradient));
}

/// What the textbook's attack makes of logits times a factor.
struct ScaledRun {
    double success = 0;
    double dead = 0; ///< share of images whose first gradient of the cross-entropy is exactly zero
    std::vector<bool> isFooled;
};

/// PGD from the image itself on the cross-entropy in single precision, as most programs write it. Brink's own attacks drive the log
/// odds instead, which do not saturate; this is the test, not the attack.
ScaledRun runScaled(DiagnosisBench& bench, double factor)
{
    ScaledRun run;
    const double step = 2.5 * bench.eps() / scaleSteps;
    double dead = 0;
    bench.inBatches([&](std::int64_t begin, std::int64_t end) {
        const at::Tensor x0 = bench.x().slice(0, begin, end);
        const Anchors anchors = bench.anchors().select(at::arange(begin, end, bench.anchors().classes().options()));
        const at::Tensor eps = at::full({end - begin}, bench.eps(), x0.options());
        at::Tensor x = x0, isFooled = at::zeros({end - begin}, x0.options().dtype(at::kBool));
        for (int i = 0; i <= scaleSteps && !bench.stopRequested(); ++i) {
            const ForwardPass pass = bench.evaluator().forward(x);
            const at::Tensor logits = pass.logits.detach() * factor;
            isFooled = isFooled.logical_or(anchors.margin(logits).value.lt(0));
            if (i == scaleSteps)
                break;
            const at::Tensor weights = (at::softmax(logits, 1) - at::one_hot(anchors.classes(), bench.model().classes())) * factor;
            const at::Tensor gradient = bench.evaluator().pullback(pass, weights);
            if (i == 0)
                dead += gradient.flatten(1).abs().amax(1).eq(0).to(at::kDouble).sum().item<double>();
            const at::Tensor moved = (x + step * steepest(bench.metric(), gradient)).clamp(0, 1);
            x = (x0 + bench.metric().project(moved - x0, eps)).clamp(0, 1);
        }
        for (const double value : numbers(isFooled))
            run.isFooled.push_back(value > 0);
    });
    const auto all = double(bench.images());
    run.success = double(std::ranges::count(run.isFooled, true)) / all;
    run.dead = dead / all;
    return run;
}

} // namespace

Light checkScale(DiagnosisBench& bench)
{
    Light light;
    const at::Tensor clean = bench.evaluator().logits(bench.x());
    const double typical = median(numbers(bench.anchors().margin(clean).value));
    // Where the typical margin is 1, single precision has nothing to hide.
    std::vector<double> factors{0.01, 0.1, 1, 10, 100};
    if (typical > 0 && std::isfinite(typical))
        factors.push_back(1 / typical);
    std::ranges::sort(factors);
    LightSeries curve{"PGD on the cross-entropy"};
    ScaledRun asGiven, best;
    double bestFactor = 1;
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const ScaledRun run = runScaled(bench, factors[i]);
        bench.monitor().progress(std::int64_t(i + 1), std::int64_t(factors.size()));
        curve.x.push_back(factors[i]);
        curve.y.push_back(100 * run.success);
        if (factors[i] == 1)
            asGiven = run;
        if (factors[i] < 1 && run.success > best.success) {
            best = run;
            bestFactor = factors[i];
        }
    }
    LightPlot plot{"factor on the logits", "images fooled, %"};
    plot.isLogarithmicX = true;
    plot.yRange = {0, 102};
    plot.series = {std::move(curve)};
    light.plot = std::move(plot);
    const double lost = best.success - asGiven.success;
    for (std::size_t row = 0; row < best.isFooled.size(); ++row)
        if (best.isFooled[row] && !asGiven.isFooled[row])
            light.flagged.push_back(bench.index(row));
    light.value = lost;
    light.threshold = scaleCaution;
    const bool isRaised = (lost > scaleCaution && lost * double(bench.images()) > 1.5) || asGiven.dead > scaleAlarm;
    light.state = !isRaised ? LightState::Good : lost > scaleAlarm || asGiven.dead > scaleAlarm ? LightState::Alarm : LightState::Caution;
    const std::string measured = "PGD on the plain cross-entropy fools " + percent(asGiven.success) + " of the images with the logits as they are";
    light.finding = isRaised ? measured + " and " + percent(best.success) + " with the logits times " + formatReal(bestFactor) + "; " + percent(asGiven.dead)
            + " have a first gradient of exactly zero: the softmax saturates (typical margin " + formatReal(typical) + ")."
                             : measured + ", and no smaller factor makes it fool clearly more (typical margin " + formatReal(typical) + ").";
    if (isRaised) {
        AttackRequest attack = bench.attack();
        if (attack.parameters.contains("loss"))
            attack.parameters.set("loss", std::string(attack.name == "apgd" ? "dlr" : "margin"));
        light.remedy = {RemedyKind::ScaleLogits, "Attacks of Brink drive the log odds or the margin and do not lose this gradient; programs that take the cross-entropy do: divide the logits by "
                + formatReal(std::max(typical, 1.0)) + " there, or take a loss of logits.", attack};
    }
    return light;
}

Light checkStability(DiagnosisBench& bench)
{
    const at::NoGradGuard noGrad;
    Light light;
    std::vector<Rng> generators = bench.generators(2);
    const at::Tensor clean = bench.anchors().logOdds(bench.evaluator().logits(bench.x())).value;
    const at::Tensor scale = at::where(clean.eq(0), at::ones_like(clean), clean.abs());
    at::Tensor sum = at::zeros_like(clean, at::kDouble);
    int done = 0;
    for (; done < draws && !bench.stopRequested(); ++done) {
        const at::Tensor noise = bench.uniform(generators).mul_(2).sub_(1).mul_(halfWidth);
        const at::Tensor loss = bench.anchors().logOdds(bench.evaluator().logits(bench.x() + noise)).value;
        sum += ((loss - clean).abs() / scale).to(at::kDouble);
        bench.monitor().progress(done + 1, draws);
    }
    // Clipped image by image: one that lies on the boundary must not speak for all.
    const std::vector<double> changes = numbers((sum / std::max(1, done)).clamp_max(1));
    LightSeries calm{"images"}, trembling{"images above the threshold"};
    calm.isPoints = trembling.isPoints = trembling.isRaised = true;
    double mean = 0;
    for (std::size_t row = 0; row < changes.size(); ++row) {
        const bool isOff = changes[row] > trembleCaution;
        LightSeries& series = isOff ? trembling : calm;
        series.x.push_back(double(bench.index(row)));
        series.y.push_back(100 * changes[row]);
        mean += changes[row] / double(changes.size());
        if (isOff)
            light.flagged.push_back(bench.index(row));
    }
    LightPlot plot{"image", "relative change of the loss under noise of ±4/255, %"};
    plot.threshold = 100 * trembleCaution;
    for (LightSeries* series : {&calm, &trembling})
        if (!series->x.empty())
            plot.series.push_back(std::move(*series));
    light.plot = std::move(plot);
    light.value = mean;
    light.threshold = trembleCaution;
    light.state = mean > trembleAlarm ? LightState::Alarm : mean > trembleCaution ? LightState::Caution : LightState::Good;
    light.finding = "Noise of ±4/255 on every value changes the loss by " + percent(mean) + " on average (" + std::to_string(done) + " draws an image)"
        + (light.isRaised() ? ": gradients there point by chance." : ".");
    if (light.isRaised()) {
        AttackRequest attack = bench.attack();
        if (attack.parameters.contains("eot"))
            attack.parameters.set("eot", 20LL);
        light.remedy = {RemedyKind::OtherAttack, "Follow an attack that asks for no gradient, or smooth the gradient over several points.",
            bench.metric().norm() == Norm::L1 ? attack : bench.rival("square")};
    }
    return light;
}

} // namespace brink
