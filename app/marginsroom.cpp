// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/marginsroom.h"

#include "app/figurepane.h"
#include "app/marginshelp.h"
#include "app/marginsworkspace.h"
#include "app/qtext.h"
#include "app/studyroom.h"
#include "widgets/controls/messagebar.h"

#include <QEvent>
#include <QTimer>

namespace brink {

namespace {

constexpr int redrawMs = 40;

} // namespace

MarginsRoom::MarginsRoom(StudyRoom& studies, Scheduler& scheduler, MessageBar& messages, QWidget* window)
    : QObject(window), m_studies(studies), m_messages(messages), m_job(scheduler, tr("Draw the margins"), QStringLiteral("margin-drawing")),
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
    connect(m_workspace, &MarginsWorkspace::imageOpened, &studies, &StudyRoom::inspect);
    connect(m_workspace, &MarginsWorkspace::exportRequested, &studies, &StudyRoom::exportRequested);
    connect(m_workspace, &MarginsWorkspace::copyRequested, &studies, &StudyRoom::copyRequested);
    connect(m_workspace, &MarginsWorkspace::readoutChanged, this, &MarginsRoom::readoutChanged);
    for (FigurePane* pane : m_workspace->panes())
        studies.addPane(pane);
    addMarginsHelp(*m_workspace);
    showDesk();
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
