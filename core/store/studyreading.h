// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"
#include "core/study/studyresults.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace brink {

/// What of a study file (`.brink`) has been read so far. The file may be growing under the hands of this or another process;
/// it is never changed. Used from one thread at a time, any thread. Needs a QCoreApplication.
class StudyReading {
public:
    /// @throws Error(Io|Format|Unsupported) in one sentence: missing, foreign, damaged, of a later version.
    explicit StudyReading(std::string path);
    ~StudyReading();
    StudyReading(const StudyReading&) = delete;
    StudyReading& operator=(const StudyReading&) = delete;

    /// Reads what came since the last call. Returns whether there was anything. @throws as above.
    bool update();
    /// Never null; a value of its own that later updates leave alone.
    [[nodiscard]] std::shared_ptr<const StudyResults> results() const;
    [[nodiscard]] const std::string& path() const;

    /// The image that the attack made (or tried), in the input size of its source. Absent where none is stored.
    /// @param row of StudyResults::cell(analysis, model).attack
    [[nodiscard]] std::optional<Image> adversarial(int analysis, int model, int row) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Whether this `.brink` file holds a study (and not a session of the window). False for anything that cannot be read.
[[nodiscard]] bool isStudyFile(const std::string& path);

} // namespace brink
