// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/attack/attack_torch.h"

namespace brink {

/// Pieces of the Square attack (Andriushchenko et al. 2020, arXiv 1912.00049, section 4). n images [n,C,H,W], each with a
/// square of its own; `corner` [n,2] uniform in [0,1) places it.

/// [n,1,H,W] bool: the square of `side` pixels.
[[nodiscard]] at::Tensor squareMask(const at::Tensor& corner, std::int64_t side, const at::Tensor& like);

/// [n,1,H,W]: in the square, the pattern of L2 length 1 with two halves of opposite sign, each densest in its middle (equation
/// 2); 0 elsewhere. @param turn [n] uniform: one half left and right, or above and below.
[[nodiscard]] at::Tensor squarePattern(const at::Tensor& corner, const at::Tensor& turn, std::int64_t side, const at::Tensor& like);

/// x [n,C,H,W] with the square of each image set to clean +- eps, cut to [0,1]: Linf. @param random [n,2+C] uniform: the corner, and
/// each channel's sign.
[[nodiscard]] at::Tensor recoloured(const at::Tensor& x, const at::Tensor& clean, const at::Tensor& random, std::int64_t side, double eps);

/// x [n,C,H,W] with the mass of one square moved into another, with a pattern of its own (algorithm 3): L2. The change from `clean`
/// stays as long as eps. @param random [n,5+C] uniform: two corners, the pattern's turn, and each channel's sign.
[[nodiscard]] at::Tensor moved(const at::Tensor& x, const at::Tensor& clean, const at::Tensor& random, std::int64_t side, double eps);
/// The same by whole tensors, on any device.
[[nodiscard]] at::Tensor movedByTensors(const at::Tensor& x, const at::Tensor& clean, const at::Tensor& random, std::int64_t side, double eps);

/// What the search begins with, [n,C,H,W], length 1 in the session's norm: columns of one colour each (Linf), or a grid of five
/// by five patterns (L2), with random signs for each channel.
[[nodiscard]] at::Tensor firstPattern(AttackSession& session);

} // namespace brink
