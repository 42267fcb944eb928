// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "widgets/controls/modellist.h"

namespace brink {

/// A loaded model as the list shows it: facts, worst sanity grade, all checks with their remedies as tool tip.
[[nodiscard]] ModelRow modelRow(const LoadedModel& model);

} // namespace brink
