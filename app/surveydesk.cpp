// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/surveydesk.h"

#include <utility>

namespace brink {

namespace {

template <typename Survey> ViewState stateOf(const KeptSurvey<Survey>& kept, const SurveyChoices& choices)
{
    if (!kept.survey)
        return ViewState::Empty;
    if (!asksTheSame(kept.asked, choices, choices.kind))
        return ViewState::Stale;
    return kept.survey->partial ? ViewState::Partial : ViewState::Complete;
}

} // namespace

bool asksTheSame(const SurveyChoices& one, const SurveyChoices& other, SurveyKind kind)
{
    return one.images == other.images && one.onlyRight == other.onlyRight && (kind != SurveyKind::Regions || one.pairs == other.pairs)
        && (kind != SurveyKind::Curvature || (one.step == other.step && one.isFull == other.isFull));
}

const ModelSurveys& SurveyDesk::of(const std::string& modelSha256) const
{
    static const ModelSurveys none;
    const auto found = m_surveys.find(modelSha256);
    return found == m_surveys.end() ? none : found->second;
}

void SurveyDesk::forgetAll()
{
    m_surveys.clear();
    m_failed.reset();
    Q_EMIT changed();
}

void SurveyDesk::setRunning(std::optional<Running> running)
{
    if (running == m_running)
        return;
    m_running = std::move(running);
    if (m_running == m_failed)
        m_failed.reset();
    Q_EMIT changed();
}

QString SurveyDesk::failure(const Running& what) const { return m_failed == what ? m_failure : QString(); }

void SurveyDesk::setFailure(const Running& what, const QString& sentence)
{
    m_failed = what;
    m_failure = sentence;
    Q_EMIT changed();
}

ViewState SurveyDesk::state(const std::string& modelSha256, const SurveyChoices& choices) const
{
    const Running what{modelSha256, choices.kind};
    if (m_running == what)
        return ViewState::Running;
    if (m_failed == what)
        return ViewState::Failed;
    const ModelSurveys& surveys = of(modelSha256);
    switch (choices.kind) {
    case SurveyKind::Regions: return stateOf(surveys.regions, choices);
    case SurveyKind::Detection: return stateOf(surveys.detection, choices);
    default: return stateOf(surveys.curvature, choices);
    }
}

} // namespace brink
