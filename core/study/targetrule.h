// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace brink {

/// How the class target of an attack is chosen for each image (the survey's protocol: Su et al. 2018, section 3).
struct TargetRule {
    enum class Kind {
        Untargeted,
        Class,       ///< one class for every image
        RunnerUp,    ///< the rank-th largest logit after the predicted class; rank 1 is "top2"
        Random,      ///< one class drawn uniformly from all but the predicted one
        LeastLikely, ///< the smallest logit
    };
    Kind kind = Kind::Untargeted;
    std::int64_t value = 1; ///< class index, or rank

    bool operator==(const TargetRule&) const = default;
};

/// "untargeted|top2|random|least-likely|runner-up:K|CLASS". @throws Error(Usage).
[[nodiscard]] TargetRule targetRuleFromText(std::string_view text);
[[nodiscard]] std::string targetRuleText(const TargetRule& rule);

/// The target for one image; absent for untargeted. Ties go to the smaller class index.
/// @throws Error(Domain) for a class or rank outside the model's classes.
[[nodiscard]] std::optional<std::int64_t> targetFor(const TargetRule& rule, std::span<const double> logits, std::int64_t predicted,
    std::uint64_t seed);

} // namespace brink
