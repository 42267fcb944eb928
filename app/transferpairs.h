// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/transfertable.h"

#include <cstdint>
#include <vector>

namespace brink {

/// Cells of the heatmap, by model: every source with every target.
struct CellSelection {
    std::vector<int> sources;
    std::vector<int> targets;
    [[nodiscard]] bool empty() const { return sources.empty() || targets.empty(); }
    bool operator==(const CellSelection&) const = default;
};

enum class PairSort { Margin, Distance, Index };
enum class PairFilter { Transferring, Others, All };

/// One adversarial image of a source as a target sees it.
struct TransferPair {
    std::int32_t source = 0, target = 0;
    std::int32_t row = 0;   ///< of the source's cell
    std::int32_t image = 0; ///< place in StudyResults::images
    std::int32_t says = 0;  ///< the target's class
    float margin = 0;       ///< of the logits, how surely it says so; negative where the image does not transfer
    float distance = 0;     ///< in the attack's norm; infinite where it did not fool its source
    bool hits = false;
};

/// What is behind a selection of cells.
struct PairList {
    std::int64_t hits = 0;  ///< pairs that transfer, or of a contrast those that transfer here and not there
    std::int64_t total = 0; ///< pairs that count under the rule; of a contrast those that count on both sides
    std::vector<TransferPair> pairs;
};

struct PairQuery {
    int analysis = 0;
    TransferRule rule = TransferRule::CorrectOnBoth;
    CellSelection first;
    /// Not empty: only adversarial images that transfer to some target of the first selection and to none of this one, of those
    /// that count on both. They are told apart by source and image, or by image alone when the two have no source in common.
    CellSelection second;
    PairFilter filter = PairFilter::Transferring;
    PairSort sort = PairSort::Margin; ///< largest margin first, smallest distance first, by index
    bool operator==(const PairQuery&) const = default;
};

[[nodiscard]] PairList transferPairs(const StudyResults& results, const PairQuery& query);

} // namespace brink
