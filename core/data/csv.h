// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

using CsvTable = std::vector<std::vector<std::string>>;

/// Rows of comma-separated fields (RFC 4180: quoted fields, "" for a quote, CRLF); a byte order mark and empty lines are skipped.
[[nodiscard]] CsvTable parseCsv(std::string_view text);

/// Column of the first name that occurs in a header row, upper or lower case.
[[nodiscard]] std::optional<std::size_t> columnNamed(const std::vector<std::string>& header, std::initializer_list<std::string_view> names);

} // namespace brink
