// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/study.h"

#include <string>

namespace brink {

/// The study that a JSON file describes; paths in it start at the file's folder.
/// @throws Error(Io|Format|Usage|Domain), one sentence that says what to do.
[[nodiscard]] Study readStudyDefinition(const std::string& path);

} // namespace brink
