// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace brink {

/// Logits that differ by less than this part of the largest one are a tie: whoever evaluates the image again with other kernels, which sum in
/// another order, may find either class. Where large terms cancel in a logit the difference is 5e-6 of it (seen on a fully connected
/// net with LibTorch's own products). A tie is no change of class, neither for an attack nor where its images are shown to other models.
inline constexpr double logitRoundoff = 1.5e-5;

} // namespace brink
