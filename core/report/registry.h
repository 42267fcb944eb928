// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/figure/figure.h"
#include "core/study/inspect.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// What of a result a figure shows.
struct FigureSelection {
    std::optional<std::int64_t> target{}; ///< CLEVER target class; absent: the one with the smallest score
    std::optional<std::string> attack{};  ///< attack name; absent: the best
    std::optional<int> step{};           ///< of that attack's trace; absent: the end
    bool isUnpenalised = false;          ///< the Weibull fit without the authors' regulariser
    bool operator==(const FigureSelection&) const = default;
};

/// A figure made from one Inspect result; empty optional when the result has no data for it yet.
struct FigureInfo {
    std::string name;    ///< "weibull", "clever-batches", "clever-radius", "ladder", "trace", "trio", "classes"
    std::string label;   ///< "Weibull fit"
    std::string summary; ///< one line: what it shows
    std::optional<Figure> (*make)(const InspectResult&, const FigureSelection&);
};

/// All figures, in the order of figures.def.
[[nodiscard]] const std::vector<FigureInfo>& figureInfos();
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] const FigureInfo& figureInfo(std::string_view name);

} // namespace brink
