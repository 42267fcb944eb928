// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/studyresults.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// Which adversarial images of a source a cell of the heatmap counts.
enum class TransferRule {
    All,              ///< all
    CorrectOnTarget,  ///< those whose clean image, converted in the same way, the target classifies correctly (the survey's rule)
    CorrectOnBoth,    ///< and the source too
    FooledSource,     ///< those that fool the source they were made on
};
[[nodiscard]] std::string transferRuleName(TransferRule rule);  ///< "all", "correct-on-target", "correct-on-both", "fooled-source"
[[nodiscard]] std::string transferRuleLabel(TransferRule rule); ///< for people: "all images", "correct on target" ...
/// @throws Error(Usage) naming the nearest.
[[nodiscard]] TransferRule transferRuleFromName(std::string_view name);

/// One cell: images that transfer, of images that count. Untargeted: the target's class is not the label (error rate); targeted:
/// it is the attack's target class (match rate). Su et al. 2018, section 3.3.
struct TransferCount {
    std::int64_t hits = 0;
    std::int64_t total = 0;
    bool operator==(const TransferCount&) const = default;
};

/// Whether the row of the source's attack counts under the rule, and whether it transfers.
struct TransferVerdict {
    bool counts = false;
    bool hits = false;
};
/// @param entry index into StudyTransfer::row
[[nodiscard]] TransferVerdict transferVerdict(const StudyResults& results, int analysis, int source, int target,
    const StudyTransfer& transfer, std::size_t entry, TransferRule rule);

/// Absent when the pair is not computed or refused.
[[nodiscard]] std::optional<TransferCount> transferCount(const StudyResults& results, int analysis, int source, int target,
    TransferRule rule);

/// [source][target]
using TransferTable = std::vector<std::vector<std::optional<TransferCount>>>;
[[nodiscard]] TransferTable transferTable(const StudyResults& results, int analysis, TransferRule rule);

} // namespace brink
