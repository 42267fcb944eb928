// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"

#include <memory>
#include <string>
#include <vector>

namespace brink {

/// Several sources opened together as one set, in the order given.
/// @throws Error of the first source that cannot be opened.
[[nodiscard]] std::shared_ptr<const Dataset> openImageSet(const std::vector<std::string>& paths);

} // namespace brink
