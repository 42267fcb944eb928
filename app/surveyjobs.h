// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "app/surveydesk.h"
#include "core/base/mailbox.h"
#include "core/jobs/scheduler.h"

#include <QObject>

#include <optional>

namespace brink {

/// Runs surveys over many images of the open set behind everything else, one at a time, and brings what is there to their desk.
class SurveyJobs : public QObject {
    Q_OBJECT
public:
    /// @param scheduler destroyed before this.
    SurveyJobs(const Session& session, Scheduler& scheduler, SurveyDesk& desk, QObject* parent = nullptr);

    /// Of the current model, and of the one beside it where that is not known yet. What is known already is not asked again, unless
    /// everything is.
    void start(const SurveyChoices& choices);
    void stop();
    /// Newest picture of the running survey, if one arrived since the last call.
    void take();
    [[nodiscard]] bool canStart() const { return m_session.classifier() && m_session.dataset(); }
    [[nodiscard]] std::optional<JobId> job() const { return m_job; }

    /// Of one model.
    struct Picture;

private:
    void keep(const Picture& picture, const SurveyChoices& asked);

    const Session& m_session;
    Scheduler& m_scheduler;
    SurveyDesk& m_desk;
    std::optional<JobId> m_job;
    SurveyChoices m_asked;
    std::shared_ptr<const Dataset> m_dataset; ///< of the running survey
    std::shared_ptr<Mailbox<Picture>> m_pictures;
};

} // namespace brink
