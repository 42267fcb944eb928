// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/diagnosis/bench_torch.h"

#include "core/attack/attack_torch.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/boundary/surveyimages.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

/// Images attacked together; a constant, so that nothing depends on how many threads share them.
constexpr std::size_t imagesTogether = 16;

constexpr std::uint64_t attackPurpose = 0x6469616740ULL;

AttackRequest scrutinised(const DiagnosisRequest& request)
{
    const AttackInfo& info = attackInfo(request.attack.name);
    if (info.kind != AttackKind::FixedBudget)
        throw Error(ErrorCode::Usage, "The diagnosis looks at attacks inside a budget; \"" + info.name + "\" looks for the nearest image. Take pgd, apgd, bim or square.");
    AttackRequest attack = checkedRequest(*request.model, request.attack, {});
    attack.keepTrace = true;
    attack.iterateBytes = 0;
    return attack;
}

void checkSurrogate(const DiagnosisRequest& request)
{
    const auto& other = request.surrogate;
    if (!other)
        return;
    const Classifier& model = *request.model;
    if (other->channels() != model.channels() || other->height() != model.height() || other->width() != model.width() || other->classes() != model.classes())
        throw Error(ErrorCode::Shape, "The surrogate \"" + other->card().name + "\" takes images of another size or has other classes than \"" + model.card().name + "\".");
}

} // namespace

DiagnosisBench::DiagnosisBench(const DiagnosisRequest& request, Monitor& monitor)
    : m_request(request), m_monitor(&monitor), m_evaluator(request.model), m_metric(request.attack.norm), m_attack(scrutinised(request))
{
    checkSurrogate(request);
    chooseImages();
}

/// A wrongly classified image needs no attack; it stays for what is asked of the outputs.
void DiagnosisBench::chooseImages()
{
    const at::NoGradGuard noGrad;
    std::vector<Image> all;
    for (const DiagnosisImage& each : m_request.images)
        all.push_back(each.image);
    m_allX = tensorFromImages(all).to(m_evaluator.device());
    const at::Tensor predicted = m_evaluator.logits(m_allX).argmax(1).to(at::kCPU);
    std::vector<std::int64_t> rows, labels;
    for (std::size_t i = 0; i < m_request.images.size(); ++i) {
        const DiagnosisImage& each = m_request.images[i];
        const auto said = predicted[std::int64_t(i)].item<std::int64_t>();
        if (each.label.value_or(said) != said)
            continue;
        rows.push_back(std::int64_t(i));
        labels.push_back(said);
        m_indices.push_back(each.index);
        m_items.push_back({&each.image, {said, {}, 0}, combineSeeds({m_request.seed, std::uint64_t(each.index), attackPurpose})});
    }
    if (rows.empty())
        throw Error(ErrorCode::Domain, "The model classifies none of the images as they are labelled, so there is nothing to attack; check the labels and the model card.");
    const at::Device device = m_evaluator.device();
    m_x = m_allX.index_select(0, at::tensor(rows).to(device));
    m_anchors = Anchors(at::tensor(labels).to(device), at::ones({images()}, m_x.options()), model().classes());
    static_cast<void>(checkedRequest(model(), m_attack, m_items));
}

double DiagnosisBench::widestEps() const
{
    const auto values = double(model().dimension());
    return m_metric.norm() == Norm::Linf ? 1.0 : m_metric.norm() == Norm::L2 ? std::sqrt(values) : values;
}

void DiagnosisBench::beginPart(std::int64_t part, std::int64_t parts)
{
    m_part = part;
    m_parts = parts;
}

std::string DiagnosisBench::keyOf(const AttackRequest& attack, const std::shared_ptr<const Classifier>& model) const
{
    return (model ? "surrogate " : "") + attack.name + attack.parameters.toJson().dump();
}

const AttackOutcomes& DiagnosisBench::run(const AttackRequest& attack, const std::shared_ptr<const Classifier>& model)
{
    const std::string key = keyOf(attack, model);
    if (const auto found = m_runs.find(key); found != m_runs.end())
        return found->second;
    AttackOutcomes outcomes(m_items.size());
    const auto units = std::int64_t((m_items.size() + imagesTogether - 1) / imagesTogether);
    PartMonitor part(*m_monitor, m_part, 1, m_parts);
    surveyUnits(units, part, [&](std::int64_t unit, Monitor& own) {
        const std::size_t begin = std::size_t(unit) * imagesTogether;
        const auto items = std::span(m_items).subspan(begin, std::min(imagesTogether, m_items.size() - begin));
        std::ranges::move(runAttack(model ? model : m_request.model, attack, items, own), outcomes.begin() + std::ptrdiff_t(begin));
    });
    for (const AttackOutcome& outcome : outcomes)
        m_counts += outcome.counts;
    return m_runs[key] = std::move(outcomes);
}

const AttackOutcomes& DiagnosisBench::unconstrained() { return run(attackWith("eps", widestEps())); }

AttackRequest DiagnosisBench::attackWith(const std::string& key, const ParamValue& value) const
{
    AttackRequest changed = m_attack;
    changed.parameters.set(key, value);
    return changed;
}

AttackRequest DiagnosisBench::rival(const std::string& name) const
{
    AttackRequest attack;
    attack.name = name;
    attack.norm = m_attack.norm;
    attack.parameters = Params(attackInfo(name).parameters, m_request.preset);
    if (attack.parameters.contains("eps"))
        attack.parameters.set("eps", eps());
    return attack;
}

AttackRequest DiagnosisBench::apgd(const std::string& loss) const
{
    AttackRequest attack = rival("apgd");
    attack.parameters.set("loss", loss);
    return attack;
}

std::vector<Rng> DiagnosisBench::generators(std::uint64_t purpose) const
{
    std::vector<Rng> all;
    for (const std::int64_t index : m_indices)
        all.emplace_back(combineSeeds({m_request.seed, std::uint64_t(index), purpose}));
    return all;
}

at::Tensor DiagnosisBench::uniform(std::vector<Rng>& generators) const
{
    const at::Tensor values = at::empty(m_x.sizes(), at::kFloat);
    const auto length = std::size_t(model().dimension());
    for (std::size_t row = 0; row < generators.size(); ++row)
        generators[row].fillUniform({values.data_ptr<float>() + row * length, length}, 0.0F, 1.0F);
    return values.to(m_x.device());
}

void DiagnosisBench::inBatches(const std::function<void(std::int64_t, std::int64_t)>& fn) const
{
    const auto batch = std::int64_t(model().bestBatch());
    for (std::int64_t begin = 0; begin < images(); begin += batch)
        fn(begin, std::min(begin + batch, images()));
}

LightState effortState(std::int64_t gained, std::int64_t images)
{
    const double share = double(gained) / double(images);
    if (gained < 2 || share <= effortCaution)
        return LightState::Good;
    return share > effortAlarm ? LightState::Alarm : LightState::Caution;
}

std::int64_t fooled(const AttackOutcomes& outcomes) { return std::ranges::count_if(outcomes, &AttackOutcome::success); }

std::string imagesWord(std::int64_t count) { return count == 1 ? "image" : "images"; }

std::string ofImages(std::int64_t count, std::int64_t all) { return std::to_string(count) + " of " + std::to_string(all) + " " + imagesWord(all); }

std::string percent(double share) { return formatReal(100 * share) + " %"; }

double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

} // namespace brink
