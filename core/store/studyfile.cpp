// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/studyfile.h"

#include "core/base/version.h"
#include "core/store/database.h"

#include <QByteArray>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <filesystem>
#include <system_error>
#include <utility>

namespace brink {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t applicationId = 0x42524E53; // "BRNS"
constexpr DatabaseKind kind{applicationId, studyFormat, "study", "a"};
static_assert(applicationId == 1112690259 && studyFormat == 1);

QString qtext(const std::string& text) { return QString::fromStdString(text); }
QByteArray raw(const std::string& bytes) { return QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())); }

void makeTables(const Connection& connection)
{
    Transaction transaction(connection);
    connection.run("PRAGMA application_id = 1112690259");
    connection.run("PRAGMA user_version = 1");
    connection.run("CREATE TABLE document (name TEXT PRIMARY KEY, json TEXT NOT NULL)");
    // `id` grows with every unit written, so that a reader asks for what is new. `data` is last: the other columns are read
    // without walking through it.
    connection.run("CREATE TABLE unit (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, analysis TEXT NOT NULL, "
                   "model TEXT NOT NULL, target TEXT NOT NULL, block INTEGER NOT NULL, key TEXT NOT NULL, seconds REAL NOT NULL, "
                   "forwards INTEGER NOT NULL, backwards INTEGER NOT NULL, data BLOB NOT NULL, "
                   "UNIQUE (kind, analysis, model, target, block))");
    for (const char* table : {"fits", "images"})
        connection.run(("CREATE TABLE " + std::string(table)
            + " (analysis TEXT NOT NULL, model TEXT NOT NULL, block INTEGER NOT NULL, data BLOB NOT NULL, "
              "PRIMARY KEY (analysis, model, block))")
                           .c_str());
    connection.run("CREATE TABLE failure (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, analysis TEXT NOT NULL, "
                   "model TEXT NOT NULL, target TEXT NOT NULL, block INTEGER NOT NULL, message TEXT NOT NULL)");
    transaction.commit();
}

void setDocumentIn(const Connection& connection, const char* name, const Json& json)
{
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("INSERT OR REPLACE INTO document (name, json) VALUES (?, ?)"));
    query.addBindValue(QLatin1String(name));
    query.addBindValue(QString::fromStdString(json.dump(-1, ' ', false, Json::error_handler_t::replace)));
    connection.run(query);
}

Json documentIn(const Connection& connection, const char* name)
{
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("SELECT json FROM document WHERE name = ?"));
    query.addBindValue(QLatin1String(name));
    if (!query.exec() || !query.next())
        return nullptr;
    return Json::parse(query.value(0).toString().toStdString(), nullptr, false);
}

void nextGeneration(const Connection& connection)
{
    const Json now = documentIn(connection, "generation");
    setDocumentIn(connection, "generation", now.is_number_integer() ? now.get<std::int64_t>() + 1 : 1);
}

void bindSlot(QSqlQuery& query, const UnitSlot& slot)
{
    query.addBindValue(int(slot.kind));
    query.addBindValue(qtext(slot.analysis));
    query.addBindValue(qtext(slot.model));
    query.addBindValue(qtext(slot.target));
    query.addBindValue(slot.block);
}

void bindPlace(QSqlQuery& query, const UnitSlot& slot)
{
    query.addBindValue(qtext(slot.analysis));
    query.addBindValue(qtext(slot.model));
    query.addBindValue(slot.block);
}

/// Bytes that belong to a unit and are read only by those who want them.
void putBeside(const Connection& connection, const char* table, const UnitSlot& slot, const std::string& bytes)
{
    if (bytes.empty())
        return;
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("INSERT OR REPLACE INTO %1 (analysis, model, block, data) VALUES (?, ?, ?, ?)").arg(QLatin1String(table)));
    bindPlace(query, slot);
    query.addBindValue(raw(bytes));
    connection.run(query);
}

void dropParts(const Connection& connection, const UnitSlot& survey)
{
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("DELETE FROM unit WHERE kind = ? AND analysis = ? AND model = ?"));
    query.addBindValue(int(UnitKind::SurveyPart));
    query.addBindValue(qtext(survey.analysis));
    query.addBindValue(qtext(survey.model));
    connection.run(query);
}

void putUnit(const Connection& connection, const UnitRecord& unit)
{
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("INSERT OR REPLACE INTO unit (kind, analysis, model, target, block, key, seconds, forwards, backwards, data) "
                                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    bindSlot(query, unit.slot);
    query.addBindValue(qtext(unit.key));
    query.addBindValue(unit.seconds);
    query.addBindValue(qlonglong(unit.forwards));
    query.addBindValue(qlonglong(unit.backwards));
    query.addBindValue(raw(unit.data));
    connection.run(query);
    putBeside(connection, "fits", unit.slot, unit.fits);
    putBeside(connection, "images", unit.slot, unit.images);
    if (unit.slot.kind == UnitKind::Survey)
        dropParts(connection, unit.slot);
}

void dropBeside(const Connection& connection, const char* table, const UnitSlot& slot)
{
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("DELETE FROM %1 WHERE analysis = ? AND model = ? AND block = ?").arg(QLatin1String(table)));
    bindPlace(query, slot);
    connection.run(query);
}

std::string bytesBeside(const Connection& connection, const char* table, const UnitSlot& slot)
{
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("SELECT data FROM %1 WHERE analysis = ? AND model = ? AND block = ?").arg(QLatin1String(table)));
    bindPlace(query, slot);
    return query.exec() && query.next() ? query.value(0).toByteArray().toStdString() : std::string();
}

UnitSlot slotFrom(const QSqlQuery& query)
{
    return {UnitKind(query.value(0).toInt()), query.value(1).toString().toStdString(), query.value(2).toString().toStdString(),
        query.value(3).toString().toStdString(), query.value(4).toInt()};
}

} // namespace

struct StudyFile::Impl {
    explicit Impl(std::unique_ptr<Connection> opened) : holder(std::move(opened)), connection(*holder) {}
    std::unique_ptr<Connection> holder;
    const Connection& connection;
};

const DatabaseKind& studyKind() { return kind; }

StudyFile::StudyFile(const std::string& path)
{
    std::error_code ignored;
    const bool isNew = !fs::exists(path, ignored) || fs::is_empty(path, ignored);
    m_impl = std::make_unique<Impl>(isNew ? std::make_unique<Connection>(kind, path, "QSQLITE_BUSY_TIMEOUT=20000")
                                          : openDatabase(kind, path, Access::Write));
    if (isNew)
        makeTables(m_impl->connection);
    // The head of a new file is on disk before the log begins, so the file is always known as ours.
    m_impl->connection.run("PRAGMA journal_mode = WAL");
    m_impl->connection.run("PRAGMA synchronous = NORMAL"); // a program that is killed loses nothing; a power cut the last moments
}

StudyFile::~StudyFile() = default;

Json StudyFile::document(const char* name) const { return documentIn(m_impl->connection, name); }

void StudyFile::begin(const std::map<std::string, Json>& documents)
{
    Transaction transaction(m_impl->connection);
    bool hasChanged = false;
    for (const auto& [name, json] : documents) {
        if (documentIn(m_impl->connection, name.c_str()) == json)
            continue;
        setDocumentIn(m_impl->connection, name.c_str(), json);
        hasChanged = true;
    }
    setDocumentIn(m_impl->connection, "brink", version);
    // Has its place before the units: a row that moves to a new page would lie behind them, and a file cut there lose all.
    if (documentIn(m_impl->connection, "total").is_null())
        setDocumentIn(m_impl->connection, "total", 0);
    QSqlQuery failures(m_impl->connection.database());
    failures.prepare(QStringLiteral("DELETE FROM failure"));
    m_impl->connection.run(failures);
    if (hasChanged || failures.numRowsAffected() > 0)
        nextGeneration(m_impl->connection);
    transaction.commit();
}

void StudyFile::setDocument(const char* name, const Json& json)
{
    Transaction transaction(m_impl->connection);
    setDocumentIn(m_impl->connection, name, json);
    transaction.commit();
}

std::map<UnitSlot, std::string> StudyFile::keys() const
{
    std::map<UnitSlot, std::string> keys;
    QSqlQuery query(m_impl->connection.database());
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT kind, analysis, model, target, block, key FROM unit")))
        throw damaged(kind, m_impl->connection.path());
    while (query.next())
        keys.emplace(slotFrom(query), query.value(5).toString().toStdString());
    if (query.lastError().isValid())
        throw damaged(kind, m_impl->connection.path());
    return keys;
}

std::vector<UnitSlot> StudyFile::slotsWithImages() const
{
    std::vector<UnitSlot> slots;
    QSqlQuery query(m_impl->connection.database());
    query.setForwardOnly(true);
    query.exec(QStringLiteral("SELECT 1, analysis, model, '', block FROM images"));
    while (query.next())
        slots.push_back(slotFrom(query));
    return slots;
}

void StudyFile::drop(const std::vector<UnitSlot>& slots)
{
    if (slots.empty())
        return;
    Transaction transaction(m_impl->connection);
    for (const UnitSlot& slot : slots) {
        QSqlQuery query(m_impl->connection.database());
        query.prepare(QStringLiteral("DELETE FROM unit WHERE kind = ? AND analysis = ? AND model = ? AND target = ? AND block = ?"));
        bindSlot(query, slot);
        m_impl->connection.run(query);
        if (slot.kind == UnitKind::Attack)
            dropBeside(m_impl->connection, "images", slot);
        if (slot.kind == UnitKind::Clever)
            dropBeside(m_impl->connection, "fits", slot);
    }
    nextGeneration(m_impl->connection);
    transaction.commit();
}

void StudyFile::dropImages(const std::vector<UnitSlot>& slots)
{
    Transaction transaction(m_impl->connection);
    for (const UnitSlot& slot : slots)
        dropBeside(m_impl->connection, "images", slot);
    transaction.commit();
}

UnitSlot surveyOf(UnitSlot part)
{
    part.kind = UnitKind::Survey;
    part.block = 0;
    return part;
}

void StudyFile::put(const std::vector<UnitRecord>& units)
{
    Transaction transaction(m_impl->connection);
    for (const UnitRecord& unit : units)
        putUnit(m_impl->connection, unit);
    transaction.commit();
}

void StudyFile::putFailure(const UnitSlot& slot, const std::string& message)
{
    Transaction transaction(m_impl->connection);
    QSqlQuery query(m_impl->connection.database());
    query.prepare(QStringLiteral("INSERT INTO failure (kind, analysis, model, target, block, message) VALUES (?, ?, ?, ?, ?, ?)"));
    bindSlot(query, slot);
    query.addBindValue(qtext(message));
    m_impl->connection.run(query);
    transaction.commit();
}

std::vector<std::string> StudyFile::failures() const
{
    std::vector<std::string> messages;
    QSqlQuery query(m_impl->connection.database());
    for (query.exec(QStringLiteral("SELECT message FROM failure GROUP BY message ORDER BY min(id)")); query.next();)
        messages.push_back(query.value(0).toString().toStdString());
    return messages;
}

std::optional<UnitRecord> StudyFile::unit(const UnitSlot& slot) const
{
    QSqlQuery query(m_impl->connection.database());
    query.prepare(QStringLiteral("SELECT key, seconds, forwards, backwards, data FROM unit WHERE kind = ? AND analysis = ? AND model = ? "
                                 "AND target = ? AND block = ?"));
    bindSlot(query, slot);
    if (!query.exec() || !query.next())
        return std::nullopt;
    UnitRecord unit;
    unit.slot = slot;
    unit.key = query.value(0).toString().toStdString();
    unit.seconds = query.value(1).toDouble();
    unit.forwards = query.value(2).toLongLong();
    unit.backwards = query.value(3).toLongLong();
    unit.data = query.value(4).toByteArray().toStdString();
    if (slot.kind == UnitKind::Clever)
        unit.fits = bytesBeside(m_impl->connection, "fits", slot);
    if (slot.kind == UnitKind::Attack)
        unit.images = images(slot);
    return unit;
}

std::string StudyFile::images(const UnitSlot& slot) const { return bytesBeside(m_impl->connection, "images", slot); }

void StudyFile::closeLog()
{
    // Not while others read; they go on with the log then, and so does the next run.
    QSqlQuery(m_impl->connection.database()).exec(QStringLiteral("PRAGMA busy_timeout = 300"));
    QSqlQuery(m_impl->connection.database()).exec(QStringLiteral("PRAGMA journal_mode = DELETE"));
}

} // namespace brink
