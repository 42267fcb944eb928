// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace brink {

/// Folder of the built-in example models and images: BRINK_EXAMPLES if set, else beside the installed program, else
/// the source tree it was built from. @throws Error(Io) when none of them exists.
[[nodiscard]] std::string examplesFolder();

} // namespace brink
