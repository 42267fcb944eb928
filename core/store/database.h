// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QSqlDatabase>
#include <QString>

#include <cstdint>
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

/// The first hundred bytes tell what the file is, without SQLite touching it.
struct DatabaseHead {
    bool isDatabase = false;
    std::uint32_t application = 0;
    int format = 0;
    bool hasLog = false; ///< written through a write-ahead log: a growing file
};
[[nodiscard]] DatabaseHead databaseHead(const std::string& path);

/// @throws Error(Io|Format|Unsupported) in one sentence for a file that is missing, a folder, unreadable, of another kind or of a
/// later version.
void checkDatabase(const DatabaseKind& kind, const std::string& path);

/// An open connection of this thread; closed with the object. Needs a QCoreApplication.
class Connection {
public:
    Connection(const DatabaseKind& kind, std::string path, const char* options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] const DatabaseKind& kind() const { return m_kind; }
    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] QSqlDatabase database() const { return QSqlDatabase::database(m_name, false); }

    /// @throws Error(Io) with SQLite's reason.
    void run(const char* statement) const;
    void run(QSqlQuery& query) const;

private:
    const DatabaseKind& m_kind;
    std::string m_path;
    QString m_name;
};

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
