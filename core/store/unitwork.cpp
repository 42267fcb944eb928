// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/unitwork.h"

#include "core/store/unitdata.h"
#include "core/study/surveyunit.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace brink {

namespace {

/// Passes stop and lanes on; the progress of one unit is not that of the study.
class UnitMonitor : public Monitor {
public:
    explicit UnitMonitor(Monitor& whole) : m_whole(whole) {}
    [[nodiscard]] bool stopRequested() const override { return m_whole.stopRequested(); }
    void progress(std::int64_t, std::int64_t) override {}
    void note(std::string_view text) override { m_whole.note(text); }
    [[nodiscard]] int lanes() const override { return m_whole.lanes(); }
    void runTogether(std::span<const Task> tasks) override { m_whole.runTogether(tasks); }

private:
    Monitor& m_whole;
};

const StudyNet& netOf(const UnitInputs& inputs, int model) { return inputs.nets[std::size_t(model)]; }

UnitRecord recordOf(const PlannedUnit& unit)
{
    UnitRecord record;
    record.slot = unit.slot;
    record.key = unit.key;
    return record;
}

std::optional<UnitRecord> attackOutcome(const PlannedUnit& unit, const UnitInputs& inputs, Monitor& monitor)
{
    const std::vector<UnitImage> images = inputs.pictures.pictures(unit.images);
    const StudyAnalysis& analysis = inputs.study.analyses[std::size_t(unit.analysis)];
    const AttackUnit outcome = attackUnit(netOf(inputs, unit.model), analysis, images, inputs.study.seed, monitor);
    if (std::ranges::any_of(outcome.rows, &StudyAttackRow::stopped))
        return std::nullopt;
    UnitRecord record = recordOf(unit);
    record.data = bytesOf(outcome.rows);
    for (const StudyAttackRow& row : outcome.rows) {
        record.forwards += row.forwards;
        record.backwards += row.backwards;
    }
    if (inputs.study.keepsAdversarials || analysis.transfers)
        record.images = packImages(outcome.shown);
    return record;
}

std::optional<UnitRecord> cleverOutcome(const PlannedUnit& unit, const UnitInputs& inputs, Monitor& monitor)
{
    const std::vector<UnitImage> images = inputs.pictures.pictures(unit.images);
    const CleverUnit outcome
        = cleverUnit(netOf(inputs, unit.model), inputs.study.analyses[std::size_t(unit.analysis)], images, inputs.study.seed, monitor);
    if (outcome.stopped)
        return std::nullopt;
    UnitRecord record = recordOf(unit);
    record.data = bytesOf(outcome.rows);
    record.fits = deflated(outcome.fits.dump(-1, ' ', false, Json::error_handler_t::replace));
    for (const StudyCleverRow& row : outcome.rows) {
        record.forwards += row.forwards;
        record.backwards += row.backwards;
    }
    return record;
}

UnitSlot partOf(const UnitSlot& survey, int part)
{
    UnitSlot slot = survey;
    slot.kind = UnitKind::SurveyPart;
    slot.block = part;
    return slot;
}

/// Parts in the file of the study. One that cannot be written fails the survey, as the survey could not be written either.
class FileParts : public SurveyParts {
public:
    FileParts(const PlannedUnit& unit, std::string path) : m_unit(unit), m_path(std::move(path)) {}

    [[nodiscard]] std::optional<std::string> find(int part) override
    {
        const std::optional<UnitRecord> record = StudyFile(m_path).unit(partOf(m_unit.slot, part));
        return record && record->key == m_unit.key ? std::optional(inflated(record->data)) : std::nullopt;
    }

    void keep(int part, const std::string& bytes) override
    {
        UnitRecord record;
        record.slot = partOf(m_unit.slot, part);
        record.key = m_unit.key;
        record.data = deflated(bytes);
        StudyFile(m_path).put({record});
    }

private:
    const PlannedUnit& m_unit;
    std::string m_path;
};

std::optional<UnitRecord> surveyOutcome(const PlannedUnit& unit, const UnitInputs& inputs, const std::string& path, Monitor& monitor)
{
    SurveyImages images;
    images.dataset = inputs.pictures.dataset();
    images.source = inputs.study.images.path.substr(inputs.study.images.path.find_last_of('/') + 1);
    for (const std::int32_t place : unit.images)
        images.indices.push_back(inputs.pictures.picture(place).index); // throws where it is not what it was
    FileParts parts(unit, path);
    const SurveyUnit outcome = surveyUnit(netOf(inputs, unit.model), inputs.study.analyses[std::size_t(unit.analysis)], images, inputs.study.seed, parts, monitor);
    if (outcome.stopped)
        return std::nullopt;
    UnitRecord record = recordOf(unit);
    record.data = deflated(outcome.bytes);
    record.forwards = outcome.counts.forwards;
    record.backwards = outcome.counts.backwards;
    return record;
}

} // namespace

UnitSlot attackOf(UnitSlot transfer)
{
    transfer.kind = UnitKind::Attack;
    transfer.target.clear();
    return transfer;
}

std::optional<UnitRecord> unitOutcome(const PlannedUnit& unit, const UnitInputs& inputs, const std::string& path, Monitor& monitor)
{
    UnitMonitor ofUnit(monitor);
    if (unit.slot.kind == UnitKind::Attack)
        return attackOutcome(unit, inputs, ofUnit);
    if (unit.slot.kind == UnitKind::Clever)
        return cleverOutcome(unit, inputs, ofUnit);
    if (unit.slot.kind == UnitKind::Survey)
        return surveyOutcome(unit, inputs, path, ofUnit);
    UnitRecord record = recordOf(unit);
    std::vector<std::int64_t> labels;
    for (const std::int32_t image : unit.images)
        labels.push_back(inputs.pictures.facts()[std::size_t(image)].label);
    PredictionUnit outcome = predictUnit(netOf(inputs, unit.model), inputs.pictures.pictures(unit.images), labels);
    record.data = bytesOf(CleanUnit{unit.images, std::move(outcome.predicted), std::move(outcome.scores)});
    record.forwards = std::int64_t(unit.images.size());
    return record;
}

ShownImages shownImages(const PlannedUnit& transfer, const UnitInputs& inputs, const std::string& packed)
{
    ShownImages images{unpackImages(packed), {}};
    for (const UnitImage& picture : inputs.pictures.pictures(transfer.images))
        images.clean.push_back(modelInput(netOf(inputs, transfer.model), picture.source));
    return images;
}

UnitRecord transferOutcome(const PlannedUnit& unit, const UnitInputs& inputs, const ShownImages& images)
{
    const StudyNet& target = netOf(inputs, unit.target);
    const bool knowsClean = takeTheSame(netOf(inputs, unit.model), target);
    std::vector<std::int32_t> known;
    for (const std::int32_t image : unit.images)
        if (knowsClean)
            known.push_back(inputs.predicted[std::size_t(unit.target)][std::size_t(image)]);
    StudyTransfer transfer = transferUnit(target, images.shown, images.clean, known);
    transfer.row.assign(unit.images.begin(), unit.images.end());
    UnitRecord record = recordOf(unit);
    record.data = bytesOf(transfer);
    record.forwards = std::int64_t(images.shown.size()) * (knowsClean ? 1 : 2);
    return record;
}

} // namespace brink
