// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/inspect.h"

#include "core/attack/randomdirections.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/study/describe_torch.h"
#include "core/study/proofoutcome.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <numeric>

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
            {"shapePenalty", request.clever->fit.shapePenalty}, {"anytime", request.clever->anytime},
            {"intervalWidth", request.clever->intervalWidth}};
    if (request.bound)
        json["bound"] = toJson(*request.bound);
    if (!request.whatIf.isNothing())
        json["whatIf"] = whatIfRecord(request.whatIf);
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

/// By how much of its distance a gradient-free attack must be nearer: attacks of a preview end a few percent from the boundary.
constexpr double clearLead = 0.05;

bool isGradientFree(const AttackOutcome& outcome) { return outcome.counts.backwards == 0 && !isOfProof(outcome); }

bool isByGradients(const AttackOutcome& outcome) { return !isGradientFree(outcome) && !isOfProof(outcome); }

void raise(InspectResult& result, LadderAlarm alarm, std::string code, std::string text)
{
    result.alarms.push_back(alarm);
    result.warnings.push_back({std::move(code), std::move(text)});
}

/// Distances of attacks are rounded to single precision.
constexpr double roundingOfDistances = 1e-6;

/// Orders that must hold on the ladder (design.md section 1; methods.md 1.5 b and 8, I1 and I5).
void raiseAlarms(InspectResult& result)
{
    if (!result.best)
        return;
    const AttackOutcome& best = result.attacks[*result.best];
    const double distance = best.distance->in(result.norm);
    if (result.certified && result.certified->radius && distance < *result.certified->radius * (1 - roundingOfDistances))
        raise(result, LadderAlarm::AttackBelowCertificate, "attack-below-certificate",
            best.name + " found an adversarial image at " + formatReal(distance) + ", inside the ball of radius " + formatReal(*result.certified->radius) + " that "
                + certifyMethodName(result.certified->method) + " proved to hold none: one of the two is wrong; please report it.");
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
    if (std::ranges::none_of(result.attacks, isByGradients))
        return;
    double byGradients = HUGE_VAL;
    for (const AttackOutcome& outcome : result.attacks)
        if (outcome.success && isByGradients(outcome))
            byGradients = std::min(byGradients, outcome.distance->in(result.norm));
    // Inside one budget nobody looks for the nearest: there a gradient-free success counts where no gradient led to any.
    const bool isNearer = best.eps ? std::isinf(byGradients) : distance < (1 - clearLead) * byGradients;
    const bool isBlindBest = isGradientFree(best) && isNearer;
    if (isBlindBest || randomMinimum < distance)
        raise(result, LadderAlarm::GradientFreeBest, "gradient-free-best",
            (isBlindBest ? attackInfo(best.name).label : "Random directions")
                + " found a way out of the class closer than every gradient attack: the gradients are masked or the attacks need more steps.");
}

/// A list of target classes is meant for many images; the predicted class of one of them cannot be its target.
bool isOwnClassOnly(const CleverRequest& clever, std::int64_t predicted)
{
    return clever.targets == CleverTargets::Classes
        && std::ranges::all_of(clever.classes, [predicted](std::int64_t target) { return target == predicted; });
}

/// Progress of parts that run beside each other, as one number.
class PartsProgress {
public:
    /// @param weights of the parts: what each costs, about.
    PartsProgress(Monitor& whole, std::vector<std::int64_t> weights)
        : m_whole(whole), m_weights(std::move(weights)), m_done(m_weights.size())
    {
    }

    void set(std::size_t part, std::int64_t done, std::int64_t total)
    {
        if (total <= 0)
            return;
        m_done[part].store(m_weights[part] * resolution * done / total, std::memory_order_relaxed);
        std::int64_t sum = 0;
        for (const auto& each : m_done)
            sum += each.load(std::memory_order_relaxed);
        m_whole.progress(sum, resolution * std::accumulate(m_weights.begin(), m_weights.end(), std::int64_t(0)));
    }

    [[nodiscard]] Monitor& whole() { return m_whole; }

private:
    static constexpr std::int64_t resolution = 1000;
    Monitor& m_whole;
    const std::vector<std::int64_t> m_weights;
    std::vector<std::atomic<std::int64_t>> m_done;
};

/// One of the parts.
class OnePart final : public Monitor {
public:
    OnePart(PartsProgress& parts, std::size_t part) : m_parts(parts), m_part(part) {}
    [[nodiscard]] bool stopRequested() const override { return m_parts.whole().stopRequested(); }
    void progress(std::int64_t done, std::int64_t total) override { m_parts.set(m_part, done, total); }
    void note(std::string_view text) override { m_parts.whole().note(text); }
    [[nodiscard]] int lanes() const override { return m_parts.whole().lanes(); }
    void runTogether(std::span<const Task> tasks) override { m_parts.whole().runTogether(tasks); }

private:
    PartsProgress& m_parts;
    std::size_t m_part;
};

/// One image on its way. CLEVER, attacks and random directions run beside each other on the monitor's lanes; the result is
/// the same in whichever order they end.
class InspectRun {
public:
    InspectRun(const InspectRequest& request, Monitor& monitor, const InspectPublish& publish)
        : m_request(request), m_monitor(monitor), m_publish(publish), m_evaluator(request.model),
          m_seeds(imageSeeds(request.seed, request.index)), m_outcomes(request.attacks.size())
    {
    }

    InspectResult run()
    {
        describe();
        send();
        searchAround();
        m_result.partial = m_monitor.stopRequested();
        raiseAlarms(m_result);
        send();
        return std::move(m_result);
    }

private:
    [[nodiscard]] bool hasDirections() const { return m_request.randomDirections > 0 && m_result.norm != Norm::L0; }
    // Numbers of the parts: the attacks in their order, then these.
    [[nodiscard]] std::size_t directionsPart() const { return m_outcomes.size(); }
    [[nodiscard]] std::size_t cleverPart() const { return m_outcomes.size() + 1; }
    [[nodiscard]] std::size_t boundPart() const { return m_outcomes.size() + 2; }
    [[nodiscard]] std::vector<std::int64_t> weights() const
    {
        std::vector<std::int64_t> weights(m_outcomes.size(), 1);
        weights.push_back(hasDirections());
        weights.push_back(m_request.clever ? 4 : 0);
        weights.push_back(m_request.bound ? 1 : 0);
        return weights;
    }

    void describe()
    {
        m_result = describeImage(m_request, m_evaluator);
        m_result.parameters = parametersJson(m_request);
        const TargetRule rule = m_request.target ? TargetRule{TargetRule::Kind::Class, *m_request.target} : m_request.targetRule;
        m_result.target = targetFor(rule, m_result.logits, m_result.predicted, m_seeds.target);
        m_result.partial = true;
    }

    void searchAround()
    {
        m_result.linearisedDistance = linearisedDistance(m_evaluator, m_result, m_result.target);
        m_criterion = {m_result.predicted, m_result.target, 0};
        // The tasks read the image and the criterion without a lock; everything else of the result is theirs only under it.
        PartsProgress progress(m_monitor, weights());
        std::vector<Task> tasks;
        for (std::size_t i = 0; i < m_outcomes.size(); ++i)
            tasks.emplace_back([this, i, &progress] { attack(i, progress); });
        if (hasDirections())
            tasks.emplace_back([this, &progress] { crossRandomDirections(progress); });
        if (m_request.bound)
            tasks.emplace_back([this, &progress] { prove(progress); });
        if (m_request.clever) {
            // The longest part first where something else can run beside it; a single lane shows the attacks first.
            const auto place = m_monitor.lanes() > 1 ? tasks.begin() : tasks.end();
            tasks.insert(place, [this, &progress] { computeCleverScore(progress); });
        }
        m_monitor.runTogether(tasks);
    }

    void attack(std::size_t index, PartsProgress& progress)
    {
        if (m_monitor.stopRequested())
            return;
        OnePart part(progress, index);
        const AttackItem item{&m_result.image, m_criterion, m_seeds.attacks};
        AttackOutcome outcome = std::move(runAttack(m_request.model, m_request.attacks[index], std::span(&item, 1), part).front());
        part.progress(1, 1);
        const std::lock_guard lock(m_mutex);
        m_others += outcome.counts;
        m_outcomes[index] = std::move(outcome);
        collectOutcomes();
        send();
    }

    /// In the order asked for; what the proof met comes last. Under the lock.
    void collectOutcomes()
    {
        m_result.attacks.clear();
        for (const auto& ended : m_outcomes)
            if (ended)
                m_result.attacks.push_back(*ended);
        if (m_metByProof)
            m_result.attacks.push_back(*m_metByProof);
        findBest(m_result);
        if (m_result.best)
            m_result.adversarialLogits = logitsOf(m_evaluator, *m_result.attacks[*m_result.best].adversarial);
    }

    void crossRandomDirections(PartsProgress& progress)
    {
        if (m_monitor.stopRequested())
            return;
        OnePart part(progress, directionsPart());
        EvaluationCounts counts;
        const auto crossings = crossingDistances(m_request.model, m_result.image, m_criterion, m_request.norm,
            m_request.randomDirections, m_seeds.directions, part, counts);
        part.progress(1, 1);
        const std::lock_guard lock(m_mutex);
        m_others += counts;
        if (!crossings.empty())
            m_result.randomDirections = summarise(crossings, m_request.norm);
        send();
    }

    void prove(PartsProgress& progress)
    {
        if (m_monitor.stopRequested())
            return;
        OnePart part(progress, boundPart());
        std::optional<double> cleverRadius;
        if (m_request.clever && m_request.clever->norm == m_request.norm)
            cleverRadius = m_request.clever->radius;
        CertifiedBound bound
            = certifiedBound(m_request.model, m_result.image, m_criterion.reference, m_criterion.target, m_request.norm, cleverRadius, *m_request.bound, part);
        std::optional<AttackOutcome> met = bound.proof ? proofOutcome(m_request.model, m_result.image, *bound.proof, m_criterion) : std::nullopt;
        part.progress(1, 1);
        const std::lock_guard lock(m_mutex);
        if (met) {
            m_metByProof = std::move(met);
            collectOutcomes();
        }
        m_result.certified = std::move(bound.proof);
        m_result.certifiedBall = std::move(bound.ball);
        m_result.uncertified = std::move(bound.unavailable);
        send();
    }

    void computeCleverScore(PartsProgress& progress)
    {
        if (m_monitor.stopRequested() || isOwnClassOnly(*m_request.clever, m_result.predicted)) {
            const std::lock_guard lock(m_mutex);
            if (!m_monitor.stopRequested())
                m_result.warnings.push_back(
                    {"target-is-predicted", "The only CLEVER target is the predicted class itself; no score was computed."});
            return;
        }
        OnePart part(progress, cleverPart());
        CleverRequest clever = *m_request.clever;
        std::erase(clever.classes, m_result.predicted);
        clever.seed = m_seeds.clever;
        const auto live = [this](std::shared_ptr<const CleverResult> snapshot) {
            const std::lock_guard lock(m_mutex);
            m_result.clever = *snapshot;
            send();
        };
        CleverResult result = computeClever(m_request.model, m_result.image, clever, part, m_publish ? CleverPublish(live) : CleverPublish());
        part.progress(1, 1);
        const std::lock_guard lock(m_mutex);
        m_others += result.counts;
        m_result.clever = std::move(result);
        send();
    }

    /// While tasks run: under the lock.
    void send()
    {
        m_result.counts = m_evaluator.counts();
        m_result.counts += m_others;
        m_result.seconds = secondsSince(m_start);
        if (m_publish)
            m_publish(std::make_shared<const InspectResult>(m_result));
    }

    const InspectRequest& m_request;
    Monitor& m_monitor;
    const InspectPublish& m_publish;
    const Clock::time_point m_start = Clock::now();
    Evaluator m_evaluator;
    const ImageSeeds m_seeds;
    Criterion m_criterion;
    std::mutex m_mutex; ///< guards m_result, m_evaluator, m_outcomes and m_others while tasks run
    InspectResult m_result;
    std::vector<std::optional<AttackOutcome>> m_outcomes; ///< one place for each attack asked for
    std::optional<AttackOutcome> m_metByProof;
    EvaluationCounts m_others; ///< costs other than m_evaluator's
};

} // namespace

InspectResult runInspect(const InspectRequest& request, Monitor& monitor, const InspectPublish& publish)
{
    checkRequest(request);
    return InspectRun(request, monitor, publish).run();
}

std::optional<DistanceBracket> distanceBracket(const InspectResult& result)
{
    if (!result.certified || !result.certified->radius || !result.best)
        return {};
    return DistanceBracket{*result.certified->radius, result.attacks[*result.best].distance->in(result.norm)};
}

} // namespace brink
