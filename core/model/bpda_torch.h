// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <string>
#include <vector>

namespace brink {

/// Backward pass differentiable approximation with the identity (BPDA): steps of a frozen graph that let no gradient through
/// keep what they compute, bit for bit, and hand the gradient of their output to their input. Steps: round, floor, ceil, trunc,
/// sign, a cast to whole numbers and back, quantising and back, and a detachment. Returns the operators, in graph order, one
/// entry a step; an empty list changes nothing. Comparisons and index operations stay as they are: for them the identity
/// approximates nothing.
/// Source: Athalye, Carlini, Wagner 2018, "Obfuscated gradients give a false sense of security", arXiv 1802.00420, section 4.1.
[[nodiscard]] std::vector<std::string> passIdentityBackward(const std::shared_ptr<torch::jit::Graph>& graph);

} // namespace brink
