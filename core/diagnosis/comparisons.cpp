// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lights that hold methods against each other: whoever knows less must not do better.
#include "core/attack/autoattackchecks_torch.h"
#include "core/base/text.h"
#include "core/clever/clever.h"
#include "core/diagnosis/attackindicators.h"
#include "core/diagnosis/bench_torch.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

/// APGD by one loss and by the other may differ by so much of the images.
constexpr double lossCaution = 0.1, lossAlarm = 0.25;
/// CLEVER above the best attack happens on up to 22 % of the images of the paper (Weng et al. 2018, table 3).
constexpr double usualViolations = 0.22;

LightSeries byStep(const std::string& name, const AttackOutcomes& outcomes)
{
    LightSeries curve{name};
    const std::vector<double> share = successByStep(outcomes);
    for (std::size_t step = 0; step < share.size(); ++step) {
        curve.x.push_back(double(step));
        curve.y.push_back(100 * share[step]);
    }
    return curve;
}

LightPlot stepPlot(const char* xLabel)
{
    LightPlot plot{xLabel, "images fooled, %"};
    plot.yRange = {0, 102};
    return plot;
}

std::string labelOfSurrogate(const DiagnosisBench& bench) { return bench.request().surrogate->card().name; }

bool hasRatio(const DiagnosisBench& bench) { return bench.model().classes() >= 3; }

/// A stage of a cascade, for AutoAttack's own check of it.
AutoAttackStageResult stageOf(const char* name, const std::vector<bool>& isLeft, std::int64_t before)
{
    AutoAttackStageResult stage;
    stage.name = name;
    stage.attacked = before;
    const std::int64_t left = std::ranges::count(isLeft, true);
    stage.fooled = before - left;
    stage.robustAccuracy = double(left) / double(isLeft.size());
    return stage;
}

/// Smallest distance of the recommended attacks, one an image.
std::vector<std::optional<double>> nearest(DiagnosisBench& bench, std::span<const AttackItem> items)
{
    std::vector<std::optional<double>> distances(items.size());
    for (const AttackRequest& attack : recommendedAttacks(bench.metric().norm(), bench.request().preset)) {
        const AttackOutcomes outcomes = runAttack(bench.request().model, attack, items, bench.monitor());
        for (std::size_t i = 0; i < outcomes.size(); ++i)
            if (outcomes[i].success)
                distances[i] = std::min(distances[i].value_or(HUGE_VAL), outcomes[i].distance->in(bench.metric().norm()));
    }
    return distances;
}

} // namespace

Light checkSquare(DiagnosisBench& bench)
{
    Light light;
    light.threshold = 0.002;
    if (bench.metric().norm() == Norm::L1) {
        light.finding = "Square knows L2 and Linf only.";
        return light;
    }
    const auto count = std::size_t(bench.images());
    std::vector<bool> isLeft(count, true);
    const auto outlast = [&](const AttackOutcomes& outcomes) {
        for (std::size_t row = 0; row < count; ++row)
            isLeft[row] = isLeft[row] && !outcomes[row].success;
        return std::ranges::count(isLeft, true);
    };
    bench.beginPart(0, 4);
    AutoAttackLevel level;
    level.eps = bench.eps();
    auto left = outlast(bench.run(bench.apgd("cross-entropy")));
    level.stages.push_back(stageOf("apgd-ce", isLeft, std::ssize(isLeft)));
    if (hasRatio(bench)) {
        bench.beginPart(1, 4);
        const auto before = left;
        left = outlast(bench.run(bench.apgd("dlr")));
        level.stages.push_back(stageOf("apgd-dlr", isLeft, before));
    }
    bench.beginPart(2, 4);
    const std::vector<bool> survivors = isLeft;
    const AttackOutcomes& square = bench.run(bench.rival("square"));
    for (std::size_t row = 0; row < count; ++row)
        if (survivors[row] && square[row].success)
            light.flagged.push_back(bench.index(row));
    static_cast<void>(outlast(square));
    level.stages.push_back(stageOf("square", isLeft, left));
    const Warnings warnings = runWarnings(level);
    const auto isBetter = std::ranges::find(warnings, "square-better", &Warning::code);
    light.value = double(light.flagged.size()) / double(count);
    light.state = isBetter == warnings.end() ? LightState::Good : LightState::Alarm;
    LightPlot plot = stepPlot("step (APGD), query (Square)");
    plot.isLogarithmicX = true;
    for (LightSeries curve : {byStep("APGD, cross-entropy", bench.run(bench.apgd("cross-entropy"))), byStep("Square", square)}) {
        for (double& x : curve.x)
            x += 1;
        plot.series.push_back(std::move(curve));
    }
    plot.series.back().isRaised = true;
    light.plot = std::move(plot);
    light.finding = light.isRaised()  ? isBetter->text
        : left == 0                   ? "APGD fools every image; nothing is left for Square."
                                      : "APGD leaves " + ofImages(left, bench.images()) + ", and Square, which asks for no gradient, fools none of them.";
    if (light.isRaised())
        light.remedy = {RemedyKind::Bpda, "Find what masks the gradients; if a step of the model has none, put the identity in its place on the way back (BPDA). Until then trust the gradient-free attack.",
            bench.rival("square"), true};
    return light;
}

Light checkHardLabel(DiagnosisBench& bench)
{
    Light light;
    light.threshold = effortCaution;
    const Norm norm = bench.metric().norm();
    if (norm == Norm::L1) {
        light.finding = "HopSkipJump knows L2 and Linf only.";
        return light;
    }
    bench.beginPart(0, 3);
    std::vector<const AttackOutcomes*> gradients{&bench.run(bench.apgd("cross-entropy"))};
    bench.beginPart(1, 3);
    if (hasRatio(bench))
        gradients.push_back(&bench.run(bench.apgd("dlr")));
    bench.beginPart(2, 3);
    const AttackOutcomes& blind = bench.run(bench.rival("hop-skip-jump"));
    std::int64_t left = 0, inside = 0;
    std::vector<double> distances;
    for (std::size_t row = 0; row < blind.size(); ++row) {
        const bool isLeft = std::ranges::none_of(gradients, [row](const AttackOutcomes* each) { return (*each)[row].success; });
        left += isLeft ? 1 : 0;
        if (!blind[row].success)
            continue;
        distances.push_back(blind[row].distance->in(norm));
        if (distances.back() > bench.eps())
            continue;
        ++inside;
        if (isLeft)
            light.flagged.push_back(bench.index(row));
    }
    std::ranges::sort(distances);
    LightSeries curve{"HopSkipJump"}, point{"APGD"};
    curve.isRaised = true;
    for (std::size_t i = 0; i < distances.size(); ++i) {
        curve.x.push_back(distances[i]);
        curve.y.push_back(100 * double(i + 1) / double(bench.images()));
    }
    point.isPoints = true;
    point.x = {bench.eps()};
    point.y = {100 * double(bench.images() - left) / double(bench.images())};
    LightPlot plot{"budget, " + normLabel(norm) + " (pixel range [0,1])", "images fooled, %"};
    plot.yRange = {0, 102};
    if (!curve.x.empty())
        plot.series.push_back(std::move(curve));
    plot.series.push_back(std::move(point));
    light.plot = std::move(plot);
    light.value = double(light.flagged.size()) / double(bench.images());
    light.state = effortState(std::ssize(light.flagged), bench.images());
    const std::string more = std::to_string(light.flagged.size()) + " that APGD leaves";
    light.finding = "Inside the budget HopSkipJump, which sees no more than the class, fools " + ofImages(inside, bench.images()) + ", APGD "
        + std::to_string(bench.images() - left)
        + (light.isRaised() ? "; " + more + ": who sees less must not find more." : light.flagged.empty() ? "; none that APGD leaves." : "; " + more + ", which may be chance.");
    if (light.isRaised())
        light.remedy = {RemedyKind::Bpda, "Find what masks the gradients; if a step of the model has none, put the identity in its place on the way back (BPDA). Until then trust the attack that needs none.",
            bench.rival("square"), true};
    return light;
}

Light checkLosses(DiagnosisBench& bench)
{
    Light light;
    light.threshold = lossCaution;
    if (!hasRatio(bench)) {
        light.finding = "With two classes there is no difference of logits ratio to compare with.";
        return light;
    }
    bench.beginPart(0, 2);
    const AttackOutcomes& entropy = bench.run(bench.apgd("cross-entropy"));
    bench.beginPart(1, 2);
    const AttackOutcomes& ratio = bench.run(bench.apgd("dlr"));
    const std::int64_t byEntropy = fooled(entropy), byRatio = fooled(ratio);
    for (std::size_t row = 0; row < entropy.size(); ++row)
        if (entropy[row].success != ratio[row].success)
            light.flagged.push_back(bench.index(row));
    const double difference = double(std::abs(byEntropy - byRatio)) / double(bench.images());
    light.value = difference;
    light.state = difference > lossAlarm ? LightState::Alarm : difference > lossCaution && std::abs(byEntropy - byRatio) > 1 ? LightState::Caution : LightState::Good;
    LightPlot plot = stepPlot("step");
    plot.series = {byStep("APGD, cross-entropy", entropy), byStep("APGD, difference of logits ratio", ratio)};
    light.plot = std::move(plot);
    const char* better = byRatio > byEntropy ? "dlr" : "cross-entropy";
    light.finding = "APGD fools " + ofImages(byEntropy, bench.images()) + " by the cross-entropy and " + std::to_string(byRatio) + " by the difference of logits ratio"
        + (light.state == LightState::Alarm ? ": one of the two losses is blind here." : light.isRaised() ? ": neither should be reported alone." : ".");
    if (light.isRaised())
        light.remedy = {RemedyKind::OtherLoss, std::string("Report the better of both; here that is ") + (byRatio > byEntropy ? "the difference of logits ratio." : "the cross-entropy."),
            bench.apgd(better)};
    return light;
}

Light checkClever(DiagnosisBench& bench)
{
    Light light;
    light.threshold = usualViolations;
    const auto count = std::min<std::int64_t>(bench.request().cleverImages, bench.images());
    if (count <= 0) {
        light.finding = "Not asked for: it costs more than all other checks together. Ask for some images.";
        return light;
    }
    std::vector<AttackItem> items;
    for (const DiagnosisImage& each : bench.request().images) {
        const auto row = std::ranges::find(bench.indices(), each.index);
        if (row != bench.indices().end() && std::ssize(items) < count)
            items.push_back({&each.image, {bench.label(std::size_t(row - bench.indices().begin())), {}, 0}, combineSeeds({bench.request().seed, std::uint64_t(each.index), 4})});
    }
    const auto distances = nearest(bench, items);
    LightSeries below{"images"}, above{"above the best attack"};
    below.isPoints = above.isPoints = above.isRaised = true;
    std::int64_t judged = 0;
    for (std::size_t i = 0; i < items.size() && !bench.stopRequested(); ++i) {
        CleverRequest clever = cleverRequest(Params(cleverParameters(), bench.request().preset), bench.metric().norm());
        clever.seed = items[i].seed;
        const CleverResult result = computeClever(bench.request().model, *items[i].image, clever, bench.monitor());
        bench.monitor().progress(std::int64_t(i) + 1, std::ssize(items));
        if (!result.score || !distances[i] || result.partial)
            continue;
        ++judged;
        const bool isAbove = *result.score > *distances[i];
        LightSeries& series = isAbove ? above : below;
        series.x.push_back(*distances[i]);
        series.y.push_back(*result.score);
        series.tips.push_back("image " + std::to_string(bench.index(i)));
        if (isAbove)
            light.flagged.push_back(bench.index(i));
    }
    if (judged == 0) {
        light.finding = "No image has both a CLEVER estimate and an attack that fooled it.";
        return light;
    }
    light.value = double(light.flagged.size()) / double(judged);
    light.state = *light.value > usualViolations && light.flagged.size() > 1 ? LightState::Caution : LightState::Good;
    LightPlot plot{"best attack, " + normLabel(bench.metric().norm()) + " (pixel range [0,1])", "CLEVER estimate (pixel range [0,1])"};
    plot.hasDiagonal = true;
    for (LightSeries* series : {&below, &above})
        if (!series->x.empty())
            plot.series.push_back(std::move(*series));
    light.plot = std::move(plot);
    light.finding = "The CLEVER estimate lies above the nearest image that an attack found on " + ofImages(std::ssize(light.flagged), judged)
        + (light.isRaised() ? ": more than the 22 % at most of the paper, so it is sampled too little or gradients are masked." : "; up to 22 % are usual in the paper.");
    if (light.isRaised())
        light.remedy = {RemedyKind::None, "Sample more: raise CLEVER's batches and samples in the parameters, and look at score against batches.", std::nullopt};
    return light;
}

Light checkTransferBetter(DiagnosisBench& bench)
{
    Light light;
    if (!bench.request().surrogate) {
        light.finding = "Not asked for: name another model of the same task as surrogate.";
        return light;
    }
    const at::NoGradGuard noGrad;
    const AttackOutcomes& own = bench.base();
    const AttackOutcomes& foreign = bench.run(bench.attack(), bench.request().surrogate);
    std::int64_t transferred = 0;
    for (std::size_t row = 0; row < foreign.size(); ++row) {
        const auto& image = foreign[row].success ? foreign[row].adversarial : foreign[row].attempt;
        if (!image)
            continue;
        const bool isFooled = bench.evaluator().logits(tensorFromImages(std::span(&*image, 1))).argmax(1).item<std::int64_t>() != bench.label(row);
        transferred += isFooled ? 1 : 0;
        if (isFooled && !own[row].success)
            light.flagged.push_back(bench.index(row));
    }
    const std::int64_t direct = fooled(own);
    light.value = double(light.flagged.size());
    light.threshold = 0;
    light.state = transferred > direct ? LightState::Alarm : light.flagged.empty() ? LightState::Good : LightState::Caution;
    light.finding = "Images made for " + labelOfSurrogate(bench) + " fool this model on " + ofImages(transferred, bench.images()) + ", its own attack on " + std::to_string(direct)
        + (light.isRaised() ? "; " + std::to_string(light.flagged.size()) + " that its own attack does not: another model's gradients lead farther than its own." : ".");
    if (light.isRaised())
        light.remedy = {RemedyKind::Bpda, "Find what masks this model's gradients; if a step has none, put the identity in its place on the way back (BPDA).", std::nullopt, true};
    return light;
}

Light checkTransferFailure(DiagnosisBench& bench)
{
    Light light;
    if (!bench.request().surrogate) {
        light.finding = "Not asked for: name the model that the attack was made on as surrogate.";
        return light;
    }
    const at::NoGradGuard noGrad;
    const AttackOutcomes& foreign = bench.run(bench.attack(), bench.request().surrogate);
    std::int64_t made = 0;
    for (std::size_t row = 0; row < foreign.size(); ++row) {
        if (!foreign[row].success)
            continue;
        ++made;
        const Image& image = *foreign[row].adversarial;
        if (bench.evaluator().logits(tensorFromImages(std::span(&image, 1))).argmax(1).item<std::int64_t>() == bench.label(row))
            light.flagged.push_back(bench.index(row));
    }
    light.threshold = 0;
    if (made == 0) {
        light.finding = labelOfSurrogate(bench) + " is not fooled on any of these images, so nothing could be transferred.";
        return light;
    }
    light.value = double(light.flagged.size()) / double(made);
    light.state = light.flagged.empty() ? LightState::Good : LightState::Caution;
    light.finding = "Of " + std::to_string(made) + " " + imagesWord(made) + " that fool " + labelOfSurrogate(bench) + ", " + std::to_string(light.flagged.size())
        + (light.flagged.size() == 1 ? " does" : " do") + " not fool this model: failures by transfer say little of its robustness.";
    if (light.isRaised())
        light.remedy = {RemedyKind::AttackModel, "Attack this model itself.", bench.attack()};
    return light;
}

} // namespace brink
