// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/detectionrun.h"

#include "core/base/rng.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <utility>

namespace brink {

namespace {

enum Purpose : std::uint64_t { Attacking = 1, Directions };

/// Images attacked together. A constant, so that no result depends on the number of workers.
constexpr std::int64_t blockSize = 64;

bool isUnfinished(const DetectionImage& image) { return image.failure.empty() && image.clean.curvature.empty(); }

AttackRequest deepfoolRequest(Preset preset)
{
    AttackRequest request;
    request.name = "deepfool";
    request.norm = Norm::L2;
    request.parameters = Params(attackInfo("deepfool").parameters, preset);
    // The perturbation as the paper has it: beyond the boundary by its overshoot, not drawn back onto it.
    request.parameters.assign("final-search=0");
    return request;
}

} // namespace

std::vector<AttackRequest> detectionAttacks(const std::vector<std::string>& names, Preset preset)
{
    std::vector<AttackRequest> requests{deepfoolRequest(preset)};
    for (const std::string& name : names) {
        const AttackInfo& info = attackInfo(name);
        if (std::ranges::find(requests, info.name, &AttackRequest::name) != requests.end())
            continue;
        const bool hasL2 = std::ranges::find(info.norms, Norm::L2) != info.norms.end();
        requests.push_back({info.name, hasL2 ? Norm::L2 : info.norms.front(), Params(info.parameters, preset)});
    }
    for (AttackRequest& request : requests)
        request.keepTrace = false;
    return requests;
}

DetectionRun::DetectionRun(std::shared_ptr<const Classifier> model, SurveyImages images, const DetectionRunRequest& request)
    : m_model(std::move(model)), m_images(std::move(images)), m_request(request), m_found(m_images.indices.size()), m_attackCounts(m_images.indices.size())
{
    m_survey.modelName = m_model->card().name;
    m_survey.modelSha256 = m_model->sha256();
    m_survey.classNames = m_model->card().classNames;
    if (m_survey.classNames.empty() && m_images.dataset->classNames().size() == std::size_t(m_model->classes()))
        m_survey.classNames = m_images.dataset->classNames();
    m_survey.classes = m_model->classes();
    m_survey.imagesSource = m_images.source;
    m_survey.seed = request.seed;
    m_survey.step = request.step;
    m_survey.request.probes = request.probes;
    m_survey.request.classes = request.classes;
    m_survey.scales = request.scales;
    for (const AttackRequest& attack : request.attacks)
        m_survey.attacks.push_back(attack.name);
    m_survey.images.resize(m_images.indices.size());
}

std::int64_t DetectionRun::blocks() const { return (images() + blockSize - 1) / blockSize; }

std::uint64_t DetectionRun::seedOf(std::int64_t index, std::uint64_t purpose) const { return combineSeeds({m_request.seed, std::uint64_t(index), purpose}); }

void DetectionRun::attack(std::int64_t block, Monitor& monitor)
{
    const std::size_t begin = std::size_t(block * blockSize), end = std::size_t(std::min((block + 1) * blockSize, images()));
    std::vector<Image> pixels;
    for (std::size_t i = begin; i < end; ++i) {
        DetectionImage& image = m_survey.images[i];
        image.index = m_images.indices[i];
        image.label = m_images.dataset->label(image.index);
        image.isCalibration = i % 2 == 0; // every second image is counted, the others choose
        pixels.push_back(surveyImage(m_images, image.index, *m_model));
        image.source = pixels.back().source;
        image.sha256 = imageSha256(pixels.back());
    }
    std::vector<AttackItem> items;
    for (std::size_t i = 0; i < pixels.size(); ++i)
        items.push_back({&pixels[i], {predictedClass(m_model, pixels[i]), {}, 0}, seedOf(m_survey.images[begin + i].index, Attacking)});
    for (std::size_t a = 0; a < m_request.attacks.size(); ++a) {
        PartMonitor part(monitor, std::int64_t(a), 1, std::int64_t(m_request.attacks.size()));
        std::vector<AttackOutcome> outcomes = runAttack(m_model, m_request.attacks[a], items, part);
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            m_found[begin + i].push_back(std::move(outcomes[i].adversarial));
            m_attackCounts[begin + i] += outcomes[i].counts;
        }
    }
    for (std::size_t i = begin; i < end; ++i)
        if (!m_found[i].front() && !monitor.stopRequested())
            m_survey.images[i].failure = "DeepFool found no other class.";
}

bool DetectionRun::endAttacks()
{
    std::vector<double> distances;
    for (std::size_t i = 0; i < m_survey.images.size(); ++i)
        if (m_survey.images[i].isCalibration && m_survey.images[i].failure.empty() && !m_found[i].empty() && m_found[i].front())
            distances.push_back(distancesBetween(surveyImage(m_images, m_survey.images[i].index, *m_model), *m_found[i].front()).l2);
    if (distances.empty())
        return false;
    m_survey.request.reach = m_survey.step * median(distances);
    return true;
}

void DetectionRun::measure(std::int64_t unit, Monitor& monitor)
{
    DetectionImage image = m_survey.images[std::size_t(unit)];
    if (!image.failure.empty() || m_found[std::size_t(unit)].empty())
        return;
    const Image pixels = surveyImage(m_images, image.index, *m_model);
    DetectionRequest request = m_survey.request;
    request.seed = seedOf(image.index, Directions);
    const auto clean = detectionStatistic(m_model, pixels, request, monitor);
    if (!clean)
        return;
    image.clean = *clean;
    for (std::size_t a = 0; a < m_request.attacks.size(); ++a) {
        const std::optional<Image>& found = m_found[std::size_t(unit)][a];
        for (const double scale : a == 0 ? m_survey.scales : std::vector<double>{1}) {
            if (!found)
                continue;
            const Image moved = scaledPerturbation(pixels, *found, scale);
            const auto statistic = detectionStatistic(m_model, moved, request, monitor);
            if (!statistic)
                return;
            image.perturbed.push_back({m_request.attacks[a].name, scale, distancesBetween(pixels, moved).l2, statistic->predicted != image.clean.predicted, *statistic});
        }
    }
    m_survey.images[std::size_t(unit)] = std::move(image);
}

const DetectionImage* DetectionRun::measured(std::int64_t unit) const
{
    const DetectionImage& image = m_survey.images[std::size_t(unit)];
    return isUnfinished(image) ? nullptr : &image;
}

void DetectionRun::end(bool wasStopped)
{
    m_survey.partial = wasStopped;
    std::erase_if(m_survey.images, isUnfinished);
    for (const EvaluationCounts& counts : m_attackCounts)
        m_survey.counts += counts;
    for (const DetectionImage& image : m_survey.images) {
        m_survey.counts += image.clean.counts;
        for (const PerturbedImage& perturbed : image.perturbed)
            m_survey.counts += perturbed.statistic.counts;
    }
    m_survey.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    if (m_model->classes() - 1 > m_survey.request.classes)
        m_survey.warnings.push_back({"classes",
            "Only the " + std::to_string(m_survey.request.classes) + " most likely of " + std::to_string(m_model->classes() - 1)
                + " other classes were looked at; a label outside them cannot be recovered."});
}

DetectionSurvey surveyDetection(std::shared_ptr<const Classifier> model, SurveyImages images, const DetectionRunRequest& request, Monitor& monitor)
{
    DetectionRun run(std::move(model), std::move(images), request);
    PartMonitor attacks(monitor, 0, 1, 2), curvature(monitor, 1, 1, 2);
    surveyUnits(run.blocks(), attacks, [&](std::int64_t block, Monitor& own) { run.attack(block, own); });
    if (!monitor.stopRequested() && run.endAttacks())
        surveyUnits(run.images(), curvature, [&](std::int64_t unit, Monitor& own) { run.measure(unit, own); });
    run.end(monitor.stopRequested());
    return run.survey();
}

} // namespace brink
