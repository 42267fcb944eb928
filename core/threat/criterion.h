// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace brink {

/// What counts as success for one image. Untargeted: the class is not `reference`; targeted: the class is `target`.
struct Criterion {
    std::int64_t reference = 0;            ///< predicted (or true) class of the clean image
    std::optional<std::int64_t> target;    ///< absent: untargeted
    double confidence = 0;                 ///< kappa: logit lead asked for (C&W, EAD), 0 for plain success

    [[nodiscard]] bool isTargeted() const { return target.has_value(); }
    [[nodiscard]] bool isSatisfiedBy(std::int64_t predicted) const
    {
        return target ? predicted == *target : predicted != reference;
    }
    bool operator==(const Criterion&) const = default;
};

} // namespace brink
