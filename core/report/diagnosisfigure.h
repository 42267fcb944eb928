// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/diagnosis/diagnosis.h"
#include "core/figure/figure.h"

#include <optional>
#include <string_view>

namespace brink {

/// The evidence behind a light. Absent for a check that was not done, or has none to draw.
[[nodiscard]] std::optional<Figure> lightFigure(const Diagnosis& diagnosis, std::string_view code);

} // namespace brink
