// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/detectorsdesk.h"
#include "app/diagnosispanel.h"
#include "app/smoothingpage.h"
#include "core/base/json.h"

namespace brink {

/// The choices of the Trust workspace for sessions. Of what is not there, or not known here, the standard stays; nothing is out of its range.
[[nodiscard]] Json toJson(const DiagnosisChoices& choices);
[[nodiscard]] Json toJson(const DetectorsChoices& choices);
[[nodiscard]] Json toJson(const SmoothingChoices& choices);
/// @param standard whose norm is the window's: an attack in another one is read over.
[[nodiscard]] DiagnosisChoices diagnosisChoicesFromJson(const Json& json, DiagnosisChoices standard);
[[nodiscard]] DetectorsChoices detectorsChoicesFromJson(const Json& json);
[[nodiscard]] SmoothingChoices smoothingChoicesFromJson(const Json& json);

} // namespace brink
