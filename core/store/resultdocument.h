// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/inspect.h"

#include <string>
#include <string_view>

namespace brink {

/// A result as it is written to disk: every field by name, long rows of numbers as bytes.
struct ResultDocument {
    Json header;
    std::string data; ///< little-endian; the header says what lies where
};

/// Everything of the result; reading it back gives the same bits.
[[nodiscard]] ResultDocument documentOf(const InspectResult& result);
/// A field the document lacks keeps its standard value. @throws Error(Format) for a document that does not fit together.
[[nodiscard]] InspectResult resultFrom(const Json& header, std::string_view data);

} // namespace brink
