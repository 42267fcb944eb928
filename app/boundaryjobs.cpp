// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/boundaryjobs.h"

#include "app/curveddirection.h"
#include "app/qtext.h"
#include "core/base/error.h"
#include "core/data/preprocessing.h"
#include "core/report/figureparts.h"

#include <QPointer>

#include <algorithm>
#include <numbers>
#include <utility>

namespace brink {

namespace {

const QString sliceSlot = QStringLiteral("slice");
const QString pathSlot = QStringLiteral("path");
const QString curvatureSlot = QStringLiteral("curvature");
/// What a plane along a curved direction shows on every side, in distances of the image to the boundary.
constexpr double distancesShown = 2;
constexpr int coarsest = 32;
/// A partner is looked for among so many images after the current one.
constexpr std::int64_t partnersTried = 200;

/// More steps than this are thinned evenly: their marks would hide the slice.
constexpr std::size_t mostSteps = 40;

/// The second and third image of a plane: those chosen, else the next ones of the set that are free.
std::array<std::int64_t, 2> otherImages(const BoundaryChoices& choices, std::int64_t own, std::int64_t size)
{
    std::array<std::int64_t, 2> images = choices.images;
    for (std::int64_t& image : images)
        image = image < size ? image : -1;
    for (std::int64_t& image : images)
        for (std::int64_t step = 1; image < 0 && step <= size; ++step) {
            const std::int64_t next = (own + step) % size;
            if (next != own && std::ranges::find(images, next) == images.end())
                image = next;
        }
    if (images[0] < 0 || images[1] < 0)
        throw Error(ErrorCode::Domain, "A plane through three images needs three of them; open more.");
    if (images[0] == own || images[1] == own || images[0] == images[1])
        throw Error(ErrorCode::Domain, "A plane needs three different images; choose others beside the slice.");
    return images;
}

/// Marks the way of an attack, each step with how far it lies off the plane.
void addSteps(Plane& plane, const std::string& attack, const std::vector<AttackIterate>& steps)
{
    const std::size_t each = (steps.size() + mostSteps - 1) / mostSteps;
    for (std::size_t i = 0; i < steps.size(); i += each)
        addMarker(plane, PlaneMarkerKind::Iterate, attack + ", step " + std::to_string(steps[i].step), steps[i].image);
}

Image inputOf(const Classifier& model, const Image& source, const WhatIf& whatIf)
{
    Image image = prepareImage(source, model.channels(), model.height(), model.width(), model.card().resizeRule).image;
    return whatIf.isNothing() ? image : applyWhatIf(image, whatIf);
}

QString sentenceOf(const JobSnapshot& job) { return job.error ? qtext(job.error->message()) : BoundaryJobs::tr("%1 failed without saying why.").arg(job.title); }

} // namespace

/// What a job for a path brings back.
struct BoundaryJobs::PathOutcome {
    std::shared_ptr<const RegionPath> path;
};

BoundaryJobs::BoundaryJobs(const Session& session, Scheduler& scheduler, BoundaryDesk& desk, QObject* parent)
    : QObject(parent), m_session(session), m_scheduler(scheduler), m_desk(desk), m_pointJob(scheduler, tr("Look at a point"), QStringLiteral("boundary-point"))
{
}

bool BoundaryJobs::canStart() const { return m_session.classifier() && m_session.image(); }

BoundaryJobs::PlaneKey BoundaryJobs::planeKey() const
{
    const BoundaryChoices& choices = m_desk.choices();
    return {m_session.classifier().get(), m_session.image()->sha256, choices.plane, m_session.norm(), m_session.settings().seed, choices.centre.get(),
        choices.plane == PlaneKind::Adversarials ? knownAdversarials().size() : 0, m_session.whatIf(),
        choices.plane == PlaneKind::Directions ? m_desk.curvature().get() : nullptr, choices.plane == PlaneKind::Directions ? choices.direction : 0,
        choices.plane == PlaneKind::Directions ? choices.against : -1, choices.plane == PlaneKind::Images ? choices.images : std::array<std::int64_t, 2>{-1, -1},
        markedAttack() ? markedAttack()->iterates.get() : nullptr};
}

const AttackOutcome* BoundaryJobs::markedAttack() const
{
    const auto& result = m_session.result();
    const bool isThere = m_desk.choices().showsSteps && result && result->index == m_session.imageIndex()
        && (m_session.resultState() == ResultState::Complete || m_session.resultState() == ResultState::Partial);
    const AttackOutcome* outcome = isThere ? report::tracedAttack(*result, m_session.selection()) : nullptr;
    return outcome && outcome->iterates && !outcome->iterates->empty() ? outcome : nullptr;
}

/// Of the result in sight, nearest first; only those of this image in this norm.
std::vector<NamedImage> BoundaryJobs::knownAdversarials() const
{
    const auto& result = m_session.result();
    std::vector<std::pair<double, NamedImage>> found;
    if (result && m_session.resultState() == ResultState::Complete && result->index == m_session.imageIndex() && !m_desk.choices().centre)
        for (const AttackOutcome& outcome : result->attacks)
            if (outcome.success && outcome.distance && outcome.norm == m_session.norm())
                found.emplace_back(outcome.distance->in(outcome.norm), NamedImage{report::attackLabel(outcome.name), *outcome.adversarial});
    std::ranges::stable_sort(found, {}, [](const auto& each) { return each.first; });
    std::vector<NamedImage> images;
    for (auto& [distance, image] : found)
        images.push_back(std::move(image));
    return images;
}

std::vector<std::string> BoundaryJobs::classNames() const { return m_session.dataset() ? m_session.dataset()->classNames() : std::vector<std::string>(); }

void BoundaryJobs::startSlice()
{
    if (!canStart())
        return m_desk.clear();
    const BoundaryChoices& choices = m_desk.choices();
    const std::optional<CurvedDirection> curved = choices.plane == PlaneKind::Directions ? curvedDirection(m_desk.curvature(), choices.direction) : std::nullopt;
    const std::optional<CurvedDirection> against = curved && choices.against != choices.direction ? curvedDirection(m_desk.curvature(), choices.against) : std::nullopt;
    if (choices.plane == PlaneKind::Directions && !curved) {
        if (m_desk.curvatureState() == ViewState::Failed)
            return m_desk.setState(ViewState::Failed, m_desk.curvatureFailure());
        if (m_desk.curvature() && m_desk.curvatureState() == ViewState::Complete)
            return m_desk.setState(ViewState::Failed, tr("This direction was not measured; choose another one beside the slice."));
        return startCurvature(); // the slice follows it
    }
    const PlaneKey key = planeKey();
    if (key != m_planeKey)
        m_plane.reset();
    m_planeKey = key;
    PlaneRequest plane;
    plane.model = m_session.classifier();
    plane.kind = choices.plane;
    plane.norm = m_session.norm();
    plane.seed = m_session.settings().seed;
    if (choices.plane == PlaneKind::Adversarials)
        plane.others = knownAdversarials();
    SliceRequest slice;
    slice.model = plane.model;
    slice.resolution = choices.resolution;
    slice.coarsest = std::min(coarsest, choices.resolution);
    slice.clipsToBox = choices.clips;
    slice.imageIndex = m_session.image()->index;
    slice.classNames = classNames();

    m_pictures = std::make_shared<Mailbox<SliceResult>>();
    const auto outcome = std::make_shared<std::shared_ptr<const SliceResult>>();
    const auto found = std::make_shared<std::shared_ptr<const Plane>>(m_plane);
    JobRequest job;
    job.title = tr("Slice of image %1").arg(m_session.image()->index);
    job.slot = sliceSlot;
    job.work = [plane, slice, choices, source = m_session.image()->image, whatIf = m_session.whatIf(), dataset = m_session.dataset(),
                   index = m_session.image()->index, found, outcome, pictures = m_pictures, curved, against,
                   attack = markedAttack() ? report::attackLabel(markedAttack()->name) : std::string(), steps = markedAttack() ? markedAttack()->iterates : nullptr](Monitor& monitor) mutable {
        const Image original = inputOf(*plane.model, source, whatIf);
        if (!*found && curved)
            *found = std::make_shared<const Plane>(bendingPlane(*curved->result, *curved->direction, original, against ? against->direction : nullptr));
        if (!*found) {
            plane.image = choices.centre ? choices.centre->image : original;
            if (plane.kind == PlaneKind::Images)
                for (const std::int64_t other : otherImages(choices, index, dataset->size())) {
                    plane.others.push_back({"image " + std::to_string(other), inputOf(*plane.model, dataset->image(other), whatIf)});
                }
            std::optional<Plane> base = findPlane(plane, monitor);
            if (!base)
                return;
            if (choices.centre) {
                base->markers.front().name = choices.centre->name;
                base->markers.front().kind = PlaneMarkerKind::Image;
                addMarker(*base, PlaneMarkerKind::Original, "original", original);
            }
            *found = std::make_shared<const Plane>(std::move(*base));
        }
        if (steps && std::ranges::none_of((*found)->markers, [](const PlaneMarker& marker) { return marker.kind == PlaneMarkerKind::Iterate; })) {
            Plane marked = **found;
            addSteps(marked, attack, *steps);
            *found = std::make_shared<const Plane>(std::move(marked));
        }
        slice.plane = choices.turn != 0 ? turned(**found, choices.turn * std::numbers::pi / 180, plane.seed) : **found;
        const double reach = curved ? distancesShown * curved->result->point.distance : 0;
        slice.frame = choices.frame ? *choices.frame : curved ? SliceFrame{-reach, reach, -reach, reach} : suggestedFrame(slice.plane);
        *outcome = std::make_shared<const SliceResult>(computeSlice(slice, monitor, [&pictures](std::shared_ptr<const SliceResult> picture) { pictures->put(std::move(picture)); }));
    };
    job.finished = [self = QPointer(this), found, outcome, key](const JobSnapshot& ended) {
        if (!self)
            return;
        if (*found && self->m_planeKey == key)
            self->m_plane = *found;
        if (self->m_sliceJob == ended.id)
            self->endSlice(ended, *outcome);
    };
    m_sliceJob = m_scheduler.submit(std::move(job));
    m_desk.setState(ViewState::Running);
}

void BoundaryJobs::takeSlice()
{
    if (!m_sliceJob || !m_pictures)
        return;
    if (auto picture = m_pictures->take())
        m_desk.setSlice(std::move(picture), ViewState::Running);
}

void BoundaryJobs::endSlice(const JobSnapshot& job, const std::shared_ptr<const SliceResult>& result)
{
    m_sliceJob.reset();
    m_pictures.reset();
    if (job.status == JobStatus::Failed)
        return m_desk.setState(ViewState::Failed, sentenceOf(job));
    const bool hasPicture = result && result->grid;
    if (job.status == JobStatus::Done && hasPicture)
        return m_desk.setSlice(result, ViewState::Complete);
    // Stopped by the user: what is there stays, as coarse as it is.
    if (hasPicture)
        m_desk.setSlice(result, ViewState::Partial);
    else
        m_desk.setState(m_desk.slice() ? ViewState::Stale : ViewState::Empty);
}

void BoundaryJobs::stopSlice()
{
    if (m_sliceJob)
        m_scheduler.stop(*m_sliceJob);
}

void BoundaryJobs::lookThere()
{
    const auto slice = m_desk.slice();
    const auto place = m_desk.place();
    const auto model = m_session.classifier();
    if (!slice || !place || !model || model->sha256() != slice->modelSha256)
        return m_desk.setPoint(nullptr);
    m_pointJob.request(
        [slice, place = *place, model] {
            return std::make_shared<const SlicePoint>(slicePoint(model, *slice->plane, place.a, place.b, slice->clipsToBox));
        },
        [self = QPointer(this)](const std::shared_ptr<const SlicePoint>& point) {
            if (self)
                self->m_desk.setPoint(point);
        });
}

void BoundaryJobs::startPath()
{
    if (!canStart() || !m_session.dataset())
        return;
    RegionPathRequest request;
    request.model = m_session.classifier();
    const auto outcome = std::make_shared<PathOutcome>();
    JobRequest job;
    job.title = tr("Path from image %1").arg(m_session.image()->index);
    job.slot = pathSlot;
    job.work = [request, outcome, source = m_session.image()->image, whatIf = m_session.whatIf(), dataset = m_session.dataset(), index = m_session.image()->index,
                   partner = m_desk.choices().partner, names = classNames()](Monitor& monitor) mutable {
        request.from = inputOf(*request.model, source, whatIf);
        EvaluationCounts counts;
        const std::int64_t label = predictedClasses(request.model, {request.from}, counts).front();
        std::int64_t other = partner;
        for (std::int64_t step = 1; partner < 0 && step <= std::min(partnersTried, dataset->size() - 1) && !monitor.stopRequested(); ++step) {
            const std::int64_t candidate = (index + step) % dataset->size();
            if (predictedClasses(request.model, {inputOf(*request.model, dataset->image(candidate), whatIf)}, counts).front() == label) {
                other = candidate;
                break;
            }
        }
        if (monitor.stopRequested())
            return;
        if (other < 0)
            throw Error(ErrorCode::Domain, "None of the next images is classified alike; choose one by its index.");
        request.to = inputOf(*request.model, dataset->image(other), whatIf);
        RegionPath path = findRegionPath(request, monitor);
        path.fromIndex = index;
        path.toIndex = other;
        path.counts += counts;
        path.className = classNameOf(*request.model, path.label, names);
        outcome->path = std::make_shared<const RegionPath>(std::move(path));
    };
    job.finished = [self = QPointer(this), outcome](const JobSnapshot& ended) {
        if (!self || self->m_pathJob != ended.id)
            return;
        self->m_pathJob.reset();
        if (ended.status == JobStatus::Failed)
            return self->m_desk.setPath(nullptr, ViewState::Failed, sentenceOf(ended));
        const bool isWhole = outcome->path && !outcome->path->stopped;
        self->m_desk.setPath(isWhole ? outcome->path : nullptr, isWhole ? ViewState::Complete : ViewState::Empty);
    };
    m_pathJob = m_scheduler.submit(std::move(job));
    m_desk.setPath(m_desk.path(), ViewState::Running);
}

void BoundaryJobs::stopPath()
{
    if (m_pathJob)
        m_scheduler.stop(*m_pathJob);
}

void BoundaryJobs::startCurvature()
{
    if (!canStart() || m_curvatureJob)
        return;
    const auto outcome = std::make_shared<std::shared_ptr<const CurvatureSurvey>>();
    JobRequest job;
    job.title = tr("Curvature at image %1").arg(m_session.image()->index);
    job.slot = curvatureSlot;
    job.work = [outcome, model = m_session.classifier(), source = m_session.image()->image, sha256 = m_session.image()->sha256, whatIf = m_session.whatIf(),
                   index = m_session.image()->index, seed = m_session.settings().seed](Monitor& monitor) {
        CurvatureSurvey survey;
        survey.modelName = model->card().name;
        survey.modelSha256 = model->sha256();
        survey.channels = model->channels();
        survey.height = model->height();
        survey.width = model->width();
        survey.imagesSource = source.source;
        survey.seed = survey.request.seed = seed;
        BoundaryPointRequest where;
        where.seed = seed;
        CurvatureOutcome measured = curvatureOfImage(model, inputOf(*model, source, whatIf), where, survey.request, monitor);
        if (monitor.stopRequested())
            return;
        if (!measured.result)
            throw Error(ErrorCode::Domain, "No curvature: " + measured.failure);
        survey.counts = measured.result->counts;
        survey.seconds = measured.result->seconds;
        SurveyImage& image = survey.images.emplace_back();
        image.index = index;
        image.source = source.source;
        image.sha256 = sha256;
        image.result = std::move(measured.result);
        *outcome = std::make_shared<const CurvatureSurvey>(std::move(survey));
    };
    job.finished = [self = QPointer(this), outcome](const JobSnapshot& ended) {
        if (!self || self->m_curvatureJob != ended.id)
            return;
        self->m_curvatureJob.reset();
        if (ended.status == JobStatus::Failed)
            return self->m_desk.setCurvature(nullptr, ViewState::Failed, sentenceOf(ended));
        self->m_desk.setCurvature(*outcome, *outcome ? ViewState::Complete : ViewState::Empty);
    };
    m_curvatureJob = m_scheduler.submit(std::move(job));
    m_desk.setCurvature(m_desk.curvature(), ViewState::Running);
}

void BoundaryJobs::stopCurvature()
{
    if (m_curvatureJob)
        m_scheduler.stop(*m_curvatureJob);
}

} // namespace brink
