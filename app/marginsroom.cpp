// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/marginsroom.h"

#include "app/figureexporter.h"
#include "app/figurepane.h"
#include "app/marginshelp.h"
#include "app/marginsworkspace.h"
#include "app/qtext.h"
#include "app/studyroom.h"
#include "core/margins/learnstudy.h"
#include "core/report/pseudomarginfigure.h"
#include "widgets/controls/messagebar.h"

#include <QEvent>
#include <QPointer>
#include <QTimer>

namespace brink {

namespace {

constexpr int redrawMs = 40;

} // namespace

MarginsRoom::MarginsRoom(StudyRoom& studies, Scheduler& scheduler, MessageBar& messages, QWidget* window)
    : QObject(window), m_studies(studies), m_messages(messages), m_scheduler(scheduler), m_job(scheduler, tr("Draw the margins"), QStringLiteral("margin-drawing")),
      m_workspace(new MarginsWorkspace(studies.actions(), window)), m_redraw(new QTimer(this))
{
    m_redraw->setSingleShot(true);
    m_redraw->setInterval(redrawMs);
    connect(m_redraw, &QTimer::timeout, this, &MarginsRoom::draw);
    m_workspace->installEventFilter(this);
    StudyDesk& desk = studies.desk();
    connect(&desk, &StudyDesk::resultsChanged, this, &MarginsRoom::mark);
    connect(&desk, &StudyDesk::viewChanged, this, &MarginsRoom::mark);
    const auto showDesk = [this] { m_workspace->showDesk(m_studies.desk()); };
    connect(&desk, &StudyDesk::resultsChanged, this, showDesk);
    connect(&desk, &StudyDesk::viewChanged, this, showDesk);
    connect(&desk, &StudyDesk::stateChanged, this, showDesk);
    connect(m_workspace, &MarginsWorkspace::viewEdited, &studies, &StudyRoom::edit);
    connect(m_workspace, &MarginsWorkspace::imageOpened, &studies,
        [this, &studies](int model, int image) { studies.inspect(model, image, m_workspace->drawing().selection.margins.norm); });
    connect(m_workspace, &MarginsWorkspace::exportRequested, &studies, &StudyRoom::exportRequested);
    connect(m_workspace, &MarginsWorkspace::copyRequested, &studies, &StudyRoom::copyRequested);
    connect(m_workspace, &MarginsWorkspace::readoutChanged, this, &MarginsRoom::readoutChanged);
    connect(m_workspace, &MarginsWorkspace::learningWanted, this, &MarginsRoom::learn);
    connect(&desk, &StudyDesk::pathChanged, this, &MarginsRoom::forgetLearned);
    connect(&desk, &StudyDesk::viewChanged, this, [this] {
        const StudyView& view = m_studies.desk().view();
        MarginQuery now = view.margins;
        now.threshold.reset();
        if (m_learnedQuery && (now != *m_learnedQuery || view.models != m_learnedModels))
            forgetLearned();
    });
    for (FigurePane* pane : m_workspace->panes())
        studies.addPane(pane);
    addMarginsHelp(*m_workspace);
    showDesk();
}

void MarginsRoom::connectExporter(FigureExporter& exporter)
{
    const FigurePane* pane = m_workspace->learnedPane();
    exporter.addFigure(pane->name(), tr("Pseudo-margin"), [pane]() -> std::optional<ShownFigure> {
        if (!pane->figure())
            return std::nullopt;
        return ShownFigure{*pane->figure(), std::nullopt};
    });
}

bool MarginsRoom::isDrawn() const { return !m_redraw->isActive() && !m_job.isBusy() && !(m_isDirty && m_workspace->isVisible()); }

bool MarginsRoom::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Show)
        m_redraw->start();
    return QObject::eventFilter(watched, event);
}

void MarginsRoom::mark()
{
    m_isDirty = true;
    if (!m_redraw->isActive())
        m_redraw->start();
}

/// What was learned belongs to one model and its margins.
void MarginsRoom::forgetLearned()
{
    m_learnedQuery.reset();
    m_workspace->showLearned(std::nullopt, {}, false);
}

void MarginsRoom::learn(int model, PseudoMarginInput input)
{
    const auto results = m_studies.desk().results();
    if (!results)
        return;
    const MarginQuery query = m_studies.desk().marginSelection().margins;
    m_learnedQuery = m_studies.desk().view().margins;
    m_learnedQuery->threshold.reset();
    m_learnedModels = m_studies.desk().view().models;
    m_workspace->showLearned(std::nullopt, tr("Learning"), true);
    const auto learned = std::make_shared<StudyPseudoMargin>();
    JobRequest request;
    request.title = tr("Learn the pseudo-margin of %1").arg(qtext(results->study.models[std::size_t(model)].name));
    request.slot = QStringLiteral("pseudo-margin");
    request.work = [results, model, query, input, learned, device = m_studies.device()](Monitor& monitor) {
        *learned = learnPseudoMarginOf(*results, model, query, input, device, monitor);
    };
    request.finished = [room = QPointer(this), results, learned, wanted = *m_learnedQuery, models = m_learnedModels](const JobSnapshot& job) {
        if (!room || room->m_learnedQuery != wanted || room->m_learnedModels != models)
            return;
        const bool isThere = learned->result.epochs > 0;
        room->m_workspace->showLearned(report::pseudoMarginFigure(*results, *learned), isThere ? qtext(report::pseudoMarginSentence(*learned)) : QString(), false);
        if (job.error)
            room->m_messages.post(MessageBar::Kind::Alarm, qtext(job.error->message()));
    };
    m_scheduler.submit(std::move(request));
}

void MarginsRoom::draw()
{
    if (!m_isDirty || !m_workspace->isVisible())
        return;
    m_isDirty = false;
    const StudyDesk& desk = m_studies.desk();
    const auto results = desk.results();
    if (!results)
        return m_workspace->showDrawing({});
    m_job.request([results, selection = desk.marginSelection()] { return drawMargins(results, selection); },
        [this, path = desk.path()](const MarginDrawing& drawing) {
            if (path == m_studies.desk().path())
                m_workspace->showDrawing(drawing);
        },
        [this](const Error& error) { m_messages.post(MessageBar::Kind::Alarm, qtext(error.message())); });
}

} // namespace brink
