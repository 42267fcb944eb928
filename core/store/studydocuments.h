// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/study/studyresults.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace brink {

// What a study file says beside its units, as JSON: "models", "images" and "pairs" of StudyResults.

[[nodiscard]] Json toJson(const std::vector<StudyModelFacts>& models);
[[nodiscard]] std::vector<StudyModelFacts> modelFactsFrom(const Json& json);

[[nodiscard]] Json toJson(const std::vector<StudyImageFacts>& images);
[[nodiscard]] std::vector<StudyImageFacts> imageFactsFrom(const Json& json);

using RefusedPairs = std::map<std::pair<int, int>, std::string>;
[[nodiscard]] Json pairsJson(const RefusedPairs& pairs);
[[nodiscard]] RefusedPairs pairsFrom(const Json& json);

} // namespace brink
