// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/database.h"

#include <QFileInfo>
#include <QSqlError>
#include <QSqlQuery>
#include <QUrl>
#include <QVariant>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace brink {

namespace fs = std::filesystem;

namespace {

std::string withArticle(const DatabaseKind& kind) { return std::string(kind.article) + " " + kind.noun; }

constexpr DatabaseKind anyKind{0, 0, "file", "a"};

/// The connection's file name and options. A file that nobody can write needs no lock, and cannot have one made.
std::unique_ptr<Connection> connectionTo(const DatabaseKind& kind, const std::string& path, Access access)
{
    auto connection = access == Access::Write || ::access(path.c_str(), W_OK) == 0
        ? std::make_unique<Connection>(kind, path, "QSQLITE_BUSY_TIMEOUT=20000")
        : std::make_unique<Connection>(kind, path, "QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI", "?immutable=1");
    if (access == Access::ReadRemains) {
        connection->run("PRAGMA query_only = ON");
        connection->run("PRAGMA writable_schema = ON"); // SQLite otherwise refuses a file that is shorter than it says
    }
    return connection;
}

/// Of a file system entry, before anything is opened.
void checkPlace(const DatabaseKind& kind, const std::string& path)
{
    const std::string noun = kind.noun;
    std::error_code failure;
    const auto status = fs::status(path, failure);
    if (!fs::exists(status))
        throw Error(ErrorCode::Io, path + ": there is no such " + noun + "; check the name.");
    if (fs::is_directory(status))
        throw Error(ErrorCode::Io, path + ": is a folder, " + withArticle(kind) + " file (.brink) is needed.");
    if (::access(path.c_str(), R_OK) != 0)
        throw Error(ErrorCode::Io,
            path + ": the " + noun + " cannot be read (" + std::generic_category().message(errno) + "). Check its permissions.");
}

Error foreign(const DatabaseKind& kind, const std::string& path)
{
    return Error(ErrorCode::Format, path + ": is no Brink " + kind.noun + "; open a .brink file that was saved by Brink.");
}

/// A number that SQLite keeps in the file's head; absent when it cannot tell.
std::optional<qlonglong> pragma(const Connection& connection, const char* name, bool& isDamaged)
{
    QSqlQuery query(connection.database());
    if (query.exec(QStringLiteral("PRAGMA ") + QLatin1String(name)) && query.next())
        return query.value(0).toLongLong();
    isDamaged = isDamaged || query.lastError().nativeErrorCode() == QLatin1String("11"); // SQLITE_CORRUPT
    return std::nullopt;
}

} // namespace

Error unwritable(const DatabaseKind& kind, const std::string& path, const std::string& reason)
{
    return Error(ErrorCode::Io,
        path + ": the " + kind.noun + " cannot be written (" + reason + "). Choose another place or free some space.");
}

Error damaged(const DatabaseKind& kind, const std::string& path)
{
    return Error(ErrorCode::Format, path + ": this " + kind.noun + " is damaged and cannot be opened; open an earlier copy of it.");
}

Connection::Connection(const DatabaseKind& kind, std::string path, const char* options, const char* uriQuery)
    : m_kind(kind), m_path(std::move(path))
{
    static std::atomic<unsigned> counter{0};
    m_name = QStringLiteral("brink-%1").arg(counter++);
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name);
    std::string reason;
    if (database.isValid()) {
        const QString name = QString::fromStdString(m_path);
        database.setDatabaseName(uriQuery ? QString::fromUtf8(QUrl::fromLocalFile(QFileInfo(name).absoluteFilePath()).toEncoded())
                    + QLatin1String(uriQuery)
                                          : name);
        database.setConnectOptions(QLatin1String(options));
        if (database.open())
            return;
        reason = database.lastError().databaseText().toStdString();
    }
    database = {};
    QSqlDatabase::removeDatabase(m_name);
    if (reason.empty())
        throw Error(ErrorCode::Unsupported, m_path + ": Qt's SQLite driver is missing; install the package libqt6sql6-sqlite.");
    throw unwritable(m_kind, m_path, reason);
}

Connection::~Connection()
{
    QSqlDatabase::database(m_name, false).close();
    QSqlDatabase::removeDatabase(m_name);
}

DatabaseHead Connection::head() const
{
    DatabaseHead head;
    const auto application = pragma(*this, "application_id", head.isDamaged);
    const auto format = pragma(*this, "user_version", head.isDamaged);
    // An empty file passes for a database.
    const auto pages = pragma(*this, "page_count", head.isDamaged);
    head.isDatabase = application && format && pages && *pages > 0;
    head.application = std::uint32_t(application.value_or(0));
    head.format = int(format.value_or(0));
    return head;
}

void Connection::run(const char* statement) const
{
    QSqlQuery query(database());
    if (!query.exec(QLatin1String(statement)))
        throw unwritable(m_kind, m_path, query.lastError().databaseText().toStdString());
}

void Connection::run(QSqlQuery& query) const
{
    if (!query.exec())
        throw unwritable(m_kind, m_path, query.lastError().databaseText().toStdString());
}

std::unique_ptr<Connection> openDatabase(const DatabaseKind& kind, const std::string& path, Access access)
{
    checkPlace(kind, path);
    std::unique_ptr<Connection> connection = connectionTo(kind, path, access);
    const DatabaseHead head = connection->head();
    if (head.isDamaged)
        throw damaged(kind, path);
    if (!head.isDatabase || head.application != kind.application)
        throw foreign(kind, path);
    if (head.format > kind.format)
        throw Error(ErrorCode::Unsupported,
            path + ": was saved by a newer Brink (" + kind.noun + " format " + std::to_string(head.format) + ", this one reads "
                + std::to_string(kind.format) + "). Update Brink to open it.");
    return connection;
}

DatabaseHead databaseHead(const std::string& path)
{
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored) || fs::file_size(path, ignored) == 0)
        return {};
    try {
        return connectionTo(anyKind, path, Access::ReadRemains)->head();
    } catch (const Error&) {
        return {};
    }
}

Transaction::Transaction(const Connection& connection) : m_connection(connection) { m_connection.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction()
{
    if (!m_isCommitted)
        QSqlQuery(m_connection.database()).exec(QStringLiteral("ROLLBACK"));
}

void Transaction::commit()
{
    m_connection.run("COMMIT");
    m_isCommitted = true;
}

} // namespace brink
