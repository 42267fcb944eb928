// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/detectors/detectorsurvey.h"
#include "core/figure/figure.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// What of a survey of detectors a figure shows.
struct DetectorsView {
    std::optional<std::size_t> attack{}; ///< place of an attack that knows nothing; absent: all, of pictures the first that has some
    std::optional<std::int64_t> image{}; ///< index of the attacked image; absent: the first that is fooled
};

/// A figure made from a survey of detectors; empty optional when there is no data for it.
struct DetectorsFigureInfo {
    std::string name;    ///< "detectors-roc", "detectors-rates", "squeezed-images"
    std::string label;
    std::string summary; ///< one line: what it shows
    std::optional<Figure> (*make)(const DetectorSurvey&, const DetectorSummary&, const DetectorsView&);
};
/// All of them, in the order shown to users.
[[nodiscard]] const std::vector<DetectorsFigureInfo>& detectorsFigureInfos();

} // namespace brink
