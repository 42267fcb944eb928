// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/studyrun.h"

#include "core/base/error.h"
#include "core/store/database.h"
#include "core/store/studydocuments.h"
#include "core/store/studyplan.h"
#include "core/store/unitdata.h"
#include "core/store/unitwork.h"
#include "core/study/studyinputs.h"

#include <QLockFile>
#include <QString>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace brink {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// One process writes a study at a time.
class Lock {
public:
    explicit Lock(const std::string& path) : m_file(QString::fromStdString(path + ".lock"))
    {
        m_file.setStaleLockTime(0); // as long as its process lives, whatever that takes
        if (m_file.tryLock(0))
            return;
        if (m_file.error() == QLockFile::LockFailedError)
            throw Error(ErrorCode::Resource, path + ": another process is running this study; wait for it or stop it. If there is none, remove "
                    + path + ".lock.");
        throw unwritable(studyKind(), path, "no file can be made beside it");
    }

private:
    QLockFile m_file;
};

/// One run, from open files to the last unit.
class Run {
public:
    Run(std::string path, const Study& study, const StudyRunOptions& options, Monitor& monitor)
        : m_path(std::move(path)), m_study(study), m_options(options), m_monitor(monitor), m_pictures(study, monitor)
        , m_nets(openedNets()), m_file(m_path), m_plan(study, m_pictures.facts(), m_nets.identities)
        , m_secondsOfForward(study.models.size())
    {
        for (std::atomic<double>& seconds : m_secondsOfForward)
            seconds = 1e-3; // until it has predicted
    }

    [[nodiscard]] StudyRunEnd run();

private:
    [[nodiscard]] StudyNets openedNets();
    [[nodiscard]] RefusedPairs refusedPairs() const;
    void settle(const std::vector<PlannedUnit>& wanted);
    [[nodiscard]] std::vector<PlannedUnit> missing(const std::vector<PlannedUnit>& units) const;
    [[nodiscard]] StudyRunEnd finish(const std::vector<PlannedUnit>& wanted);
    [[nodiscard]] std::set<UnitSlot> ownSlots(const std::vector<PlannedUnit>& analyses) const;
    void dropUnshown(const std::vector<PlannedUnit>& openTransfers);
    void work(const std::vector<PlannedUnit>& analyses, const std::vector<PlannedUnit>& transfers);
    [[nodiscard]] std::vector<PlannedUnit> interleaved(const std::vector<PlannedUnit>& analyses, const std::vector<PlannedUnit>& transfers) const;
    void readPredictions(const std::vector<PlannedUnit>& units);
    void excludeUnpredicted();
    void compute(const std::vector<PlannedUnit>& units);
    void computeOne(const PlannedUnit& unit);
    void computeTransfers(std::span<const PlannedUnit> units);
    [[nodiscard]] std::optional<UnitRecord> recordOf(
        const PlannedUnit& unit, StudyFile& file, const std::function<std::optional<UnitRecord>()>& work);
    [[nodiscard]] UnitInputs inputs() const { return {m_study, m_pictures, m_nets.nets, m_predicted}; }
    [[nodiscard]] const StudyNet& net(int model) const { return m_nets.nets[std::size_t(model)]; }
    void countDone(const PlannedUnit& unit);

    std::string m_path;
    const Study& m_study;
    const StudyRunOptions& m_options;
    Monitor& m_monitor;
    StudyPictures m_pictures;
    StudyNets m_nets;
    StudyFile m_file;
    StudyPlan m_plan;
    std::vector<std::vector<std::int32_t>> m_predicted;
    std::vector<std::atomic<double>> m_secondsOfForward;
    std::atomic<std::int64_t> m_computed{0};
    std::atomic<double> m_costDone{0};
    double m_costTotal = 0;
};

/// A label that a model does not know is that model's fault, not the study's.
StudyNets Run::openedNets()
{
    StudyNets opened = openStudyNets(m_study, m_options.device, m_pictures.picture(0).source, m_monitor);
    for (std::size_t model = 0; model < opened.nets.size(); ++model) {
        if (!opened.nets[model].classifier)
            continue;
        const std::int64_t classes = opened.nets[model].dataClasses();
        const auto foreign = std::ranges::find_if(m_pictures.facts(),
            [&](const StudyImageFacts& image) { return image.label < 0 || image.label >= classes; });
        if (foreign == m_pictures.facts().end())
            continue;
        opened.facts[model].error = m_study.models[model].name + ": has " + std::to_string(classes) + " classes, and the label of "
            + foreign->source + " is " + std::to_string(foreign->label) + "; choose the image set that belongs to this model.";
        opened.identities[model].clear();
    }
    return opened;
}

RefusedPairs Run::refusedPairs() const
{
    RefusedPairs pairs;
    for (int source = 0; source < int(m_nets.nets.size()); ++source)
        for (int target = 0; target < int(m_nets.nets.size()); ++target)
            if (m_plan.works(source) && m_plan.works(target))
                if (std::string reason = refusalOf(net(source), net(target)); !reason.empty())
                    pairs.emplace(std::pair(source, target), std::move(reason));
    return pairs;
}

/// Removes units of this study's models and analyses that it no longer consists of, or that were computed from something else.
void Run::settle(const std::vector<PlannedUnit>& wanted)
{
    std::map<UnitSlot, std::string> keys;
    std::set<UnitKind> kinds;
    for (const PlannedUnit& unit : wanted) {
        keys.emplace(unit.slot, unit.key);
        kinds.insert(unit.slot.kind);
    }
    std::set<std::string> models, analyses{""};
    for (std::size_t model = 0; model < m_study.models.size(); ++model)
        if (m_plan.works(int(model))) // what a model that cannot be opened today gave before stays
            models.insert(m_study.models[model].name);
    for (const StudyAnalysis& analysis : m_study.analyses)
        analyses.insert(analysis.id);
    std::vector<UnitSlot> stale;
    for (const auto& [slot, key] : m_file.keys()) {
        const UnitSlot owner = slot.kind == UnitKind::SurveyPart ? surveyOf(slot) : slot;
        const bool isOurs = kinds.contains(owner.kind) && models.contains(slot.model) && analyses.contains(slot.analysis)
            && (slot.target.empty() || models.contains(slot.target));
        const auto now = keys.find(owner);
        if (isOurs && (now == keys.end() || now->second != key))
            stale.push_back(slot);
    }
    m_file.drop(stale);
}

std::vector<PlannedUnit> Run::missing(const std::vector<PlannedUnit>& units) const
{
    const std::map<UnitSlot, std::string> keys = m_file.keys();
    std::vector<PlannedUnit> open;
    for (const PlannedUnit& unit : units)
        if (!keys.contains(unit.slot))
            open.push_back(unit);
    return open;
}

void Run::readPredictions(const std::vector<PlannedUnit>& units)
{
    m_predicted.assign(m_study.models.size(), std::vector<std::int32_t>(m_pictures.facts().size(), -1));
    for (const PlannedUnit& planned : units) {
        const std::optional<UnitRecord> record = m_file.unit(planned.slot);
        if (!record)
            continue;
        const CleanUnit clean = cleanUnitFrom(record->data);
        for (std::size_t i = 0; i < clean.image.size(); ++i)
            m_predicted[std::size_t(planned.model)].at(std::size_t(clean.image[i])) = clean.predicted[i];
        m_secondsOfForward[std::size_t(planned.model)] = record->seconds / std::max<double>(1, double(clean.image.size()));
    }
}

/// A model that fails on clean images already takes part no further, and the others' common images do not depend on it.
void Run::excludeUnpredicted()
{
    bool hasChanged = false;
    for (std::size_t model = 0; model < m_predicted.size(); ++model) {
        if (!m_plan.works(int(model)) || std::ranges::find(m_predicted[model], -1) == m_predicted[model].end())
            continue;
        m_plan.exclude(int(model));
        m_nets.facts[model].error
            = m_study.models[model].name + ": its predictions of the clean images failed, so it was left out; the reason is noted beside.";
        hasChanged = true;
    }
    if (hasChanged)
        m_file.setDocument("models", toJson(m_nets.facts));
}

void Run::countDone(const PlannedUnit& unit)
{
    ++m_computed;
    m_costDone += unit.cost * m_secondsOfForward[std::size_t(unit.model)];
    constexpr double resolution = 1e6;
    m_monitor.progress(std::int64_t(resolution * std::min(m_costDone.load() / std::max(m_costTotal, 1e-30), 1.0)), std::int64_t(resolution));
}

/// What the unit's own work cannot do is noted beside the results and the run goes on; a file that cannot be written ends it.
/// @param work gives the unit's record, or nothing.
std::optional<UnitRecord> Run::recordOf(const PlannedUnit& unit, StudyFile& file, const std::function<std::optional<UnitRecord>()>& work)
{
    const auto start = Clock::now();
    try {
        std::optional<UnitRecord> record = work();
        if (record)
            record->seconds = secondsSince(start);
        return record;
    } catch (const std::exception& failure) {
        const std::string title = (unit.analysis < 0 ? "prediction" : m_study.analyses[std::size_t(unit.analysis)].label) + " on "
            + unit.slot.model + (unit.target < 0 ? "" : " shown to " + unit.slot.target);
        file.putFailure(unit.slot, title + ": " + failure.what());
        m_monitor.note(title + ": " + failure.what());
        return std::nullopt;
    }
}

void Run::computeOne(const PlannedUnit& unit)
{
    StudyFile file(m_path);
    const std::optional<UnitRecord> record = recordOf(unit, file, [&] { return unitOutcome(unit, inputs(), m_path, m_monitor); });
    if (!record)
        return;
    if (unit.slot.kind == UnitKind::Clean)
        m_secondsOfForward[std::size_t(unit.model)] = record->seconds / double(unit.images.size());
    file.put({*record});
    countDone(unit);
}

/// The transfers of one attack unit: its images are unpacked once, and written is what all targets said.
void Run::computeTransfers(std::span<const PlannedUnit> units)
{
    StudyFile file(m_path);
    const std::string packed = file.images(attackOf(units.front().slot));
    if (packed.empty())
        return; // its attack has failed, or is not done yet
    std::optional<ShownImages> images;
    std::vector<UnitRecord> records;
    for (const PlannedUnit& unit : units) {
        if (m_monitor.stopRequested())
            break;
        std::optional<UnitRecord> record = recordOf(unit, file, [&] {
            if (!images)
                images = shownImages(unit, inputs(), packed);
            return std::optional(transferOutcome(unit, inputs(), *images));
        });
        if (record)
            records.push_back(std::move(*record));
    }
    file.put(records);
    for (const UnitRecord& record : records)
        countDone(*std::ranges::find(units, record.slot, &PlannedUnit::slot));
}

/// Transfers of the same images, which follow each other, are one task.
void Run::compute(const std::vector<PlannedUnit>& units)
{
    std::vector<Task> tasks;
    for (std::size_t begin = 0, end = 0; begin < units.size(); begin = end) {
        end = begin + 1;
        const bool isTransfer = units[begin].slot.kind == UnitKind::Transfer;
        while (isTransfer && end < units.size() && units[end].slot.kind == UnitKind::Transfer
            && attackOf(units[end].slot) == attackOf(units[begin].slot))
            ++end;
        tasks.push_back([this, isTransfer, group = std::span(units).subspan(begin, end - begin)] {
            if (m_monitor.stopRequested())
                return;
            if (isTransfer)
                computeTransfers(group);
            else
                computeOne(group.front());
        });
    }
    m_monitor.runTogether(tasks);
}

/// The units of this shard: every so-manieth, so that each has a part of every analysis and model.
std::set<UnitSlot> Run::ownSlots(const std::vector<PlannedUnit>& analyses) const
{
    std::set<UnitSlot> own;
    for (std::size_t i = 0; i < analyses.size(); ++i)
        if (int(i % std::size_t(m_options.shards)) == m_options.shard)
            own.insert(analyses[i].slot);
    return own;
}

/// Images that were let go once all models had seen them must be made again for one that has not.
void Run::dropUnshown(const std::vector<PlannedUnit>& openTransfers)
{
    const std::vector<UnitSlot> shown = m_file.slotsWithImages();
    const std::set<UnitSlot> isShown(shown.begin(), shown.end());
    const std::map<UnitSlot, std::string> keys = m_file.keys();
    std::set<UnitSlot> unshown;
    for (const PlannedUnit& unit : openTransfers)
        if (const UnitSlot attack = attackOf(unit.slot); keys.contains(attack) && !isShown.contains(attack))
            unshown.insert(attack);
    m_file.drop({unshown.begin(), unshown.end()});
}

/// An analysis' images are shown while the next analysis makes its own: by then they are there, and no lane ever waits.
std::vector<PlannedUnit> Run::interleaved(const std::vector<PlannedUnit>& analyses, const std::vector<PlannedUnit>& transfers) const
{
    std::vector<PlannedUnit> units;
    const auto append = [&units](const std::vector<PlannedUnit>& from, int analysis) {
        std::ranges::copy_if(from, std::back_inserter(units), [analysis](const PlannedUnit& unit) { return unit.analysis == analysis; });
    };
    for (int analysis = 0; analysis < int(m_study.analyses.size()); ++analysis) {
        append(analyses, analysis);
        append(transfers, analysis - 1);
    }
    append(transfers, int(m_study.analyses.size()) - 1);
    return units;
}

void Run::work(const std::vector<PlannedUnit>& analyses, const std::vector<PlannedUnit>& transfers)
{
    const std::set<UnitSlot> own = ownSlots(analyses);
    std::vector<PlannedUnit> ownAnalyses, ownTransfers;
    std::ranges::copy_if(analyses, std::back_inserter(ownAnalyses), [&](const PlannedUnit& unit) { return own.contains(unit.slot); });
    std::ranges::copy_if(transfers, std::back_inserter(ownTransfers),
        [&](const PlannedUnit& unit) { return own.contains(attackOf(unit.slot)); });
    dropUnshown(missing(ownTransfers));
    const std::vector<PlannedUnit> units = interleaved(missing(ownAnalyses), missing(ownTransfers));
    for (const PlannedUnit& unit : units)
        m_costTotal += unit.cost * m_secondsOfForward[std::size_t(unit.model)];
    compute(units);
    if (m_monitor.stopRequested())
        return;
    compute(missing(ownTransfers)); // those that came before their images
    if (m_study.keepsAdversarials || m_monitor.stopRequested() || !missing(ownTransfers).empty())
        return;
    std::vector<UnitSlot> shown;
    for (const PlannedUnit& unit : ownAnalyses)
        if (unit.slot.kind == UnitKind::Attack)
            shown.push_back(unit.slot);
    m_file.dropImages(shown);
}

StudyRunEnd Run::finish(const std::vector<PlannedUnit>& wanted)
{
    StudyRunEnd end;
    end.stopped = m_monitor.stopRequested();
    end.unitsComputed = m_computed;
    end.unitsTotal = std::int64_t(wanted.size());
    end.unitsDone = end.unitsTotal - std::int64_t(missing(wanted).size());
    for (const StudyModelFacts& facts : m_nets.facts)
        if (!facts.error.empty())
            end.failures.push_back(facts.error);
    std::ranges::move(m_file.failures(), std::back_inserter(end.failures));
    m_file.closeLog();
    return end;
}

StudyRunEnd Run::run()
{
    if (m_monitor.stopRequested())
        return finish({});
    // Units of the same name would be taken for stale ones and removed.
    if (const Json there = m_file.document("study"); there.is_object() && there.value("name", m_study.name) != m_study.name)
        throw Error(ErrorCode::Usage, m_path + ": holds the study \"" + there.value("name", std::string()) + "\", not \"" + m_study.name
                + "\"; write into another file.");
    m_file.begin({{"study", toJson(m_study)}, {"models", toJson(m_nets.facts)}, {"images", toJson(m_pictures.facts())},
        {"classes", Json(m_pictures.classNames())}, {"pairs", pairsJson(refusedPairs())}});
    const std::vector<PlannedUnit> clean = m_plan.cleanUnits();
    settle(clean);
    compute(missing(clean));
    if (m_monitor.stopRequested())
        return finish(clean);
    readPredictions(clean);
    excludeUnpredicted();
    const std::vector<PlannedUnit> analyses = m_plan.analysisUnits(m_predicted);
    const std::vector<PlannedUnit> transfers = m_plan.transferUnits(analyses, refusedPairs());
    std::vector<PlannedUnit> wanted = analyses;
    wanted.insert(wanted.end(), transfers.begin(), transfers.end());
    settle(wanted);
    wanted.insert(wanted.end(), clean.begin(), clean.end());
    m_file.setDocument("total", std::int64_t(wanted.size()));
    work(analyses, transfers);
    return finish(wanted);
}

} // namespace

StudyRunEnd runStudy(const std::string& path, const Study& study, const StudyRunOptions& options, Monitor& monitor)
{
    const Lock lock(path);
    return Run(path, study, options, monitor).run();
}

} // namespace brink
