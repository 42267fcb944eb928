// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/controller.h"

#include "app/filekind.h"
#include "app/imageset.h"
#include "app/qtext.h"
#include "core/base/error.h"

#include <QFileInfo>
#include <QPointer>

#include <algorithm>
#include <utility>

namespace brink {

namespace {

const QString reloadSlot = QStringLiteral("reload");
const QString imageSlot = QStringLiteral("image");
const QString datasetSlot = QStringLiteral("dataset");
const QString inspectSlot = QStringLiteral("inspect");

QString errorText(const JobSnapshot& job)
{
    return job.error ? qtext(job.error->message()) : Controller::tr("%1 failed without saying why.").arg(job.title);
}

} // namespace

Controller::Controller(Session& session, Scheduler& scheduler, LoadOptions loadOptions, QObject* parent)
    : QObject(parent), m_session(session), m_scheduler(scheduler), m_loadOptions(std::move(loadOptions)),
      m_predictions(session, scheduler), m_browser(session, m_predictions)
{
    connect(&m_predictions, &SetPredictions::failed, this, &Controller::failed);
    connect(this, &Controller::runningChanged, &m_predictions, [this](bool isRunning) { isRunning ? m_predictions.hold() : m_predictions.release(); });
    connect(&session, &Session::modelPicked, this, &Controller::preview);
    connect(&session, &Session::imagePicked, this, &Controller::loadImage);
    connect(&session, &Session::imageLoaded, this, &Controller::runLoadedImage);
    connect(&session, &Session::datasetOpened, this, &Controller::abandonRun);
    connect(&session, &Session::datasetOpened, this, [this] { m_images.clear(); });
    // Settings that were answered before, by undo for one.
    connect(&session, &Session::settingsChanged, this, [this] {
        if (!m_run && !m_isRestoring)
            showStored(m_session.settings(), false);
    });
}

void Controller::openFiles(const QStringList& paths)
{
    std::vector<std::string> images;
    QStringList imageNames;
    for (const QString& path : paths) {
        switch (fileKind(path)) {
        case FileKind::Model:
            openModel(path);
            break;
        case FileKind::Session:
            Q_EMIT sessionFileWanted(path);
            break;
        case FileKind::Study:
            Q_EMIT studyFileWanted(path);
            break;
        case FileKind::Figure:
            Q_EMIT figureFileWanted(path);
            break;
        case FileKind::Images:
            imageNames << QFileInfo(path).absoluteFilePath();
            images.push_back(imageNames.back().toStdString());
            break;
        }
    }
    if (images.empty())
        return;
    const QString title = tr("Open %1").arg(QFileInfo(qtext(images.front())).fileName());
    submitLoad<OpenedImages>(
        title, datasetSlot, [images] { return openNamedImages(images); },
        [this, opening = m_opening](const OpenedImages& opened) {
            if (opening != m_opening)
                return; // a session came between
            QStringList imagePaths;
            for (const std::string& path : opened.paths)
                imagePaths << qtext(path);
            Q_EMIT imagesOpened(imagePaths);
            m_session.setDataset(opened.dataset, imagePaths);
            if (opened.dataset->size() > 0)
                m_session.setImageIndex(opened.first);
        },
        {}, [this, imageNames] { openFiles(imageNames); });
}

void Controller::openModel(const QString& path) { openModel(path, m_loadOptions.cardOverrides); }

void Controller::openModel(const QString& name, const Json& card)
{
    const QString path = QFileInfo(name).absoluteFilePath();
    LoadOptions options = m_loadOptions;
    options.cardOverrides = card;
    if (m_firstModel.isEmpty())
        m_firstModel = path;
    submitLoad<std::shared_ptr<const Classifier>>(
        tr("Load %1").arg(QFileInfo(path).fileName()), {},
        [path = path.toStdString(), options] { return loadClassifier(path, options); },
        [this, rank = ++m_modelsAsked](const std::shared_ptr<const Classifier>& classifier) { takeModel(classifier, rank); },
        [this, path](const QString&) {
            if (path != m_firstModel)
                return;
            m_firstModel.clear();
            if (m_session.currentModel() < 0)
                m_session.setCurrentModel(m_session.models().empty() ? -1 : 0);
        },
        [this, path] { openModel(path); });
}

void Controller::takeModel(const std::shared_ptr<const Classifier>& classifier, int rank)
{
    const int place = m_session.addModel(classifier, rank);
    const bool isWanted = m_firstModel.isEmpty() ? m_session.currentModel() < 0 : qtext(classifier->path()) == m_firstModel;
    if (isWanted)
        m_firstModel.clear();
    if (place == m_session.currentModel())
        preview(); // loaded again
    else if (isWanted)
        m_session.setCurrentModel(place);
    Q_EMIT modelOpened(qtext(classifier->path()));
    checkLoadedModel(classifier);
}

void Controller::reloadModel(const QString& path, const Json& card, std::function<void(const QString&)> done)
{
    LoadOptions options = m_loadOptions;
    if (!card.empty())
        options.cardOverrides = card;
    submitQuietLoad<std::shared_ptr<const Classifier>>(
        tr("Load %1 with its card").arg(QFileInfo(path).fileName()), reloadSlot,
        [path = path.toStdString(), options] { return loadClassifier(path, options); },
        [this, done](const std::shared_ptr<const Classifier>& classifier) {
            const auto samePath = [&classifier](const LoadedModel& model) { return model.classifier->path() == classifier->path(); };
            if (std::ranges::none_of(m_session.models(), samePath))
                return; // removed meanwhile
            takeModel(classifier, 0);
            done({});
        },
        done);
}

void Controller::openImages(const QString& path) { openFiles({path}); }

void Controller::pickModel(int index) 
{
    m_firstModel.clear();
    m_session.setCurrentModel(index);
}

void Controller::pickImage(std::int64_t index) { m_session.setImageIndex(index); }

void Controller::pickNorm(Norm norm)
{
    if (norm == m_session.norm())
        return;
    m_session.setNorm(norm);
    preview();
}

void Controller::pickTarget(std::optional<std::int64_t> target)
{
    if (target == m_session.target())
        return;
    m_session.setTarget(target);
    preview();
}

void Controller::pickWhatIf(const WhatIf& whatIf)
{
    if (whatIf == m_session.whatIf())
        return;
    m_session.setWhatIf(whatIf);
    preview();
}

void Controller::run() { startRun(m_session.settings(), false); }

void Controller::stop()
{
    if (m_run)
        stopJob(m_run->job);
}

void Controller::stopJob(JobId id)
{
    if (m_predictions.runningJob() == id)
        m_again[id] = [this] { m_predictions.resume(); };
    Q_EMIT jobStopped(id);
    m_scheduler.stop(id);
}

void Controller::runAgain(JobId id)
{
    const auto found = m_again.find(id);
    if (found == m_again.end())
        return;
    const auto again = found->second;
    again();
}

std::optional<JobId> Controller::runningJob() const { return m_run ? std::optional(m_run->job) : std::nullopt; }

std::shared_ptr<const InspectResult> Controller::takeSnapshot() { return m_run ? m_run->mailbox->take() : nullptr; }

/// Runs `load` on a worker and hands its value to `use` here, or says why there is none. Stopped loads end silently.
template <typename T>
void Controller::submitLoad(const QString& title, const QString& slot, std::function<T()> load, std::function<void(T)> use,
    std::function<void(const QString&)> fail, std::function<void()> again)
{
    const JobId job = submitQuietLoad<T>(title, slot, std::move(load), std::move(use), [this, fail = std::move(fail)](const QString& sentence) {
        if (fail)
            fail(sentence);
        Q_EMIT failed(sentence);
    });
    if (again)
        m_again[job] = std::move(again);
}

/// As submitLoad(); a failure is told to `fail` alone.
template <typename T>
JobId Controller::submitQuietLoad(const QString& title, const QString& slot, std::function<T()> load, std::function<void(T)> use,
    std::function<void(const QString&)> fail)
{
    const auto loaded = std::make_shared<std::optional<T>>();
    JobRequest request;
    request.title = title;
    request.slot = slot;
    request.work = [load = std::move(load), loaded](Monitor&) { *loaded = load(); };
    request.finished = [self = QPointer(this), use = std::move(use), fail = std::move(fail), loaded](const JobSnapshot& job) {
        if (!self)
            return;
        if (job.status == JobStatus::Failed) {
            fail(errorText(job));
        } else if (job.status == JobStatus::Done && *loaded) {
            use(std::move(**loaded));
        }
    };
    return m_scheduler.submit(std::move(request));
}

void Controller::loadImage()
{
    abandonRun();
    const auto dataset = m_session.dataset();
    const std::int64_t index = m_session.imageIndex();
    if (!dataset || index < 0)
        return;
    if (const CurrentImage* seen = m_images.find(index))
        return m_session.setImage(*seen);
    submitLoad<CurrentImage>(
        tr("Read image %1").arg(index), imageSlot, [dataset, index] { return readCurrentImage(*dataset, index); },
        [this, dataset, index](CurrentImage image) {
            if (m_session.dataset() == dataset && m_session.imageIndex() == index)
                takeImage(std::move(image));
        },
        [this, dataset, index](const QString& sentence) {
            if (m_session.dataset() == dataset && m_session.imageIndex() == index)
                m_session.setFailure(sentence);
        });
}

void Controller::takeImage(CurrentImage image)
{
    m_images.put(image);
    m_session.setImage(std::move(image));
}

void Controller::preview()
{
    if (!m_isRestoring && !showStored())
        startPreview();
}

void Controller::startPreview()
{
    const AnalysisSettings& shown = m_session.settings();
    if (shown.preset == Preset::Preview)
        startRun(shown, false);
    else
        startRun(standardSettings(shown.norm, Preset::Preview, shown.seed), true);
}

/// Of a new image the preview, unless it was chosen to do an older run once more.
void Controller::runLoadedImage()
{
    const auto again = std::exchange(m_awaited, std::nullopt);
    if (again && again->image == m_session.imageIndex())
        startRun(again->settings, again->isPreview);
    else
        preview();
}

/// With the model and the image it was about.
void Controller::repeat(const Again& again)
{
    const auto isModel = [&again](const LoadedModel& loaded) { return loaded.classifier->path() == again.model; };
    const auto model = std::ranges::find_if(m_session.models(), isModel);
    if (model == m_session.models().end() || !m_session.dataset() || again.image >= m_session.dataset()->size()) {
        Q_EMIT failed(tr("The model or the image of this run is no longer open."));
        return;
    }
    pickModel(int(model - m_session.models().begin()));
    if (again.image == m_session.imageIndex())
        return startRun(again.settings, again.isPreview);
    m_awaited = again;
    pickImage(again.image);
}

void Controller::startRun(const AnalysisSettings& settings, bool isPreview)
{
    abandonRun();
    const auto model = m_session.classifier();
    const auto& image = m_session.image();
    if (!model || !image || image->index != m_session.imageIndex())
        return;
    Run run{0, std::make_shared<Mailbox<InspectResult>>(), std::make_shared<std::shared_ptr<const InspectResult>>(),
        inquiryFor(settings).value_or(Inquiry{{}, settings})};
    const auto& dataset = m_session.dataset();
    const InspectSubject subject{model, image->image, image->index, image->label, m_session.target(),
        dataset ? dataset->classNames() : std::vector<std::string>(), m_session.whatIf()};
    JobRequest request;
    request.title = tr("Inspect %1 · image %2 · %3").arg(qtext(normLabel(settings.norm))).arg(image->index).arg(qtext(model->card().name));
    request.slot = inspectSlot;
    request.work = [settings, subject, mailbox = run.mailbox, outcome = run.outcome](Monitor& monitor) {
        const auto publish = [&mailbox](std::shared_ptr<const InspectResult> snapshot) { mailbox->put(std::move(snapshot)); };
        *outcome = std::make_shared<const InspectResult>(runInspect(inspectRequest(settings, subject), monitor, publish));
    };
    request.finished = [self = QPointer(this)](const JobSnapshot& job) {
        if (self)
            self->endRun(job);
    };
    run.job = m_scheduler.submit(std::move(request));
    m_again[run.job] = [this, again = Again{model->path(), image->index, settings, isPreview}] { repeat(again); };
    m_run = std::move(run);
    m_session.beginRun(isPreview, m_run->inquiry);
    Q_EMIT runningChanged(true);
}

void Controller::endRun(const JobSnapshot& job)
{
    if (!m_run || m_run->job != job.id)
        return;
    const Run run = std::move(*m_run);
    m_run.reset();
    if (job.status != JobStatus::Failed && *run.outcome && !run.inquiry.key.empty())
        keepResults({{run.inquiry.key, *run.outcome, toJson(run.inquiry.settings)}});
    if (job.status == JobStatus::Failed)
        m_session.setFailure(errorText(job));
    else if (*run.outcome)
        m_session.setResult(*run.outcome, (*run.outcome)->partial ? ResultState::Partial : ResultState::Complete);
    else
        m_session.setResult(m_session.result(), m_session.result() ? ResultState::Partial : ResultState::None);
    if (job.status == JobStatus::Failed)
        Q_EMIT failed(errorText(job));
    Q_EMIT runningChanged(false);
}

/// The running analysis is no longer wanted: stop it and forget it.
void Controller::abandonRun()
{
    if (!m_run)
        return;
    const JobId job = m_run->job;
    m_run.reset();
    m_scheduler.stop(job);
    Q_EMIT runningChanged(false);
}

void Controller::checkLoadedModel(const std::shared_ptr<const Classifier>& classifier)
{
    const auto report = std::make_shared<std::optional<ModelReport>>();
    JobRequest request;
    request.title = tr("Check %1").arg(qtext(classifier->card().name));
    request.priority = JobPriority::Batch;
    request.work = [classifier, report](Monitor&) { *report = checkModel(classifier); };
    request.finished = [self = QPointer(this), classifier, report](const JobSnapshot& job) {
        if (!self)
            return;
        if (*report)
            self->m_session.setReport(classifier, std::move(**report));
        else if (job.status == JobStatus::Failed)
            Q_EMIT self->failed(errorText(job));
    };
    const JobId job = m_scheduler.submit(std::move(request));
    m_again[job] = [this, classifier] { checkLoadedModel(classifier); };
}

} // namespace brink
