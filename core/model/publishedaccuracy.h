// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

#include <string>
#include <vector>

namespace brink {

/// A robust accuracy that others have published for a model: shown beside what is measured, never mixed with it.
struct PublishedAccuracy {
    std::string norm;          ///< "linf", "l2", "l1"
    double eps = 0;            ///< pixel range [0,1]
    double robustAccuracy = 0; ///< share of the test set, 0 to 1
    std::string attack = "AutoAttack";
    std::string source;        ///< where it stands: paper, table, leaderboard
    bool operator==(const PublishedAccuracy&) const = default;
};

/// The card key "published": a list of {"norm", "eps", "robustAccuracy", "attack", "source"}; a source is required.
/// @throws Error(Format) naming what is wrong.
[[nodiscard]] std::vector<PublishedAccuracy> publishedAccuraciesFrom(const Json& json);
[[nodiscard]] Json toJson(const std::vector<PublishedAccuracy>& published);

/// Those of the card beside a model, or of the overrides where these have the key. @throws Error(Format).
[[nodiscard]] std::vector<PublishedAccuracy> publishedAccuracies(const std::string& modelPath, const Json& overrides);

} // namespace brink
