// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session.h"

#include <algorithm>
#include <utility>

namespace brink {

Session::Session(std::uint64_t seed, QObject* parent)
    : QObject(parent), m_settings(standardSettings(Norm::L2, Preset::Preview, seed))
{
}

std::shared_ptr<const Classifier> Session::classifier() const
{
    return m_currentModel < 0 ? nullptr : m_models[std::size_t(m_currentModel)].classifier;
}

int Session::addModel(std::shared_ptr<const Classifier> classifier, int rank)
{
    const auto samePath = [&classifier](const LoadedModel& model) { return model.classifier->path() == classifier->path(); };
    auto found = std::ranges::find_if(m_models, samePath);
    if (found != m_models.end()) {
        *found = {std::move(classifier), {}, found->rank};
    } else {
        found = m_models.insert(std::ranges::upper_bound(m_models, rank, {}, &LoadedModel::rank), {std::move(classifier), {}, rank});
        if (m_currentModel >= int(found - m_models.begin()))
            ++m_currentModel;
    }
    const int place = int(found - m_models.begin());
    Q_EMIT modelsChanged();
    return place;
}

void Session::removeModel(int index)
{
    if (index < 0 || index >= int(m_models.size()))
        return;
    m_models.erase(m_models.begin() + index);
    const bool wasCurrent = index == m_currentModel;
    if (index <= m_currentModel)
        m_currentModel = std::max(m_currentModel - 1, m_models.empty() ? -1 : 0);
    Q_EMIT modelsChanged();
    if (wasCurrent) {
        clearResult();
        Q_EMIT modelPicked(m_currentModel);
    }
}

void Session::setReport(const std::shared_ptr<const Classifier>& classifier, ModelReport report)
{
    const auto found = std::ranges::find(m_models, classifier, &LoadedModel::classifier);
    if (found == m_models.end())
        return;
    found->report = std::move(report);
    Q_EMIT modelsChanged();
}

void Session::setCurrentModel(int index)
{
    if (index == m_currentModel || index >= int(m_models.size()))
        return;
    m_currentModel = index;
    m_standIn.reset();
    clearResult();
    if (m_target && classifier() && *m_target >= classifier()->classes())
        setTarget(std::nullopt);
    Q_EMIT modelPicked(index);
}

void Session::setDataset(std::shared_ptr<const Dataset> dataset, const QStringList& paths)
{
    m_dataset = std::move(dataset);
    m_imagePaths = paths;
    m_imageIndex = -1;
    m_image.reset();
    clearResult();
    Q_EMIT datasetOpened();
}

void Session::setImageIndex(std::int64_t index)
{
    if (index == m_imageIndex)
        return;
    m_imageIndex = index;
    clearResult();
    Q_EMIT imagePicked(index);
}

void Session::setImage(CurrentImage image)
{
    m_image = std::move(image);
    Q_EMIT imageLoaded();
}

void Session::setSettings(AnalysisSettings settings)
{
    if (settings == m_settings)
        return;
    m_settings = std::move(settings);
    followSettings();
    Q_EMIT settingsChanged();
}

void Session::setNorm(Norm norm)
{
    if (norm != m_settings.norm)
        setSettings(standardSettings(norm, m_settings.preset, m_settings.seed));
}

void Session::setWhatIf(const WhatIf& whatIf)
{
    if (whatIf == m_whatIf)
        return;
    m_whatIf = whatIf;
    followSettings();
    Q_EMIT whatIfChanged();
}

void Session::setTarget(std::optional<std::int64_t> target)
{
    if (target == m_target)
        return;
    m_target = target;
    followSettings();
    Q_EMIT targetChanged();
}

void Session::setResult(std::shared_ptr<const InspectResult> result, ResultState state)
{
    if (result != m_result)
        m_inquiry = m_nextInquiry;
    m_result = std::move(result);
    m_resultState = state;
    m_failure.clear();
    Q_EMIT resultChanged();
}

void Session::setFailure(const QString& sentence)
{
    m_failure = sentence;
    m_resultState = ResultState::Failed;
    Q_EMIT resultChanged();
}

void Session::beginRun(bool isPreview, Inquiry inquiry)
{
    m_nextInquiry = std::move(inquiry);
    m_isPreview = isPreview;
    m_runSettings = m_settings;
    m_runTarget = m_target;
    m_runWhatIf = m_whatIf;
    m_failure.clear();
    m_resultState = ResultState::Running;
    m_selection.step.reset(); // it belonged to a trace that goes
    Q_EMIT resultChanged();
}

void Session::showStored(std::shared_ptr<const InspectResult> result, bool isPreview, Inquiry inquiry)
{
    m_isPreview = isPreview;
    m_runSettings = isPreview ? m_settings : inquiry.settings;
    m_runTarget = m_target;
    m_freshState = result->partial ? ResultState::Partial : ResultState::Complete;
    m_nextInquiry = m_inquiry = std::move(inquiry);
    setResult(std::move(result), m_runSettings == m_settings ? m_freshState : ResultState::Stale);
}

void Session::setAbsentModels(std::vector<ModelRef> models, std::optional<int> standIn)
{
    m_absentModels = std::move(models);
    m_standIn = standIn;
}

void Session::clearResult()
{
    m_inquiry = {};
    if (!m_result && m_resultState == ResultState::None)
        return;
    m_result.reset();
    m_resultState = ResultState::None;
    m_failure.clear();
    select({});
    Q_EMIT resultChanged();
}

void Session::showStep(int step)
{
    FigureSelection selection = m_selection;
    selection.step = step < 0 ? std::nullopt : std::optional(step);
    select(std::move(selection));
}

void Session::showPenalty(bool isOn)
{
    FigureSelection selection = m_selection;
    selection.isUnpenalised = !isOn;
    select(std::move(selection));
}

void Session::select(FigureSelection selection)
{
    if (selection == m_selection)
        return;
    m_selection = std::move(selection);
    Q_EMIT selectionChanged();
}

/// A result of other settings than those shown is stale; it is not any more when its settings come back.
void Session::followSettings()
{
    const bool fits = m_settings == m_runSettings && m_target == m_runTarget && m_whatIf == m_runWhatIf;
    if (m_resultState == ResultState::Stale && fits)
        m_resultState = m_freshState;
    else if ((m_resultState == ResultState::Complete || m_resultState == ResultState::Partial) && !fits)
        m_freshState = std::exchange(m_resultState, ResultState::Stale);
    else
        return;
    Q_EMIT resultChanged();
}

} // namespace brink
