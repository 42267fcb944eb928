// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QSqlDatabase>
#include <QString>

#include <cstdint>
#include <memory>
#include <string>

class QSqlQuery;

namespace brink {

/// A kind of `.brink` file, by the numbers in an SQLite file's head, and how it is called in sentences.
struct DatabaseKind {
    std::uint32_t application = 0; ///< SQLite's application_id
    int format = 0;                ///< newest layout that is read; SQLite's user_version
    const char* noun = "";         ///< "session"
    const char* article = "a";
};

[[nodiscard]] Error unwritable(const DatabaseKind& kind, const std::string& path, const std::string& reason);
[[nodiscard]] Error damaged(const DatabaseKind& kind, const std::string& path);

/// What an SQLite file says it is.
struct DatabaseHead {
    bool isDatabase = false;
    bool isDamaged = false; ///< a database once
    std::uint32_t application = 0;
    int format = 0;
};

/// An open connection of this thread; closed with the object. Needs a QCoreApplication.
class Connection {
public:
    /// @param uriQuery with it the name is given as an URI, and this behind it.
    Connection(const DatabaseKind& kind, std::string path, const char* options, const char* uriQuery = nullptr);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] const DatabaseKind& kind() const { return m_kind; }
    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] QSqlDatabase database() const { return QSqlDatabase::database(m_name, false); }

    /// Asked through SQLite, never by reading the file: closing a file takes away the locks that every other connection of this
    /// process holds on it (sqlite.org/howtocorrupt.html, section 2.2).
    [[nodiscard]] DatabaseHead head() const;

    /// @throws Error(Io) with SQLite's reason.
    void run(const char* statement) const;
    void run(QSqlQuery& query) const;

private:
    const DatabaseKind& m_kind;
    std::string m_path;
    QString m_name;
};

enum class Access { Read, ReadRemains, Write };

/// A connection to a file of the kind that is there. Reading a file that cannot be written takes no locks; reading any other
/// also takes in the log that a killed program left.
/// @throws Error(Io|Format|Unsupported) in one sentence for a file that is missing, a folder, unreadable, of another kind or of a
/// later version.
[[nodiscard]] std::unique_ptr<Connection> openDatabase(const DatabaseKind& kind, const std::string& path, Access access);

/// What the file is; nothing for one that cannot be opened.
[[nodiscard]] DatabaseHead databaseHead(const std::string& path);

/// All of it or nothing.
class Transaction {
public:
    explicit Transaction(const Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    const Connection& m_connection;
    bool m_isCommitted = false;
};

} // namespace brink
