// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/params/params.h"

namespace brink {

/// A document's values put over the parameters'; names that are not known here are read over. @throws Error(Domain|Usage), Json::exception.
void setKnown(Params& params, const Json& json);

} // namespace brink
