// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace brink {

/// The l_p norms of the field, over the flattened image in pixel units [0,1]. L0 counts changed values.
enum class Norm { L0, L1, L2, Linf };

/// "l0", "l1", "l2", "linf": the spelling of command line and JSON.
[[nodiscard]] std::string normName(Norm norm);
/// "L1", "L2", "L∞", "L0": the spelling of figures and window.
[[nodiscard]] std::string normLabel(Norm norm);
/// @throws Error(Usage) naming the nearest spelling.
[[nodiscard]] Norm normFromName(std::string_view name);
/// L1 <-> Linf, L2 <-> L2. @throws Error(Domain) for L0, which has no dual norm.
[[nodiscard]] Norm dualNorm(Norm norm);

} // namespace brink
