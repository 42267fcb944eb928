// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the controller that knows what was computed before.
#include "app/controller.h"

#include "core/base/error.h"
#include "core/store/studykey.h"

#include <algorithm>

namespace brink {

/// Of the current model, or of the absent one whose stored results are shown instead.
std::optional<ModelIdentity> Controller::identity() const
{
    if (const auto model = m_session.classifier())
        return identityOf(*model);
    if (m_session.standIn())
        return m_session.absentModels()[std::size_t(*m_session.standIn())].identity;
    return std::nullopt;
}

std::optional<Inquiry> Controller::inquiryFor(const AnalysisSettings& settings) const
{
    const auto model = identity();
    const auto& image = m_session.image();
    if (!model || !image || image->index != m_session.imageIndex())
        return std::nullopt;
    try {
        const auto& dataset = m_session.dataset();
        const InspectSubject subject{m_session.classifier(), {}, image->index, image->label, m_session.target(),
            dataset ? dataset->classNames() : std::vector<std::string>(), m_session.whatIf()};
        return Inquiry{studyKey(inspectRequest(settings, subject), *model, image->sha256), settings};
    } catch (const Error&) {
        return std::nullopt; // values that do not go together; the run says so
    }
}

bool Controller::showStored(const AnalysisSettings& settings, bool isPreview)
{
    auto inquiry = inquiryFor(settings);
    const StoredResult* stored = inquiry ? m_results.find(inquiry->key) : nullptr;
    if (!stored)
        return false;
    abandonRun();
    if (stored->result != m_session.result() || m_session.resultState() == ResultState::Stale)
        m_session.showStored(stored->result, isPreview, std::move(*inquiry));
    return true;
}

/// What the settings shown give, or else their preview.
bool Controller::showStored()
{
    const AnalysisSettings& shown = m_session.settings();
    return showStored(shown, false)
        || (shown.preset != Preset::Preview && showStored(standardSettings(shown.norm, Preset::Preview, shown.seed), true));
}

void Controller::keepResults(const std::vector<StoredResult>& results)
{
    for (const StoredResult& stored : results)
        if (m_results.put(stored))
            Q_EMIT resultKept(stored);
}

int Controller::restore(Restoration wanted)
{
    const int firstRank = m_modelsAsked + 1;
    m_modelsAsked += int(wanted.state.models.size());
    abandonRun();
    ++m_opening;
    m_firstModel.clear();
    keepResults(wanted.results);
    m_isRestoring = true;
    const SessionState& state = wanted.state;
    if (wanted.replacesModels)
        while (!m_session.models().empty())
            m_session.removeModel(int(m_session.models().size()) - 1);
    const bool isNew = wanted.model && std::ranges::find(m_session.models(), wanted.model, &LoadedModel::classifier) == m_session.models().end();
    if (wanted.dataset != m_session.dataset())
        m_session.setDataset(wanted.dataset, state.images ? state.images->paths : QStringList());
    m_session.setSettings(state.settings);
    m_session.setCurrentModel(wanted.model ? placeOf(wanted.model, firstRank + state.currentModel) : -1);
    m_session.setTarget(state.target);
    m_session.setWhatIf(state.whatIf);
    const auto standIn = [&](const ModelRef& absent) {
        return state.currentModel >= 0 && absent.identity.sha256 == state.models[std::size_t(state.currentModel)].identity.sha256;
    };
    const auto found = std::ranges::find_if(wanted.absentModels, standIn);
    const bool hasStandIn = !wanted.model && found != wanted.absentModels.end();
    const int place = int(found - wanted.absentModels.begin());
    m_session.setAbsentModels(std::move(wanted.absentModels), hasStandIn ? std::optional(place) : std::nullopt);
    if (wanted.image) {
        m_images.put(*wanted.image);
        m_session.setImageIndex(wanted.image->index);
        m_session.setImage(*wanted.image);
    }
    m_isRestoring = false;
    if (!showInSight(state))
        preview();
    m_session.select(state.selection);
    if (isNew)
        checkLoadedModel(wanted.model);
    return firstRank;
}

int Controller::placeOf(const std::shared_ptr<const Classifier>& model, int rank)
{
    const auto& models = m_session.models();
    const auto found = std::ranges::find(models, model, &LoadedModel::classifier);
    return found == models.end() ? m_session.addModel(model, rank) : int(found - models.begin());
}

/// The result that was in sight when the session was written, also where model or image have gone since.
bool Controller::showInSight(const SessionState& state)
{
    const StoredResult* stored = state.resultKey.empty() ? nullptr : m_results.find(state.resultKey);
    if (!stored)
        return false;
    const AnalysisSettings settings = analysisSettingsFromJson(stored->settings);
    const bool isPreview = settings == standardSettings(state.settings.norm, Preset::Preview, state.settings.seed);
    m_session.showStored(stored->result, isPreview && settings != state.settings, {stored->key, settings});
    return true;
}

} // namespace brink
