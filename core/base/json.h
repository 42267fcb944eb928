// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

namespace brink {

/// JSON with keys in the order they were written; absent means not computed (never null, 0 or NaN).
using Json = nlohmann::ordered_json;

/// Sets json[key] only when the optional holds a value.
template <typename Optional>
void setIfPresent(Json& json, const char* key, const Optional& value)
{
    if (value)
        json[key] = *value;
}

} // namespace brink
