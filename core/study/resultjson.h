// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/warning.h"
#include "core/model/classifier.h"
#include "core/study/inspect.h"

#include <cstdint>

namespace brink {

[[nodiscard]] Json toJson(const Warnings& warnings);
[[nodiscard]] Json toJson(const EvaluationCounts& counts, double seconds);

/// The head of every result file, schema "brink.result/1": program version, seed, model; items follow in "items".
[[nodiscard]] Json resultDocument(const Classifier& model, std::uint64_t seed);

/// Only what is changed. @throws Error(Format) for what does not fit.
[[nodiscard]] Json toJson(const WhatIf& whatIf);
[[nodiscard]] WhatIf whatIfFromJson(const Json& json);

} // namespace brink
