// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

[[nodiscard]] std::string lowerCase(std::string_view text);
/// Without leading and trailing white space.
[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
/// Number of single-character edits between two words.
[[nodiscard]] int editDistance(std::string_view a, std::string_view b);
/// The candidate with the fewest edits, if it is near enough to be a likely misspelling.
[[nodiscard]] std::optional<std::string> nearestName(std::string_view name, const std::vector<std::string>& candidates);
/// One sentence: `Unknown attack "fgms"; did you mean "fgsm"? Known: ...`.
[[nodiscard]] std::string unknownName(std::string_view kind, std::string_view name, const std::vector<std::string>& candidates);
/// Whole text as a number, C locale. Empty when it is not one (also "nan" and "inf" are read, the caller checks ranges).
[[nodiscard]] std::optional<double> parseReal(std::string_view text);
[[nodiscard]] std::optional<long long> parseInteger(std::string_view text);
/// Significant digits, C locale, no trailing zeros beyond them: 0.240535 -> "0.241".
[[nodiscard]] std::string formatReal(double value, int significantDigits = 3);

} // namespace brink
