// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/inspect.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace brink {

/// One attack of the list in the Parameters dock.
struct AttackChoice {
    std::string name;
    bool isChosen = false;
    Params params;
    bool operator==(const AttackChoice&) const = default;
};

/// What Run computes: the values of the Parameters dock for one norm.
struct AnalysisSettings {
    Norm norm = Norm::L2;
    Preset preset = Preset::Preview; ///< the values came from
    bool isEdited = false;           ///< and were changed by hand since
    bool computesClever = true;
    Params clever;
    bool computesBound = true;
    Params bound;
    std::vector<AttackChoice> attacks; ///< every attack that knows the norm, recommended ones chosen
    int randomDirections = 0;
    std::uint64_t seed = 1;
    bool operator==(const AnalysisSettings&) const = default;
};

/// The preset's values for a norm.
[[nodiscard]] AnalysisSettings standardSettings(Norm norm, Preset preset, std::uint64_t seed = 1);

/// One image under one model: what the settings are applied to.
struct InspectSubject {
    std::shared_ptr<const Classifier> model;
    Image image;
    std::int64_t index = 0;
    std::optional<std::int64_t> label;
    std::optional<std::int64_t> target; ///< class target of the attacks
    std::vector<std::string> classNames = {}; ///< of the image set, for models without names
    WhatIf whatIf = {};                 ///< what happens to the image before the model sees it
};

/// @throws Error(Domain|Usage) for values that do not go together.
[[nodiscard]] InspectRequest inspectRequest(const AnalysisSettings& settings, const InspectSubject& subject);

} // namespace brink
