// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"
#include "app/surveyjobs.h"
#include "app/surveypanel.h"
#include "core/figure/figure.h"

#include <QObject>

#include <optional>
#include <string>

namespace brink {

/// Surveys over many images in the Boundary workspace: follows the session and the choices, and brings what arrives into the panel.
class SurveyRoom : public QObject {
    Q_OBJECT
public:
    /// @param boundary whose choices say what is surveyed.
    SurveyRoom(const Session& session, Scheduler& scheduler, const BoundaryDesk& boundary, SurveyPanel& panel, QObject* parent = nullptr);

    [[nodiscard]] SurveyDesk& desk() { return m_desk; }
    [[nodiscard]] SurveyJobs& jobs() { return m_jobs; }
    void start();
    /// Takes what has arrived, and draws it if the panel is in sight.
    void tick();
    /// Whether the model in sight has data for it.
    [[nodiscard]] bool hasFigure(const std::string& name) const;
    [[nodiscard]] std::optional<Figure> figure(const std::string& name) const;

Q_SIGNALS:
    void changed();

private:
    [[nodiscard]] const SurveyChoices& choices() const { return m_boundary.choices().survey; }
    [[nodiscard]] SurveyView view() const;
    [[nodiscard]] std::string model() const;
    /// Null where none is chosen, or it is not measured as the current one is.
    [[nodiscard]] std::shared_ptr<const CurvatureSurvey> beside() const;
    void mark();

    const Session& m_session;
    const BoundaryDesk& m_boundary;
    SurveyPanel& m_panel;
    SurveyDesk m_desk;
    SurveyJobs m_jobs;
    std::shared_ptr<const Dataset> m_dataset;
    bool m_isDirty = true;
};

} // namespace brink
