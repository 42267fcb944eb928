// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sessionkeeper.h"

#include "app/actions.h"
#include "app/boundaryroom.h"
#include "app/figurepane.h"
#include "app/inspectworkspace.h"
#include "app/qtext.h"
#include "app/studyroom.h"
#include "app/trustroom.h"
#include "app/workspacetabs.h"
#include "core/base/error.h"
#include "widgets/controls/messagebar.h"
#include "widgets/plot/figureview.h"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMainWindow>
#include <QPointer>

namespace brink {

namespace {

QString filter() { return SessionKeeper::tr("Brink sessions (*.brink)"); }

} // namespace

SessionKeeper::SessionKeeper(Session& session, Controller& controller, Scheduler& scheduler, MessageBar& messages,
    InspectWorkspace& views, QMainWindow* window)
    : QObject(window), m_session(session), m_controller(controller), m_scheduler(scheduler), m_messages(messages), m_views(views),
      m_window(window)
{
    connect(&controller, &Controller::sessionFileWanted, this, &SessionKeeper::open);
    connect(&controller, &Controller::figureFileWanted, this, &SessionKeeper::openFigure);
}

void SessionKeeper::connectActions(const Actions& actions)
{
    connect(actions.openSession, &QAction::triggered, this, &SessionKeeper::askOpen);
    connect(actions.saveSession, &QAction::triggered, this, &SessionKeeper::save);
    connect(actions.saveSessionAs, &QAction::triggered, this, &SessionKeeper::askSave);
}

void SessionKeeper::setWorkspaces(WorkspaceTabs& tabs, StudyRoom& studies, BoundaryRoom& boundary, TrustRoom& trust)
{
    m_tabs = &tabs;
    m_studies = &studies;
    m_boundary = &boundary;
    m_trust = &trust;
    connect(m_trust, &TrustRoom::resultsChanged, this, &SessionKeeper::documentsChanged);
}

void SessionKeeper::open(const QString& path)
{
    const auto remembered = std::make_shared<Remembered>();
    submit(
        tr("Open %1").arg(QFileInfo(path).fileName()), [path, remembered] { *remembered = readSessionFile(path); },
        [this, remembered] { restore(std::move(*remembered)); });
}

void SessionKeeper::openFigure(const QString& path)
{
    const auto remembered = std::make_shared<Remembered>();
    submit(
        tr("Open %1").arg(QFileInfo(path).fileName()), [path, remembered] { *remembered = readFigureFile(path); },
        [this, remembered] { restore(std::move(*remembered)); });
}

void SessionKeeper::restore(Remembered remembered)
{
    const auto result = std::make_shared<Restored>();
    const QString path = remembered.path;
    const std::string figure = remembered.figure;
    const bool hasOwnFile = !remembered.isFigure && !remembered.isRecovered;
    const auto wanted = std::make_shared<Remembered>(std::move(remembered));
    submit(
        tr("Load what %1 names").arg(QFileInfo(path).fileName()),
        [wanted, result, now = openNow(), options = m_controller.loadOptions()] { *result = restored(std::move(*wanted), now, options); },
        [this, result, path, figure, hasOwnFile] {
            apply(std::move(*result), path, figure);
            if (hasOwnFile)
                setPath(path);
        });
}

void SessionKeeper::apply(Restored restored, const QString& path, const std::string& figure)
{
    for (const QString& remark : std::as_const(restored.remarks))
        m_messages.post(MessageBar::Kind::Caution, remark);
    const SessionState state = restored.restoration.state;
    // A figure whose model or image is not there must not take away what is open.
    const bool canShow = restored.restoration.model && restored.restoration.image;
    if (!figure.empty() && !canShow)
        return;
    const int firstRank = m_controller.restore(std::move(restored.restoration));
    applyViews(state, figure);
    if (figure.empty())
        m_trust->restoreResults(std::move(restored.trust));
    openOthers(restored.others, firstRank);
    Q_EMIT restoredFrom(path);
}

void SessionKeeper::applyViews(const SessionState& state, const std::string& figure)
{
    if (!state.layout.isEmpty())
        m_tabs->restoreLayout(state.layout);
    const bool isOfBoundary = !figure.empty() && !state.boundary.empty();
    m_tabs->showWorkspace(figure.empty() ? qtext(state.workspace) : isOfBoundary ? QStringLiteral("boundary") : QStringLiteral("inspect"));
    if (figure.empty() || isOfBoundary)
        m_boundary->restore(state.boundary);
    if (isOfBoundary)
        m_boundary->reopen(state.boundary.value("figure", figure));
    if (figure.empty()) {
        m_studies->restore(state.studies);
        m_trust->restore(state.trust);
    }
    for (FigurePane* pane : m_views.panes()) {
        if (!figure.empty() && pane->name() != figure)
            continue;
        pane->view()->resetZoom();
        if (const auto zoom = state.zooms.find(pane->name()); zoom != state.zooms.end())
            pane->view()->setZoom(zoom->second);
    }
}

/// The session is usable meanwhile.
void SessionKeeper::openOthers(const std::vector<std::pair<int, ModelRef>>& models, int firstRank)
{
    for (const auto& [place, model] : models) {
        const auto loaded = std::make_shared<std::shared_ptr<const Classifier>>();
        submit(
            tr("Load %1").arg(QFileInfo(model.path).fileName()),
            [model = model, loaded, options = m_controller.loadOptions()] { *loaded = loadReferenced(model, options); },
            [this, loaded, rank = firstRank + place] { m_controller.takeModel(*loaded, rank); });
    }
}

void SessionKeeper::save()
{
    if (m_path.isEmpty())
        return askSave();
    saveAs(m_path);
}

void SessionKeeper::saveAs(const QString& path)
{
    const auto content = std::make_shared<SessionContent>();
    content->state = toJson(state(), QFileInfo(path).absolutePath());
    content->results = m_controller.results().all();
    submit(
        tr("Save %1").arg(QFileInfo(path).fileName()), [path, content, documents = documents()] {
            content->documents = documents();
            writeSession(path.toStdString(), *content);
        },
        [this, path] {
            setPath(path);
            m_messages.post(MessageBar::Kind::Information, tr("Saved %1.").arg(path));
        });
}

std::function<std::vector<SessionDocument>()> SessionKeeper::documents() const
{
    return [results = m_trust->results()] { return documentsOf(results); };
}

SessionState SessionKeeper::state() const
{
    SessionState state = stateOf(m_session);
    state.layout = m_tabs->layout();
    state.workspace = m_tabs->workspace().toStdString();
    state.boundary = m_boundary->state();
    state.studies = m_studies->state();
    state.trust = m_trust->state();
    for (const FigurePane* pane : m_views.panes())
        if (FigureZoom zoom = pane->view()->zoom(); !zoom.empty())
            state.zooms[pane->name()] = std::move(zoom);
    return state;
}

void SessionKeeper::askOpen()
{
    const QString path = QFileDialog::getOpenFileName(m_window, tr("Open session"), m_settings.folder(), filter());
    if (path.isEmpty())
        return;
    m_settings.setFolder(QFileInfo(path).absolutePath());
    m_controller.openFiles({path}); // it may be a study
}

void SessionKeeper::askSave()
{
    const QString proposal = m_path.isEmpty() ? QDir(m_settings.folder()).filePath(QStringLiteral("session.brink")) : m_path;
    QString path = QFileDialog::getSaveFileName(m_window, tr("Save session"), proposal, filter());
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += QStringLiteral(".brink");
    m_settings.setFolder(QFileInfo(path).absolutePath());
    saveAs(path);
}

void SessionKeeper::setPath(const QString& path)
{
    m_path = path;
    Q_EMIT pathChanged(path);
}

/// Runs `work` in a job and `use` here after it, or says why it failed.
void SessionKeeper::submit(const QString& title, std::function<void()> work, std::function<void()> use)
{
    JobRequest request;
    request.title = title;
    request.work = [work = std::move(work)](Monitor&) { work(); };
    request.finished = [self = QPointer(this), use = std::move(use)](const JobSnapshot& job) {
        if (!self)
            return;
        if (job.status == JobStatus::Failed)
            self->m_messages.post(MessageBar::Kind::Alarm, job.error ? qtext(job.error->message()) : tr("%1 failed.").arg(job.title));
        else if (job.status == JobStatus::Done)
            use();
    };
    m_scheduler.submit(std::move(request));
}

OpenNow SessionKeeper::openNow() const
{
    OpenNow now;
    for (const LoadedModel& model : m_session.models())
        now.models.push_back(model.classifier);
    now.dataset = m_session.dataset();
    now.imagePaths = m_session.imagePaths();
    return now;
}

} // namespace brink
