// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/presenter.h"

#include "app/inspectworkspace.h"
#include "app/jobpresenter.h"
#include "app/modeltext.h"
#include "app/parameterspanel.h"
#include "widgets/controls/modellist.h"

#include <QTimer>

namespace brink {

namespace {

constexpr int tickMs = 40;

} // namespace

Presenter::Presenter(Session& session, Controller& controller, Scheduler& scheduler, const Views& views, QObject* parent)
    : QObject(parent), m_session(session), m_controller(controller), m_views(views),
      m_jobs(new JobPresenter(session, controller, scheduler, views.jobs, this)), m_timer(new QTimer(this))
{
    connect(&session, &Session::resultChanged, this, &Presenter::markInspect);
    // What is there already need not wait for the next tick.
    connect(&session, &Session::resultChanged, this, [this] {
        if (m_session.resultState() == ResultState::Complete)
            QTimer::singleShot(0, this, &Presenter::tick);
    });
    connect(&session, &Session::selectionChanged, this, &Presenter::markInspect);
    connect(&session, &Session::imageLoaded, this, &Presenter::markInspect);
    connect(&session, &Session::whatIfChanged, this, &Presenter::markInspect);
    connect(&session, &Session::datasetOpened, this, &Presenter::markInspect);
    connect(&session, &Session::settingsChanged, this, &Presenter::markInspect);
    connect(&session, &Session::settingsChanged, this, [this] { m_views.parameters->setSettings(m_session.settings()); });
    connect(&session, &Session::modelsChanged, this, &Presenter::showModels);
    connect(&session, &Session::modelPicked, this, &Presenter::showModels);
    connect(&session, &Session::datasetOpened, this, &Presenter::showModels);
    connect(&controller.predictions(), &SetPredictions::changed, this, &Presenter::showModels);
    m_views.parameters->setSettings(session.settings());
    m_timer->setInterval(tickMs);
    connect(m_timer, &QTimer::timeout, this, &Presenter::tick);
    m_timer->start();
}

void Presenter::tick()
{
    m_controller.predictions().takeSnapshot();
    m_controller.takeThumbnails();
    if (auto snapshot = m_controller.takeSnapshot())
        m_session.setResult(std::move(snapshot), ResultState::Running);
    if (std::exchange(m_isInspectDirty, false))
        m_views.inspect->showSession(m_session);
    m_jobs->showJobs();
}

void Presenter::showModels()
{
    QList<ModelRow> rows;
    const auto& dataset = m_session.dataset();
    for (const LoadedModel& model : m_session.models()) {
        const bool namesOfSet = dataset && int(dataset->classNames().size()) == model.classifier->classes();
        rows << modelRow(model, m_controller.predictions().accuracy(model.classifier), namesOfSet);
    }
    m_views.models->setRows(rows);
    m_views.models->setCurrent(m_session.currentModel());
}

} // namespace brink
