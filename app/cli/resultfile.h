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

/// Inspects every chosen image as `request` says, one unit an image. `items` gets a slot each, failed ones stay empty.
[[nodiscard]] UnitReport inspectImages(const QString& title, const InspectRequest& request, const ChosenImages& images, int workers,
    std::vector<ItemSlot>& items);

/// The figures for people: one line per image on standard output, unless the JSON goes there.
void printSummary(const Options& options, const Classifier& model, const std::vector<ItemSlot>& items);

} // namespace brink::cli
