// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/diagnosisroom.h"

#include "app/controller.h"
#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/qtext.h"
#include "core/boundary/surveyimages.h"
#include "core/margins/margins.h"
#include "core/study/entering.h"
#include "widgets/controls/messagebar.h"

#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <numeric>
#include <utility>

namespace brink {

namespace {

constexpr int tickMs = 40;
constexpr std::size_t mostKept = 32;

DiagnosisChoices standardChoices(Norm norm)
{
    const Norm known = norm == Norm::L0 ? Norm::Linf : norm;
    return {standardScrutiny(known, customaryEps(known), Preset::Paper)};
}

/// What a job is to do.
struct DiagnosisTask {
    std::shared_ptr<const Classifier> model;
    std::shared_ptr<const Dataset> dataset;
    DiagnosisChoices choices;
    std::uint64_t seed = 1;
    std::shared_ptr<const Classifier> surrogate;
};

bool takeTheSame(const Classifier& one, const Classifier& other)
{
    return one.channels() == other.channels() && one.height() == other.height() && one.width() == other.width() && one.classes() == other.classes();
}

Diagnosis work(const DiagnosisTask& task, Monitor& monitor, const DiagnosisPublish& publish)
{
    std::vector<std::int64_t> all(std::size_t(task.dataset->size()));
    std::iota(all.begin(), all.end(), std::int64_t(0));
    const SurveyImages images{task.dataset, enteringImages(task.model, *task.dataset, all, true, std::size_t(task.choices.images), monitor), {}};
    DiagnosisRequest request;
    request.model = task.model;
    request.attack = task.choices.attack;
    request.preset = task.choices.preset;
    request.seed = task.seed;
    request.surrogate = task.surrogate;
    request.cleverImages = task.choices.cleverImages;
    for (const std::int64_t index : images.indices)
        request.images.push_back({surveyImage(images, index, *task.model), index, task.dataset->label(index)});
    if (monitor.stopRequested())
        return {};
    return diagnose(request, monitor, publish);
}

} // namespace

DiagnosisRoom::DiagnosisRoom(const Session& session, Controller& controller, Scheduler& scheduler, MessageBar& messages, QWidget* window)
    : QObject(window), m_session(session), m_controller(controller), m_scheduler(scheduler), m_messages(messages), m_panel(new DiagnosisPanel(window)), m_timer(new QTimer(this)),
      m_choices(standardChoices(session.norm()))
{
    m_timer->setInterval(tickMs);
    connect(m_timer, &QTimer::timeout, this, &DiagnosisRoom::take);
    connect(&session, &Session::modelPicked, this, &DiagnosisRoom::follow);
    connect(&session, &Session::modelsChanged, this, &DiagnosisRoom::follow);
    connect(&session, &Session::datasetOpened, this, &DiagnosisRoom::follow);
    connect(&session, &Session::settingsChanged, this, &DiagnosisRoom::follow);
    connectPanel();
    show();
}

void DiagnosisRoom::connectPanel()
{
    connect(m_panel, &DiagnosisPanel::choicesEdited, this, &DiagnosisRoom::setChoices);
    connect(m_panel, &DiagnosisPanel::diagnoseWanted, this, &DiagnosisRoom::start);
    connect(m_panel, &DiagnosisPanel::stopWanted, this, &DiagnosisRoom::stop);
    connect(m_panel, &DiagnosisPanel::attackWanted, this, [this](const AttackRequest& attack) {
        DiagnosisChoices choices = m_choices;
        choices.attack = attack;
        setChoices(choices);
        start();
    });
    connect(m_panel, &DiagnosisPanel::bpdaWanted, this, &DiagnosisRoom::loadWithBpda);
    connect(m_panel, &DiagnosisPanel::inspectWanted, this, &DiagnosisRoom::useInInspect);
    connect(m_panel, &DiagnosisPanel::imagePicked, this, &DiagnosisRoom::imageWanted);
    connect(m_panel->pane(), &FigurePane::cursorMoved, this, &DiagnosisRoom::readoutChanged);
    connect(m_panel->pane(), &FigurePane::exportRequested, this, &DiagnosisRoom::exportRequested);
    connect(m_panel->pane(), &FigurePane::copyRequested, this, &DiagnosisRoom::copyRequested);
}

/// The norm is the window's; another one needs another budget.
void DiagnosisRoom::follow()
{
    const Norm norm = m_session.norm();
    if (norm != m_choices.attack.norm && norm != Norm::L0) {
        DiagnosisChoices choices = standardChoices(norm);
        choices.images = m_choices.images;
        choices.preset = m_choices.preset;
        choices.surrogate = m_choices.surrogate;
        choices.cleverImages = m_choices.cleverImages;
        m_choices = choices;
    }
    std::erase_if(m_kept, [this](const Kept& kept) {
        return kept.dataset != m_session.dataset() || std::ranges::find(m_session.models(), kept.model, &LoadedModel::classifier) == m_session.models().end();
    });
    takeRestored();
    if (m_job && (m_running.dataset != m_session.dataset() || m_running.model != m_session.classifier()))
        stop(); // what it would bring is not looked at
    show();
}

void DiagnosisRoom::setChoices(const DiagnosisChoices& choices)
{
    if (asksTheSame(choices, m_choices))
        return;
    m_choices = choices;
    show();
}

DiagnosisChoices DiagnosisRoom::standard() const { return standardChoices(m_session.norm() == Norm::L0 ? Norm::Linf : m_session.norm()); }

bool DiagnosisRoom::canStart() const { return m_session.classifier() && m_session.dataset(); }

DiagnosisRoom::Kept DiagnosisRoom::question() const { return {m_session.classifier(), m_session.dataset(), m_session.settings().seed, m_choices, {}, {}}; }

const DiagnosisRoom::Kept* DiagnosisRoom::found() const
{
    const auto place = std::ranges::find_if(m_kept, [asked = question()](const Kept& kept) { return kept.asksAs(asked); });
    return place == m_kept.end() ? nullptr : &*place;
}

const DiagnosisRoom::Kept* DiagnosisRoom::newest() const
{
    const auto isOfModel = [this](const Kept& kept) { return kept.model == m_session.classifier() && kept.dataset == m_session.dataset() && kept.diagnosis; };
    const auto place = std::find_if(m_kept.rbegin(), m_kept.rend(), isOfModel);
    return place == m_kept.rend() ? nullptr : &*place;
}

std::shared_ptr<const Diagnosis> DiagnosisRoom::diagnosis() const
{
    if (const Kept* kept = found(); kept && kept->diagnosis)
        return kept->diagnosis;
    if (isRunning())
        return nullptr; // an older answer is none to the question that runs
    return newest() ? newest()->diagnosis : nullptr;
}

ViewState DiagnosisRoom::state() const
{
    if (isRunning())
        return ViewState::Running;
    const Kept* kept = found();
    if (kept && !kept->failure.isEmpty())
        return ViewState::Failed;
    if (kept && kept->diagnosis)
        return kept->diagnosis->partial ? ViewState::Partial : ViewState::Complete;
    return newest() ? ViewState::Stale : ViewState::Empty;
}

void DiagnosisRoom::show()
{
    DiagnosisView view;
    view.choices = m_choices;
    view.diagnosis = diagnosis();
    view.state = state();
    if (const Kept* kept = found())
        view.failure = kept->failure;
    if (m_session.classifier()) {
        view.model = qtext(m_session.classifier()->card().name);
        view.usesBpda = m_session.classifier()->card().usesBpda;
    }
    view.hasImages = m_session.dataset() != nullptr;
    for (const LoadedModel& loaded : m_session.models())
        if (m_session.classifier() && loaded.classifier != m_session.classifier() && takeTheSame(*loaded.classifier, *m_session.classifier()))
            view.others.emplace_back(loaded.classifier->path(), qtext(loaded.classifier->card().name));
    m_panel->showView(view);
    Q_EMIT workChanged();
}

void DiagnosisRoom::start()
{
    if (!canStart())
        return;
    stop();
    m_running = question();
    forget(m_running);
    m_mailbox = std::make_shared<Mailbox<Diagnosis>>();
    const auto outcome = std::make_shared<std::shared_ptr<const Diagnosis>>();
    JobRequest job;
    job.title = tr("Diagnosis of %1").arg(qtext(m_running.model->card().name));
    job.slot = QStringLiteral("diagnosis");
    job.work = [task = DiagnosisTask{m_running.model, m_running.dataset, m_choices, m_running.seed, surrogate()}, outcome, mailbox = m_mailbox](Monitor& monitor) {
        const auto publish = [&](std::shared_ptr<const Diagnosis> seen) {
            *outcome = seen;
            mailbox->put(std::move(seen));
        };
        if (Diagnosis all = work(task, monitor, publish); !all.lights.empty())
            *outcome = std::make_shared<const Diagnosis>(std::move(all));
    };
    job.finished = [self = QPointer(this), outcome, asked = m_running](const JobSnapshot& ended) {
        if (!self)
            return;
        const bool isMine = self->m_job == ended.id;
        if (isMine) {
            self->m_job.reset();
            self->m_mailbox.reset();
            self->m_timer->stop();
        }
        const bool hasFailed = ended.status == JobStatus::Failed;
        if (isMine)
            self->keep(asked, *outcome && !(*outcome)->lights.empty() ? *outcome : nullptr,
                hasFailed ? (ended.error ? qtext(ended.error->message()) : tr("%1 failed without saying why.").arg(ended.title)) : QString());
        self->show();
    };
    m_job = m_scheduler.submit(std::move(job));
    m_timer->start();
    m_controller.setAgain(*m_job, [self = QPointer(this)] {
        if (self)
            self->start();
    });
    show();
}

/// Null where none is chosen, or it is not open any more.
std::shared_ptr<const Classifier> DiagnosisRoom::surrogate() const
{
    for (const LoadedModel& loaded : m_session.models())
        if (!m_choices.surrogate.empty() && loaded.classifier->path() == m_choices.surrogate && loaded.classifier != m_session.classifier())
            return loaded.classifier;
    return nullptr;
}

void DiagnosisRoom::stop()
{
    if (m_job)
        m_scheduler.stop(*m_job);
}

void DiagnosisRoom::take()
{
    if (!m_mailbox)
        return;
    const auto seen = m_mailbox->take();
    if (!seen || seen->lights.empty())
        return;
    keep(m_running, seen);
    show();
}

void DiagnosisRoom::forget(const Kept& question)
{
    std::erase_if(m_kept, [&](const Kept& kept) { return kept.asksAs(question); });
}

void DiagnosisRoom::keep(const Kept& question, std::shared_ptr<const Diagnosis> diagnosis, const QString& failure)
{
    if (!diagnosis && failure.isEmpty())
        return; // stopped before anything was there
    forget(question);
    m_kept.push_back(question);
    m_kept.back().diagnosis = std::move(diagnosis);
    m_kept.back().failure = failure;
    if (m_kept.size() > mostKept)
        m_kept.erase(m_kept.begin());
    if (m_kept.back().diagnosis)
        Q_EMIT resultsChanged();
}

std::vector<KeptDiagnosis> DiagnosisRoom::results() const
{
    std::vector<KeptDiagnosis> all = m_restoredOn == m_session.dataset() ? m_restored : std::vector<KeptDiagnosis>();
    for (const Kept& kept : m_kept)
        if (kept.diagnosis && kept.dataset == m_session.dataset())
            all.push_back({identityOf(*kept.model), kept.seed, kept.choices, kept.diagnosis});
    return all;
}

void DiagnosisRoom::restoreResults(std::vector<KeptDiagnosis> results)
{
    m_kept.clear();
    m_restored = std::move(results);
    m_restoredOn = m_session.dataset();
    takeRestored();
    show();
    Q_EMIT resultsChanged();
}

/// What belongs to a model that is open now. What was found since is newer.
void DiagnosisRoom::takeRestored()
{
    if (m_restoredOn != m_session.dataset())
        m_restored.clear();
    std::vector<Kept> taken;
    for (const LoadedModel& loaded : m_session.models())
        std::erase_if(m_restored, [&](const KeptDiagnosis& restored) {
            if (!loaded.classifier || !restored.isOf(*loaded.classifier))
                return false;
            taken.push_back({loaded.classifier, m_restoredOn, restored.seed, restored.choices, restored.diagnosis, {}});
            return true;
        });
    m_kept.insert(m_kept.begin(), taken.begin(), taken.end());
}

WorkspaceCommands DiagnosisRoom::commands()
{
    WorkspaceCommands commands;
    commands.canRun = [this] { return canStart() && !isRunning(); };
    commands.run = [this] { start(); };
    commands.runTip = [] { return tr("Run all checks on the current model with the attack chosen"); };
    commands.canStop = [this] { return isRunning(); };
    commands.stop = [this] { stop(); };
    commands.stopTip = [] { return tr("Stop the diagnosis and keep the checks that are done"); };
    commands.targetReason = tr("The checks look at untargeted attacks.");
    return commands;
}

/// The card as it is, with BPDA; then the same questions.
void DiagnosisRoom::loadWithBpda()
{
    const auto model = m_session.classifier();
    if (!model)
        return;
    Json card = toJson(model->card());
    card["bpda"] = true;
    card.erase("origin");
    m_controller.reloadModel(qtext(model->path()), card, [self = QPointer(this)](const QString& failure) {
        if (!self)
            return;
        if (failure.isEmpty())
            self->start();
        else
            self->m_messages.post(MessageBar::Kind::Alarm, failure);
    });
}

void DiagnosisRoom::useInInspect(const AttackRequest& attack)
{
    AnalysisSettings settings = m_session.settings();
    const auto choice = std::ranges::find(settings.attacks, attack.name, &AttackChoice::name);
    if (settings.norm != attack.norm || choice == settings.attacks.end())
        return m_messages.post(MessageBar::Kind::Caution, tr("Inspect is set to another norm; choose %1 first.").arg(qtext(normLabel(attack.norm))));
    choice->isChosen = true;
    choice->params = attack.parameters;
    settings.isEdited = true;
    Q_EMIT inspectWanted(settings);
}

void DiagnosisRoom::connectExporter(FigureExporter& exporter)
{
    const FigurePane* pane = m_panel->pane();
    exporter.addFigure(pane->name(), tr("Diagnosis"), [pane]() -> std::optional<ShownFigure> {
        if (!pane->figure())
            return std::nullopt;
        return ShownFigure{*pane->figure(), std::nullopt};
    });
    connect(this, &DiagnosisRoom::exportRequested, &exporter, &FigureExporter::exportFigure);
    connect(this, &DiagnosisRoom::copyRequested, &exporter, &FigureExporter::copyFigure);
}

} // namespace brink
