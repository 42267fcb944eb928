// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/inspect.h"

#include "core/attack/randomdirections.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/study/describe_torch.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace brink {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void checkRequest(const InspectRequest& request)
{
    if (!request.model)
        throw Error(ErrorCode::Usage, "Open a model first.");
    if (request.randomDirections < 0 || request.randomDirections > 1'000'000)
        throw Error(ErrorCode::Domain, "The number of random directions must be between 0 and 1000000.");
}

Json parametersJson(const InspectRequest& request)
{
    Json json;
    json["target"] = request.target ? std::to_string(*request.target) : targetRuleText(request.targetRule);
    if (request.clever)
        json["clever"] = {{"norm", normName(request.clever->norm)}, {"radius", request.clever->radius},
            {"batches", request.clever->batches}, {"samples", request.clever->samples},
            {"sampling", request.clever->sampling == CleverSampling::Paper ? "paper" : "released-code"},
            {"shapePenalty", request.clever->fit.shapePenalty}};
    for (const AttackRequest& attack : request.attacks)
        json["attacks"].push_back({{"name", attack.name}, {"norm", normName(attack.norm)}, {"parameters", attack.parameters.toJson()}});
    json["randomDirections"] = request.randomDirections;
    return json;
}

RandomDirectionResult summarise(const std::vector<std::optional<double>>& crossings, Norm norm)
{
    RandomDirectionResult result;
    result.norm = norm;
    result.directions = int(crossings.size());
    // A direction that never crosses inside the box counts as infinitely far, so quantiles stay honest.
    std::vector<double> distances;
    for (const auto& crossing : crossings) {
        distances.push_back(crossing.value_or(HUGE_VAL));
        result.crossings += crossing.has_value();
    }
    std::ranges::sort(distances);
    const auto at = [&](double share) -> std::optional<double> {
        const double value = distances[std::size_t(share * double(distances.size() - 1) + 0.5)];
        return std::isfinite(value) ? std::optional(value) : std::nullopt;
    };
    result.minimum = at(0);
    result.q05 = at(0.05);
    result.median = at(0.5);
    result.q95 = at(0.95);
    return result;
}

/// Distances an attack is held against: the margin's linearisation, with the gradient in the dual norm, over all
/// classes (or the target). Costs one forward and K-1 backwards.
std::optional<double> linearisedDistance(Evaluator& evaluator, const InspectResult& result, std::optional<std::int64_t> target)
{
    if (result.norm == Norm::L0)
        return std::nullopt;
    const ForwardPass pass = evaluator.forward(tensorFromImages(std::span(&result.image, 1)));
    std::vector<std::int64_t> classes;
    if (target) {
        classes.push_back(*target);
    } else {
        // More than the ten nearest logits would cost more than the number is worth; said in the definition.
        for (std::int64_t j = 0; j < result.classes; ++j)
            if (j != result.predicted)
                classes.push_back(j);
        std::ranges::sort(classes, std::greater{}, [&](std::int64_t j) { return result.logits[std::size_t(j)]; });
        classes.resize(std::min<std::size_t>(classes.size(), 10));
    }
    const Norm dual = dualNorm(result.norm);
    const double order = dual == Norm::L1 ? 1.0 : dual == Norm::L2 ? 2.0 : HUGE_VAL;
    std::optional<double> smallest;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const std::int64_t j = classes[i];
        if (j == result.predicted)
            continue;
        const at::Tensor margin = pass.logits.select(1, result.predicted) - pass.logits.select(1, j);
        const at::Tensor gradient = evaluator.gradient(pass, margin, i + 1 < classes.size());
        const double norm = gradient.flatten().to(at::kDouble).norm(order).item<double>();
        if (norm > 0) {
            const double distance = margin.item<double>() / norm;
            smallest = std::min(smallest.value_or(distance), distance);
        }
    }
    return smallest;
}

bool isGradientFree(const AttackOutcome& outcome) { return outcome.name == "random-directions"; }

void raise(InspectResult& result, LadderAlarm alarm, std::string code, std::string text)
{
    result.alarms.push_back(alarm);
    result.warnings.push_back({std::move(code), std::move(text)});
}

/// Orders that must hold on the ladder (design.md section 1; methods.md 1.5 b and 8, I5).
void raiseAlarms(InspectResult& result)
{
    if (!result.best)
        return;
    const AttackOutcome& best = result.attacks[*result.best];
    const double distance = best.distance->in(result.norm);
    if (result.clever && result.clever->score && result.clever->norm == result.norm && !result.partial) {
        const double lower = result.clever->interval ? (*result.clever->interval)[0] : *result.clever->score;
        if (distance < lower)
            raise(result, LadderAlarm::AttackBelowClever, "attack-below-clever",
                best.name + " found an adversarial image at " + formatReal(distance) + ", below the CLEVER estimate "
                    + formatReal(*result.clever->score)
                    + ": the estimate is too high here (too few samples, too small a radius, or masked gradients).");
    }
    const double randomMinimum
        = result.randomDirections && result.randomDirections->minimum ? *result.randomDirections->minimum : HUGE_VAL;
    const bool isWhiteBoxTried = std::ranges::any_of(result.attacks, [](const auto& outcome) { return !isGradientFree(outcome); });
    if (isWhiteBoxTried && (isGradientFree(best) || randomMinimum < distance))
        raise(result, LadderAlarm::GradientFreeBest, "gradient-free-best",
            "Random directions leave the class closer than every gradient attack: the gradients are masked or the attacks need more steps.");
}

/// A list of target classes is meant for many images; the predicted class of one of them cannot be its target.
bool isOwnClassOnly(const CleverRequest& clever, InspectResult& result)
{
    if (clever.targets != CleverTargets::Classes
        || !std::ranges::all_of(clever.classes, [&](std::int64_t target) { return target == result.predicted; }))
        return false;
    result.warnings.push_back({"target-is-predicted", "The only CLEVER target is the predicted class itself; no score was computed."});
    return true;
}

} // namespace

InspectResult runInspect(const InspectRequest& request, Monitor& monitor, const InspectPublish& publish)
{
    checkRequest(request);
    const Clock::time_point start = Clock::now();
    Evaluator evaluator(request.model);
    InspectResult result = describeImage(request, evaluator);
    result.parameters = parametersJson(request);
    const ImageSeeds seeds = imageSeeds(request.seed, request.index);
    const TargetRule rule = request.target ? TargetRule{TargetRule::Kind::Class, *request.target} : request.targetRule;
    result.target = targetFor(rule, result.logits, result.predicted, seeds.target);
    EvaluationCounts others;
    const auto send = [&] {
        result.counts = evaluator.counts();
        result.counts += others;
        result.seconds = secondsSince(start);
        if (publish)
            publish(std::make_shared<const InspectResult>(result));
    };
    result.partial = true;
    send();

    const std::int64_t parts = std::int64_t(request.attacks.size()) + (request.randomDirections > 0) + 4 * request.clever.has_value();
    std::int64_t done = 0;
    const auto advance = [&](std::int64_t by) { PartMonitor(monitor, done += by, 0, parts).progress(1, 1); };
    advance(0);
    result.linearisedDistance = linearisedDistance(evaluator, result, result.target);

    for (const AttackRequest& attack : request.attacks) {
        if (monitor.stopRequested())
            break;
        const AttackItem item{&result.image, {result.predicted, result.target, 0}, seeds.attacks};
        PartMonitor inner(monitor, done, 1, parts);
        result.attacks.push_back(std::move(runAttack(request.model, attack, std::span(&item, 1), inner).front()));
        others += result.attacks.back().counts;
        findBest(result);
        if (result.best)
            result.adversarialLogits = logitsOf(evaluator, *result.attacks[*result.best].adversarial);
        advance(1);
        send();
    }
    if (request.randomDirections > 0 && result.norm != Norm::L0 && !monitor.stopRequested()) {
        const Criterion criterion{result.predicted, result.target, 0};
        const auto crossings = crossingDistances(request.model, result.image, criterion, result.norm, request.randomDirections,
            seeds.directions, monitor, others);
        if (!crossings.empty())
            result.randomDirections = summarise(crossings, result.norm);
        advance(1);
        send();
    }
    if (request.clever && !monitor.stopRequested() && !isOwnClassOnly(*request.clever, result)) {
        CleverRequest clever = *request.clever;
        std::erase(clever.classes, result.predicted);
        clever.seed = seeds.clever;
        PartMonitor inner(monitor, done, 4, parts);
        const auto live = [&](std::shared_ptr<const CleverResult> snapshot) {
            result.clever = *snapshot;
            send();
        };
        result.clever = computeClever(request.model, result.image, clever, inner, publish ? CleverPublish(live) : CleverPublish());
        others += result.clever->counts;
        advance(4);
    }
    result.partial = monitor.stopRequested();
    raiseAlarms(result);
    send();
    return result;
}

} // namespace brink
