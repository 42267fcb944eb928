// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace brink {

/// A figure of planes and paths as `brink list figures` shows it; each is made by a function of its own result.
struct PlaneFigureInfo {
    std::string name;    ///< "slice"
    std::string label;   ///< "Decision slice"
    std::string summary; ///< one line: what it shows
    std::string command; ///< "slice": `brink slice ... --figure FILE` writes it
};

/// All of them, in the order of planefigures.def.
[[nodiscard]] const std::vector<PlaneFigureInfo>& planeFigureInfos();

} // namespace brink
