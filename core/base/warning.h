// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace brink {

/// Suspicious but usable: shown beside the result and written next to exported figures.
/// `code` is a stable kebab-case key ("zero-gradients"), `text` one plain sentence.
struct Warning {
    std::string code;
    std::string text;

    bool operator==(const Warning&) const = default;
};

using Warnings = std::vector<Warning>;

} // namespace brink
