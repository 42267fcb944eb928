// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studycontroller.h"

#include "app/qtext.h"
#include "app/studytext.h"
#include "app/thumbnails.h"
#include "core/data/dataset.h"
#include "core/store/studyreading.h"

#include <QFileInfo>
#include <QPointer>
#include <QTimer>

namespace brink {

namespace {

constexpr int updateMs = 500;
constexpr int growthMs = 10000; ///< a file that brought nothing for so long is taken as left alone
constexpr int ownEndMs = 2000; ///< what comes so soon after a run of this window was written by it
constexpr int picturesAtOnce = 24; ///< then it is seen whether there is anything more urgent
constexpr quint64 adversarialBit = quint64(1) << 63;
const QString readingSlot = QStringLiteral("study-reading");

} // namespace

quint64 originalKey(int image) { return quint64(image); }

quint64 adversarialKey(int analysis, int model, int row)
{
    return adversarialBit | quint64(analysis) << 48 | quint64(model) << 32 | quint64(row);
}

/// Used by one job at a time.
struct StudyController::Source {
    QString path;
    std::unique_ptr<StudyReading> reading{};
    std::shared_ptr<const Dataset> dataset{};
    bool isDatasetGone = false;

    [[nodiscard]] bool update()
    {
        if (reading)
            return reading->update();
        reading = std::make_unique<StudyReading>(path.toStdString());
        reading->update();
        return true;
    }

    [[nodiscard]] QImage picture(quint64 key)
    {
        if (!reading)
            return {};
        try {
            if (key & adversarialBit) {
                const auto image = reading->adversarial(int(key >> 48 & 0x7fff), int(key >> 32 & 0xffff), int(key & 0xffffffff));
                return image ? thumbnailImage(*image) : QImage();
            }
            const auto results = reading->results();
            openSet(*results);
            return dataset ? thumbnailImage(dataset->image(results->images.at(std::size_t(key)).index)) : QImage();
        } catch (const Error&) {
            return {}; // the gallery shows an empty place: the numbers are there without the picture
        }
    }

    void openSet(const StudyResults& results)
    {
        if (dataset || isDatasetGone)
            return;
        isDatasetGone = true; // asked once, not for every picture
        dataset = openDataset(results.study.images.path, {results.study.images.labels});
    }
};

struct StudyController::Delivery {
    std::shared_ptr<Source> source;
    bool hasGrown = false;
    std::shared_ptr<const StudyResults> results{};
    QList<std::pair<quint64, QImage>> pictures{};
};

StudyController::StudyController(StudyDesk& desk, Scheduler& scheduler, std::string device, QObject* parent)
    : QObject(parent), m_desk(desk), m_scheduler(scheduler), m_device(std::move(device)), m_timer(new QTimer(this))
{
    m_timer->setInterval(updateMs);
    connect(m_timer, &QTimer::timeout, this, [this] {
        m_isUpdateDue = true;
        readNext();
    });
}

StudyController::~StudyController() = default;

void StudyController::open(const QString& name)
{
    const QString path = QFileInfo(name).absoluteFilePath();
    m_desk.setPath({});
    startReading(path);
    m_isUpdateDue = true;
    readNext();
}

void StudyController::close()
{
    m_timer->stop();
    m_source.reset();
    m_desk.setPath({});
}

void StudyController::startReading(const QString& path)
{
    m_source = std::make_shared<Source>(Source{path});
    m_wanted.clear();
    m_lastGrowth.invalidate();
    m_ownEnd.invalidate();
    m_desk.setPath(path);
    m_timer->start();
}

void StudyController::loadPictures(const QList<quint64>& keys)
{
    // What was asked for last is in sight now.
    m_wanted = keys + m_wanted;
    readNext();
}

/// One reading job at a time; pictures go first, they are waited for.
void StudyController::readNext()
{
    const bool isNotMadeYet = m_source && m_run && m_run->path == m_source->path && !QFileInfo::exists(m_source->path);
    if (!m_source || m_isReading || isNotMadeYet || (m_wanted.isEmpty() && !m_isUpdateDue))
        return;
    m_isReading = true;
    const QList<quint64> keys = m_wanted.mid(0, picturesAtOnce);
    m_wanted = m_wanted.mid(picturesAtOnce);
    const bool updates = keys.isEmpty();
    if (updates)
        m_isUpdateDue = false;
    const auto delivery = std::make_shared<Delivery>(Delivery{m_source});
    JobRequest request;
    request.title = tr("Read %1").arg(QFileInfo(m_source->path).fileName());
    request.slot = readingSlot;
    request.work = [delivery, keys, updates](Monitor&) {
        if (updates) {
            delivery->hasGrown = delivery->source->update();
            delivery->results = delivery->source->reading->results();
        }
        for (const quint64 key : keys)
            delivery->pictures << std::pair(key, delivery->source->picture(key));
    };
    request.finished = [self = QPointer(this), delivery](const JobSnapshot& job) {
        if (!self)
            return;
        self->m_isReading = false;
        if (self->m_source == delivery->source && job.error)
            self->fail(*job.error);
        else if (self->m_source == delivery->source)
            self->take(*delivery);
        self->readNext();
    };
    m_scheduler.submit(std::move(request));
}

void StudyController::take(const Delivery& delivery)
{
    for (const auto& [key, image] : delivery.pictures)
        Q_EMIT pictureLoaded(key, image);
    if (!delivery.results)
        return;
    const bool isFirst = !m_desk.results();
    const bool isOurs = m_run || (m_ownEnd.isValid() && m_ownEnd.elapsed() < ownEndMs);
    if (delivery.hasGrown && !isFirst && !isOurs)
        m_lastGrowth.start();
    if (delivery.hasGrown || isFirst)
        m_desk.setResults(delivery.results);
    showState();
}

void StudyController::showState()
{
    if (!m_source)
        return;
    const auto& results = m_desk.results();
    const bool isOurs = m_run && m_run->path == m_source->path;
    const bool isGrowing = m_lastGrowth.isValid() && m_lastGrowth.elapsed() < growthMs;
    if (!results)
        return m_desk.setState(isOurs ? StudyState::Running : StudyState::Opening);
    m_desk.setState(isOurs                 ? StudyState::Running
            : results->isComplete() ? StudyState::Complete
            : isGrowing             ? StudyState::Growing
                                    : StudyState::Incomplete);
    if (m_desk.state() == StudyState::Complete)
        m_timer->stop();
    else if (!m_timer->isActive())
        m_timer->start();
}

/// What was read stays in sight.
void StudyController::fail(const Error& error)
{
    if (m_run && m_run->path == m_source->path)
        return; // the file is being made or written; if it stays unreadable, the run says so, or the update after it
    m_timer->stop();
    m_desk.setState(StudyState::Failed, qtext(error.message()));
    Q_EMIT failed(qtext(error.message()));
}

bool StudyController::canContinue() const
{
    return !m_run && m_desk.results() && (m_desk.state() == StudyState::Incomplete || m_desk.state() == StudyState::Growing);
}

void StudyController::continueRun()
{
    if (canContinue())
        run(m_desk.path(), m_desk.results()->study);
}

void StudyController::run(const QString& name, const Study& study)
{
    if (m_run)
        return Q_EMIT failed(tr("A study is being computed already; stop it first, or wait for it."));
    const QString path = QFileInfo(name).absoluteFilePath();
    m_run = Run{0, path, std::make_shared<std::optional<StudyRunEnd>>()};
    JobRequest request;
    request.title = tr("Study %1").arg(study.name.empty() ? QFileInfo(path).completeBaseName() : qtext(study.name));
    request.priority = JobPriority::Batch;
    request.work = [path = path.toStdString(), study, device = m_device, end = m_run->end](Monitor& monitor) {
        StudyRunOptions options;
        options.device = device;
        *end = runStudy(path, study, options, monitor);
    };
    request.finished = [self = QPointer(this)](const JobSnapshot& job) {
        if (self)
            self->endRun(job);
    };
    if (m_desk.path() != path || !m_source)
        startReading(path);
    const JobId job = m_scheduler.submit(std::move(request));
    m_run->job = job;
    showState();
    Q_EMIT runStarted(job);
}

void StudyController::stop()
{
    if (m_run)
        m_scheduler.stop(m_run->job);
}

void StudyController::endRun(const JobSnapshot& job)
{
    const Run run = std::move(*m_run);
    m_run.reset();
    if (job.error)
        Q_EMIT failed(qtext(job.error->message()));
    else if (*run.end)
        Q_EMIT ended(endSentence(QFileInfo(run.path).fileName(), **run.end));
    if (m_source && m_source->path == run.path) {
        m_ownEnd.start();
        m_isUpdateDue = true; // the last unit
        readNext();
        showState();
    }
}

} // namespace brink
