// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/controller.h"
#include "app/session.h"
#include "core/jobs/scheduler.h"

#include <QObject>

class QTimer;

namespace brink {

class ImagesPanel;
class InspectWorkspace;
class JobList;
class JobPresenter;
class ModelList;
class ModelsPanel;
class ParametersPanel;

/// The views a presenter fills.
struct Views {
    InspectWorkspace* inspect = nullptr;
    ModelList* models = nullptr;
    ModelsPanel* modelsPanel = nullptr; ///< holds the list
    ImagesPanel* images = nullptr;
    ParametersPanel* parameters = nullptr;
    JobList* jobs = nullptr;
};

/// Brings the session into the views: one 40 ms timer takes the newest snapshot and redraws what has changed, at most
/// once a tick, however fast results arrive.
class Presenter : public QObject {
    Q_OBJECT
public:
    Presenter(Session& session, Controller& controller, Scheduler& scheduler, const Views& views, QObject* parent = nullptr);

    [[nodiscard]] JobPresenter& jobs() { return *m_jobs; }

private:
    void tick();
    void markInspect() { m_isInspectDirty = true; }
    void showModels();

    Session& m_session;
    Controller& m_controller;
    Views m_views;
    JobPresenter* m_jobs;
    QTimer* m_timer;
    bool m_isInspectDirty = true;
};

} // namespace brink
