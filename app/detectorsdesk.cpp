// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/detectorsdesk.h"

#include <algorithm>
#include <utility>

namespace brink {

namespace {

/// The configuration whose attacks "published" stands for: the one that is named, else that for the model's images.
std::string configurationOf(const DetectorsChoices& choices, int channels, int height)
{
    const auto& known = squeezeConfigurations();
    const auto named = std::ranges::find(known, choices.squeezers, &SqueezeConfiguration::name);
    return named == known.end() ? configurationFor(channels, height).name : named->name;
}

} // namespace

DetectorRunRequest detectorsRequest(const DetectorsChoices& choices, int channels, int height, std::uint64_t seed)
{
    DetectorRunRequest request;
    const std::string configuration = configurationOf(choices, channels, height);
    if (choices.hasSqueezing)
        request.detectors.push_back({DetectorKind::Squeezing, squeezersFromText(choices.squeezers.empty() ? configuration : choices.squeezers), 10, 9, 0.5});
    if (choices.hasCurvature)
        request.detectors.push_back({DetectorKind::Curvature, {}, 10, 9, 0.5});
    request.falsePositiveRate = choices.falsePositiveRate;
    request.calibration = request.heldOut = choices.clean;
    request.attacked = choices.attacked;
    std::vector<std::string> attacks;
    for (const auto& [isChosen, name] : {std::pair(choices.hasPublished, "published"), std::pair(choices.hasDdn, "ddn"), std::pair(choices.hasFmn, "fmn")})
        if (isChosen)
            attacks.emplace_back(name);
    request.attacks = detectorAttacks(attacks, configuration, Preset::Preview);
    request.isAdaptive = choices.isAdaptive;
    request.seed = seed;
    return request;
}

void DetectorsDesk::setChoices(const DetectorsChoices& choices)
{
    if (choices == m_choices)
        return;
    m_choices = choices;
    Q_EMIT changed();
}

const KeptDetectors& DetectorsDesk::of(const std::string& modelSha256) const
{
    static const KeptDetectors none;
    const auto found = m_kept.find(modelSha256);
    return found == m_kept.end() ? none : found->second;
}

void DetectorsDesk::keep(const std::string& modelSha256, KeptDetectors kept)
{
    m_kept[modelSha256] = std::move(kept);
    Q_EMIT changed();
    Q_EMIT resultsChanged();
}

void DetectorsDesk::forgetAll()
{
    m_kept.clear();
    m_failed.clear();
    Q_EMIT changed();
}

void DetectorsDesk::setRunning(const std::string& modelSha256)
{
    if (modelSha256 == m_running)
        return;
    m_running = modelSha256;
    if (m_running == m_failed)
        m_failed.clear();
    Q_EMIT changed();
}

QString DetectorsDesk::failure(const std::string& modelSha256) const { return !modelSha256.empty() && m_failed == modelSha256 ? m_failure : QString(); }

void DetectorsDesk::setFailure(const std::string& modelSha256, const QString& sentence)
{
    m_failed = modelSha256;
    m_failure = sentence;
    Q_EMIT changed();
}

ViewState DetectorsDesk::state(const std::string& modelSha256) const
{
    if (modelSha256.empty())
        return ViewState::Empty;
    if (m_running == modelSha256)
        return ViewState::Running;
    if (m_failed == modelSha256)
        return ViewState::Failed;
    const KeptDetectors& kept = of(modelSha256);
    if (!kept.survey)
        return ViewState::Empty;
    if (kept.asked != m_choices)
        return ViewState::Stale;
    return kept.survey->partial ? ViewState::Partial : ViewState::Complete;
}

} // namespace brink
