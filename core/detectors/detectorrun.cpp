// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/detectors/detectorrun.h"

#include "core/attack/budget.h"
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/boundary/detectionrun.h"
#include "core/detectors/evasion.h"
#include "core/stats/roc.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace brink {

namespace {

enum Purpose : std::uint64_t { Dividing = 1, Attacking, Directions };

/// Images worked on together. Constants, so that no result depends on the number of workers.
constexpr std::int64_t cleanBlock = 64, attackBlock = 32;
/// DeepFool on so many calibration images chooses scale and sign of the curvature.
constexpr std::size_t curvatureImages = 25;
/// Memory for pictures of attacked images; those beyond it are not kept.
constexpr std::int64_t pictureBytes = 64'000'000;

void check(const DetectorRunRequest& request)
{
    if (request.detectors.empty())
        throw Error(ErrorCode::Usage, "Choose at least one detector: squeezing or curvature.");
    if (!(request.falsePositiveRate > 0 && request.falsePositiveRate < 1))
        throw Error(ErrorCode::Domain, "The false positive rate must lie between 0 and 1, e.g. 0.05.");
    if (request.calibration < 2 || request.heldOut < 2 || request.attacked < 0 || request.adaptiveSteps < 1)
        throw Error(ErrorCode::Domain, "Detectors take at least two calibration and two held-out images, and at least one step of the adaptive attack.");
}

/// In random order, so that calibration and held-out images are exchangeable whatever the order of the set.
std::vector<std::int64_t> shuffled(std::vector<std::int64_t> indices, std::uint64_t seed)
{
    Rng rng(combineSeeds({seed, Dividing}));
    for (std::size_t i = indices.size(); i > 1; --i)
        std::swap(indices[i - 1], indices[std::size_t(rng.below(i))]);
    return indices;
}

AttackRequest requestOf(const char* name, Norm norm, Preset preset, std::initializer_list<const char*> settings)
{
    AttackRequest request;
    request.name = name;
    request.norm = norm;
    request.parameters = Params(attackInfo(name).parameters, preset);
    for (const char* setting : settings)
        request.parameters.assign(setting);
    request.keepTrace = false;
    return request;
}

double secondsSince(std::chrono::steady_clock::time_point start) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); }

} // namespace

std::vector<AttackRequest> publishedAttacks(const std::string& configuration, Preset preset)
{
    const auto three = [&](const char* fgsm, const char* bim, const char* step, const char* confidence) {
        return std::vector<AttackRequest>{requestOf("fgsm", Norm::Linf, preset, {fgsm}), requestOf("bim", Norm::Linf, preset, {bim, step}),
            requestOf("cw", Norm::L2, preset, {confidence})};
    };
    if (configuration == "mnist")
        return three("eps=0.3", "eps=0.3", "step-size=0.06", "confidence=10");
    if (configuration == "imagenet")
        return three("eps=0.0078", "eps=0.004", "step-size=0.002", "confidence=5");
    return three("eps=0.0156", "eps=0.008", "step-size=0.0012", "confidence=5");
}

std::vector<AttackRequest> detectorAttacks(const std::vector<std::string>& words, const std::string& configuration, Preset preset)
{
    std::vector<AttackRequest> requests;
    const auto add = [&](AttackRequest request) {
        if (std::ranges::find(requests, request.name, &AttackRequest::name) == requests.end())
            requests.push_back(std::move(request));
    };
    for (const std::string& word : words) {
        if (word == "published") {
            for (AttackRequest& request : publishedAttacks(configuration, preset))
                add(std::move(request));
            continue;
        }
        const AttackInfo& info = attackInfo(word);
        const bool hasL2 = std::ranges::find(info.norms, Norm::L2) != info.norms.end();
        add(requestOf(info.name.c_str(), hasL2 && info.kind == AttackKind::MinimumNorm ? Norm::L2 : info.norms.front(), preset, {}));
    }
    return requests;
}

DetectorRun::DetectorRun(std::shared_ptr<const Classifier> model, SurveyImages images, const DetectorRunRequest& request)
    : m_model(std::move(model)), m_images(std::move(images)), m_request(request)
{
    check(request);
    for (AttackRequest& attack : m_request.attacks) // the budget is part of what adaptive attacks are paired by
        if (attackInfo(attack.name).kind == AttackKind::FixedBudget && !(attack.parameters.real("eps") > 0))
            attack.parameters.set("eps", customaryBudget(attack.norm));
    const auto all = std::int64_t(m_images.indices.size());
    if (all < 4)
        throw Error(ErrorCode::Domain, "Detectors need at least four images: some that choose the threshold, others that are counted.");
    // Where there are too few, each side gets its share.
    const std::int64_t wanted = request.calibration + request.heldOut;
    const std::int64_t calibration
        = wanted <= all ? request.calibration : std::clamp<std::int64_t>(all * request.calibration / wanted, 2, all - 2);
    const std::vector<std::int64_t> order = shuffled(m_images.indices, request.seed);
    const std::int64_t used = std::min(all, wanted);
    m_survey.clean.resize(std::size_t(used));
    for (std::int64_t i = 0; i < used; ++i) {
        CleanImage& image = m_survey.clean[std::size_t(i)];
        image.index = order[std::size_t(i)];
        image.isCalibration = i < calibration;
    }
    m_survey.modelName = m_model->card().name;
    m_survey.modelSha256 = m_model->sha256();
    m_survey.classNames = m_model->card().classNames;
    if (m_survey.classNames.empty() && m_images.dataset->classNames().size() == std::size_t(m_model->classes()))
        m_survey.classNames = m_images.dataset->classNames();
    m_survey.classes = m_model->classes();
    m_survey.imagesSource = m_images.source;
    m_survey.seed = request.seed;
    m_survey.falsePositiveRate = request.falsePositiveRate;
    for (const DetectorChoice& choice : request.detectors)
        m_survey.detectors.push_back({choice});
    m_cleanCounts.resize(std::size_t(cleanBlocks()));
    m_cleanScores.resize(m_survey.clean.size());
    if (used < wanted)
        m_survey.warnings.push_back({"few-images",
            "The set has " + std::to_string(all) + " images: " + std::to_string(calibration) + " choose the thresholds and " + std::to_string(used - calibration) + " are counted."});
}

std::uint64_t DetectorRun::seedOf(std::int64_t index, std::uint64_t purpose) const { return combineSeeds({m_request.seed, std::uint64_t(index), purpose}); }

Image DetectorRun::imageAt(std::int64_t index) const { return surveyImage(m_images, index, *m_model); }

std::int64_t DetectorRun::cleanBlocks() const { return (std::int64_t(m_survey.clean.size()) + cleanBlock - 1) / cleanBlock; }

std::int64_t DetectorRun::attackBlocks() const { return (std::int64_t(m_targets.size()) + attackBlock - 1) / attackBlock; }

bool DetectorRun::keepsPictures(std::int64_t target) const
{
    return (target + 1) * m_model->dimension() * std::int64_t(sizeof(float)) * std::int64_t(m_survey.attacks.size() + 1) <= pictureBytes;
}

void DetectorRun::prepare(Monitor& monitor)
{
    for (CalibratedDetector& detector : m_survey.detectors) {
        if (detector.choice.kind == DetectorKind::Squeezing) {
            m_detectors.push_back(squeezingDetector(m_model, detector.choice.squeezers));
            continue;
        }
        SurveyImages some{m_images.dataset, {}, m_images.source};
        for (const CleanImage& image : m_survey.clean)
            if (image.isCalibration && some.indices.size() < 2 * curvatureImages)
                some.indices.push_back(image.index);
        // The run of the curvature detector alone sets every second image aside for counting; scale and sign come from the others.
        DetectionRunRequest request;
        request.attacks = detectionAttacks({}, Preset::Preview);
        request.scales = {1};
        request.step = detector.choice.step;
        request.probes = detector.choice.probes;
        request.classes = detector.choice.classes;
        request.seed = m_request.seed;
        const DetectionSurvey found = surveyDetection(m_model, some, request, monitor);
        const auto summary = summarise(found);
        m_prepareCounts += found.counts;
        if (!summary && !monitor.stopRequested())
            throw Error(ErrorCode::Domain, "The curvature detector finds too few images that DeepFool fools to choose its scale and sign; use more calibration images, or squeezing alone.");
        detector.reach = found.request.reach;
        detector.sign = summary ? summary->sign : 1;
        m_survey.warnings.insert(m_survey.warnings.end(), found.warnings.begin(), found.warnings.end());
        m_detectors.push_back(curvatureDetector(m_model, found.request, detector.sign));
    }
}

void DetectorRun::scoreClean(std::int64_t block, Monitor& monitor)
{
    const auto begin = std::size_t(block * cleanBlock), end = std::min(begin + std::size_t(cleanBlock), m_survey.clean.size());
    std::vector<Image> images;
    std::vector<std::uint64_t> seeds;
    for (std::size_t i = begin; i < end; ++i) {
        CleanImage& clean = m_survey.clean[i];
        images.push_back(imageAt(clean.index));
        seeds.push_back(seedOf(clean.index, Directions));
        clean.label = m_images.dataset->label(clean.index);
        clean.source = images.back().source;
        clean.sha256 = imageSha256(images.back());
    }
    std::vector<std::vector<DetectorScore>> all;
    for (std::size_t d = 0; d < m_detectors.size(); ++d) {
        PartMonitor part(monitor, std::int64_t(d), 1, std::int64_t(m_detectors.size()));
        all.push_back(m_detectors[d]->scores(images, seeds, part, m_cleanCounts[std::size_t(block)]));
        if (all.back().size() < images.size())
            return; // stopped
    }
    for (std::size_t i = begin; i < end; ++i) {
        m_survey.clean[i].predicted = all.front()[i - begin].predicted;
        for (const auto& scores : all) {
            m_survey.clean[i].scores.push_back(scores[i - begin].score);
            m_cleanScores[i].push_back(scores[i - begin]);
        }
    }
}

bool DetectorRun::calibrate()
{
    if (std::ranges::any_of(m_survey.clean, [](const CleanImage& image) { return image.scores.empty(); }))
        return false;
    for (std::size_t d = 0; d < m_survey.detectors.size(); ++d) {
        std::vector<double> scores;
        for (const CleanImage& image : m_survey.clean)
            if (image.isCalibration)
                scores.push_back(image.scores[d]);
        m_survey.detectors[d].threshold = thresholdAt(m_request.falsePositiveRate, scores);
    }
    for (std::size_t i = 0; i < m_survey.clean.size() && std::int64_t(m_targets.size()) < m_request.attacked; ++i) {
        const CleanImage& image = m_survey.clean[i];
        if (!image.isCalibration && image.label.value_or(image.predicted) == image.predicted)
            m_targets.push_back({i, false, {}});
    }
    addAttacks();
    m_survey.originals.resize(m_targets.size());
    m_attacked.assign(m_survey.attacks.size(), std::vector<AttackedImage>(m_targets.size()));
    m_attackCounts.assign(m_survey.attacks.size(), std::vector<EvaluationCounts>(m_targets.size()));
    m_attackSeconds.assign(m_survey.attacks.size(), std::vector<double>(m_targets.size(), 0));
    return true;
}

/// Those asked for, then for each norm and budget among them one a detector that knows it.
void DetectorRun::addAttacks()
{
    for (const AttackRequest& request : m_request.attacks) {
        DetectorAttack attack;
        attack.name = request.name;
        attack.norm = request.norm;
        if (attackInfo(request.name).kind == AttackKind::FixedBudget)
            attack.eps = request.parameters.real("eps");
        attack.parameters = request.parameters.toJson();
        m_survey.attacks.push_back(std::move(attack));
    }
    if (!m_request.isAdaptive)
        return;
    const std::size_t plain = m_survey.attacks.size();
    for (std::size_t a = 0; a < plain; ++a)
        for (std::size_t d = 0; d < m_survey.detectors.size(); ++d) {
            DetectorAttack attack;
            attack.name = "adaptive";
            attack.norm = m_survey.attacks[a].norm;
            attack.eps = m_survey.attacks[a].eps;
            attack.adaptiveTo = d;
            attack.parameters = m_survey.detectors[d].choice.kind == DetectorKind::Squeezing
                ? Json{{"method", "joint hinge and score, BPDA"}, {"steps", m_request.adaptiveSteps}}
                : Json{{"method", "scaled perturbations"}, {"of", m_survey.attacks[a].name}};
            const auto isSame = [&](const DetectorAttack& other) { return other.adaptiveTo == d && other.norm == attack.norm && other.eps == attack.eps; };
            if (attack.norm != Norm::L0 && std::ranges::none_of(m_survey.attacks, isSame))
                m_survey.attacks.push_back(std::move(attack));
        }
}

void DetectorRun::attack(std::int64_t block, Monitor& monitor)
{
    const auto begin = std::size_t(block * attackBlock), end = std::min(begin + std::size_t(attackBlock), m_targets.size());
    std::vector<Image> images;
    for (std::size_t t = begin; t < end; ++t)
        images.push_back(imageAt(m_survey.clean[m_targets[t].clean].index));
    for (std::size_t a = 0; a < m_survey.attacks.size(); ++a) {
        PartMonitor part(monitor, std::int64_t(a), 1, std::int64_t(m_survey.attacks.size()));
        if (m_survey.attacks[a].adaptiveTo)
            attackKnowingly(a, begin, images, part);
        else
            attackPlainly(a, begin, images, part);
        if (monitor.stopRequested())
            return; // an image counts with all its attacks or not at all
    }
    for (std::size_t t = begin; t < end; ++t) {
        if (keepsPictures(std::int64_t(t)))
            m_survey.originals[t] = std::make_shared<const Image>(std::move(images[t - begin]));
        else
            for (std::vector<AttackedImage>& attacked : m_attacked)
                attacked[t].image.reset();
        m_targets[t].isDone = true;
    }
}

void DetectorRun::attackPlainly(std::size_t attack, std::size_t begin, std::span<const Image> images, Monitor& monitor)
{
    std::vector<AttackItem> items;
    for (std::size_t i = 0; i < images.size(); ++i) {
        const CleanImage& clean = m_survey.clean[m_targets[begin + i].clean];
        items.push_back({&images[i], {clean.predicted, {}, 0}, seedOf(clean.index, Attacking)});
    }
    const std::vector<AttackOutcome> outcomes = runAttack(m_model, m_request.attacks[attack], items, monitor);
    for (std::size_t i = 0; i < outcomes.size() && !monitor.stopRequested(); ++i) {
        m_attackCounts[attack][begin + i] = outcomes[i].counts;
        m_attackSeconds[attack][begin + i] = outcomes[i].seconds;
        judge(attack, begin + i, images[i], outcomes[i].adversarial, outcomes[i].failure, monitor);
    }
}

void DetectorRun::attackKnowingly(std::size_t attack, std::size_t begin, std::span<const Image> images, Monitor& monitor)
{
    const DetectorAttack& asked = m_survey.attacks[attack];
    const std::size_t d = *asked.adaptiveTo;
    const CalibratedDetector& detector = m_survey.detectors[d];
    std::vector<EvasionItem> items;
    for (std::size_t i = 0; i < images.size(); ++i)
        items.push_back({&images[i], m_survey.clean[m_targets[begin + i].clean].predicted});
    const auto start = std::chrono::steady_clock::now();
    EvaluationCounts counts;
    std::vector<Evasion> found;
    if (detector.choice.kind == DetectorKind::Squeezing) {
        found = evadeSqueezing(m_model, detector.choice.squeezers, detector.threshold, items, {asked.norm, asked.eps, m_request.adaptiveSteps, 1}, monitor, counts);
    } else {
        const auto isBase = [&](const DetectorAttack& other) { return !other.adaptiveTo && other.norm == asked.norm && other.eps == asked.eps; };
        const auto base = std::size_t(std::ranges::find_if(m_survey.attacks, isBase) - m_survey.attacks.begin());
        for (std::size_t i = 0; i < items.size() && !monitor.stopRequested(); ++i) {
            const AttackedImage& known = m_attacked[base][begin + i];
            const std::uint64_t seed = seedOf(known.index, Directions);
            found.push_back(known.image ? evadeByScaling(*m_detectors[d], detector.threshold, items[i], *known.image, asked.eps.has_value(), seed, monitor, counts) : Evasion());
        }
    }
    for (std::size_t i = 0; i < found.size() && !monitor.stopRequested(); ++i) {
        m_attackSeconds[attack][begin + i] = secondsSince(start) / double(images.size());
        judge(attack, begin + i, images[i], found[i], "No image that fools was found.", monitor);
        takeBetter(attack, begin + i);
    }
    m_attackCounts[attack][begin] += counts;
}

/// Who knows the detector also knows what the other attacks found in the same norm within the budget.
void DetectorRun::takeBetter(std::size_t attack, std::size_t target)
{
    const DetectorAttack& knowing = m_survey.attacks[attack];
    const std::size_t d = *knowing.adaptiveTo;
    const double threshold = m_survey.detectors[d].threshold;
    const auto passes = [&](const AttackedImage& image) { return image.isFooled && image.scores[d].score <= threshold; };
    AttackedImage& best = m_attacked[attack][target];
    for (std::size_t a = 0; a < m_survey.attacks.size(); ++a) {
        const AttackedImage& other = m_attacked[a][target];
        if (m_survey.attacks[a].adaptiveTo || m_survey.attacks[a].norm != knowing.norm || !passes(other) || (knowing.eps && other.distance > *knowing.eps * (1 + 1e-6)))
            continue;
        if (!passes(best) || (!knowing.eps && other.distance < best.distance))
            best = other;
    }
}

/// Whether an image fools and what the detectors say of it, on a fresh pass.
void DetectorRun::judge(std::size_t attack, std::size_t target, const Image& clean, const std::optional<Image>& found, const std::string& failure, Monitor& monitor)
{
    AttackedImage& result = m_attacked[attack][target];
    const CleanImage& known = m_survey.clean[m_targets[target].clean];
    result.index = known.index;
    result.failure = failure;
    if (!found)
        return;
    const std::uint64_t seed = seedOf(known.index, Directions);
    std::vector<DetectorScore> scores;
    for (const auto& detector : m_detectors) {
        const auto score = detector->scores(std::span(&*found, 1), std::span(&seed, 1), monitor, m_targets[target].counts);
        if (score.empty())
            return; // stopped
        scores.push_back(score.front());
    }
    result.isFooled = scores.front().predicted != known.predicted;
    if (!result.isFooled)
        return;
    result.failure.clear();
    result.distance = distancesBetween(clean, *found).in(m_survey.attacks[attack].norm);
    result.scores = std::move(scores);
    result.image = std::make_shared<const Image>(*found);
}

/// @param survey whose attacks are filled with the images that are done.
void DetectorRun::dropUnfinished(DetectorSurvey& survey) const
{
    std::vector<std::shared_ptr<const Image>> originals;
    survey.counts = m_prepareCounts;
    for (const EvaluationCounts& counts : m_cleanCounts)
        survey.counts += counts;
    for (std::size_t t = 0; t < m_targets.size(); ++t) {
        if (!m_targets[t].isDone)
            continue;
        originals.push_back(survey.originals[t]);
        survey.originalScores.push_back(m_cleanScores[m_targets[t].clean]);
        survey.counts += m_targets[t].counts;
        for (std::size_t a = 0; a < survey.attacks.size(); ++a) {
            DetectorAttack& attack = survey.attacks[a];
            attack.images.push_back(m_attacked[a][t]);
            attack.counts += m_attackCounts[a][t];
            attack.seconds += m_attackSeconds[a][t];
            survey.counts += m_attackCounts[a][t];
        }
    }
    survey.originals = std::move(originals);
    survey.partial = std::ranges::any_of(m_targets, [](const Target& target) { return !target.isDone; });
    survey.seconds = secondsSince(m_start);
}

DetectorSurvey DetectorRun::soFar() const
{
    DetectorSurvey survey = m_survey;
    dropUnfinished(survey);
    survey.partial = true;
    return survey;
}

void DetectorRun::end(bool wasStopped)
{
    std::erase_if(m_survey.clean, [](const CleanImage& image) { return image.scores.empty(); });
    dropUnfinished(m_survey);
    m_survey.partial |= wasStopped;
    if (std::ssize(m_targets) < m_request.attacked)
        m_survey.warnings.push_back({"few-attacked",
            "Only " + std::to_string(m_targets.size()) + " held-out images are classified as labelled and were attacked."});
}

DetectorSurvey surveyDetectors(std::shared_ptr<const Classifier> model, SurveyImages images, const DetectorRunRequest& request, Monitor& monitor,
    const std::function<void(std::shared_ptr<const DetectorSurvey>)>& publish)
{
    DetectorRun run(std::move(model), std::move(images), request);
    PartMonitor first(monitor, 0, 1, 10), clean(monitor, 1, 3, 10);
    run.prepare(first);
    surveyUnits(run.cleanBlocks(), clean, [&](std::int64_t block, Monitor& own) { run.scoreClean(block, own); });
    const bool isCalibrated = run.calibrate();
    const std::int64_t blocks = run.attackBlocks(), together = std::max(1, monitor.lanes());
    for (std::int64_t begin = 0; isCalibrated && begin < blocks && !monitor.stopRequested(); begin += together) {
        if (publish)
            publish(std::make_shared<const DetectorSurvey>(run.soFar()));
        const std::int64_t width = std::min(together, blocks - begin);
        PartMonitor attacks(monitor, 4 * blocks + 6 * begin, 6 * width, 10 * blocks);
        surveyUnits(width, attacks, [&](std::int64_t block, Monitor& own) { run.attack(begin + block, own); });
    }
    run.end(monitor.stopRequested());
    return run.survey();
}

} // namespace brink
