// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "core/study/predictions.h"
#include "widgets/controls/checkchips.h"
#include "widgets/controls/modellist.h"

namespace brink {

/// A loaded model as the list shows it: facts, worst sanity grade, all checks with their remedies as tool tip, and what it gets right
/// of the open images.
/// @param namesOfSet its classes are called as the image set calls them.
[[nodiscard]] ModelRow modelRow(const LoadedModel& model, const std::optional<Accuracy>& accuracy = {}, bool namesOfSet = false);

/// The sanity checks of a model; while they run, chips without a finding.
[[nodiscard]] QList<CheckChip> checkChips(const std::optional<ModelReport>& report);

} // namespace brink
