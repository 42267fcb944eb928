// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// Class indices from a file of their own: .npy (whole numbers), IDX (also .gz), .csv (the column "label", "index" or "class",
/// else the last one) or .txt (one a line). Text may be class names where `classNames` is given.
/// @throws Error(Io|Format) naming the file, Error(Domain) for a name that is no class.
[[nodiscard]] std::vector<std::int64_t> readLabels(const std::string& path, std::span<const std::string> classNames);

/// One class name a line; empty lines at the end do not count. @throws Error(Io).
[[nodiscard]] std::vector<std::string> readClassNames(const std::string& path);
/// The first of the given files that exists beside `path`, read; empty when there is none.
[[nodiscard]] std::vector<std::string> classNamesBeside(const std::string& path, std::span<const std::string_view> fileNames);

/// A label as written: a number or one of the names. @throws Error(Domain) with `source` in front.
[[nodiscard]] std::int64_t labelFromText(std::string_view text, std::span<const std::string> classNames, const std::string& source);

/// @throws Error(Domain) when a label is negative or, where names are given, has no name.
void checkLabelsHaveNames(const std::string& source, std::span<const std::int64_t> labels, std::span<const std::string> classNames);

} // namespace brink
