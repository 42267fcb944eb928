// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/boundarydesk.h"
#include "core/base/json.h"

namespace brink {

/// The choices of the Boundary workspace for sessions and figures. A centre that the user laid elsewhere is no file of anybody's and is
/// left out.
[[nodiscard]] Json toJson(const BoundaryChoices& choices);
/// What is not there, or not known here, is as at first; nothing is out of its range.
[[nodiscard]] BoundaryChoices boundaryChoicesFromJson(const Json& json);

} // namespace brink
