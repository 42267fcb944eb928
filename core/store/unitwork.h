// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/studyfile.h"
#include "core/store/studyplan.h"
#include "core/study/studyinputs.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// What the units of a run share; nothing of it changes while they work.
struct UnitInputs {
    const Study& study;
    const StudyPictures& pictures;
    const std::vector<StudyNet>& nets;
    const std::vector<std::vector<std::int32_t>>& predicted; ///< [model][image]; empty while predictions are made
};

/// Computes one unit that is no transfer. Absent when it was stopped. @param path of the study file, where a survey keeps its parts.
/// @throws Error, or what LibTorch throws, when the work fails.
[[nodiscard]] std::optional<UnitRecord> unitOutcome(const PlannedUnit& unit, const UnitInputs& inputs, const std::string& path, Monitor& monitor);

/// The images of one attack unit, for the transfers of it.
struct ShownImages {
    std::vector<Image> shown;
    std::vector<Image> clean; ///< inputs of the source
};
/// @param packed as the attack unit left them.
[[nodiscard]] ShownImages shownImages(const PlannedUnit& transfer, const UnitInputs& inputs, const std::string& packed);
/// @throws as unitOutcome().
[[nodiscard]] UnitRecord transferOutcome(const PlannedUnit& unit, const UnitInputs& inputs, const ShownImages& images);

/// The attack that made the images of a transfer.
[[nodiscard]] UnitSlot attackOf(UnitSlot transfer);

} // namespace brink
