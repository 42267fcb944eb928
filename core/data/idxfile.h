// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace brink {

/// Labels of a one-dimensional IDX file of unsigned bytes, also gzip. @throws Error(Io|Format) naming the file.
[[nodiscard]] std::vector<std::int64_t> readIdxLabels(const std::string& path);

} // namespace brink
