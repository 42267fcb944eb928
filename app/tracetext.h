// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/registry.h"
#include "core/study/inspect.h"
#include "widgets/controls/stepscrubber.h"

#include <QString>

namespace brink {

/// The attack shown with its marked steps and what is said of the step shown; no steps without a trace.
[[nodiscard]] ScrubbedTrace scrubbedTrace(const InspectResult* result, const FigureSelection& selection);

/// "DDN · L2 · 200 steps · ◆ nearest adversarial step"
[[nodiscard]] QString traceSubtitle(const InspectResult& result, const FigureSelection& selection);

/// The iterate kept for the step shown, or the last one before it; null without a step or without iterates.
[[nodiscard]] const AttackIterate* shownIterate(const InspectResult& result, const FigureSelection& selection);

} // namespace brink
