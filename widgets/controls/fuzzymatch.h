// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace brink {

/// How well `text` answers what was typed: every letter of it must occur, in order; blanks separate words that may match
/// anywhere. Beginnings of words and letters in a row count more, long texts less. Absent: no match. Case does not matter.
[[nodiscard]] std::optional<int> fuzzyScore(const QString& typed, const QString& text);

} // namespace brink
