// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/detectors/detectorsurvey.h"
#include "widgets/controls/resulttable.h"
#include "widgets/controls/statementlist.h"

#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace brink {

/// Words and tables of detectors.

/// One row a detector and attack, below it the attack in the same norm and budget that knows the detector.
[[nodiscard]] std::vector<TableColumn> detectorColumns();
[[nodiscard]] std::vector<TableRow> detectorRows(const DetectorSurvey& survey, const DetectorSummary& summary);
/// What a row is about.
struct DetectorPick {
    std::size_t attack = 0;   ///< place in the survey
    std::size_t plain = 0;    ///< the one that knows nothing, in the same norm and budget
    std::size_t detector = 0;
};
/// Absent for a key that is none, or of another survey.
[[nodiscard]] std::optional<DetectorPick> detectorPick(const QString& key, const DetectorSurvey& survey);

/// Whether the false positive rate is kept, and what an attack that knows the detector leaves of it.
[[nodiscard]] std::vector<Statement> detectorFindings(const DetectorSurvey& survey, const DetectorSummary& summary);
/// "mnist_cnn · 1,000 + 1,000 clean images, 50 attacked".
[[nodiscard]] QString detectorsLine(const DetectorSurvey& survey);

/// The attacked images that an attack fooled and that can be looked at: index, and "12: seven becomes three".
[[nodiscard]] std::vector<std::pair<std::int64_t, QString>> fooledImages(const DetectorSurvey& survey, std::size_t attack);

} // namespace brink
