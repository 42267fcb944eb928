// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/inspect.h"
#include "core/study/targetrule.h"

#include <memory>
#include <vector>

namespace brink {

/// One image of a set, by its place there.
struct BlockItem {
    Image source;
    std::int64_t index = 0;
    std::optional<std::int64_t> label;
};

/// Several attacks on a block of images, one batch each: the unit of work of `brink attack`.
struct AttackBlockRequest {
    std::shared_ptr<const Classifier> model;
    std::vector<BlockItem> items;
    Norm norm = Norm::L2;
    TargetRule target;
    std::vector<AttackRequest> attacks;
    std::uint64_t seed = 1;
};

/// One result an image, in order; the fields of Inspect that attacks fill. Each image gives what it gives alone.
/// @throws Error as runInspect.
[[nodiscard]] std::vector<InspectResult> runAttackBlock(const AttackBlockRequest& request, Monitor& monitor);

} // namespace brink
