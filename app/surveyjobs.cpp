// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/surveyjobs.h"

#include "app/qtext.h"
#include "core/boundary/curvaturerun.h"
#include "core/boundary/detectionrun.h"
#include "core/study/entering.h"

#include <QPointer>

#include <algorithm>
#include <numeric>
#include <utility>

namespace brink {

namespace {

const QString surveySlot = QStringLiteral("survey");

QString titleOf(SurveyKind kind)
{
    switch (kind) {
    case SurveyKind::Regions: return SurveyJobs::tr("Regions at %1 images of %2");
    case SurveyKind::Detection: return SurveyJobs::tr("Detection at %1 images of %2");
    default: return SurveyJobs::tr("Curvature at %1 images of %2");
    }
}

/// What a job is to do for one model.
struct SurveyTask {
    std::shared_ptr<const Classifier> model;
    SurveyChoices choices;
    std::shared_ptr<const Dataset> dataset;
    std::string source;
    std::uint64_t seed = 1;
};

SurveyImages imagesOf(const SurveyTask& task, Monitor& monitor)
{
    std::vector<std::int64_t> all(std::size_t(task.dataset->size()));
    std::iota(all.begin(), all.end(), std::int64_t(0));
    return {task.dataset, enteringImages(task.model, *task.dataset, all, task.choices.onlyRight, std::size_t(task.choices.images), monitor), task.source};
}

std::shared_ptr<const Classifier> modelOf(const Session& session, const std::string& sha256)
{
    const auto found = std::ranges::find_if(session.models(), [&](const LoadedModel& model) { return model.classifier->sha256() == sha256; });
    return found == session.models().end() ? nullptr : found->classifier;
}

} // namespace

struct SurveyJobs::Picture {
    std::string model; ///< SHA-256
    std::shared_ptr<const CurvatureSurvey> curvature;
    std::shared_ptr<const RegionSurvey> regions;
    std::shared_ptr<const DetectionSurvey> detection;
};

namespace {

using Publish = std::function<void(SurveyJobs::Picture)>;

void survey(const SurveyTask& task, Monitor& monitor, const Publish& publish)
{
    const SurveyImages images = imagesOf(task, monitor);
    if (images.indices.empty())
        return; // stopped
    const std::string model = task.model->sha256();
    if (task.choices.kind == SurveyKind::Curvature) {
        CurvatureRunRequest request;
        request.seed = task.seed;
        request.curvature.step = task.choices.step;
        if (task.choices.isFull)
            request.curvature.spectrum = CurvatureSpectrum::Full;
        const auto show = [&](std::shared_ptr<const CurvatureSurvey> found) { publish({.model = model, .curvature = std::move(found), .regions = {}, .detection = {}}); };
        show(std::make_shared<const CurvatureSurvey>(surveyCurvature(task.model, images, request, monitor, show)));
    } else if (task.choices.kind == SurveyKind::Regions) {
        const auto show = [&](std::shared_ptr<const RegionSurvey> found) { publish({.model = model, .curvature = {}, .regions = std::move(found), .detection = {}}); };
        show(std::make_shared<const RegionSurvey>(surveyRegions(task.model, images, {.pairs = task.choices.pairs, .seed = task.seed}, monitor, show)));
    } else {
        DetectionRunRequest request;
        request.attacks = detectionAttacks({"deepfool", "ddn"}, Preset::Preview);
        request.seed = task.seed;
        publish({.model = model, .curvature = {}, .regions = {}, .detection = std::make_shared<const DetectionSurvey>(surveyDetection(task.model, images, request, monitor))});
    }
}

} // namespace

SurveyJobs::SurveyJobs(const Session& session, Scheduler& scheduler, SurveyDesk& desk, QObject* parent)
    : QObject(parent), m_session(session), m_scheduler(scheduler), m_desk(desk)
{
}

void SurveyJobs::start(const SurveyChoices& choices)
{
    if (!canStart() || m_job)
        return;
    m_asked = choices;
    m_dataset = m_session.dataset();
    const std::string current = m_session.classifier()->sha256();
    const std::string source = m_session.imagePaths().size() == 1 ? m_session.imagePaths().front().toStdString() : m_dataset->name();
    std::vector<SurveyTask> tasks{{m_session.classifier(), choices, m_dataset, source, m_session.settings().seed}};
    if (choices.kind == SurveyKind::Curvature && !choices.beside.empty())
        if (auto second = modelOf(m_session, choices.beside))
            tasks.push_back({std::move(second), choices, m_dataset, source, m_session.settings().seed});
    const auto isKnown = [&](const SurveyTask& task) { return m_desk.state(task.model->sha256(), choices) == ViewState::Complete; };
    if (!std::ranges::all_of(tasks, isKnown))
        std::erase_if(tasks, isKnown);

    m_pictures = std::make_shared<Mailbox<Picture>>();
    const auto outcome = std::make_shared<std::map<std::string, Picture>>();
    JobRequest job;
    job.title = titleOf(choices.kind).arg(choices.images).arg(qtext(tasks.front().model->card().name));
    job.slot = surveySlot;
    job.priority = JobPriority::Batch;
    job.work = [tasks, outcome, pictures = m_pictures](Monitor& monitor) {
        for (std::size_t i = 0; i < tasks.size() && !monitor.stopRequested(); ++i) {
            PartMonitor part(monitor, std::int64_t(i), 1, std::int64_t(tasks.size()));
            survey(tasks[i], part, [&](Picture picture) {
                (*outcome)[picture.model] = picture;
                pictures->put(std::make_shared<const Picture>(std::move(picture)));
            });
        }
    };
    const SurveyDesk::Running what{current, choices.kind};
    job.finished = [self = QPointer(this), outcome, what](const JobSnapshot& ended) {
        if (!self || self->m_job != ended.id)
            return;
        self->m_job.reset();
        self->m_pictures.reset();
        for (const auto& [model, picture] : *outcome)
            self->keep(picture, self->m_asked);
        self->m_desk.setRunning(std::nullopt);
        if (ended.status == JobStatus::Failed)
            self->m_desk.setFailure(what, ended.error ? qtext(ended.error->message()) : tr("%1 failed without saying why.").arg(ended.title));
    };
    m_job = m_scheduler.submit(std::move(job));
    m_desk.setRunning(what);
}

void SurveyJobs::stop()
{
    if (m_job)
        m_scheduler.stop(*m_job);
}

void SurveyJobs::take()
{
    if (!m_job || !m_pictures)
        return;
    if (const auto picture = m_pictures->take())
        keep(*picture, m_asked);
}

/// Of another set by now: nobody wants it any more.
void SurveyJobs::keep(const Picture& picture, const SurveyChoices& asked)
{
    if (m_dataset != m_session.dataset())
        return;
    if (picture.curvature)
        m_desk.keep(picture.model, &ModelSurveys::curvature, {picture.curvature, asked});
    if (picture.regions)
        m_desk.keep(picture.model, &ModelSurveys::regions, {picture.regions, asked});
    if (picture.detection)
        m_desk.keep(picture.model, &ModelSurveys::detection, {picture.detection, asked});
}

} // namespace brink
