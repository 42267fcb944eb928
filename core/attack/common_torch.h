// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack_torch.h"

#include <functional>
#include <optional>
#include <string>

namespace brink {

/// "eps": budget in the attack's norm; 0 means the customary one of the norm.
[[nodiscard]] ParamSpec epsParameter();
/// @param source who uses that number.
[[nodiscard]] ParamSpec stepsParameter(long long standard, long long preview, const std::string& source);
/// "step-size"; 0 means the rule, e.g. "eps/steps".
[[nodiscard]] ParamSpec stepSizeParameter(const std::string& rule);
/// "loss": "cross-entropy", "logit" or "margin".
[[nodiscard]] ParamSpec lossParameter(std::string standard);

/// logits [n,K] -> what the attack decreases.
using AttackLoss = std::function<LogitLoss(const at::Tensor& logits)>;
/// The loss named by the session's parameter "loss"; it looks at the session's active rows.
[[nodiscard]] AttackLoss lossOf(const AttackSession& session);

/// "eot": passes that a gradient is the mean of, for models that answer at random.
[[nodiscard]] ParamSpec samplesParameter();

/// A loss and its gradient at one iterate of each image.
struct LossAt {
    at::Tensor logits;   ///< [n,K]
    at::Tensor value;    ///< [n]
    at::Tensor gradient; ///< [n,...]; not defined unless asked for
};
/// Mean of value and gradient over `samples` passes (expectation over transformation, Athalye et al. 2018, arXiv 1707.07397);
/// the logits are those of the last one.
[[nodiscard]] LossAt lossAt(AttackSession& session, const at::Tensor& x, const AttackLoss& loss, long long samples, bool wantsGradient = true);

/// "restarts", for an attack that runs its walk by withRestarts.
[[nodiscard]] ParamSpec restartsParameter();
/// One walk of the active images from `start` [n,...]. Rows may leave; the walk's own tensors are its own affair.
using AttackWalk = std::function<void(const at::Tensor& start)>;
/// Runs a walk as often as the parameter "restarts" says: from the clean images first, so that the first start is a run without
/// restarts, then from random points near them. A minimum-norm attack starts anew inside a ball of half the best distance so far,
/// as FAB does (Croce and Hein 2020), and where nothing was found in one of half the pixel box; inside a budget the images not yet
/// fooled start anew in its ball. The session keeps the best of all starts.
void withRestarts(AttackSession& session, const AttackWalk& walk);

/// Falls from 1 at step 0 to 0 at step `steps` along half a cosine.
[[nodiscard]] double cosineDecay(long long step, long long steps);

/// from - length * gradient/|gradient|_2 for each row; where the gradient is exactly zero, along `fallback` [n,...] instead.
/// @param length [n] of the step in L2.
[[nodiscard]] at::Tensor stepDown(
    const at::Tensor& from, const at::Tensor& gradient, const at::Tensor& length, const at::Tensor& fallback);

/// A descent inside per-image budgets.
struct Descent {
    AttackLoss loss;
    at::Tensor eps;      ///< [n]
    at::Tensor stepSize; ///< [n]
    long long steps = 0;
    long long stepsBefore = 0; ///< of the whole attack, for the progress
    long long stepsInAll = 0;  ///< 0: steps
    std::optional<double> momentum{}; ///< Dong et al. 2018; absent: plain gradients
    long long samples = 1; ///< passes of a gradient, for models that answer at random
    bool isRecorded = true; ///< observe every iterate; off: the caller judges the last one
};

/// `steps` steepest steps from `start`, each followed by box clip and exact projection on the ball around x0. Returns the
/// last iterate and its logits; after a stop, the one reached.
struct DescentEnd {
    at::Tensor x;
    at::Tensor logits;
};
DescentEnd descend(AttackSession& session, const at::Tensor& start, const Descent& descent);

} // namespace brink
