// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/studyfile.h"
#include "core/store/studyplan.h"
#include "core/study/studyinputs.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace brink {

/// What the units of a run share; nothing of it changes while they work.
struct UnitInputs {
    const Study& study;
    const StudyPictures& pictures;
    const std::vector<StudyNet>& nets;
    const std::vector<std::vector<std::int32_t>>& predicted; ///< [model][image]; empty while predictions are made
};

/// Computes one unit. Absent when it was stopped, or when the images that it would show are not there.
/// @param file read only, for the images of a transfer. @throws Error, or what LibTorch throws, when the work itself fails.
[[nodiscard]] std::optional<UnitRecord> unitOutcome(const PlannedUnit& unit, const UnitInputs& inputs, const StudyFile& file, Monitor& monitor);

/// The attack that made the images of a transfer.
[[nodiscard]] UnitSlot attackOf(UnitSlot transfer);

} // namespace brink
