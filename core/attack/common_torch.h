// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack_torch.h"

#include <functional>
#include <string>

namespace brink {

/// "eps": budget in the attack's norm; 0 means the customary one of the norm.
[[nodiscard]] ParamSpec epsParameter();
[[nodiscard]] ParamSpec stepsParameter(long long standard, long long preview, std::string source);
/// "loss": "cross-entropy", "logit" or "margin".
[[nodiscard]] ParamSpec lossParameter(std::string standard);

/// logits [n,K] -> what the attack decreases, [n].
using AttackLoss = std::function<at::Tensor(const at::Tensor& logits)>;
/// The loss named by the session's parameter "loss"; it looks at the session's active rows.
[[nodiscard]] AttackLoss lossOf(const AttackSession& session);

} // namespace brink
