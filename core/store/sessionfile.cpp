// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sessionfile.h"

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/version.h"
#include "core/store/database.h"
#include "core/store/resultdocument.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariant>

#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace brink {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t applicationId = 0x42524E4B; // "BRNK"
constexpr DatabaseKind session{applicationId, sessionFormat, "session", "a"};

QString qtext(const std::string& text) { return QString::fromStdString(text); }

void makeTables(const Connection& connection)
{
    Transaction transaction(connection);
    connection.run("PRAGMA application_id = 1112690251"); // applicationId
    connection.run("PRAGMA user_version = 1");            // sessionFormat
    connection.run("CREATE TABLE state (name TEXT PRIMARY KEY, json TEXT NOT NULL)");
    // `data` is last: a row's other columns are read without walking through it.
    connection.run("CREATE TABLE result (key TEXT PRIMARY KEY, place INTEGER NOT NULL, model TEXT NOT NULL, image INTEGER NOT NULL, "
                   "partial INTEGER NOT NULL, settings TEXT NOT NULL, header TEXT NOT NULL, sha256 TEXT NOT NULL, data BLOB NOT NULL)");
    transaction.commit();
}
static_assert(applicationId == 1112690251 && sessionFormat == 1);

QString jsonText(const Json& json) { return QString::fromStdString(json.dump(-1, ' ', false, Json::error_handler_t::replace)); }

void insertState(const Connection& connection, const Json& state)
{
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("INSERT OR REPLACE INTO state (name, json) VALUES (?, ?)"));
    for (const auto& [name, value] : {std::pair{"brink", Json(version)}, std::pair{"session", state}}) {
        query.addBindValue(QLatin1String(name));
        query.addBindValue(jsonText(value));
        connection.run(query);
    }
}

void insertResult(const Connection& connection, const StoredResult& stored)
{
    const ResultDocument document = documentOf(*stored.result);
    const QString header = jsonText(document.header);
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("INSERT OR REPLACE INTO result (key, place, model, image, partial, settings, header, sha256, data) "
                                 "VALUES (?, (SELECT coalesce(max(place), 0) + 1 FROM result), ?, ?, ?, ?, ?, ?, ?)"));
    query.addBindValue(qtext(stored.key));
    query.addBindValue(qtext(stored.result->modelSha256));
    query.addBindValue(qlonglong(stored.result->index));
    query.addBindValue(int(stored.result->partial));
    query.addBindValue(jsonText(stored.settings));
    query.addBindValue(header);
    query.addBindValue(qtext(sha256(header.toStdString() + document.data)));
    query.addBindValue(QByteArray::fromRawData(document.data.data(), qsizetype(document.data.size())));
    connection.run(query);
}

/// Not part of a file's first layout: versions before this one read over it, and files of theirs get it when it is needed.
void insertDocuments(const Connection& connection, const std::vector<SessionDocument>& documents)
{
    connection.run("CREATE TABLE IF NOT EXISTS document (name TEXT PRIMARY KEY, header TEXT NOT NULL, sha256 TEXT NOT NULL, data BLOB NOT NULL)");
    connection.run("DELETE FROM document");
    QSqlQuery query(connection.database());
    query.prepare(QStringLiteral("INSERT INTO document (name, header, sha256, data) VALUES (?, ?, ?, ?)"));
    for (const SessionDocument& document : documents) {
        const QString header = jsonText(document.content.header);
        query.addBindValue(qtext(document.name));
        query.addBindValue(header);
        query.addBindValue(qtext(sha256(header.toStdString() + document.content.data)));
        query.addBindValue(QByteArray::fromRawData(document.content.data.data(), qsizetype(document.content.data.size())));
        connection.run(query);
    }
}

/// Damaged ones are counted and left out.
void readDocuments(const Connection& connection, SessionContent& content)
{
    if (!connection.database().tables().contains(QStringLiteral("document")))
        return;
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT name, header, sha256, data FROM document ORDER BY rowid")))
        throw damaged(session, connection.path());
    while (query.next()) {
        const std::string header = query.value(1).toString().toStdString();
        std::string data = query.value(3).toByteArray().toStdString();
        Json json = Json::parse(header, nullptr, false);
        if (json.is_discarded() || sha256(header + data) != query.value(2).toString().toStdString())
            ++content.damagedResults;
        else
            content.documents.push_back({query.value(0).toString().toStdString(), {std::move(json), std::move(data)}});
    }
}

/// The row's result, or nothing when it is damaged. @param query on key, settings, header, sha256, data.
std::optional<StoredResult> readResult(const QSqlQuery& query)
{
    const std::string header = query.value(2).toString().toStdString();
    const QByteArray data = query.value(4).toByteArray();
    const std::string bytes = data.toStdString();
    if (sha256(header + bytes) != query.value(3).toString().toStdString())
        return std::nullopt;
    try {
        auto result = std::make_shared<const InspectResult>(resultFrom(Json::parse(header), bytes));
        return StoredResult{query.value(0).toString().toStdString(), std::move(result), Json::parse(query.value(1).toString().toStdString())};
    } catch (const Json::exception&) {
        return std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// Leaves nothing behind unless it was renamed.
class PartFile {
public:
    explicit PartFile(const std::string& path) : m_path(path + ".part" + std::to_string(::getpid())) { remove(); }
    ~PartFile() { remove(); }
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    void remove() const noexcept
    {
        std::error_code ignored;
        fs::remove(m_path, ignored);
        fs::remove(m_path + "-journal", ignored);
    }
    std::string m_path;
};

void writeWhole(const std::string& path, const SessionContent& content)
{
    const Connection connection(session, path, "");
    makeTables(connection);
    Transaction transaction(connection);
    for (const StoredResult& stored : content.results)
        insertResult(connection, stored);
    insertDocuments(connection, content.documents);
    insertState(connection, content.state);
    transaction.commit();
}

SessionContent readAll(const Connection& connection)
{
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("PRAGMA quick_check(1)")) || !query.next() || query.value(0).toString() != QLatin1String("ok"))
        throw damaged(session, connection.path());
    SessionContent content;
    if (!query.exec(QStringLiteral("SELECT json FROM state WHERE name = 'session'")))
        throw damaged(session, connection.path());
    content.state = query.next() ? Json::parse(query.value(0).toString().toStdString(), nullptr, false) : Json::object();
    if (!content.state.is_object())
        throw damaged(session, connection.path());
    if (!query.exec(QStringLiteral("SELECT key, settings, header, sha256, data FROM result ORDER BY place")))
        throw damaged(session, connection.path());
    while (query.next()) {
        if (auto stored = readResult(query))
            content.results.push_back(std::move(*stored));
        else
            ++content.damagedResults;
    }
    readDocuments(connection, content);
    return content;
}

} // namespace

struct SessionFile::Impl {
    explicit Impl(std::unique_ptr<Connection> opened) : holder(std::move(opened)), connection(*holder) {}
    std::unique_ptr<Connection> holder;
    const Connection& connection;
};

SessionFile::SessionFile(const std::string& path)
{
    std::error_code ignored;
    const bool isNew = !fs::exists(path, ignored);
    m_impl = std::make_unique<Impl>(isNew ? std::make_unique<Connection>(session, path, "QSQLITE_BUSY_TIMEOUT=5000")
                                          : openDatabase(session, path, Access::Write));
    if (isNew)
        makeTables(m_impl->connection);
    // The head of a new file is on disk before the log begins, so the file is always known as ours.
    m_impl->connection.run("PRAGMA journal_mode = WAL");
    m_impl->connection.run("PRAGMA synchronous = NORMAL"); // a program that is killed loses nothing; a power cut the last moments
}

SessionFile::~SessionFile() = default;

void SessionFile::setState(const Json& state)
{
    Transaction transaction(m_impl->connection);
    insertState(m_impl->connection, state);
    transaction.commit();
}

void SessionFile::put(const StoredResult& stored)
{
    Transaction transaction(m_impl->connection);
    insertResult(m_impl->connection, stored);
    transaction.commit();
}

void SessionFile::setDocuments(const std::vector<SessionDocument>& documents)
{
    Transaction transaction(m_impl->connection);
    insertDocuments(m_impl->connection, documents);
    transaction.commit();
}

std::optional<StoredResult> SessionFile::result(const std::string& key) const
{
    QSqlQuery query(m_impl->connection.database());
    query.prepare(QStringLiteral("SELECT key, settings, header, sha256, data FROM result WHERE key = ?"));
    query.addBindValue(qtext(key));
    return query.exec() && query.next() ? readResult(query) : std::nullopt;
}

SessionContent readSession(const std::string& path)
{
    const std::unique_ptr<Connection> connection = openDatabase(session, path, Access::Read);
    try {
        return readAll(*connection);
    } catch (const Error& error) {
        throw error.code() == ErrorCode::Io ? damaged(session, path) : error;
    }
}

void writeSession(const std::string& path, const SessionContent& content)
{
    std::error_code failure;
    if (fs::is_directory(path, failure))
        throw Error(ErrorCode::Io, path + ": is a folder, a file is needed.");
    const PartFile part(path);
    try {
        writeWhole(part.path(), content);
    } catch (const Error& error) {
        // The sentence names the file that was asked for.
        std::string message = error.message();
        if (const auto at = message.find(part.path()); at != std::string::npos)
            message.replace(at, part.path().size(), path);
        throw Error(error.code(), message);
    }
    fs::rename(part.path(), path, failure);
    if (failure)
        throw unwritable(session, path, failure.message());
}

bool isDatabase(const std::string& path) { return databaseHead(path).isDatabase; }

} // namespace brink
