// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/detectorsfigures.h"

#include <string>
#include <vector>

namespace brink::report {

/// What the figures of detectors share.

/// Places of the attacks that know no detector: those of the view, or all.
[[nodiscard]] std::vector<std::size_t> plainAttacks(const DetectorSurvey& survey, const DetectorsView& view);
/// "Feature squeezing (1 bit, median 2 × 2): false alarms 5.1 % [..] of 1,000 held-out images at threshold 0.0123, 5 % asked for." for each.
[[nodiscard]] std::string falseAlarmSentences(const DetectorSurvey& survey, const DetectorSummary& summary);
/// Model, images, seed, and the note on adaptive attacks. The end of every caption.
[[nodiscard]] std::string detectorsSentence(const DetectorSurvey& survey);
[[nodiscard]] Json detectorsProvenance(const DetectorSurvey& survey);

/// The figures, each in a file of its own.
[[nodiscard]] std::optional<Figure> detectorsRocFigure(const DetectorSurvey& survey, const DetectorSummary& summary, const DetectorsView& view);
[[nodiscard]] std::optional<Figure> detectorsRatesFigure(const DetectorSurvey& survey, const DetectorSummary& summary, const DetectorsView& view);
[[nodiscard]] std::optional<Figure> squeezedImagesFigure(const DetectorSurvey& survey, const DetectorSummary& summary, const DetectorsView& view);

} // namespace brink::report
