// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/text.h"

#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace brink::cli {

/// "0.03", or "8/255" as people write it; absent for anything else, a negative or an infinite one.
[[nodiscard]] inline std::optional<double> ratioFrom(const std::string& text)
{
    const std::vector<std::string> parts = split(text, '/');
    const auto top = parseReal(trimmed(parts.front()));
    const auto bottom = parts.size() == 2 ? parseReal(trimmed(parts.back())) : std::optional(1.0);
    if (parts.size() > 2 || !top || !bottom || !(*bottom > 0) || !(*top >= 0) || !std::isfinite(*top / *bottom))
        return std::nullopt;
    return *top / *bottom;
}

} // namespace brink::cli
