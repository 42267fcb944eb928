// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// A SurveyPart is what a Survey that is not finished yet has of one image; it has the survey's key.
enum class UnitKind { Clean = 0, Attack = 1, Clever = 2, Transfer = 3, Survey = 4, SurveyPart = 5 };

/// Where a unit belongs in a study. Unused parts are empty.
struct UnitSlot {
    UnitKind kind = UnitKind::Clean;
    std::string analysis; ///< id
    std::string model;    ///< name; of a transfer the source
    std::string target;   ///< name, of a transfer
    int block = 0;
    auto operator<=>(const UnitSlot&) const = default;
};

/// The survey that a part is of.
[[nodiscard]] UnitSlot surveyOf(UnitSlot part);

/// A finished unit. Written once, never changed.
struct UnitRecord {
    UnitSlot slot;
    std::string key;      ///< hash of all that its outcome depends on
    double seconds = 0;
    std::int64_t forwards = 0, backwards = 0;
    std::string data;     ///< unitdata.h
    std::string fits;     ///< CLEVER: a JSON array, one entry an image, deflated
    std::string images;   ///< attacks: packImages(), empty where none are kept
};

/// Version of the layout, in the file as SQLite's user_version.
inline constexpr int studyFormat = 1;
struct DatabaseKind;
[[nodiscard]] const DatabaseKind& studyKind();

/// A study file (`.brink`) open for writing: write-ahead log, one transaction a call. Several may be open on one file, one a
/// thread; each belongs to the thread that made it. Needs a QCoreApplication.
class StudyFile {
public:
    /// Makes the file when there is none. @throws Error(Io) when it cannot be written, Error(Format|Unsupported) for a foreign or
    /// later file.
    explicit StudyFile(const std::string& path);
    ~StudyFile();
    StudyFile(const StudyFile&) = delete;
    StudyFile& operator=(const StudyFile&) = delete;

    /// What the file says about the study ("study", "models", "images" ...), null when nothing.
    [[nodiscard]] Json document(const char* name) const;
    /// Sets documents; readers start anew when one has changed. Failures of earlier runs are forgotten.
    void begin(const std::map<std::string, Json>& documents);
    /// Sets one document that grows with the run; readers go on.
    void setDocument(const char* name, const Json& json);

    /// Keys of all units there are.
    [[nodiscard]] std::map<UnitSlot, std::string> keys() const;
    /// Attack units whose images are there.
    [[nodiscard]] std::vector<UnitSlot> slotsWithImages() const;
    /// Removes units; readers start anew.
    void drop(const std::vector<UnitSlot>& slots);
    void dropImages(const std::vector<UnitSlot>& slots);

    /// All of them in one transaction; a unit in the same slot is replaced. A survey takes the place of its parts.
    void put(const std::vector<UnitRecord>& units);
    void putFailure(const UnitSlot& slot, const std::string& message);
    /// Since begin(), each sentence once.
    [[nodiscard]] std::vector<std::string> failures() const;

    [[nodiscard]] std::optional<UnitRecord> unit(const UnitSlot& slot) const;
    [[nodiscard]] std::string images(const UnitSlot& slot) const;

    /// Takes the log into the file, which can then be copied alone and read where nobody may write.
    void closeLog();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace brink
