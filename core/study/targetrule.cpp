// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/targetrule.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/base/text.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace brink {

TargetRule targetRuleFromText(std::string_view text)
{
    using Kind = TargetRule::Kind;
    const std::string rule = lowerCase(trimmed(text));
    if (rule == "untargeted" || rule == "none")
        return {Kind::Untargeted, 0};
    if (rule == "top2")
        return {Kind::RunnerUp, 1};
    if (rule == "random")
        return {Kind::Random, 0};
    if (rule == "least-likely")
        return {Kind::LeastLikely, 0};
    if (rule.starts_with("runner-up:")) {
        const auto rank = parseInteger(std::string_view(rule).substr(10));
        if (!rank || *rank < 1)
            throw Error(ErrorCode::Usage, "Write runner-up:K with K at least 1, not \"" + rule + "\".");
        return {Kind::RunnerUp, *rank};
    }
    if (const auto index = parseInteger(rule)) {
        if (*index < 0)
            throw Error(ErrorCode::Usage, "A target class is at least 0, not " + rule + ".");
        return {Kind::Class, *index};
    }
    throw Error(ErrorCode::Usage,
        unknownName("target", rule, {"untargeted", "top2", "random", "least-likely", "runner-up:K", "a class number"}));
}

std::string targetRuleText(const TargetRule& rule)
{
    switch (rule.kind) {
    case TargetRule::Kind::Untargeted: return "untargeted";
    case TargetRule::Kind::Class: return std::to_string(rule.value);
    case TargetRule::Kind::RunnerUp: return rule.value == 1 ? "top2" : "runner-up:" + std::to_string(rule.value);
    case TargetRule::Kind::Random: return "random";
    case TargetRule::Kind::LeastLikely: return "least-likely";
    }
    return "untargeted";
}

std::optional<std::int64_t> targetFor(const TargetRule& rule, std::span<const double> logits, std::int64_t predicted,
    std::uint64_t seed)
{
    using Kind = TargetRule::Kind;
    const auto classes = std::int64_t(logits.size());
    if (rule.kind == Kind::Untargeted)
        return std::nullopt;
    if (rule.kind == Kind::Class) {
        if (rule.value >= classes)
            throw Error(ErrorCode::Domain, "The target class " + std::to_string(rule.value) + " is outside the model's "
                + std::to_string(classes) + " classes (0 to " + std::to_string(classes - 1) + ").");
        return rule.value;
    }
    if (rule.kind == Kind::Random) {
        const auto drawn = std::int64_t(Rng(seed).below(std::uint64_t(classes - 1)));
        return drawn < predicted ? drawn : drawn + 1;
    }
    std::vector<std::int64_t> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    std::erase(order, predicted);
    std::ranges::stable_sort(order, std::greater{}, [&](std::int64_t j) { return logits[std::size_t(j)]; });
    if (rule.kind == Kind::LeastLikely)
        return order.back();
    if (rule.value > std::int64_t(order.size()))
        throw Error(ErrorCode::Domain, "runner-up:" + std::to_string(rule.value) + " asks for more classes than the model's "
            + std::to_string(classes) + ".");
    return order[std::size_t(rule.value - 1)];
}

} // namespace brink
