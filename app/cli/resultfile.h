// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "app/cli/unitrunner.h"
#include "core/study/inspect.h"

#include <optional>
#include <string>
#include <vector>

namespace brink::cli {

/// One unit's outcome: a result, or nothing when it failed or was never started.
using ItemSlot = std::optional<InspectResult>;

/// The result file of inspect, clever and attack: head, settings, one item an image (failed ones carry their sentence),
/// total cost. Items come in the order of `indices`.
[[nodiscard]] Json resultFile(const Classifier& model, const RunSettings& settings, const std::string& preset,
    const std::vector<std::int64_t>& indices, const std::vector<ItemSlot>& items, const std::vector<std::optional<Error>>& errors);

/// The figures for people: one line per image on standard output, unless the JSON goes there.
void printSummary(const Options& options, const Classifier& model, const std::vector<ItemSlot>& items);

} // namespace brink::cli
