// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/anchors_torch.h"

namespace brink {

/// Difference of logits ratio, to be driven down: the margin over the spread of the largest logits, so that neither an offset
/// nor a positive scale of the logits changes it. n images, K classes, z_(i) the i-th largest logit. Untargeted images:
/// (z_y - max of the others) / (z_(1) - z_(3)). Targeted ones: (max of the others - z_t) / (z_(1) - (z_(3) + z_(4))/2).
/// Deviation: with too few classes for a spread (K < 3, or K < 4 for targeted images) there is none, and the margin is left.
/// One of z_(1) - z_(3) for targets of three classes would be blind: the ratio is 1 wherever the target is last.
/// Source: Croce and Hein 2020, arXiv 2003.01690, equations 6 and 7; 1e-12 in the denominator as in the authors' code.
[[nodiscard]] LogitLoss dlr(const Anchors& anchors, const at::Tensor& logits);

/// The same on the way to one class: untargeted images take (z_y - z_wanted) over the spread of targeted ones; for targeted
/// images it is dlr. @param wanted [n] int64, looked at for untargeted images only.
[[nodiscard]] LogitLoss dlrTowards(const Anchors& anchors, const at::Tensor& logits, const at::Tensor& wanted);

} // namespace brink
