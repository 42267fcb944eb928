// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/detectorsroom.h"

#include "app/detectorshelp.h"
#include "app/detectorspage.h"
#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/qtext.h"
#include "core/report/detectorsfigures.h"

#include <QPointer>
#include <QTimer>

#include <numeric>
#include <utility>

namespace brink {

namespace {

constexpr int tickMs = 40;

} // namespace

struct DetectorsRoom::Picture {
    std::string model; ///< SHA-256
    std::shared_ptr<const DetectorSurvey> survey;
    std::shared_ptr<const DetectorSummary> summary;
};

DetectorsRoom::DetectorsRoom(const Session& session, Scheduler& scheduler, QWidget* window)
    : QObject(window), m_session(session), m_scheduler(scheduler), m_page(new DetectorsPage(window)), m_timer(new QTimer(this))
{
    connect(&m_desk, &DetectorsDesk::changed, this, &DetectorsRoom::mark);
    connect(&session, &Session::modelPicked, this, &DetectorsRoom::mark);
    connect(&session, &Session::modelsChanged, this, &DetectorsRoom::mark);
    connect(&session, &Session::datasetOpened, this, [this] {
        if (m_session.dataset() != m_dataset) {
            m_dataset = m_session.dataset();
            stop();
            m_desk.forgetAll();
        }
        mark();
    });
    connect(m_page, &DetectorsPage::choicesEdited, &m_desk, &DetectorsDesk::setChoices);
    connect(m_page, &DetectorsPage::runWanted, this, &DetectorsRoom::start);
    connect(m_page, &DetectorsPage::stopWanted, this, &DetectorsRoom::stop);
    connect(m_page, &DetectorsPage::imageOpened, this, [this](qint64 index) { Q_EMIT imageWanted(int(index)); });
    connect(m_page, &DetectorsPage::readoutChanged, this, &DetectorsRoom::readoutChanged);
    addDetectorsHelp(*m_page);
    m_timer->setInterval(tickMs);
    connect(m_timer, &QTimer::timeout, this, &DetectorsRoom::tick);
    m_timer->start();
}

std::string DetectorsRoom::model() const { return m_session.classifier() ? m_session.classifier()->sha256() : std::string(); }

void DetectorsRoom::mark()
{
    m_isDirty = true;
    Q_EMIT workChanged();
}

QString DetectorsRoom::whyNot() const
{
    constexpr std::int64_t fewest = 4;
    if (!m_session.classifier())
        return tr("Open a model first");
    if (!m_session.dataset() || m_session.dataset()->size() < fewest)
        return tr("Open a set of images first: some choose the threshold, others are counted");
    const DetectorsChoices& choices = m_desk.choices();
    if (!choices.hasSqueezing && !choices.hasCurvature)
        return tr("Choose at least one detector");
    try {
        (void)detectorsRequest(choices, m_session.classifier()->channels(), m_session.classifier()->height(), 1);
    } catch (const Error& error) {
        return qtext(error.message());
    }
    return {};
}

void DetectorsRoom::start()
{
    if (m_job || !whyNot().isEmpty())
        return;
    m_asked = m_desk.choices();
    m_dataset = m_session.dataset();
    const auto classifier = m_session.classifier();
    const DetectorRunRequest asked = detectorsRequest(m_asked, classifier->channels(), classifier->height(), m_session.settings().seed);
    SurveyImages images{m_dataset, std::vector<std::int64_t>(std::size_t(m_dataset->size())), m_dataset->name()};
    if (m_session.imagePaths().size() == 1)
        images.source = m_session.imagePaths().front().toStdString();
    std::iota(images.indices.begin(), images.indices.end(), std::int64_t(0));
    m_pictures = std::make_shared<Mailbox<Picture>>();
    const auto outcome = std::make_shared<Picture>();
    JobRequest job;
    job.title = tr("Detectors on %1").arg(qtext(classifier->card().name));
    job.slot = QStringLiteral("detectors");
    job.priority = JobPriority::Batch;
    job.work = [classifier, images, asked, outcome, pictures = m_pictures](Monitor& monitor) {
        const auto show = [&](std::shared_ptr<const DetectorSurvey> survey) {
            auto summary = summarise(*survey);
            *outcome = {classifier->sha256(), std::move(survey), summary ? std::make_shared<const DetectorSummary>(std::move(*summary)) : nullptr};
            pictures->put(std::make_shared<const Picture>(*outcome));
        };
        show(std::make_shared<const DetectorSurvey>(surveyDetectors(classifier, images, asked, monitor, show)));
    };
    job.finished = [self = QPointer(this), outcome, what = classifier->sha256()](const JobSnapshot& ended) {
        if (!self || self->m_job != ended.id)
            return;
        self->m_job.reset();
        self->m_pictures.reset();
        if (outcome->survey)
            self->keep(*outcome);
        self->m_desk.setRunning({});
        if (ended.status == JobStatus::Failed)
            self->m_desk.setFailure(what, ended.error ? qtext(ended.error->message()) : tr("The detectors failed without saying why."));
    };
    m_job = m_scheduler.submit(std::move(job));
    m_desk.setRunning(classifier->sha256());
}

void DetectorsRoom::stop()
{
    if (m_job)
        m_scheduler.stop(*m_job);
}

/// Of another set by now: nobody wants it any more.
void DetectorsRoom::keep(const Picture& picture)
{
    if (m_dataset == m_session.dataset())
        m_desk.keep(picture.model, {picture.survey, picture.summary, m_asked});
}

void DetectorsRoom::tick()
{
    if (m_pictures)
        if (const auto picture = m_pictures->take())
            keep(*picture);
    if (!m_isDirty || !m_page->isVisible())
        return;
    m_isDirty = false;
    const KeptDetectors& kept = m_desk.of(model());
    const auto& classifier = m_session.classifier();
    m_page->showView({m_desk.choices(), kept.survey, kept.summary, m_desk.state(model()), m_desk.failure(model()), whyNot(),
        classifier ? qtext(configurationFor(classifier->channels(), classifier->height()).label) : QString()});
}

WorkspaceCommands DetectorsRoom::commands()
{
    return {[this] { return !m_job && whyNot().isEmpty(); }, [this] { return m_job.has_value(); }, [this] { start(); }, [this] { stop(); },
        [this] { return whyNot().isEmpty() ? tr("Run the detectors (F5)") : whyNot(); }, [] { return tr("Stop the detectors, and keep what is done (Esc)"); },
        tr("Detectors look at attacks of any class"), tr("Each attack of the detectors has its own norm")};
}

void DetectorsRoom::connectExporter(FigureExporter& exporter)
{
    for (const FigurePane* pane : m_page->panes()) {
        const auto info = std::ranges::find(detectorsFigureInfos(), pane->name(), &DetectorsFigureInfo::name);
        exporter.addFigure(pane->name(), qtext(info->label), [pane]() -> std::optional<ShownFigure> {
            return pane->figure() ? std::optional(ShownFigure{*pane->figure(), std::nullopt}) : std::nullopt;
        });
    }
    connect(m_page, &DetectorsPage::exportRequested, &exporter, &FigureExporter::exportFigure);
    connect(m_page, &DetectorsPage::copyRequested, &exporter, &FigureExporter::copyFigure);
}

} // namespace brink
