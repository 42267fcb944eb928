// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/certify/bounds_torch.h"

#include <cstdint>

namespace brink::certify {

struct BranchSettings {
    std::int64_t domains = 1000; ///< at most so many are bounded
    int iterations = 20;         ///< for each, of slopes and multipliers
    double rate = 0.1;           ///< Adam's step, times 0.98 each iteration
};

struct Branched {
    double bound = 0;         ///< holds over the whole region
    std::int64_t domains = 0; ///< that were bounded
    at::Tensor point;         ///< [1,C,H,W] of the region where the row is not above what was asked for; undefined where none was met
};

/// Branch and bound over the signs of relus' inputs (beta-CROWN, Wang et al. 2021): the region falls apart into domains in which some relus
/// are known to be on or off. A domain's bound is alpha-CROWN's with those relus linear and a multiplier for each of the conditions, which are
/// chosen by Adam together with the slopes; the values inside keep the bounds of the whole region. Domains below `enough` are divided again, the
/// lowest first, at the relu that is estimated to cost the bound most. Complete for nets of relus: with enough domains and
/// iterations what holds is proved. @param row one row. @param bounds of its region; nodes other than relus keep their lines.
[[nodiscard]] Branched branchedBound(const Bounds& bounds, const Rows& row, double enough, const BranchSettings& settings, Monitor& monitor);

} // namespace brink::certify
