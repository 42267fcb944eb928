// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/database.h"

#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace brink {

namespace fs = std::filesystem;

namespace {

std::uint32_t bigEndian(const char* bytes)
{
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value = value << 8 | std::uint8_t(bytes[i]);
    return value;
}

std::string withArticle(const DatabaseKind& kind) { return std::string(kind.article) + " " + kind.noun; }

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

DatabaseHead databaseHead(const std::string& path)
{
    std::array<char, 100> bytes{};
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), bytes.size());
    DatabaseHead head;
    head.isDatabase = file.gcount() >= 16 && std::memcmp(bytes.data(), "SQLite format 3", 16) == 0;
    head.format = int(bigEndian(bytes.data() + 60));
    head.hasLog = bytes[18] == 2;
    head.application = bigEndian(bytes.data() + 68);
    return head;
}

void checkDatabase(const DatabaseKind& kind, const std::string& path)
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
    const DatabaseHead head = databaseHead(path);
    if (!head.isDatabase || head.application != kind.application)
        throw Error(ErrorCode::Format, path + ": is no Brink " + noun + "; open a .brink file that was saved by Brink.");
    if (head.format > kind.format)
        throw Error(ErrorCode::Unsupported,
            path + ": was saved by a newer Brink (" + noun + " format " + std::to_string(head.format) + ", this one reads "
                + std::to_string(kind.format) + "). Update Brink to open it.");
}

Connection::Connection(const DatabaseKind& kind, std::string path, const char* options) : m_kind(kind), m_path(std::move(path))
{
    static std::atomic<unsigned> counter{0};
    m_name = QStringLiteral("brink-%1").arg(counter++);
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name);
    std::string reason;
    if (database.isValid()) {
        database.setDatabaseName(QString::fromStdString(m_path));
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
