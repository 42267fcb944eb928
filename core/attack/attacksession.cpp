// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attack/attack_torch.h"

#include "core/base/error.h"
#include "core/threat/roundoff.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace brink {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::uint64_t purposeSeed(std::string_view name)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL; // FNV-1a
    for (const char letter : name)
        hash = (hash ^ std::uint8_t(letter)) * 0x100000001b3ULL;
    return hash;
}

at::Tensor onDevice(const std::vector<std::int64_t>& values, at::Device device)
{
    return at::tensor(values, at::kLong).to(device);
}

} // namespace

/// An iterate counts as adversarial when its margin is below zero by more than rounding.
at::Tensor isBelowBoundary(const at::Tensor& margin, const at::Tensor& logits, const at::Tensor& lead)
{
    return margin.lt(at::add(lead, logits.abs().amax(1), logitRoundoff).neg_());
}

bool mayHoldAny(const at::Tensor& mask) { return !mask.device().is_cpu() || mask.any().item<bool>(); }

void replaceRows(at::Tensor& into, const at::Tensor& mask, const at::Tensor& from)
{
    const at::NoGradGuard noGrad;
    if (!into.device().is_cpu() || !into.is_contiguous() || !from.is_contiguous()) {
        into = at::where(perRow(mask, from), from, into);
        return;
    }
    const auto bytes = std::size_t(into.nbytes() / std::size_t(std::max<std::int64_t>(into.size(0), 1)));
    const at::Tensor chosen = mask.contiguous();
    for (std::int64_t row = 0; row < into.size(0); ++row)
        if (chosen.data_ptr<bool>()[row])
            std::memcpy(static_cast<char*>(into.data_ptr()) + std::size_t(row) * bytes, static_cast<const char*>(from.data_ptr()) + std::size_t(row) * bytes, bytes);
}

AttackSession::AttackSession(std::shared_ptr<const Classifier> classifier, const AttackInfo& info,
    const AttackRequest& request, std::span<const AttackItem> items, Monitor& monitor, std::size_t mostRows)
    : m_evaluator(std::move(classifier))
    , m_info(info)
    , m_request(request)
    , m_items(items)
    , m_monitor(monitor)
    , m_metric(request.norm)
    , m_mostRows(mostRows)
    , m_bestImages(items.size())
    , m_attempts(items.size())
    , m_bestRanks(items.size())
    , m_bestDistances(items.size())
    , m_found(items.size())
    , m_wasMisclassified(items.size())
    , m_hasZeroGradient(items.size())
    , m_counts(items.size())
    , m_steps(items.size())
    , m_iterates(items.size())
{
    const at::NoGradGuard noGrad;
    if (info.kind == AttackKind::FixedBudget)
        m_eps = parameters().real("eps");
    const double asked = parameters().contains("confidence") ? parameters().real("confidence") : 0;
    std::vector<Image> images;
    std::vector<std::int64_t> anchors;
    std::vector<float> signs, confidences;
    for (const AttackItem& item : items) {
        m_images.push_back(std::int64_t(m_images.size()));
        images.push_back(*item.image);
        anchors.push_back(item.criterion.target.value_or(item.criterion.reference));
        signs.push_back(item.criterion.isTargeted() ? -1.0F : 1.0F);
        m_rivals.push_back(item.rival.value_or(-1));
        confidences.push_back(float(std::max(asked, item.criterion.confidence)));
        m_rngs.emplace_back(combineSeeds({item.seed, purposeSeed(info.name)}));
    }
    m_hasRivals = std::ranges::all_of(items, [](const AttackItem& item) { return item.rival.has_value(); });
    const at::Device device = m_evaluator.device();
    m_x0 = tensorFromImages(images).to(device);
    m_anchors = Anchors(onDevice(anchors, device), at::tensor(signs).to(device), classes());
    m_confidence = at::tensor(confidences).to(device);
    m_best = m_x0;
    m_bestRank = full(infinity);
    m_bestDistance = full(infinity);
    m_isDone = at::zeros({rows()}, m_x0.options().dtype(at::kBool));
    m_cleanLogits = logits(m_x0);
    m_allX0 = m_x0;
    m_allCleanLogits = m_cleanLogits;
    m_allAnchors = m_anchors;
    m_allConfidence = m_confidence;
    beginWith(m_cleanLogits);
    m_trace.push_back({m_images, {}});
}

/// Leaves out images that meet the criterion already, and lets those wait for which there is no room.
void AttackSession::beginWith(const at::Tensor& cleanLogits)
{
    const at::Tensor predictions = cleanLogits.argmax(1).to(at::kCPU);
    std::vector<std::int64_t> keep;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        m_wasMisclassified[i] = m_items[i].criterion.isSatisfiedBy(predictions[std::int64_t(i)].item<std::int64_t>());
        if (!m_wasMisclassified[i])
            (keep.size() < m_mostRows ? keep : m_waiting).push_back(std::int64_t(i));
    }
    std::ranges::reverse(m_waiting);
    if (keep.size() < m_items.size())
        select(onDevice(keep, m_x0.device()));
    m_rowsWithoutGradient = rows();
    m_attackable = rows() + std::ssize(m_waiting);
}

at::Tensor AttackSession::classLedTo(std::int64_t run) const
{
    const std::int64_t last = classes() - 2;
    std::vector<std::int64_t> ranks;
    for (const std::int64_t image : m_images) {
        const std::int64_t rival = m_rivals[std::size_t(image)];
        ranks.push_back(std::min(rival >= 0 ? rival : run, last));
    }
    const at::Tensor anchors = m_anchors.classes().unsqueeze(1);
    const at::Tensor others = std::get<1>(m_cleanLogits.scatter(1, anchors, -infinity).topk(last + 1, 1));
    const at::Tensor led = others.gather(1, onDevice(ranks, m_x0.device()).unsqueeze(1)).squeeze(1);
    return at::where(m_anchors.sign() < 0, m_anchors.classes(), led);
}

at::Tensor AttackSession::full(double value) const { return at::full({rows()}, value, m_x0.options()); }

ForwardPass AttackSession::forward(const at::Tensor& x)
{
    m_pending.forwards += x.size(0) / rows();
    return m_evaluator.forward(x);
}

at::Tensor AttackSession::logits(const at::Tensor& x)
{
    m_pending.forwards += x.size(0) / rows();
    return m_evaluator.logits(x);
}

at::Tensor AttackSession::logitsOf(const at::Tensor& rows, const at::Tensor& x)
{
    const at::Tensor onHost = rows.to(at::kCPU).contiguous();
    for (const std::int64_t row : std::span(onHost.data_ptr<std::int64_t>(), std::size_t(onHost.size(0))))
        ++m_counts[std::size_t(m_images[std::size_t(row)])].forwards;
    return m_evaluator.logits(x);
}

at::Tensor AttackSession::gradient(const ForwardPass& pass, const at::Tensor& weights, bool keepGraph)
{
    m_pending.backwards += pass.x.size(0) / rows();
    at::Tensor gradient = m_evaluator.pullback(pass, weights, keepGraph);
    if (m_rowsWithoutGradient > 0 && pass.x.size(0) == rows())
        findZeroGradients(gradient);
    return gradient;
}

void AttackSession::findZeroGradients(const at::Tensor& gradient)
{
    const at::Tensor isZero = gradient.flatten(1).abs().amax(1).eq(0).to(at::kCPU);
    for (std::int64_t row = std::max<std::int64_t>(0, rows() - m_rowsWithoutGradient); row < rows(); ++row)
        m_hasZeroGradient[std::size_t(m_images[std::size_t(row)])] = isZero[row].item<bool>();
    m_rowsWithoutGradient = 0;
}

/// All but the lengths.
Observation AttackSession::judged(const at::Tensor& x, const at::Tensor& logits) const
{
    const at::NoGradGuard noGrad;
    Observation seen;
    seen.x = x.detach();
    seen.logits = logits.detach();
    seen.margin = m_anchors.margin(seen.logits);
    seen.isAdversarial = isBelowBoundary(seen.margin.value, seen.logits, m_confidence);
    return seen;
}

void AttackSession::addLengths(Observation& seen) const
{
    const at::NoGradGuard noGrad;
    seen.delta = seen.x - m_x0;
    seen.distance = m_metric.length(seen.delta);
}

Observation AttackSession::measure(const at::Tensor& x, const at::Tensor& logits) const
{
    Observation seen = judged(x, logits);
    addLengths(seen);
    return seen;
}

Observation AttackSession::judge(const at::Tensor& x, const at::Tensor& logits, const at::Tensor& loss, bool isLast)
{
    Observation seen = judged(x, logits);
    m_pendingSteps += isLast ? 0 : 1;
    if (m_info.kind != AttackKind::FixedBudget || m_request.keepTrace || mayHoldAny(seen.isAdversarial)) {
        addLengths(seen);
        keepBest(seen, {});
    } else {
        m_lastSeen = seen.x;
    }
    record(seen, loss);
    return seen;
}

void AttackSession::keepBest(const Observation& seen, const at::Tensor& rank)
{
    const at::Tensor byDefault = m_info.kind == AttackKind::FixedBudget ? seen.margin.value : seen.distance;
    if (m_info.kind == AttackKind::FixedBudget)
        m_lastSeen = seen.x;
    const at::Tensor& key = rank.defined() ? rank : byDefault;
    at::Tensor isLive = seen.isAdversarial;
    if (m_hasRetired)
        isLive = isLive.logical_and(m_isDone.logical_not());
    const at::Tensor isBetter = isLive.logical_and(key.lt(m_bestRank));
    m_bestDistance = at::where(isLive, at::minimum(seen.distance, m_bestDistance), m_bestDistance);
    if (!mayHoldAny(isBetter))
        return;
    m_bestRank = at::where(isBetter, key, m_bestRank);
    m_best = at::where(perRow(isBetter, seen.x), seen.x, m_best);
}

void AttackSession::record(const Observation& seen, const at::Tensor& loss)
{
    if (m_request.keepTrace)
        m_trace.back().steps.push_back(at::stack({loss.defined() ? loss : seen.margin.value, seen.margin.value, seen.distance,
            seen.logits.argmax(1).to(seen.distance.scalar_type())}));
    if (m_request.iterateBytes > 0)
        keepIterates(seen);
}

void AttackSession::keepIterates(const Observation& seen)
{
    const auto most = std::max<std::size_t>(2, m_request.iterateBytes / (sizeof(float) * std::size_t(m_evaluator.classifier().dimension())));
    for (std::int64_t row = 0; row < rows(); ++row) {
        IterateLog& log = m_iterates[std::size_t(m_images[std::size_t(row)])];
        const int step = log.next++;
        if (step % log.stride != 0)
            continue;
        log.kept.push_back({step, imageFromTensor(seen.x[row])});
        if (log.kept.size() > most) {
            log.stride *= 2;
            std::erase_if(log.kept, [&](const AttackIterate& iterate) { return iterate.step % log.stride != 0; });
        }
    }
}

void AttackSession::observe(const Observation& seen, const at::Tensor& loss, const at::Tensor& rank)
{
    ++m_pendingSteps;
    keepBest(seen, rank);
    record(seen, loss);
}

Observation AttackSession::observe(const at::Tensor& x, const at::Tensor& logits, const at::Tensor& loss, const at::Tensor& rank)
{
    Observation seen = measure(x, logits);
    observe(seen, loss, rank);
    return seen;
}

void AttackSession::observeLast(const at::Tensor& x, const at::Tensor& logits, const at::Tensor& loss)
{
    const Observation seen = measure(x, logits);
    keepBest(seen, {});
    record(seen, loss);
}

Observation AttackSession::offer(const at::Tensor& x, const at::Tensor& logits, const at::Tensor& rank)
{
    Observation seen = measure(x, logits);
    keepBest(seen, rank);
    return seen;
}

at::Tensor AttackSession::isFound() const { return m_bestRank.lt(infinity); }

void AttackSession::retire(const at::Tensor& isDone)
{
    m_isDone = m_isDone.logical_or(isDone);
    m_hasRetired = true;
}

std::optional<at::Tensor> AttackSession::compact()
{
    if (!m_hasRetired)
        return std::nullopt;
    m_hasRetired = false;
    const at::Tensor keep = m_isDone.logical_not().nonzero().squeeze(1);
    if (keep.size(0) == rows())
        return std::nullopt;
    select(keep);
    m_trace.push_back({m_images, {}});
    return keep;
}

void AttackSession::select(const at::Tensor& keep)
{
    flush();
    const at::Tensor onHost = keep.to(at::kCPU);
    std::vector<std::int64_t> images;
    for (std::int64_t i = 0; i < onHost.size(0); ++i)
        images.push_back(m_images[std::size_t(onHost[i].item<std::int64_t>())]);
    m_images = std::move(images);
    m_anchors = m_anchors.select(keep);
    for (at::Tensor* tensor : {&m_x0, &m_cleanLogits, &m_confidence, &m_best, &m_bestRank, &m_bestDistance, &m_isDone})
        *tensor = tensor->index_select(0, keep);
    if (m_lastSeen.defined())
        m_lastSeen = m_lastSeen.index_select(0, keep);
}

std::int64_t AttackSession::admit()
{
    const at::NoGradGuard noGrad;
    std::vector<std::int64_t> admitted;
    while (!m_waiting.empty() && m_images.size() + admitted.size() < m_mostRows) {
        admitted.push_back(m_waiting.back());
        m_waiting.pop_back();
    }
    if (admitted.empty())
        return 0;
    flush();
    m_images.insert(m_images.end(), admitted.begin(), admitted.end());
    const auto count = std::int64_t(admitted.size());
    const at::Tensor items = onDevice(admitted, m_x0.device());
    const at::Tensor x0 = m_allX0.index_select(0, items);
    const at::Tensor none = at::full({count}, infinity, m_x0.options());
    m_x0 = at::cat({m_x0, x0});
    m_cleanLogits = at::cat({m_cleanLogits, m_allCleanLogits.index_select(0, items)});
    m_anchors = m_allAnchors.select(onDevice(m_images, m_x0.device()));
    m_confidence = at::cat({m_confidence, m_allConfidence.index_select(0, items)});
    m_best = at::cat({m_best, x0});
    m_bestRank = at::cat({m_bestRank, none});
    m_bestDistance = at::cat({m_bestDistance, none});
    m_isDone = at::cat({m_isDone, at::zeros({count}, m_isDone.options())});
    m_rowsWithoutGradient += count;
    m_trace.push_back({m_images, {}});
    return count;
}

void AttackSession::recallFound()
{
    flush();
    std::vector<std::int64_t> found;
    for (std::size_t image = 0; image < m_items.size(); ++image)
        if (m_found[image])
            found.push_back(std::int64_t(image));
    makeActive(std::move(found));
}

void AttackSession::recallOpen()
{
    flush();
    const bool isBudgeted = m_info.kind == AttackKind::FixedBudget;
    std::vector<std::int64_t> open;
    for (std::size_t image = 0; image < m_items.size(); ++image)
        if (!m_wasMisclassified[image] && !(isBudgeted && m_found[image]))
            open.push_back(std::int64_t(image));
    makeActive(std::move(open));
}

/// Rows are these items from now on, with what was found for them so far.
void AttackSession::makeActive(std::vector<std::int64_t> images)
{
    const at::NoGradGuard noGrad;
    m_images = std::move(images);
    std::vector<Image> best;
    std::vector<float> ranks, distances;
    for (const std::int64_t item : m_images) {
        const auto image = std::size_t(item);
        best.push_back(m_found[image] ? m_bestImages[image] : *m_items[image].image);
        ranks.push_back(m_bestRanks[image]);
        distances.push_back(m_bestDistances[image]);
    }
    const at::Device device = m_x0.device();
    const at::Tensor rows = onDevice(m_images, device);
    m_x0 = m_allX0.index_select(0, rows);
    m_cleanLogits = m_allCleanLogits.index_select(0, rows);
    m_anchors = m_allAnchors.select(rows);
    m_confidence = m_allConfidence.index_select(0, rows);
    m_best = best.empty() ? m_x0 : tensorFromImages(best).to(device);
    m_bestRank = at::tensor(ranks).to(device);
    m_bestDistance = at::tensor(distances).to(device);
    m_isDone = at::zeros({this->rows()}, m_x0.options().dtype(at::kBool));
    m_lastSeen.reset(); // booked with the images
    m_hasRetired = false;
    m_trace.push_back({m_images, {}});
}

/// Books the costs and the best images of the active rows with their items.
void AttackSession::flush()
{
    const at::Tensor found = isFound().to(at::kCPU);
    const at::Tensor ranks = m_bestRank.to(at::kCPU);
    const at::Tensor distances = m_bestDistance.to(at::kCPU);
    for (std::int64_t row = 0; row < rows(); ++row) {
        const auto image = std::size_t(m_images[std::size_t(row)]);
        m_counts[image] += m_pending;
        m_steps[image] += m_pendingSteps;
        m_found[image] = found[row].item<bool>();
        m_bestRanks[image] = ranks[row].item<float>();
        m_bestDistances[image] = distances[row].item<float>();
        if (m_found[image])
            m_bestImages[image] = imageFromTensor(m_best[row].clamp(0, 1), m_items[image].image->source);
        else if (m_lastSeen.defined())
            m_attempts[image] = imageFromTensor(m_lastSeen[row].clamp(0, 1), m_items[image].image->source);
    }
    m_pending = {};
    m_pendingSteps = 0;
}

void AttackSession::beginPart(std::int64_t part, std::int64_t parts)
{
    m_part = part;
    m_parts = parts;
}

bool AttackSession::stopRequested()
{
    m_stopped = m_stopped || m_monitor.stopRequested();
    return m_stopped;
}

/// Fills values [n,...] on the CPU.
at::Tensor AttackSession::random(at::Tensor values, bool isNormal)
{
    const auto length = std::size_t(rows() > 0 ? values.numel() / rows() : 0);
    for (std::int64_t row = 0; row < rows(); ++row) {
        const std::span<float> out(values.data_ptr<float>() + std::size_t(row) * length, length);
        Rng& rng = m_rngs[std::size_t(m_images[std::size_t(row)])];
        if (isNormal)
            rng.fillNormal(out);
        else
            rng.fillUniform(out, 0.0F, 1.0F);
    }
    return values.to(m_x0.device());
}

at::Tensor AttackSession::normal() { return random(at::empty(m_x0.sizes(), at::kFloat), true); }
at::Tensor AttackSession::uniform() { return random(at::empty(m_x0.sizes(), at::kFloat), false); }
at::Tensor AttackSession::uniform(std::int64_t count) { return random(at::empty({rows(), count}, at::kFloat), false); }

at::Tensor AttackSession::uniformInBall()
{
    const at::Tensor raw = norm() == Norm::L2 ? normal() : uniform();
    const at::Tensor signs = at::where(uniform().lt(0.5), -at::ones_like(raw), at::ones_like(raw));
    const at::Tensor radial = uniform().flatten(1).select(1, 0);
    return m_metric.ballFromRandom(raw, signs, radial);
}

EvaluationCounts AttackSession::costs(std::size_t item)
{
    flush();
    return m_counts[item];
}

} // namespace brink
