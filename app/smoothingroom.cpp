// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/smoothingroom.h"

#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/qtext.h"
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/boundary/surveyimages.h"
#include "widgets/controls/resulttable.h"

#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <mutex>
#include <numeric>

namespace brink {

namespace {

constexpr int tickMs = 40;

using Show = std::function<void(const std::vector<SmoothingSurvey>&)>;

/// Image by image, all standard deviations of each, so that the curves grow together.
class SmoothingRun {
public:
    SmoothingRun(std::shared_ptr<const Classifier> model, SurveyImages images, const std::vector<SmoothingRequest>& requests)
        : m_model(std::move(model)), m_images(std::move(images)), m_found(requests.size(), std::vector<std::optional<SmoothedImage>>(m_images.indices.size()))
    {
        for (const SmoothingRequest& request : requests) {
            SmoothingSurvey survey;
            survey.modelName = m_model->card().name;
            survey.modelSha256 = m_model->sha256();
            survey.imagesSource = m_images.source;
            survey.request = request;
            survey.partial = true;
            m_surveys.push_back(std::move(survey));
        }
    }

    void run(Monitor& monitor, const Show& show)
    {
        surveyUnits(std::int64_t(m_images.indices.size()), monitor, [&](std::int64_t unit, Monitor& own) {
            for (std::size_t r = 0; r < m_surveys.size() && !own.stopRequested(); ++r)
                if (auto image = smoothed(std::size_t(unit), m_surveys[r].request, own)) {
                    const std::lock_guard lock(m_mutex);
                    m_found[r][std::size_t(unit)] = std::move(image);
                    gather();
                    show(m_surveys);
                }
        });
    }

private:
    [[nodiscard]] std::optional<SmoothedImage> smoothed(std::size_t unit, SmoothingRequest request, Monitor& monitor) const
    {
        const std::int64_t index = m_images.indices[unit];
        request.seed = combineSeeds({request.seed, std::uint64_t(index)});
        auto result = certifySmoothed(m_model, surveyImage(m_images, index, *m_model), request, monitor);
        if (result) {
            result->index = index;
            result->label = m_images.dataset->label(index);
        }
        return result;
    }

    /// In the order of the set, whichever image came first.
    void gather()
    {
        for (std::size_t r = 0; r < m_surveys.size(); ++r) {
            SmoothingSurvey& survey = m_surveys[r];
            survey.images.clear();
            survey.counts = {};
            survey.partial = false;
            for (const auto& image : m_found[r]) {
                survey.partial |= !image;
                if (!image)
                    continue;
                survey.images.push_back(*image);
                survey.counts += image->counts;
            }
        }
    }

    std::shared_ptr<const Classifier> m_model;
    SurveyImages m_images;
    std::mutex m_mutex; ///< guards what follows
    std::vector<std::vector<std::optional<SmoothedImage>>> m_found; ///< [sigma][image]
    std::vector<SmoothingSurvey> m_surveys;
};

} // namespace

SmoothingRoom::SmoothingRoom(const Session& session, Scheduler& scheduler, QWidget* window)
    : QObject(window), m_session(session), m_scheduler(scheduler), m_page(new SmoothingPage(window)), m_timer(new QTimer(this))
{
    connect(&session, &Session::modelPicked, this, &SmoothingRoom::mark);
    connect(&session, &Session::modelsChanged, this, &SmoothingRoom::mark);
    connect(&session, &Session::datasetOpened, this, [this] {
        if (m_session.dataset() != m_dataset) {
            m_dataset = m_session.dataset();
            stop();
            m_kept.clear();
        }
        mark();
    });
    connect(m_page, &SmoothingPage::choicesEdited, this, &SmoothingRoom::setChoices);
    connect(m_page, &SmoothingPage::runWanted, this, &SmoothingRoom::start);
    connect(m_page, &SmoothingPage::stopWanted, this, &SmoothingRoom::stop);
    connect(m_page, &SmoothingPage::imageOpened, this, [this](qint64 index) { Q_EMIT imageWanted(int(index)); });
    connect(m_page, &SmoothingPage::readoutChanged, this, &SmoothingRoom::readoutChanged);
    m_page->setWhatsThis(tr("<b>Randomised smoothing</b><p>The smoothed classifier gives the class that the model gives most often to x + e, e ~ N(0, σ²I). With p the lower confidence limit of "
                            "that class's share (Clopper and Pearson), it gives the same class everywhere within the L2 radius σ Φ<sup>−1</sup>(p), with the probability asked for; below "
                            "one half it abstains. So many samples reach no further than the ceiling. The certificate is of the smoothed classifier and says nothing about the model "
                            "itself. Cohen, Rosenfeld and Kolter 2019 (arXiv 1902.02918).</p>"));
    m_page->pane()->setWhatsThis(tr("<b>Certified accuracy of the smoothed classifier</b><p>Share of the images that it labels right with a certified L2 radius of at least the one on the axis; one curve "
                                    "a σ. Dotted: the largest radius that so many samples can certify at all, when all of them agree. Cohen et al. 2019 (arXiv 1902.02918), section 4.</p>"));
    m_page->sigmas()->setWhatsThis(tr("<b>Smoothed classifiers</b><p>One row a standard deviation σ of the noise, pixel range [0,1]. Right and abstain: of the images so far, with Wilson's 95 % interval in "
                                      "the tool tip; an image without a label counts by the model's own class. Median radius: L2, 0 where the classifier abstains or is wrong.</p>"));
    m_page->images()->setWhatsThis(tr("<b>Smoothed images</b><p>Of the row above. Majority: the class that the choosing samples name most often; share: of the counting samples that agree, and in the tool tip the "
                                      "lower limit p of it (Clopper and Pearson). Radius: σ Φ<sup>−1</sup>(p), L2, pixel range [0,1]; none where p is below one half.</p>"));
    m_timer->setInterval(tickMs);
    connect(m_timer, &QTimer::timeout, this, &SmoothingRoom::tick);
    m_timer->start();
}

std::string SmoothingRoom::model() const { return m_session.classifier() ? m_session.classifier()->sha256() : std::string(); }

void SmoothingRoom::mark()
{
    m_isDirty = true;
    Q_EMIT workChanged();
}

QString SmoothingRoom::whyNot() const
{
    if (!m_session.classifier())
        return tr("Open a model first");
    if (!m_session.dataset() || m_session.dataset()->size() == 0)
        return tr("Open images first");
    try {
        static_cast<void>(smoothingRequests(m_choices, 0));
    } catch (const Error& error) {
        return qtext(error.message());
    }
    return {};
}

ViewState SmoothingRoom::state() const
{
    if (m_job && m_running == model())
        return ViewState::Running;
    const auto found = m_kept.find(model());
    if (found == m_kept.end())
        return ViewState::Empty;
    const KeptSmoothing& kept = found->second;
    if (!kept.failure.isEmpty())
        return ViewState::Failed;
    if (!kept.surveys)
        return ViewState::Empty;
    if (kept.asked != m_choices)
        return ViewState::Stale;
    return std::ranges::any_of(*kept.surveys, &SmoothingSurvey::partial) ? ViewState::Partial : ViewState::Complete;
}

void SmoothingRoom::start()
{
    if (m_job || !whyNot().isEmpty())
        return;
    m_asked = m_choices;
    m_dataset = m_session.dataset();
    const auto classifier = m_session.classifier();
    SurveyImages images{m_dataset, std::vector<std::int64_t>(std::size_t(std::min<std::int64_t>(m_asked.images, m_dataset->size()))), m_dataset->name()};
    std::iota(images.indices.begin(), images.indices.end(), std::int64_t(0));
    m_arriving = std::make_shared<Mailbox<Surveys>>();
    m_running = classifier->sha256();
    m_kept.erase(m_running);
    JobRequest job;
    job.title = tr("Smooth %1").arg(qtext(classifier->card().name));
    job.slot = QStringLiteral("smoothing");
    job.priority = JobPriority::Batch;
    job.work = [classifier, images, requests = smoothingRequests(m_asked, m_session.settings().seed), arriving = m_arriving](Monitor& monitor) {
        SmoothingRun(classifier, images, requests).run(monitor, [&](const Surveys& surveys) { arriving->put(std::make_shared<const Surveys>(surveys)); });
    };
    job.finished = [self = QPointer(this)](const JobSnapshot& ended) {
        if (self && self->m_job == ended.id)
            self->finish(ended);
    };
    m_job = m_scheduler.submit(std::move(job));
    mark();
}

void SmoothingRoom::finish(const JobSnapshot& ended)
{
    if (const auto last = m_arriving->take())
        keep(last);
    m_job.reset();
    m_arriving.reset();
    if (ended.status == JobStatus::Failed && m_dataset == m_session.dataset())
        m_kept[m_running].failure = ended.error ? qtext(ended.error->message()) : tr("Smoothing failed without saying why.");
    m_running.clear();
    mark();
}

void SmoothingRoom::stop()
{
    if (m_job)
        m_scheduler.stop(*m_job);
}

/// Of another set by now: nobody wants it any more.
void SmoothingRoom::keep(std::shared_ptr<const Surveys> surveys)
{
    if (m_dataset != m_session.dataset())
        return;
    m_kept[m_running] = {std::move(surveys), m_asked, {}};
    m_isDirty = true;
    Q_EMIT resultsChanged();
}

void SmoothingRoom::restoreResults(std::map<std::string, KeptSmoothing> results)
{
    m_kept = std::move(results);
    mark();
    Q_EMIT resultsChanged();
}

void SmoothingRoom::tick()
{
    if (m_arriving)
        if (auto surveys = m_arriving->take())
            keep(std::move(surveys));
    if (!m_isDirty || !m_page->isVisible())
        return;
    m_isDirty = false;
    const auto found = m_kept.find(model());
    const KeptSmoothing none;
    const KeptSmoothing& kept = found == m_kept.end() ? none : found->second;
    const auto classifier = m_session.classifier();
    m_page->showView({m_choices, kept.surveys, state(), kept.failure, whyNot(), [classifier](std::int64_t number) { return qtext(classifier->className(number)); }});
}

void SmoothingRoom::setChoices(const SmoothingChoices& choices)
{
    m_choices = choices;
    mark();
}

WorkspaceCommands SmoothingRoom::commands()
{
    return {[this] { return !m_job && whyNot().isEmpty(); }, [this] { return m_job.has_value(); }, [this] { start(); }, [this] { stop(); },
        [this] { return whyNot().isEmpty() ? tr("Smooth the model (F5)") : whyNot(); }, [] { return tr("Stop smoothing, and keep the images that are done (Esc)"); },
        tr("Smoothing looks at the class that is most frequent"), tr("Its certificates are in L2")};
}

void SmoothingRoom::connectExporter(FigureExporter& exporter)
{
    const FigurePane* pane = m_page->pane();
    exporter.addFigure(pane->name(), tr("Certified accuracy of the smoothed model"), [pane]() -> std::optional<ShownFigure> {
        return pane->figure() ? std::optional(ShownFigure{*pane->figure(), std::nullopt}) : std::nullopt;
    });
    connect(m_page, &SmoothingPage::exportRequested, &exporter, &FigureExporter::exportFigure);
    connect(m_page, &SmoothingPage::copyRequested, &exporter, &FigureExporter::copyFigure);
}

} // namespace brink
