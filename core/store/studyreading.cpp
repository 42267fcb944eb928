// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/studyreading.h"

#include "core/base/error.h"
#include "core/store/database.h"
#include "core/store/studydocuments.h"
#include "core/store/studyfile.h"
#include "core/store/unitdata.h"
#include "core/study/surveyunit.h"

#include <QByteArray>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace brink {

namespace {

template <typename Row>
using Blocks = std::map<int, std::vector<Row>>;

/// Blocks one after the other.
template <typename Row>
std::vector<Row> joined(const Blocks<Row>& blocks)
{
    std::vector<Row> rows;
    for (const auto& [block, some] : blocks)
        rows.insert(rows.end(), some.begin(), some.end());
    return rows;
}

/// Units of a cell as they came.
struct CellPieces {
    Blocks<StudyAttackRow> attack;
    Blocks<StudyCleverRow> clever;
    StudySurvey survey;
};

/// A survey that an analysis of this name gave when it was another one is passed over; the next run removes it.
void takeSurvey(CellPieces& pieces, AnalysisKind kind, std::string_view data)
{
    if (isOfBoundary(kind))
        pieces.survey = surveyFrom(kind, inflated(data));
}

using TransferPieces = std::map<int, StudyTransfer>; ///< by block

template <typename T>
void append(std::vector<T>& all, const std::vector<T>& some)
{
    all.insert(all.end(), some.begin(), some.end());
}

template <typename Name>
std::map<std::string, int> placesOf(const std::vector<Name>& entries, std::string Name::*name)
{
    std::map<std::string, int> places;
    for (const Name& entry : entries)
        places.emplace(entry.*name, int(places.size()));
    return places;
}

QString jsonOf(const Connection& connection, const char* name)
{
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("SELECT json FROM document WHERE name = ?"));
    query.addBindValue(QLatin1String(name));
    if (!query.exec())
        throw damaged(studyKind(), connection.path());
    return query.next() ? query.value(0).toString() : QString();
}

Json documentOf(const Connection& connection, const char* name)
{
    const QString text = jsonOf(connection, name);
    return text.isEmpty() ? Json() : Json::parse(text.toStdString());
}

} // namespace

struct StudyReading::Impl {
    std::string path;
    std::int64_t generation = -1;
    std::int64_t lastUnit = 0, lastFailure = 0;
    std::int64_t unitsTotal = 0;
    std::shared_ptr<StudyResults> results = std::make_shared<StudyResults>();
    std::map<std::string, int> modelPlaces, analysisPlaces;
    std::map<std::pair<int, int>, CellPieces> cells;                        ///< (analysis, model)
    std::map<std::tuple<int, int, int>, TransferPieces> transfers;          ///< (analysis, source, target)
    std::set<std::pair<int, int>> changedCells;
    std::set<std::tuple<int, int, int>> changedTransfers;
    std::set<UnitSlot> counted;

    [[nodiscard]] bool update();
    [[nodiscard]] std::unique_ptr<Connection> open() const;

private:
    void startAnew(const Connection& connection);
    bool readUnits(const Connection& connection);
    bool readFailures(const Connection& connection);
    void take(const UnitSlot& slot, std::string_view data);
    void takeClean(int model, std::string_view data);
    void rebuild();
    void rebuildCell(int analysis, int model);
    void rebuildTransfer(int analysis, int source, int target);
};

std::unique_ptr<Connection> StudyReading::Impl::open() const { return openDatabase(studyKind(), path, Access::ReadRemains); }

void StudyReading::Impl::startAnew(const Connection& connection)
{
    *results = StudyResults();
    results->study = studyFromJson(documentOf(connection, "study"), {});
    results->images = imageFactsFrom(documentOf(connection, "images"));
    if (const Json names = documentOf(connection, "classes"); names.is_array())
        results->classNames = names.get<std::vector<std::string>>();
    const std::size_t models = results->study.models.size();
    const std::size_t analyses = results->study.analyses.size();
    results->predicted.assign(models, std::vector<std::int32_t>(results->images.size(), -1));
    results->scores.assign(models, std::vector<OutputScores>(results->images.size()));
    results->cells.assign(analyses, std::vector(models, std::make_shared<const StudyCell>()));
    results->transfers.resize(analyses);
    modelPlaces = placesOf(results->study.models, &StudyModel::name);
    analysisPlaces = placesOf(results->study.analyses, &StudyAnalysis::id);
    cells.clear();
    transfers.clear();
    changedCells.clear();
    changedTransfers.clear();
    counted.clear();
    lastUnit = lastFailure = 0;
}

void StudyReading::Impl::takeClean(int model, std::string_view data)
{
    const CleanUnit unit = cleanUnitFrom(data);
    for (std::size_t i = 0; i < unit.image.size(); ++i) {
        results->predicted[std::size_t(model)].at(std::size_t(unit.image[i])) = unit.predicted[i];
        results->scores[std::size_t(model)].at(std::size_t(unit.image[i])) = unit.scores[i];
    }
}

void StudyReading::Impl::take(const UnitSlot& slot, std::string_view data)
{
    const auto model = modelPlaces.find(slot.model);
    if (model == modelPlaces.end() || slot.kind == UnitKind::SurveyPart)
        return;
    if (slot.kind == UnitKind::Clean) {
        takeClean(model->second, data);
        counted.insert(slot);
        return;
    }
    const auto analysis = analysisPlaces.find(slot.analysis);
    if (analysis == analysisPlaces.end())
        return;
    CellPieces& pieces = cells[{analysis->second, model->second}];
    if (slot.kind == UnitKind::Transfer) {
        const auto target = modelPlaces.find(slot.target);
        if (target == modelPlaces.end())
            return;
        const std::tuple place(analysis->second, model->second, target->second);
        transfers[place][slot.block] = transferFrom(data);
        changedTransfers.insert(place);
    } else {
        if (slot.kind == UnitKind::Attack)
            pieces.attack[slot.block] = attackRowsFrom(data);
        else if (slot.kind == UnitKind::Survey)
            takeSurvey(pieces, results->study.analyses[std::size_t(analysis->second)].kind, data);
        else
            pieces.clever[slot.block] = cleverRowsFrom(data);
        changedCells.insert({analysis->second, model->second});
    }
    counted.insert(slot);
}

bool StudyReading::Impl::readUnits(const Connection& connection)
{
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT id, kind, analysis, model, target, block, seconds, data FROM unit WHERE id > ? ORDER BY id"));
    query.addBindValue(qlonglong(lastUnit));
    if (!query.exec())
        throw damaged(studyKind(), path);
    bool hasNew = false;
    while (query.next()) {
        lastUnit = query.value(0).toLongLong();
        const UnitSlot slot{UnitKind(query.value(1).toInt()), query.value(2).toString().toStdString(),
            query.value(3).toString().toStdString(), query.value(4).toString().toStdString(), query.value(5).toInt()};
        results->seconds += query.value(6).toDouble();
        const QByteArray data = query.value(7).toByteArray();
        take(slot, {data.constData(), std::size_t(data.size())});
        hasNew = true;
    }
    if (query.lastError().isValid())
        results->warnings = {{"damaged", path + ": a part of this study is damaged; what could be read is shown, and running it again computes the rest."}};
    return hasNew;
}

bool StudyReading::Impl::readFailures(const Connection& connection)
{
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("SELECT id, analysis, model, target, message FROM failure WHERE id > ? ORDER BY id"));
    query.addBindValue(qlonglong(lastFailure));
    bool hasNew = false;
    for (query.exec(); query.next(); hasNew = true) {
        lastFailure = query.value(0).toLongLong();
        const auto analysis = analysisPlaces.find(query.value(1).toString().toStdString());
        const auto model = modelPlaces.find(query.value(2).toString().toStdString());
        const std::string message = query.value(4).toString().toStdString();
        results->warnings.push_back({"unit-failed", message});
        if (analysis == analysisPlaces.end() || model == modelPlaces.end())
            continue;
        auto& cell = results->cells[std::size_t(analysis->second)][std::size_t(model->second)];
        auto changed = std::make_shared<StudyCell>(*cell);
        changed->errors.push_back(message);
        cell = std::move(changed);
    }
    return hasNew;
}

void StudyReading::Impl::rebuildCell(int analysis, int model)
{
    auto& cell = results->cells[std::size_t(analysis)][std::size_t(model)];
    auto changed = std::make_shared<StudyCell>();
    changed->attack = joined(cells[{analysis, model}].attack);
    changed->clever = joined(cells[{analysis, model}].clever);
    changed->survey = cells[{analysis, model}].survey;
    changed->errors = cell->errors;
    cell = std::move(changed);
}

void StudyReading::Impl::rebuildTransfer(int analysis, int source, int target)
{
    const std::vector<StudyAttackRow>& rows = results->cells[std::size_t(analysis)][std::size_t(source)]->attack;
    std::map<std::int32_t, std::int32_t> rowOf;
    for (std::size_t row = 0; row < rows.size(); ++row)
        rowOf.emplace(rows[row].image, std::int32_t(row));
    auto whole = std::make_shared<StudyTransfer>();
    for (const auto& [block, piece] : transfers[{analysis, source, target}]) {
        // A unit of an attack that is being computed anew has nothing to stand on.
        if (!std::ranges::all_of(piece.row, [&](std::int32_t image) { return rowOf.contains(image); }))
            continue;
        for (const std::int32_t image : piece.row)
            whole->row.push_back(rowOf[image]);
        append(whole->predicted, piece.predicted);
        append(whole->margin, piece.margin);
        append(whole->clean, piece.clean);
        whole->conversions = piece.conversions;
    }
    auto& all = results->transfers[std::size_t(analysis)];
    if (whole->row.empty())
        all.erase({source, target});
    else
        all[{source, target}] = std::move(whole);
}

void StudyReading::Impl::rebuild()
{
    for (const auto& [analysis, model] : changedCells) {
        rebuildCell(analysis, model);
        // Rows have moved.
        for (const auto& [place, pieces] : transfers)
            if (std::get<0>(place) == analysis && std::get<1>(place) == model)
                changedTransfers.insert(place);
    }
    for (const auto& [analysis, source, target] : changedTransfers)
        rebuildTransfer(analysis, source, target);
    changedCells.clear();
    changedTransfers.clear();
    results->unitsDone = std::int64_t(counted.size());
    results->unitsTotal = unitsTotal;
}

bool StudyReading::Impl::update()
{
    const std::unique_ptr<Connection> connection = open();
    // One state of the file for all that is read.
    connection->run("BEGIN");
    const Json now = documentOf(*connection, "generation");
    if (!now.is_number_integer())
        return false; // just made, nothing begun
    // Others may hold the last value.
    results = std::make_shared<StudyResults>(*results);
    const bool isNew = now.get<std::int64_t>() != generation;
    if (isNew)
        startAnew(*connection);
    generation = now.get<std::int64_t>();
    results->models = modelFactsFrom(documentOf(*connection, "models"));
    results->models.resize(results->study.models.size());
    const Json total = documentOf(*connection, "total");
    const Json pairs = documentOf(*connection, "pairs");
    const std::int64_t units = total.is_number_integer() ? total.get<std::int64_t>() : 0;
    const bool hasTotal = units != unitsTotal;
    unitsTotal = units;
    if (pairs.is_array())
        results->refusedPairs = pairsFrom(pairs);
    const bool hasUnits = readUnits(*connection);
    const bool hasFailures = readFailures(*connection);
    rebuild();
    return isNew || hasTotal || hasUnits || hasFailures;
}

StudyReading::StudyReading(std::string path) : m_impl(std::make_unique<Impl>())
{
    m_impl->path = std::move(path);
    update();
}

StudyReading::~StudyReading() = default;

bool StudyReading::update()
{
    try {
        return m_impl->update();
    } catch (const Json::exception&) {
        throw damaged(studyKind(), m_impl->path);
    } catch (const std::out_of_range&) {
        throw damaged(studyKind(), m_impl->path);
    }
}

std::shared_ptr<const StudyResults> StudyReading::results() const { return m_impl->results; }
const std::string& StudyReading::path() const { return m_impl->path; }

std::optional<Image> StudyReading::adversarial(int analysis, int model, int row) const
{
    const StudyResults& results = *m_impl->results;
    const auto pieces = m_impl->cells.find({analysis, model});
    if (pieces == m_impl->cells.end())
        return std::nullopt;
    std::size_t place = std::size_t(row);
    for (const auto& [block, rows] : pieces->second.attack) {
        if (place >= rows.size()) {
            place -= rows.size();
            continue;
        }
        const UnitSlot slot{UnitKind::Attack, results.study.analyses[std::size_t(analysis)].id,
            results.study.models[std::size_t(model)].name, {}, block};
        const std::unique_ptr<Connection> connection = m_impl->open();
        QSqlQuery query(connection->database());
        query.prepare(QStringLiteral("SELECT data FROM images WHERE analysis = ? AND model = ? AND block = ?"));
        query.addBindValue(QString::fromStdString(slot.analysis));
        query.addBindValue(QString::fromStdString(slot.model));
        query.addBindValue(block);
        if (!query.exec() || !query.next())
            return std::nullopt;
        const QByteArray data = query.value(0).toByteArray();
        return unpackImage({data.constData(), std::size_t(data.size())}, place);
    }
    return std::nullopt;
}

bool isStudyFile(const std::string& path)
{
    const DatabaseHead head = databaseHead(path);
    return head.isDatabase && head.application == studyKind().application;
}

} // namespace brink
