// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/verifycheck.h"

#include "core/base/error.h"
#include "core/study/describe_torch.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace brink {

namespace {

/// Lead of the class that must not win: the target's over the best other, or the best other's over the reference's.
double leadOf(const Criterion& criterion, std::span<const double> logits)
{
    const std::int64_t own = criterion.target.value_or(criterion.reference);
    double other = -std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < logits.size(); ++k)
        if (std::int64_t(k) != own)
            other = std::max(other, logits[k]);
    const double lead = logits[std::size_t(own)] - other;
    return criterion.target ? lead : -lead;
}

/// The floats nearest to [low, high] inside it.
float roundedUp(double value)
{
    const auto nearest = float(value);
    return double(nearest) < value ? std::nextafter(nearest, std::numeric_limits<float>::infinity()) : nearest;
}
float roundedDown(double value)
{
    const auto nearest = float(value);
    return double(nearest) > value ? std::nextafter(nearest, -std::numeric_limits<float>::infinity()) : nearest;
}

Image movedIntoBall(Image found, const Image& centre, double eps)
{
    for (std::size_t i = 0; i < found.size(); ++i) {
        const double pixel = centre.pixels[i];
        found.pixels[i] = std::clamp(found.pixels[i], roundedUp(std::max(0.0, pixel - eps)), roundedDown(std::min(1.0, pixel + eps)));
    }
    return found;
}

/// The images of a request that are attacked as one: same picture, same criterion. Items by their places.
struct Centre {
    std::vector<std::size_t> items;
    std::int64_t record = 0;
};

std::vector<Centre> centresOf(const VerifyRequest& request)
{
    std::map<std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t>, std::size_t> places;
    std::vector<Centre> centres;
    for (std::size_t i = 0; i < request.items.size(); ++i) {
        const VerifyInstance& instance = request.items[i].instance;
        const auto [place, isNew] = places.try_emplace(
            {instance.imageFile, instance.record, instance.criterion.reference, instance.criterion.target.value_or(-1)}, centres.size());
        if (isNew)
            centres.push_back({{}, instance.record});
        centres[place->second].items.push_back(i);
    }
    return centres;
}

class Check {
public:
    Check(const VerifyRequest& request, Monitor& monitor)
        : m_request(request), m_monitor(monitor), m_evaluator(request.model), m_centres(centresOf(request)), m_outcomes(request.items.size())
    {
    }

    std::vector<VerifyOutcome> run()
    {
        for (std::size_t i = 0; i < m_request.items.size(); ++i)
            lookAtStored(i);
        const auto attacks = std::int64_t(m_request.attacks.size()), parts = attacks + (provingMethods().empty() ? 0 : 1);
        for (std::int64_t part = 0; part < attacks && !m_monitor.stopRequested(); ++part) {
            PartMonitor inner(m_monitor, part, 1, parts);
            const AttackRequest& attack = m_request.attacks[std::size_t(part)];
            if (attackInfo(attack.name).kind == AttackKind::MinimumNorm)
                minimise(attack, inner);
            else
                attackWithBudgets(attack, inner);
            inner.progress(1, 1);
        }
        bool isDone = attacks > 0 && !m_monitor.stopRequested();
        if (parts > attacks) {
            PartMonitor inner(m_monitor, attacks, 1, parts);
            prove(inner);
            isDone |= looksWhileProving() && !m_monitor.stopRequested();
        }
        for (VerifyOutcome& outcome : m_outcomes)
            outcome.isComplete = outcome.isFound || isDone;
        return std::move(m_outcomes);
    }

private:
    [[nodiscard]] const VerifyItem& item(std::size_t i) const { return m_request.items[i]; }
    [[nodiscard]] bool isOpen(std::size_t i) const { return !m_outcomes[i].isFound; }

    double lead(std::size_t i, const Image& image) { return leadOf(item(i).instance.criterion, logitsOf(m_evaluator, image)); }

    /// The witness and the clean image itself.
    void lookAtStored(std::size_t i)
    {
        const VerifyItem& each = item(i);
        VerifyOutcome& outcome = m_outcomes[i];
        if (each.witness) {
            const double distance = distancesBetween(*each.witness, each.image).linf;
            const bool isPicture = std::ranges::all_of(each.witness->pixels, [](float value) { return value >= 0 && value <= 1; });
            const double margin = lead(i, *each.witness);
            outcome.witness = WitnessOutcome{isPicture && distance <= each.instance.eps + witnessSlack, margin > 0, distance, margin};
        }
        if (const double margin = lead(i, each.image); margin > 0) {
            outcome.isFound = true;
            outcome.foundBy = "clean image";
            outcome.margin = margin;
        }
    }

    void noteNearest(std::size_t i, double distance, const std::string& name)
    {
        VerifyOutcome& outcome = m_outcomes[i];
        if (distance >= outcome.nearest.value_or(std::numeric_limits<double>::infinity()))
            return;
        outcome.nearest = distance;
        outcome.nearestBy = name;
    }

    void offer(std::size_t i, const Image& adversarial, const std::string& name)
    {
        constexpr double reach = 1e-4; // a success farther out says nothing about this ball
        const VerifyItem& each = item(i);
        VerifyOutcome& outcome = m_outcomes[i];
        if (outcome.isFound || distancesBetween(adversarial, each.image).linf > each.instance.eps * (1 + reach))
            return;
        const Image inside = movedIntoBall(adversarial, each.image, each.instance.eps);
        if (const double margin = lead(i, inside); margin > 0) {
            outcome.isFound = true;
            outcome.foundBy = name;
            outcome.distance = distancesBetween(inside, each.image).linf;
            outcome.margin = margin;
        }
    }

    [[nodiscard]] bool canAttack(const AttackRequest& attack, std::size_t i) const
    {
        return !item(i).instance.criterion.isTargeted() || attackInfo(attack.name).canTarget;
    }

    [[nodiscard]] AttackItem attackItem(const Centre& centre) const
    {
        const VerifyItem& first = item(centre.items.front());
        return {&first.image, first.instance.criterion, imageSeeds(m_request.seed, centre.record).attacks};
    }

    void minimise(const AttackRequest& attack, Monitor& monitor)
    {
        std::vector<const Centre*> centres;
        std::vector<AttackItem> items;
        for (const Centre& centre : m_centres)
            if (canAttack(attack, centre.items.front()) && std::ranges::any_of(centre.items, [&](std::size_t i) { return isOpen(i); })) {
                centres.push_back(&centre);
                items.push_back(attackItem(centre));
            }
        if (items.empty())
            return;
        const std::vector<AttackOutcome> found = runAttack(m_request.model, attack, items, monitor);
        for (std::size_t c = 0; c < centres.size(); ++c) {
            addCosts(centres[c]->items, found[c].counts);
            if (!found[c].adversarial)
                continue;
            for (const std::size_t i : centres[c]->items) {
                const double distance = found[c].distance->linf;
                noteNearest(i, distance, attack.name);
                offer(i, *found[c].adversarial, attack.name);
            }
        }
    }

    void attackWithBudgets(const AttackRequest& attack, Monitor& monitor)
    {
        std::map<double, std::vector<std::size_t>> byBudget;
        for (std::size_t i = 0; i < m_request.items.size(); ++i)
            if (isOpen(i) && canAttack(attack, i))
                byBudget[item(i).instance.eps].push_back(i);
        std::int64_t done = 0;
        for (const auto& [eps, places] : byBudget) {
            if (monitor.stopRequested())
                return;
            PartMonitor inner(monitor, done++, 1, std::int64_t(byBudget.size()));
            AttackRequest budgeted = attack;
            budgeted.parameters.set("eps", eps);
            std::vector<AttackItem> items;
            for (const std::size_t i : places)
                items.push_back({&item(i).image, item(i).instance.criterion, imageSeeds(m_request.seed, item(i).instance.record).attacks});
            const std::vector<AttackOutcome> found = runAttack(m_request.model, budgeted, items, inner);
            for (std::size_t k = 0; k < places.size(); ++k) {
                m_outcomes[places[k]].counts += found[k].counts;
                if (found[k].adversarial)
                    offer(places[k], *found[k].adversarial, attack.name);
            }
        }
    }

    [[nodiscard]] std::vector<CertifyMethod> provingMethods() const { return m_request.proving.model ? m_request.proving.methods : std::vector<CertifyMethod>(); }

    /// Only branch and bound looks for images of other classes.
    [[nodiscard]] bool looksWhileProving() const { return std::ranges::find(m_request.proving.methods, CertifyMethod::BetaCrown) != m_request.proving.methods.end(); }

    void prove(Monitor& monitor)
    {
        const std::vector<CertifyMethod> methods = provingMethods();
        const auto all = std::int64_t(m_request.items.size() * methods.size());
        std::int64_t done = 0;
        for (std::size_t i = 0; i < m_request.items.size(); ++i)
            for (const CertifyMethod method : methods) {
                if (monitor.stopRequested())
                    return;
                PartMonitor inner(monitor, done++, 1, all);
                const VerifyAttempt attempt = proveBall(m_request.proving, method, item(i).instance, item(i).image, inner);
                m_outcomes[i].proofs.push_back(attempt.proof);
                if (attempt.met) {
                    noteNearest(i, attempt.met->distance, certifyMethodName(method));
                    offer(i, attempt.met->image, certifyMethodName(method));
                }
                inner.progress(1, 1);
            }
    }

    void addCosts(const std::vector<std::size_t>& items, const EvaluationCounts& counts)
    {
        const auto shares = std::int64_t(items.size());
        for (std::int64_t s = 0; s < shares; ++s) // whole evaluations; the first ones carry the rest
            m_outcomes[items[std::size_t(s)]].counts
                += {counts.forwards / shares + (s < counts.forwards % shares), counts.backwards / shares + (s < counts.backwards % shares)};
    }

    const VerifyRequest& m_request;
    Monitor& m_monitor;
    Evaluator m_evaluator;
    std::vector<Centre> m_centres;
    std::vector<VerifyOutcome> m_outcomes;
};

/// The losses an attack can drive, but for the bare logit of the class: the survey used that one, the margin is the
/// better question. One empty text where there is no choice.
std::vector<std::string> lossesOf(const AttackInfo& info)
{
    const auto loss = std::ranges::find(info.parameters, "loss", &ParamSpec::key);
    if (loss == info.parameters.end())
        return {""};
    std::vector<std::string> losses = loss->choices;
    std::erase(losses, "logit");
    return losses;
}

void addProofs(std::vector<VerifyProofCounts>& all, VerifyVerdict verdict, const VerifyOutcome& outcome)
{
    for (const VerifyProof& proof : outcome.proofs) {
        auto counts = std::ranges::find(all, proof.method, &VerifyProofCounts::method);
        if (counts == all.end())
            counts = all.insert(all.end(), {.method = proof.method});
        counts->seconds += proof.seconds;
        counts->wrong += proof.isProved && (outcome.isFound || verdict == VerifyVerdict::Violated);
        if (verdict != VerifyVerdict::Robust || proof.isPartial)
            continue;
        ++counts->robust;
        counts->proved += proof.isProved;
    }
}

void refuseWrongSizes(const VerifyRequest& request)
{
    const Classifier& model = *request.model;
    for (const VerifyItem& item : request.items) {
        if (item.image.channels != model.channels() || item.image.height != model.height() || item.image.width != model.width())
            throw Error(ErrorCode::Shape, item.instance.id + ": the image is not of the size that model \"" + model.card().name
                    + "\" takes; a ball cannot be resized.");
        const Criterion& criterion = item.instance.criterion;
        if (criterion.reference >= model.classes() || criterion.target.value_or(0) >= model.classes())
            throw Error(ErrorCode::Domain, item.instance.id + ": the model has only " + std::to_string(model.classes()) + " classes.");
    }
    for (const AttackRequest& attack : request.attacks)
        if (attack.norm != Norm::Linf)
            throw Error(ErrorCode::Domain, "Balls in Linf are checked by attacks in Linf.");
}

} // namespace

std::vector<AttackRequest> verifyAttacks(Preset preset)
{
    std::vector<AttackRequest> attacks = recommendedAttacks(Norm::Linf, preset);
    for (const AttackInfo& info : attackInfos()) {
        if (info.kind != AttackKind::FixedBudget || std::ranges::find(info.norms, Norm::Linf) == info.norms.end())
            continue;
        AttackRequest request{info.name, Norm::Linf, Params(info.parameters, preset), false, 0};
        if (info.name == "pgd")
            request.parameters.set("restarts", 10LL);
        for (const std::string& loss : lossesOf(info)) {
            if (!loss.empty())
                request.parameters.set("loss", loss);
            attacks.push_back(request);
        }
    }
    for (AttackRequest& attack : attacks)
        attack.keepTrace = false;
    return attacks;
}

std::vector<VerifyOutcome> runVerifyCheck(const VerifyRequest& request, Monitor& monitor)
{
    refuseWrongSizes(request);
    return Check(request, monitor).run();
}

bool VerifyCounts::isContradicted() const
{
    return broken > 0 || failedWitnesses > 0 || std::ranges::any_of(proofs, [](const VerifyProofCounts& each) { return each.wrong > 0; });
}

void VerifyCounts::add(const VerifyInstance& instance, const std::optional<VerifyOutcome>& outcome)
{
    if (outcome && outcome->witness) {
        ++witnesses;
        failedWitnesses += !outcome->witness->holds();
    }
    if (outcome)
        addProofs(proofs, instance.verdict, *outcome);
    if (!outcome || !outcome->isComplete) {
        ++open;
    } else if (instance.verdict == VerifyVerdict::Robust) {
        ++robust;
        broken += outcome->isFound;
    } else {
        ++violated;
        found += outcome->isFound;
    }
}

Json toJson(const VerifyCounts& counts)
{
    Json json{{"verifiedRobust", counts.robust}, {"broken", counts.broken}, {"violated", counts.violated}, {"found", counts.found}};
    if (counts.violated > 0)
        json["foundShare"] = double(counts.found) / double(counts.violated);
    json["witnesses"] = counts.witnesses;
    json["failedWitnesses"] = counts.failedWitnesses;
    if (counts.open > 0)
        json["notChecked"] = counts.open;
    for (const VerifyProofCounts& each : counts.proofs)
        json["proofs"].push_back(toJson(each));
    return json;
}

Json toJson(const VerifyInstance& instance, const VerifyOutcome& outcome)
{
    Json json{{"id", instance.id}, {"model", instance.model}, {"label", instance.criterion.reference}};
    setIfPresent(json, "target", instance.criterion.target);
    json["eps"] = instance.eps;
    json["verdict"] = instance.verdict == VerifyVerdict::Robust ? "robust" : "violated";
    json["trust"] = instance.isHard ? "hard" : "majority";
    json["complete"] = outcome.isComplete;
    json["found"] = outcome.isFound;
    if (outcome.isFound) {
        json["foundBy"] = outcome.foundBy;
        json["distance"] = outcome.distance;
        json["margin"] = outcome.margin;
    }
    if (outcome.nearest)
        json["nearest"] = {{"distance", *outcome.nearest}, {"attack", outcome.nearestBy}};
    if (outcome.witness)
        json["witness"] = {{"holds", outcome.witness->holds()}, {"distance", outcome.witness->distance}, {"margin", outcome.witness->margin}};
    for (const VerifyProof& proof : outcome.proofs)
        json["proofs"].push_back(toJson(proof));
    json["forwards"] = outcome.counts.forwards;
    json["backwards"] = outcome.counts.backwards;
    return json;
}

} // namespace brink
