// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/resultdocument.h"
#include "core/store/resultstore.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// Something else that was computed. What it is, its name says to whoever wrote it.
struct SessionDocument {
    std::string name; ///< its own in the file
    ResultDocument content;
};

/// What a session file holds. What the state says is the window's business.
struct SessionContent {
    Json state;
    std::vector<StoredResult> results;
    std::vector<SessionDocument> documents = {};
    int damagedResults = 0; ///< reading: so many results and documents could not be read and were left out
};

/// Version of the file layout, in the file as SQLite's user_version.
inline constexpr int sessionFormat = 1;

/// An SQLite file (`.brink`) open for writing as results come: write-ahead log, one transaction a call. What was written
/// survives the end of the program at any moment. Belongs to the thread that made it. Needs a QCoreApplication.
class SessionFile {
public:
    /// Makes the file when there is none. @throws Error(Io) when it cannot be written, Error(Format) for a foreign file.
    explicit SessionFile(const std::string& path);
    ~SessionFile();
    SessionFile(const SessionFile&) = delete;
    SessionFile& operator=(const SessionFile&) = delete;

    /// @throws Error(Io) when the disk is full; what was written before stays.
    void setState(const Json& state);
    void put(const StoredResult& stored);
    /// In place of all documents that are there.
    void setDocuments(const std::vector<SessionDocument>& documents);
    /// One result, absent when there is none of the key or it is damaged.
    [[nodiscard]] std::optional<StoredResult> result(const std::string& key) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Everything in the file, which is not changed. @throws Error(Io|Format) in one sentence for a file that is missing,
/// foreign, damaged, or of a later version.
[[nodiscard]] SessionContent readSession(const std::string& path);

/// Writes a session whole or not at all: an older file of the name stays until the new one is complete.
/// @throws Error(Io) when it cannot be written.
void writeSession(const std::string& path, const SessionContent& content);

/// Whether the file begins as an SQLite database does; what it really is, readSession() says.
[[nodiscard]] bool isDatabase(const std::string& path);

} // namespace brink
