// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/surveyroom.h"

#include "app/qtext.h"

#include <algorithm>

namespace brink {

SurveyRoom::SurveyRoom(const Session& session, Scheduler& scheduler, const BoundaryDesk& boundary, SurveyPanel& panel, QObject* parent)
    : QObject(parent), m_session(session), m_boundary(boundary), m_panel(panel), m_jobs(session, scheduler, m_desk)
{
    connect(&m_desk, &SurveyDesk::changed, this, &SurveyRoom::mark);
    connect(&boundary, &BoundaryDesk::choicesChanged, this, &SurveyRoom::mark);
    connect(&session, &Session::modelPicked, this, &SurveyRoom::mark);
    connect(&session, &Session::modelsChanged, this, &SurveyRoom::mark);
    connect(&session, &Session::datasetOpened, this, [this] {
        if (m_session.dataset() == m_dataset)
            return;
        m_dataset = m_session.dataset();
        m_jobs.stop();
        m_desk.forgetAll();
    });
    connect(&panel, &SurveyPanel::surveyWanted, this, &SurveyRoom::start);
    connect(&panel, &SurveyPanel::stopWanted, &m_jobs, &SurveyJobs::stop);
}

void SurveyRoom::mark()
{
    m_isDirty = true;
    Q_EMIT changed();
}

void SurveyRoom::start() { m_jobs.start(choices()); }

void SurveyRoom::tick()
{
    m_jobs.take();
    if (!m_isDirty || !m_panel.isVisible())
        return;
    m_isDirty = false;
    m_panel.showSurveys(view());
}

std::string SurveyRoom::model() const { return m_session.classifier() ? m_session.classifier()->sha256() : std::string(); }

std::shared_ptr<const CurvatureSurvey> SurveyRoom::beside() const
{
    const auto& kept = m_desk.of(choices().beside).curvature;
    return !choices().beside.empty() && choices().beside != model() && kept.survey && asksTheSame(kept.asked, choices(), SurveyKind::Curvature) ? kept.survey : nullptr;
}

SurveyView SurveyRoom::view() const
{
    SurveyView view;
    view.choices = choices();
    view.surveys = m_desk.of(model());
    view.beside = beside();
    view.state = m_desk.state(model(), choices());
    if (view.state == ViewState::Complete && choices().kind == SurveyKind::Curvature && !choices().beside.empty() && !view.beside)
        view.state = ViewState::Stale; // the second model is yet to be measured
    view.failure = m_desk.failure({model(), choices().kind});
    view.canStart = m_jobs.canStart() && !m_desk.running();
    for (const LoadedModel& loaded : m_session.models())
        if (loaded.classifier->sha256() != model())
            view.models.emplace_back(loaded.classifier->sha256(), qtext(loaded.classifier->card().name));
    return view;
}

bool SurveyRoom::hasFigure(const std::string& name) const
{
    const ModelSurveys& surveys = m_desk.of(model());
    const auto isOf = [&](SurveyKind kind) { return std::ranges::find(surveyFigures(kind), name) != surveyFigures(kind).end(); };
    return (isOf(SurveyKind::Curvature) && surveys.curvature.survey) || (isOf(SurveyKind::Regions) && surveys.regions.survey)
        || (isOf(SurveyKind::Detection) && surveys.detection.survey);
}

std::optional<Figure> SurveyRoom::figure(const std::string& name) const { return surveyFigure(name, m_desk.of(model()), beside().get()); }

} // namespace brink
