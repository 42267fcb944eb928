// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/curvaturerun.h"

#include "core/base/rng.h"
#include "core/stats/summary.h"

#include <algorithm>
#include <utility>

namespace brink {

namespace {

/// What the random numbers of an image are for.
enum class Purpose : std::uint64_t { Curvature = 1, Noise };

/// Images between two pictures of what is there.
constexpr std::int64_t imagesPublished = 8;

bool isUnfinished(const SurveyImage& image) { return !image.result && image.failure.empty(); }

/// Along every random tangent: rho would divide by zero.
bool isFlat(const SurveyImage& image) { return image.result && image.result->meanMagnitude <= 0; }

} // namespace

CurvatureRun::CurvatureRun(std::shared_ptr<const Classifier> model, SurveyImages images, const CurvatureRunRequest& request)
    : m_model(std::move(model)), m_images(std::move(images)), m_request(request)
{
    m_survey.modelName = m_model->card().name;
    m_survey.modelSha256 = m_model->sha256();
    m_survey.channels = m_model->channels();
    m_survey.height = m_model->height();
    m_survey.width = m_model->width();
    m_survey.imagesSource = m_images.source;
    m_survey.seed = request.seed;
    m_survey.request = request.curvature;
    m_survey.sharedRequest.subspace = request.subspace;
    m_survey.sharedRequest.seed = request.seed;
    m_survey.noiseDraws = request.noiseDraws;
    m_survey.images.resize(m_images.indices.size());
}

void CurvatureRun::measure(std::int64_t unit, Monitor& monitor)
{
    SurveyImage image;
    image.index = m_images.indices[std::size_t(unit)];
    image.label = m_images.dataset->label(image.index);
    const Image pixels = surveyImage(m_images, image.index, *m_model);
    image.source = pixels.source;
    image.sha256 = imageSha256(pixels);
    const std::uint64_t seed = combineSeeds({m_request.seed, std::uint64_t(image.index), std::uint64_t(Purpose::Curvature)});
    CurvatureRequest request = m_survey.request;
    request.seed = seed;
    BoundaryPointRequest where;
    where.seed = seed;
    where.attack = m_request.attack;
    CurvatureOutcome outcome = curvatureOfImage(m_model, pixels, where, request, monitor);
    if (monitor.stopRequested())
        return;
    image.result = std::move(outcome.result);
    image.failure = std::move(outcome.failure);
    m_survey.images[std::size_t(unit)] = std::move(image);
}

const SurveyImage* CurvatureRun::measured(std::int64_t unit) const
{
    const SurveyImage& image = m_survey.images[std::size_t(unit)];
    return isUnfinished(image) ? nullptr : &image;
}

std::int64_t CurvatureRun::endMeasuring(bool wasStopped)
{
    m_survey.partial = wasStopped;
    std::erase_if(m_survey.images, isUnfinished);
    for (const SurveyImage& image : m_survey.images)
        if (image.result) {
            m_survey.counts += image.result->counts;
            m_survey.seconds += image.result->seconds;
        }
    warnOfImages();
    if (m_survey.sharedRequest.subspace == 0 || wasStopped || !shareDirectionsOfImages())
        return 0;
    chooseNoiseNorms();
    return std::int64_t(m_heldOut.size());
}

/// Every second image is held out; the others choose the directions.
bool CurvatureRun::shareDirectionsOfImages()
{
    std::vector<const CurvatureResult*> choosing;
    bool isNext = false;
    for (std::size_t i = 0; i < m_survey.images.size(); ++i) {
        SurveyImage& image = m_survey.images[i];
        if (!image.result || image.result->lowest.empty())
            continue;
        image.isHeldOut = std::exchange(isNext, !isNext);
        if (image.isHeldOut)
            m_heldOut.push_back(i);
        else
            choosing.push_back(&*image.result);
    }
    SharedDirectionsRequest& shared = m_survey.sharedRequest;
    shared.each = std::min(shared.each, 2 * m_survey.request.directions);
    if (m_heldOut.size() < 2 || std::int64_t(choosing.size()) * shared.each < shared.subspace || m_survey.dimension() < 2 * shared.subspace) {
        m_survey.warnings.push_back({"few-images", "Too few images for " + std::to_string(shared.subspace) + " shared directions: choose more images, or fewer directions."});
        return false;
    }
    m_survey.shared = shareDirections(choosing, shared);
    return true;
}

void CurvatureRun::chooseNoiseNorms()
{
    if (m_survey.noiseDraws == 0)
        return;
    std::vector<double> distances;
    for (const SurveyImage& image : m_survey.images)
        if (image.result)
            distances.push_back(image.result->point.distance);
    m_survey.noiseNorms = standardNoiseNorms(median(distances));
}

void CurvatureRun::test(std::int64_t unit, Monitor& monitor)
{
    SurveyImage& image = m_survey.images[m_heldOut[std::size_t(unit)]];
    if (!isFlat(image))
        image.generalisation = generalise(m_model, *image.result, *m_survey.shared, monitor);
    if (m_survey.noiseNorms.empty())
        return;
    const NoiseRequest request{m_survey.noiseNorms, m_survey.noiseDraws, combineSeeds({m_request.seed, std::uint64_t(image.index), std::uint64_t(Purpose::Noise)})};
    image.noise = noiseResponse(m_model, surveyImage(m_images, image.index, *m_model), image.result->point.own, *m_survey.shared, request, monitor);
}

void CurvatureRun::endTesting(bool wasStopped)
{
    m_survey.partial |= wasStopped;
    if (const auto flat = std::ranges::count_if(m_heldOut, [this](std::size_t place) { return isFlat(m_survey.images[place]); }); flat > 0)
        m_survey.warnings.push_back({"flat",
            "At " + std::to_string(flat) + " of " + std::to_string(m_heldOut.size())
                + " held-out images the boundary has no curvature along random tangents (a piecewise linear net at this scale), so nothing to compare shared directions with: "
                  "they are left out of rho. A larger scale of the differences sees more pieces."});
    for (const std::size_t place : m_heldOut) {
        const SurveyImage& image = m_survey.images[place];
        m_survey.counts += image.generalisation ? image.generalisation->counts : EvaluationCounts();
        m_survey.counts += image.noise ? image.noise->counts : EvaluationCounts();
    }
}

CurvatureSurvey CurvatureRun::measuredSoFar() const
{
    CurvatureSurvey survey = m_survey;
    std::erase_if(survey.images, isUnfinished);
    survey.partial = true;
    return survey;
}

void CurvatureRun::warnOfImages()
{
    const auto isRough = [](const SurveyImage& image) {
        return image.result && std::ranges::find(image.result->warnings, "not-linear", &Warning::code) != image.result->warnings.end();
    };
    const std::string of = " of " + std::to_string(m_survey.images.size()) + " images ";
    if (const auto rough = std::ranges::count_if(m_survey.images, isRough); rough > 0)
        m_survey.warnings.push_back({"not-linear",
            "At " + std::to_string(rough) + of
                + "differences at this scale are far from a linear map of the direction (asymmetry of the matrix above one half): full profiles are those of the symmetric part, and "
                  "rough, their ends above all; principal directions were found by Lanczos and measured one by one."});
    const auto open = std::ranges::count_if(
        m_survey.images, [](const SurveyImage& image) { return image.result && !image.result->lowest.empty() && !image.result->isConverged; });
    if (open > 0)
        m_survey.warnings.push_back({"lanczos",
            "At " + std::to_string(open) + of + "Lanczos ended before all principal directions had settled; their residuals are in the results, more steps of Lanczos settle them."});
}

CurvatureSurvey surveyCurvature(std::shared_ptr<const Classifier> model, SurveyImages images, const CurvatureRunRequest& request, Monitor& monitor,
    const std::function<void(std::shared_ptr<const CurvatureSurvey>)>& publish)
{
    CurvatureRun run(std::move(model), std::move(images), request);
    const std::int64_t count = run.images(), parts = 2 * count; // testing a held-out image takes about as long as measuring two
    for (std::int64_t begin = 0; begin < count && !monitor.stopRequested(); begin += imagesPublished) {
        const std::int64_t width = std::min(imagesPublished, count - begin);
        PartMonitor part(monitor, begin, width, parts);
        surveyUnits(width, part, [&](std::int64_t unit, Monitor& own) { run.measure(begin + unit, own); });
        if (publish)
            publish(std::make_shared<const CurvatureSurvey>(run.measuredSoFar()));
    }
    const std::int64_t heldOut = run.endMeasuring(monitor.stopRequested());
    PartMonitor part(monitor, count, count, parts);
    surveyUnits(heldOut, part, [&](std::int64_t unit, Monitor& own) { run.test(unit, own); });
    run.endTesting(monitor.stopRequested());
    return run.survey();
}

} // namespace brink
