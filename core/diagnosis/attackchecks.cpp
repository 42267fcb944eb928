// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lights about the attack under scrutiny: does it do what it could?
#include "core/base/text.h"
#include "core/diagnosis/attackindicators.h"
#include "core/diagnosis/bench_torch.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace brink {

namespace {

/// Share of the images that failed although their loss still fell.
constexpr double fewUnfinished = 0.25, manyUnfinished = 0.5;
constexpr int pathsDrawn = 12;
/// Carlini et al. 2019 ask for 10 000 draws of noise and more.
constexpr int paperDraws = 10'000, previewDraws = 500;

AttackRequest longer(const AttackRequest& attack, long long factor)
{
    AttackRequest more = attack;
    const char* key = attack.parameters.contains("steps") ? "steps" : "queries";
    more.parameters.set(key, attack.parameters.integer(key) * factor);
    return more;
}

bool hasSteps(const AttackRequest& attack) { return attack.parameters.contains("steps") || attack.parameters.contains("queries"); }

std::size_t walksOf(const AttackRequest& attack) { return attack.parameters.contains("restarts") ? std::size_t(attack.parameters.integer("restarts")) : 1; }

std::string labelOf(const AttackRequest& attack) { return attackInfo(attack.name).label; }

LightSeries successCurve(const std::string& name, const AttackOutcomes& outcomes)
{
    LightSeries curve{name};
    const std::vector<double> share = successByStep(outcomes);
    for (std::size_t step = 0; step < share.size(); ++step) {
        curve.x.push_back(double(step));
        curve.y.push_back(100 * share[step]);
    }
    return curve;
}

LightPlot stepPlot()
{
    LightPlot plot{"step", "images fooled, %"};
    plot.yRange = {0, 102};
    return plot;
}

/// Images that one attack fools and another does not.
std::vector<std::int64_t> onlyBy(const DiagnosisBench& bench, const AttackOutcomes& one, const AttackOutcomes& other)
{
    std::vector<std::int64_t> images;
    for (std::size_t row = 0; row < one.size(); ++row)
        if (one[row].success && !other[row].success)
            images.push_back(bench.index(row));
    return images;
}

Remedy moreSteps(const DiagnosisBench& bench, long long factor)
{
    if (!hasSteps(bench.attack()))
        return {RemedyKind::OtherAttack, "Take an attack of many steps.", bench.apgd("cross-entropy")};
    AttackRequest more = longer(bench.attack(), factor);
    const char* key = more.parameters.contains("steps") ? "steps" : "queries";
    more.parameters.set(key, std::max(more.parameters.integer(key), 100LL));
    return {RemedyKind::MoreSteps, "Give the attack " + std::to_string(more.parameters.integer(key)) + " " + key + ".", more};
}

} // namespace

Light checkSilentSuccess(DiagnosisBench& bench)
{
    Light light;
    const AttackOutcomes& outcomes = bench.base();
    for (std::size_t row = 0; row < outcomes.size(); ++row)
        if (isSilentSuccess(outcomes[row]))
            light.flagged.push_back(bench.index(row));
    light.value = double(light.flagged.size());
    light.threshold = 0;
    light.state = light.flagged.empty() ? LightState::Good : LightState::Alarm;
    light.finding = light.flagged.empty() ? "No failure of " + labelOf(bench.attack()) + " passed an adversarial image on its way."
                                          : labelOf(bench.attack()) + " calls " + ofImages(std::ssize(light.flagged), bench.images())
            + " failures although an iterate was adversarial: a fresh pass did not agree with the attack's own.";
    if (light.isRaised())
        light.remedy = {RemedyKind::OtherAttack, "Look at the model's repeatability first; then take the best iterate, as APGD does.", bench.apgd("cross-entropy")};
    return light;
}

Light checkIncomplete(DiagnosisBench& bench)
{
    Light light;
    const AttackOutcomes& outcomes = bench.base();
    const std::int64_t failed = bench.images() - fooled(outcomes);
    LightPlot plot{"step", "loss, rescaled to its range, least so far"};
    std::vector<double> falls;
    for (const bool wantsRaised : {true, false})
        for (std::size_t row = 0; row < outcomes.size(); ++row) {
            if (outcomes[row].success)
                continue;
            const std::vector<double> loss = lossPath(outcomes[row], walksOf(bench.attack()));
            const double fall = unfinishedShare(loss);
            if ((fall > mostUnfinished) != wantsRaised)
                continue;
            falls.push_back(fall);
            if (wantsRaised)
                light.flagged.push_back(bench.index(row));
            if (loss.empty() || std::ssize(plot.series) >= pathsDrawn)
                continue;
            LightSeries path{"image " + std::to_string(bench.index(row))};
            path.y = rescaledLoss(loss);
            path.x.resize(path.y.size());
            std::iota(path.x.begin(), path.x.end(), 0.0);
            path.isRaised = wantsRaised;
            plot.series.push_back(std::move(path));
        }
    light.threshold = mostUnfinished;
    if (failed == 0) {
        light.state = LightState::Good;
        light.finding = labelOf(bench.attack()) + " fools every image; nothing was left unfinished.";
        return light;
    }
    if (!plot.series.empty())
        light.plot = std::move(plot);
    const double share = double(light.flagged.size()) / double(failed);
    light.value = median(falls);
    light.state = share > manyUnfinished ? LightState::Alarm : share > fewUnfinished && light.flagged.size() > 1 ? LightState::Caution : LightState::Good;
    light.finding = labelOf(bench.attack()) + " does not fool " + ofImages(failed, bench.images()) + "; on " + std::to_string(light.flagged.size())
        + " of these the loss still fell by more than 5 % of its range in the last 10 steps.";
    if (light.isRaised())
        light.remedy = moreSteps(bench, 4);
    return light;
}

Light checkUnconstrained(DiagnosisBench& bench)
{
    Light light;
    const AttackOutcomes& outcomes = bench.unconstrained();
    for (std::size_t row = 0; row < outcomes.size(); ++row)
        if (!outcomes[row].success)
            light.flagged.push_back(bench.index(row));
    light.value = double(light.flagged.size()) / double(outcomes.size());
    light.threshold = 0;
    light.state = light.flagged.empty() ? LightState::Good : LightState::Alarm;
    LightPlot plot = stepPlot();
    plot.series = {successCurve("the whole pixel box as budget", outcomes), successCurve("eps " + formatReal(bench.eps()), bench.base())};
    light.plot = std::move(plot);
    light.finding = light.flagged.empty() ? labelOf(bench.attack()) + " fools every image when the budget is the whole pixel box."
                                          : labelOf(bench.attack()) + " does not fool " + ofImages(std::ssize(light.flagged), bench.images())
            + " even with the whole pixel box as budget, where every image of another class is within reach.";
    if (light.isRaised())
        light.remedy = moreSteps(bench, 4);
    return light;
}

Light checkSingleStep(DiagnosisBench& bench)
{
    Light light;
    if (bench.attack().name == "fgsm") {
        light.finding = "The attack under scrutiny is FGSM itself.";
        return light;
    }
    AttackRequest single = bench.rival("fgsm");
    const AttackOutcomes& one = bench.run(single);
    const AttackOutcomes& many = bench.base();
    light.flagged = onlyBy(bench, one, many);
    const std::int64_t by = fooled(one), than = fooled(many);
    if (by + than == 0) {
        light.finding = "Neither FGSM nor " + labelOf(bench.attack()) + " fools an image at this budget; a larger one is needed to compare them.";
        return light;
    }
    light.value = than > 0 ? double(by) / double(than) : by > 0 ? double(by) : 1.0;
    light.threshold = 1;
    light.state = effortState(by - than, bench.images());
    LightPlot plot = stepPlot();
    plot.series.push_back(successCurve(labelOf(bench.attack()), many));
    LightSeries line{"FGSM, one step"};
    line.isRaised = true;
    line.x = {0, plot.series.front().x.empty() ? 1.0 : plot.series.front().x.back()};
    line.y.assign(2, 100 * double(by) / double(bench.images()));
    plot.series.push_back(std::move(line));
    light.plot = std::move(plot);
    light.finding = "FGSM fools " + ofImages(by, bench.images()) + " in one step, " + labelOf(bench.attack()) + " " + std::to_string(than)
        + (light.isRaised() ? ": many steps must not do worse than one." : by > than ? "; one image may be chance." : ".");
    if (light.isRaised())
        light.remedy = {RemedyKind::OtherAttack, "Steps that overshoot, or a loss that is not smooth: take APGD, which finds its own step size.", bench.apgd("dlr")};
    return light;
}

Light checkMoreSteps(DiagnosisBench& bench)
{
    Light light;
    if (!hasSteps(bench.attack())) {
        light.finding = labelOf(bench.attack()) + " has no number of steps to double.";
        return light;
    }
    const AttackOutcomes& base = bench.base();
    const AttackOutcomes& twice = bench.run(longer(bench.attack(), 2));
    light.flagged = onlyBy(bench, twice, base);
    const std::int64_t gained = fooled(twice) - fooled(base);
    light.value = double(gained) / double(bench.images());
    light.threshold = effortCaution;
    light.state = effortState(gained, bench.images());
    LightPlot plot = stepPlot();
    plot.series = {successCurve("as asked", base), successCurve("twice the steps", twice)};
    plot.series.back().isRaised = true;
    light.plot = std::move(plot);
    light.finding = "Twice the steps fool " + ofImages(fooled(twice), bench.images()) + " instead of " + std::to_string(fooled(base)) + (light.isRaised() ? ": the attack has not ended." : ".");
    if (light.isRaised())
        light.remedy = moreSteps(bench, 4);
    return light;
}

Light checkRestarts(DiagnosisBench& bench)
{
    Light light;
    if (!bench.attack().parameters.contains("restarts")) {
        light.finding = labelOf(bench.attack()) + " has one start only.";
        return light;
    }
    const AttackOutcomes& base = bench.base();
    const long long starts = bench.attack().parameters.integer("restarts");
    const AttackRequest more = bench.attackWith("restarts", starts * 5);
    const AttackOutcomes& several = bench.run(more);
    light.flagged = onlyBy(bench, several, base);
    const std::int64_t gained = fooled(several) - fooled(base);
    light.value = double(gained) / double(bench.images());
    light.threshold = effortCaution;
    light.state = effortState(gained, bench.images());
    LightPlot plot{"random starts", "images fooled, %"};
    plot.yRange = {0, 102};
    LightSeries line{labelOf(bench.attack())};
    line.x = {double(starts), double(starts * 5)};
    line.y = {100 * double(fooled(base)) / double(bench.images()), 100 * double(fooled(several)) / double(bench.images())};
    plot.series = {std::move(line)};
    light.plot = std::move(plot);
    light.finding = std::to_string(starts * 5) + " random starts fool " + ofImages(fooled(several), bench.images()) + ", " + std::to_string(starts) + (starts == 1 ? " fools " : " fool ")
        + std::to_string(fooled(base)) + ".";
    if (light.isRaised())
        light.remedy = {RemedyKind::Restarts, "Give the attack " + std::to_string(starts * 10) + " random starts.", bench.attackWith("restarts", starts * 10)};
    return light;
}

Light checkBudgets(DiagnosisBench& bench)
{
    Light light;
    LightSeries curve{labelOf(bench.attack())};
    std::vector<double> budgets;
    for (const double factor : {0.25, 0.5, 1.0, 2.0, 4.0})
        if (factor * bench.eps() < bench.widestEps())
            budgets.push_back(factor * bench.eps());
    std::int64_t most = 0, worst = 0;
    double worstAt = 0;
    for (std::size_t i = 0; i < budgets.size(); ++i) {
        bench.beginPart(std::int64_t(i), std::int64_t(budgets.size()));
        const std::int64_t count = fooled(budgets[i] == bench.eps() ? bench.base() : bench.run(bench.attackWith("eps", budgets[i])));
        curve.x.push_back(budgets[i]);
        curve.y.push_back(100 * double(count) / double(bench.images()));
        if (most - count > worst) {
            worst = most - count;
            worstAt = budgets[i];
        }
        most = std::max(most, count);
    }
    light.value = double(worst) / double(bench.images());
    light.threshold = effortCaution;
    light.state = effortState(worst, bench.images());
    light.finding = light.isRaised() ? "At a budget of " + formatReal(worstAt) + " " + labelOf(bench.attack()) + " fools " + std::to_string(worst) + " " + imagesWord(worst)
            + " fewer than at a smaller one: whoever may do more must not do worse."
                                     : "Success never falls as the budget grows, from " + formatReal(curve.y.front()) + " % at " + formatReal(curve.x.front()) + " to " + formatReal(curve.y.back())
            + " % at " + formatReal(curve.x.back()) + " (" + normName(bench.metric().norm()) + ").";
    LightPlot plot{"budget, " + normLabel(bench.metric().norm()) + " (pixel range [0,1])", "images fooled, %"};
    plot.isLogarithmicX = true;
    plot.yRange = {0, 102};
    plot.series = {std::move(curve)};
    light.plot = std::move(plot);
    if (light.isRaised())
        light.remedy = {RemedyKind::OtherAttack, "Steps grow with the budget and overshoot: take APGD, which finds its own step size.", bench.apgd("cross-entropy")};
    return light;
}

Light checkNoise(DiagnosisBench& bench)
{
    const at::NoGradGuard noGrad;
    Light light;
    const AttackOutcomes& base = bench.base();
    const int draws = bench.request().preset == Preset::Paper ? paperDraws : previewDraws;
    const auto batch = std::int64_t(bench.model().bestBatch());
    std::vector<Rng> generators = bench.generators(3);
    std::vector<double> found;
    std::vector<std::int64_t> onlyNoise;
    for (std::size_t row = 0; row < base.size() && !bench.stopRequested(); ++row) {
        const at::Tensor x0 = bench.x().narrow(0, std::int64_t(row), 1);
        const auto length = std::int64_t(bench.model().dimension());
        for (std::int64_t done = 0; done < draws && !bench.stopRequested(); done += batch) {
            const std::int64_t count = std::min<std::int64_t>(batch, draws - done);
            const at::Tensor raw = at::empty({count, length}), other = at::empty({count, length}), radial = at::empty({count});
            const auto all = [](const at::Tensor& values) { return std::span(values.data_ptr<float>(), std::size_t(values.numel())); };
            if (bench.metric().norm() == Norm::L2)
                generators[row].fillNormal(all(raw));
            else
                generators[row].fillUniform(all(raw), 0, 1);
            generators[row].fillUniform(all(other), 0, 1);
            generators[row].fillUniform(all(radial), 0, 1);
            const at::Tensor signs = at::where(other.lt(0.5), -at::ones_like(raw), at::ones_like(raw));
            // Half of the draws lie on the surface, where noise does most.
            const at::Tensor inside = bench.metric().ballFromRandom(raw, signs, radial);
            const at::Tensor outside = bench.metric().norm() == Norm::Linf ? signs : bench.metric().ballFromRandom(raw, signs, at::ones_like(radial));
            const at::Tensor noise = at::where(at::arange(count).remainder(2).eq(0).unsqueeze(1), inside, outside).to(x0.device());
            const at::Tensor x = (x0 + bench.eps() * noise.view({count, x0.size(1), x0.size(2), x0.size(3)})).clamp(0, 1);
            const at::Tensor isOther = bench.evaluator().logits(x).argmax(1).ne(bench.label(row)).to(at::kCPU);
            if (!isOther.any().item<bool>())
                continue;
            found.push_back(double(done + isOther.to(at::kInt).argmax().item<std::int64_t>() + 1));
            if (!base[row].success)
                onlyNoise.push_back(bench.index(row));
            break;
        }
        bench.monitor().progress(std::int64_t(row) + 1, std::ssize(base));
    }
    std::ranges::sort(found);
    LightSeries curve{"noise"}, line{labelOf(bench.attack())};
    curve.isRaised = true;
    for (std::size_t i = 0; i < found.size(); ++i) {
        curve.x.push_back(found[i]);
        curve.y.push_back(100 * double(i + 1) / double(base.size()));
    }
    curve.x.push_back(draws);
    curve.y.push_back(100 * double(found.size()) / double(base.size()));
    line.x = {1, double(draws)};
    line.y.assign(2, 100 * double(fooled(base)) / double(base.size()));
    LightPlot plot{"draws of noise", "images fooled, %"};
    plot.isLogarithmicX = true;
    plot.yRange = {0, 102};
    plot.series = {std::move(curve), std::move(line)};
    light.plot = std::move(plot);
    light.flagged = onlyNoise;
    light.value = double(onlyNoise.size());
    light.threshold = 0;
    light.state = onlyNoise.empty() ? LightState::Good : std::ssize(found) > fooled(base) ? LightState::Alarm : LightState::Caution;
    light.finding = std::to_string(draws) + " draws of noise inside the budget fool " + ofImages(std::ssize(found), bench.images()) + ", " + labelOf(bench.attack()) + " fools "
        + std::to_string(fooled(base)) + (onlyNoise.empty() ? "; none that it does not." : "; " + std::to_string(onlyNoise.size()) + " of them only noise fools.");
    if (light.isRaised())
        light.remedy = {RemedyKind::OtherAttack, "Chance must not beat a search: start from several random points, with a loss of logits.", bench.apgd("dlr")};
    return light;
}

} // namespace brink
