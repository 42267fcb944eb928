// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/norm.h"

namespace brink {

/// What a fixed-budget attack takes where no budget is given: Linf 8/255, L2 0.5, L1 12 (RobustBench and AutoAttack threat models), L0 10.
[[nodiscard]] double customaryBudget(Norm norm);

} // namespace brink
