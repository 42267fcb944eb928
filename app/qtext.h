// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <string_view>

namespace brink {

/// Core speaks UTF-8 std::string, the window QString.
[[nodiscard]] inline QString qtext(std::string_view text) { return QString::fromUtf8(text.data(), qsizetype(text.size())); }

} // namespace brink
