// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/params/knownvalues.h"

namespace brink {

namespace {

/// A whole number may stand for a real one; Params::set() says so when it does not fit.
ParamValue paramValue(const Json& json)
{
    if (json.is_boolean())
        return json.get<bool>();
    if (json.is_number_integer())
        return json.get<long long>();
    if (json.is_number())
        return json.get<double>();
    return json.get<std::string>();
}

} // namespace

void setKnown(Params& params, const Json& json)
{
    for (const auto& [key, value] : json.items())
        if (params.contains(key))
            params.set(key, paramValue(value));
}

} // namespace brink
