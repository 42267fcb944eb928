// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/monitor.h"
#include "core/boundary/curvature.h"
#include "core/figure/figure.h"

#include <string>
#include <utility>
#include <vector>

namespace brink::cli {

/// Slices that show the boundary bend: through the boundary point, along the most negative and along the most positive principal
/// direction against the normal, two distances of the image to every side. Each with the figure's name; none of a stopped run.
/// @param image the one the boundary point belongs to, model-input size.
[[nodiscard]] std::vector<std::pair<std::string, Figure>> bendingSlices(const std::shared_ptr<const Classifier>& model, const CurvatureResult& result,
    const Image& image, std::int64_t index, const std::vector<std::string>& classNames, Monitor& monitor);

} // namespace brink::cli
