// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack_torch.h"

namespace brink {

struct DdnSettings {
    long long steps = 1000;
    double gamma = 0.05;     ///< factor 1 -+ gamma on the norm after each step
    double initialNorm = 1;
    long long levels = 0;    ///< grey levels that every iterate is rounded to; 0: none
    long long stepsBefore = 0; ///< of the whole attack, for the progress
    long long stepsInAll = 0;
};

/// One walk of DDN (Rony et al. 2019, algorithm 1) from `start` [n,...]. It descends in L2 whatever the session's norm is; the
/// session keeps its iterates by its own. Returns where each image came nearest in L2, [n,...]; the start where it was never fooled, or, in a session
/// in L2, the best of the session.
at::Tensor ddnWalk(AttackSession& session, const at::Tensor& start, const DdnSettings& settings);

} // namespace brink
