// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/predictions.h"
#include "widgets/controls/imagespanel.h"
#include "widgets/controls/thumbnailmodel.h"

#include <optional>
#include <vector>

namespace brink {

/// Indices of the images the query shows, in its order; equal ones by index. What is not predicted yet is neither right nor
/// wrong and comes last in an order by margin or confidence. Images without a label belong to the class predicted.
[[nodiscard]] std::vector<int> imagesFor(const ImageQuery& query, const Predictions& predictions);

/// The next image of `order` after `image` (`step` 1) or before it (-1) that the model gets wrong; absent when there is none.
/// An image that is not in the order counts as before the first.
[[nodiscard]] std::optional<int> nextWrong(const std::vector<int>& order, int image, int step, const Predictions& predictions);

[[nodiscard]] ThumbnailMarks thumbnailMarks(const Predictions& predictions);

} // namespace brink
