// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sessionfile.h"

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/version.h"
#include "core/store/resultdocument.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace brink {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t applicationId = 0x42524E4B; // "BRNK"
const char* const driver = "QSQLITE";

QString qtext(const std::string& text) { return QString::fromStdString(text); }

Error unwritable(const std::string& path, const std::string& reason)
{
    return Error(ErrorCode::Io, path + ": the session cannot be written (" + reason + "). Choose another place or free some space.");
}

Error damaged(const std::string& path)
{
    return Error(ErrorCode::Format, path + ": this session is damaged and cannot be opened; open an earlier copy of it.");
}

/// The first hundred bytes tell what the file is, without SQLite touching it.
struct FileHead {
    bool isDatabase = false;
    std::uint32_t application = 0;
    int format = 0;
    bool hasLog = false; ///< written through a write-ahead log: a growing file
};

std::uint32_t bigEndian(const char* bytes)
{
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value = value << 8 | std::uint8_t(bytes[i]);
    return value;
}

FileHead headOf(const std::string& path)
{
    std::array<char, 100> bytes{};
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), bytes.size());
    FileHead head;
    head.isDatabase = file.gcount() >= 16 && std::memcmp(bytes.data(), "SQLite format 3", 16) == 0;
    head.format = int(bigEndian(bytes.data() + 60));
    head.hasLog = bytes[18] == 2;
    head.application = bigEndian(bytes.data() + 68);
    return head;
}

void checkHead(const std::string& path)
{
    std::error_code failure;
    const auto status = fs::status(path, failure);
    if (!fs::exists(status))
        throw Error(ErrorCode::Io, path + ": there is no such session; check the name.");
    if (fs::is_directory(status))
        throw Error(ErrorCode::Io, path + ": is a folder, a session file (.brink) is needed.");
    if (::access(path.c_str(), R_OK) != 0)
        throw Error(ErrorCode::Io, path + ": the session cannot be read (" + std::generic_category().message(errno) + "). Check its permissions.");
    const FileHead head = headOf(path);
    if (!head.isDatabase || head.application != applicationId)
        throw Error(ErrorCode::Format, path + ": is no Brink session; open a .brink file that was saved by Brink.");
    if (head.format > sessionFormat)
        throw Error(ErrorCode::Unsupported,
            path + ": was saved by a newer Brink (session format " + std::to_string(head.format) + ", this one reads "
                + std::to_string(sessionFormat) + "). Update Brink to open it.");
}

/// An open connection of this thread; closed with the object.
class Connection {
public:
    Connection(std::string path, const char* options) : m_path(std::move(path))
    {
        static std::atomic<unsigned> counter{0};
        m_name = QStringLiteral("brink-session-%1").arg(counter++);
        QSqlDatabase database = QSqlDatabase::addDatabase(QLatin1String(driver), m_name);
        if (!database.isValid())
            failDriver();
        database.setDatabaseName(qtext(m_path));
        database.setConnectOptions(QLatin1String(options));
        if (!database.open()) {
            const std::string reason = database.lastError().databaseText().toStdString();
            database = {};
            QSqlDatabase::removeDatabase(m_name);
            throw unwritable(m_path, reason);
        }
    }
    ~Connection()
    {
        QSqlDatabase::database(m_name, false).close();
        QSqlDatabase::removeDatabase(m_name);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] QSqlDatabase database() const { return QSqlDatabase::database(m_name, false); }

    /// @throws Error(Io) with SQLite's reason.
    void run(const char* statement) const
    {
        QSqlQuery query(database());
        if (!query.exec(QLatin1String(statement)))
            throw unwritable(m_path, query.lastError().databaseText().toStdString());
    }
    void run(QSqlQuery& query) const
    {
        if (!query.exec())
            throw unwritable(m_path, query.lastError().databaseText().toStdString());
    }

private:
    [[noreturn]] void failDriver() const
    {
        QSqlDatabase::removeDatabase(m_name);
        throw Error(ErrorCode::Unsupported, m_path + ": sessions need Qt's SQLite driver; install the package libqt6sql6-sqlite.");
    }

    std::string m_path;
    QString m_name;
};

/// All of it or nothing.
class Transaction {
public:
    explicit Transaction(const Connection& connection) : m_connection(connection) { m_connection.run("BEGIN IMMEDIATE"); }
    ~Transaction()
    {
        if (!m_isCommitted)
            QSqlQuery(m_connection.database()).exec(QStringLiteral("ROLLBACK"));
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit()
    {
        m_connection.run("COMMIT");
        m_isCommitted = true;
    }

private:
    const Connection& m_connection;
    bool m_isCommitted = false;
};

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
    const Connection connection(path, "");
    makeTables(connection);
    Transaction transaction(connection);
    for (const StoredResult& stored : content.results)
        insertResult(connection, stored);
    insertState(connection, content.state);
    transaction.commit();
}

SessionContent readAll(const Connection& connection)
{
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("PRAGMA quick_check(1)")) || !query.next() || query.value(0).toString() != QLatin1String("ok"))
        throw damaged(connection.path());
    SessionContent content;
    if (!query.exec(QStringLiteral("SELECT json FROM state WHERE name = 'session'")))
        throw damaged(connection.path());
    content.state = query.next() ? Json::parse(query.value(0).toString().toStdString(), nullptr, false) : Json::object();
    if (!content.state.is_object())
        throw damaged(connection.path());
    if (!query.exec(QStringLiteral("SELECT key, settings, header, sha256, data FROM result ORDER BY place")))
        throw damaged(connection.path());
    while (query.next()) {
        if (auto stored = readResult(query))
            content.results.push_back(std::move(*stored));
        else
            ++content.damagedResults;
    }
    return content;
}

} // namespace

struct SessionFile::Impl {
    explicit Impl(const std::string& path) : connection(path, "QSQLITE_BUSY_TIMEOUT=5000") {}
    Connection connection;
};

SessionFile::SessionFile(const std::string& path)
{
    std::error_code ignored;
    const bool isNew = !fs::exists(path, ignored);
    if (!isNew)
        checkHead(path);
    m_impl = std::make_unique<Impl>(path);
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

std::optional<StoredResult> SessionFile::result(const std::string& key) const
{
    QSqlQuery query(m_impl->connection.database());
    query.prepare(QStringLiteral("SELECT key, settings, header, sha256, data FROM result WHERE key = ?"));
    query.addBindValue(qtext(key));
    return query.exec() && query.next() ? readResult(query) : std::nullopt;
}

SessionContent readSession(const std::string& path)
{
    checkHead(path);
    // A log that a killed program left is taken in, and no empty one stays behind; both need the right to write.
    const bool takesLog = headOf(path).hasLog && ::access(path.c_str(), W_OK) == 0;
    try {
        return readAll(Connection(path, takesLog ? "" : "QSQLITE_OPEN_READONLY"));
    } catch (const Error& error) {
        throw error.code() == ErrorCode::Io ? damaged(path) : error;
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
        throw unwritable(path, failure.message());
}

bool isDatabase(const std::string& path) { return headOf(path).isDatabase; }

} // namespace brink
