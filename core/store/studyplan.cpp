// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/studyplan.h"

#include "core/base/hash.h"
#include "core/study/boundaryanalysis.h"
#include "core/study/studycost.h"

#include <algorithm>
#include <utility>

namespace brink {

namespace {

/// To be raised when a unit's outcome changes for the same inputs.
constexpr int resultsVersion = 1;
/// The same of predictions alone: they are cheap, attacks that rest on them are not.
constexpr int scoresVersion = 1;
/// And of what images are shown to other models: ties go to the clean class since 2.
constexpr int transferVersion = 2;

/// What decides an analysis' outcome; its name, label and number of images do not.
Json whatOf(const StudyAnalysis& analysis)
{
    Json what{{"target", targetRuleText(analysis.target)}};
    if (analysis.kind == AnalysisKind::Attack)
        what.update({{"attack", analysis.attack.name}, {"norm", normName(analysis.attack.norm)},
            {"parameters", analysis.attack.parameters.toJson()}});
    else if (isOfBoundary(analysis.kind))
        what = {{"boundary", boundaryAnalysis(analysis.kind).name}, {"parameters", analysis.boundary.toJson()}};
    else
        what["clever"] = analysis.cleverParameters;
    return what;
}

UnitKind unitKindOf(AnalysisKind kind)
{
    if (kind == AnalysisKind::Attack)
        return UnitKind::Attack;
    return kind == AnalysisKind::Clever ? UnitKind::Clever : UnitKind::Survey;
}

} // namespace

StudyPlan::StudyPlan(const Study& study, const std::vector<StudyImageFacts>& images, std::vector<std::string> identities)
    : m_study(study), m_images(images), m_identities(std::move(identities))
{
}

std::string StudyPlan::key(const UnitSlot& slot, const Json& what, int model, const std::vector<std::int32_t>& images) const
{
    Json all{{"version", resultsVersion}, {"kind", int(slot.kind)}, {"what", what}, {"model", m_identities[std::size_t(model)]},
        {"seed", m_study.seed}};
    for (const std::int32_t place : images) {
        const StudyImageFacts& image = m_images[std::size_t(place)];
        all["images"].push_back({place, image.index, image.label, image.sha256});
    }
    return sha256(all.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::vector<PlannedUnit> StudyPlan::cleanUnits() const
{
    std::vector<PlannedUnit> units;
    const auto block = std::size_t(imagesPerCleanUnit(m_study));
    for (int model = 0; model < int(m_study.models.size()); ++model) {
        if (!works(model))
            continue;
        for (std::size_t first = 0; first < m_images.size(); first += block) {
            PlannedUnit unit;
            unit.slot = {UnitKind::Clean, {}, m_study.models[std::size_t(model)].name, {}, int(first / block)};
            unit.model = model;
            for (std::size_t i = first; i < std::min(m_images.size(), first + block); ++i)
                unit.images.push_back(std::int32_t(i));
            unit.cost = double(unit.images.size());
            unit.key = key(unit.slot, {{"scores", scoresVersion}}, model, unit.images);
            units.push_back(std::move(unit));
        }
    }
    return units;
}

std::vector<std::int32_t> StudyPlan::entering(int model, const std::vector<std::vector<std::int32_t>>& predicted) const
{
    std::vector<std::int32_t> places;
    const auto isRight = [&](int each, std::size_t place) { return predicted[std::size_t(each)][place] == m_images[place].label; };
    for (std::size_t place = 0; place < m_images.size(); ++place) {
        bool enters = true;
        if (m_study.entry == EntryRule::Correct)
            enters = isRight(model, place);
        else if (m_study.entry == EntryRule::CorrectOnAll)
            for (int each = 0; each < int(m_study.models.size()); ++each)
                enters = enters && (!works(each) || isRight(each, place));
        if (enters)
            places.push_back(std::int32_t(place));
    }
    return places;
}

std::vector<PlannedUnit> StudyPlan::analysisUnits(const std::vector<std::vector<std::int32_t>>& predicted) const
{
    std::vector<PlannedUnit> units;
    for (int a = 0; a < int(m_study.analyses.size()); ++a) {
        const StudyAnalysis& analysis = m_study.analyses[std::size_t(a)];
        const int block = imagesPerUnit(m_study, analysis);
        const Json what = whatOf(analysis);
        for (int model = 0; model < int(m_study.models.size()); ++model) {
            if (!works(model))
                continue;
            std::vector<std::int32_t> places = entering(model, predicted);
            if (analysis.images > 0 && std::ssize(places) > analysis.images)
                places.resize(std::size_t(analysis.images));
            for (const std::int32_t place : places) {
                const int number = place / block;
                if (units.empty() || units.back().analysis != a || units.back().model != model || units.back().slot.block != number) {
                    PlannedUnit unit;
                    unit.slot = {unitKindOf(analysis.kind), analysis.id, m_study.models[std::size_t(model)].name, {}, number};
                    unit.analysis = a;
                    unit.model = model;
                    units.push_back(std::move(unit));
                }
                units.back().images.push_back(place);
                units.back().cost += 3 * expectedGradients(analysis) + 4; // in forwards, a gradient with its own
            }
        }
        for (PlannedUnit& unit : units)
            if (unit.analysis == a)
                unit.key = key(unit.slot, what, unit.model, unit.images);
    }
    return units;
}

std::vector<PlannedUnit> StudyPlan::transferUnits(
    const std::vector<PlannedUnit>& attacks, const std::map<std::pair<int, int>, std::string>& refused) const
{
    std::vector<PlannedUnit> units;
    for (const PlannedUnit& attack : attacks) {
        if (attack.slot.kind != UnitKind::Attack || !m_study.analyses[std::size_t(attack.analysis)].transfers)
            continue;
        for (int target = 0; target < int(m_study.models.size()); ++target) {
            if (!works(target) || refused.contains({attack.model, target}))
                continue;
            PlannedUnit unit = attack;
            unit.slot.kind = UnitKind::Transfer;
            unit.slot.target = m_study.models[std::size_t(target)].name;
            unit.target = target;
            unit.cost = double(attack.images.size());
            unit.key = sha256(attack.key + m_identities[std::size_t(target)] + std::to_string(transferVersion));
            units.push_back(std::move(unit));
        }
    }
    return units;
}

} // namespace brink
